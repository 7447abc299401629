// Package config is Keras's own description of a model: its layers with their settings and what each is called with, as
// Keras 2 and 3 write them as JSON.
package config

import (
	"encoding/json"
	"fmt"

	"parity/importers/source"
)

// Model is a Functional or Sequential model.
type Model struct {
	File string
	Name string
	// Version is the one of Keras that wrote the model: 3, or 2 for all before it.
	Version int
	// Sequential models call each layer with the output of the one before.
	Sequential      bool
	Layers          []*Layer
	Inputs, Outputs []Ref // empty for a Sequential model
}

// Layer is one layer. Some are called several times.
type Layer struct {
	Name, Class string
	// Module is where the class is from; Keras 3 files its operations, which are no layers, like layers.
	Module   string
	Settings Settings
	Calls    []Call
	Inner    *Model // of a layer that is a model itself
	File     string
	named    bool // its calls have arguments by name, as Keras 3 writes them
}

// Call is one use of a layer.
type Call struct {
	Inputs []Ref
	// Constants are operands that no layer computes, by their place among all operands.
	Constants map[int]any
	// Arguments are what else it is called with, by name.
	Arguments Settings
}

// Ref is an output of one of the calls of a layer.
type Ref struct {
	Layer      string
	Call, Slot int
}

// Settings are a layer's settings as JSON has them: float64, string, bool, nil, []any and map[string]any.
type Settings map[string]any

// Errorf returns an error that names the layer.
func (l *Layer) Errorf(format string, args ...any) error {
	return source.Errorf(l.File, "", "layer %q (%s): %s", l.Name, l.Class, fmt.Sprintf(format, args...))
}

// Parse reads a model's JSON.
func Parse(file string, data []byte) (*Model, error) {
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		return nil, source.Errorf(file, position(err), "expected a Keras model as JSON: %v", err)
	}
	m, err := readModel(file, root)
	if err == nil {
		m.Version = version(m)
	}
	return m, err
}

// version tells Keras 3 by what it calls the shape of an input, or by how it writes calls.
func version(m *Model) int {
	for _, l := range m.Layers {
		if l.Settings["batch_shape"] != nil || l.named || l.Inner != nil && version(l.Inner) == 3 {
			return 3
		}
	}
	return 2
}

func position(err error) string {
	if s, ok := err.(*json.SyntaxError); ok {
		return source.Offset(int(s.Offset))
	}
	return ""
}

// classes are the kinds of model that consist of layers; what a subclass of Model does stands in its code only.
var classes = map[string]bool{"Functional": true, "Model": true, "Sequential": true}

func readModel(file string, root map[string]any) (*Model, error) {
	class, _ := root["class_name"].(string)
	if !classes[class] {
		return nil, source.Errorf(file, "", "expected a Functional or Sequential model, found class_name %q; what another class does stands in its code, not in the file", class)
	}
	m := &Model{File: file, Sequential: class == "Sequential"}
	settings, ok := root["config"].(map[string]any)
	list, listed := root["config"].([]any) // as the first versions wrote a Sequential model
	if ok {
		m.Name, _ = settings["name"].(string)
		list, listed = settings["layers"].([]any)
	}
	if !listed {
		return nil, source.Errorf(file, "", "expected a list of layers in the model %q, found none", m.Name)
	}
	for i, entry := range list {
		l, err := readLayer(file, entry)
		if err != nil {
			return nil, err
		}
		if l.Name == "" {
			return nil, source.Errorf(file, "", "layer %d of the model %q has no name", i, m.Name)
		}
		m.Layers = append(m.Layers, l)
	}
	m.Inputs, m.Outputs = refs(settings["input_layers"], nil), refs(settings["output_layers"], nil)
	m.countInnerCallsFromZero()
	return m, nil
}

func readLayer(file string, entry any) (*Layer, error) {
	fields, ok := entry.(map[string]any)
	if !ok {
		return nil, source.Errorf(file, "", "expected a layer with class_name and config, found %T", entry)
	}
	l := &Layer{File: file, Settings: Settings{}}
	l.Class, _ = fields["class_name"].(string)
	l.Module, _ = fields["module"].(string)
	if s, ok := fields["config"].(map[string]any); ok {
		l.Settings = s
	}
	if l.Name, _ = fields["name"].(string); l.Name == "" {
		l.Name, _ = l.Settings["name"].(string)
	}
	if calls, ok := fields["inbound_nodes"].([]any); ok {
		for _, c := range calls {
			l.Calls = append(l.Calls, readCall(c))
			_, named := c.(map[string]any)
			l.named = l.named || named
		}
	}
	if build, ok := fields["build_config"].(map[string]any); ok && l.Settings["batch_input_shape"] == nil {
		l.Settings["build_input_shape"] = build["input_shape"]
	}
	if !classes[l.Class] {
		return l, nil
	}
	var err error
	l.Inner, err = readModel(file, fields)
	return l, err
}

