package config

import (
	"encoding/json"
	"maps"
)

// Encode writes a Functional model as its version of Keras does. Models within it, and operands that no layer computes, are not
// written.
func (m *Model) Encode() ([]byte, error) {
	var layers []any
	for _, l := range m.Layers {
		layers = append(layers, m.encodeLayer(l))
	}
	root := map[string]any{"class_name": "Functional", "config": map[string]any{
		"name": m.Name, "layers": layers, "input_layers": encodeRefs(m.Inputs), "output_layers": encodeRefs(m.Outputs),
	}}
	if m.Version == 3 {
		root["module"], root["registered_name"] = "keras.src.models.functional", "Functional"
	}
	return json.MarshalIndent(root, "", " ")
}

func (m *Model) encodeLayer(l *Layer) map[string]any {
	settings := maps.Clone(l.Settings)
	delete(settings, "build_input_shape") // which is read from elsewhere
	settings["name"] = l.Name
	calls := []any{}
	for _, c := range l.Calls {
		if m.Version == 3 {
			calls = append(calls, c.encode())
		} else {
			calls = append(calls, c.encodeOld())
		}
	}
	fields := map[string]any{"class_name": l.Class, "config": settings, "name": l.Name, "inbound_nodes": calls}
	if m.Version == 3 {
		fields["module"], fields["registered_name"] = l.Module, nil
		if l.Module == "" {
			fields["module"] = "keras.layers"
		}
	}
	return fields
}

// encode writes a call of Keras 3: one tensor, or a list of them.
func (c Call) encode() map[string]any {
	var list []any
	for _, r := range c.Inputs {
		list = append(list, map[string]any{"class_name": "__keras_tensor__", "config": map[string]any{
			"shape": []any{nil}, "dtype": "float32", "keras_history": []any{r.Layer, r.Call, r.Slot},
		}})
	}
	args := any(list)
	if len(list) > 1 {
		args = []any{list}
	}
	return map[string]any{"args": args, "kwargs": c.Arguments}
}

// encodeOld writes a call of Keras 2: a list of outputs, each with the arguments.
func (c Call) encodeOld() []any {
	var list []any
	for _, r := range c.Inputs {
		list = append(list, []any{r.Layer, r.Call, r.Slot, c.Arguments})
	}
	return list
}

func encodeRefs(refs []Ref) []any {
	list := []any{}
	for _, r := range refs {
		list = append(list, []any{r.Layer, r.Call, r.Slot})
	}
	return list
}