// readCall reads what a layer is called with. Keras 3 writes the arguments, with a tensor for each of the layers' outputs; Keras
// 2 a list of outputs, each with arguments by name.
func readCall(c any) Call {
	call := Call{Arguments: Settings{}}
	if fields, ok := c.(map[string]any); ok {
		call.Inputs, call.Constants = tensors(fields["args"], nil), constants(fields["args"])
		if named, ok := fields["kwargs"].(map[string]any); ok {
			for name, v := range named {
				if _, isTensor := tensorOf(v); !isTensor {
					call.Arguments[name] = v
				}
			}
			call.Inputs = tensors(named, call.Inputs)
		}
		return call
	}
	if value, arguments, ok := constantOperand(c); ok {
		call.Constants = map[int]any{0: value}
		call.Inputs = argumentRefs(arguments)
		return call
	}
	call.Inputs = refs(c, call.Arguments)
	return call
}

// constants are the operands that stand among arguments and are no layers' outputs.
func constants(args any) map[int]any {
	list, _ := args.([]any)
	found := map[int]any{}
	for i, v := range list {
		if len(tensors(v, nil)) == 0 {
			found[i] = v
		}
	}
	return found
}

// constantOperand reads how Keras 2 writes a first operand that no layer computes: ["_CONSTANT_VALUE", -1, 3.0, {"y": ...}].
func constantOperand(c any) (value any, arguments Settings, ok bool) {
	list, _ := c.([]any)
	if len(list) == 1 {
		list, _ = list[0].([]any)
	}
	if len(list) < 4 || list[0] != "_CONSTANT_VALUE" {
		return nil, nil, false
	}
	arguments, ok = list[3].(map[string]any)
	return list[2], arguments, ok
}

// tensors finds the layers' outputs among arguments, in order.
func tensors(v any, to []Ref) []Ref {
	if r, ok := tensorOf(v); ok {
		return append(to, r)
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			to = tensors(e, to)
		}
	case map[string]any:
		if v["class_name"] != nil {
			return to
		}
		for _, name := range sorted(v) {
			to = tensors(v[name], to)
		}
	}
	return to
}

func tensorOf(v any) (Ref, bool) {
	fields, ok := v.(map[string]any)
	if !ok || fields["class_name"] != "__keras_tensor__" {
		return Ref{}, false
	}
	settings, _ := fields["config"].(map[string]any)
	return refOf(settings["keras_history"])
}

// refOf reads [layer, call, output], with more behind it in Keras 2.
func refOf(v any) (Ref, bool) {
	list, ok := v.([]any)
	if !ok || len(list) < 3 {
		return Ref{}, false
	}
	name, ok1 := list[0].(string)
	call, ok2 := list[1].(float64)
	slot, ok3 := list[2].(float64)
	return Ref{name, int(call), int(slot)}, ok1 && ok2 && ok3
}

// refs reads one output or a list of them, and the arguments that stand behind them.
func refs(v any, arguments Settings) []Ref {
	if r, ok := refOf(v); ok {
		if list := v.([]any); len(list) > 3 && arguments != nil {
			named, _ := list[3].(map[string]any)
			for name, value := range named {
				arguments[name] = value
			}
		}
		return append([]Ref{r}, argumentRefs(arguments)...)
	}
	var all []Ref
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			all = append(all, refs(e, arguments)...)
		}
	case map[string]any: // outputs by name
		for _, name := range sorted(v) {
			all = append(all, refs(v[name], arguments)...)
		}
	}
	return all
}

// argumentRefs takes an operand out of the arguments: an operation of TensorFlow gets its second one by name.
func argumentRefs(arguments Settings) []Ref {
	r, ok := refOf(arguments["y"])
	if !ok {
		return nil
	}
	delete(arguments, "y")
	return []Ref{r}
}
