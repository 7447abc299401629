package lower

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/keras/config"
	"parity/importers/keras/weights"
	"parity/importers/source"
)

// scope is one execution of a model: the whole, or one within another.
type scope struct {
	model  *config.Model
	path   []string        // the names of the models around, but for the outermost
	group  string          // where Keras 3 files the weights of its layers
	places []weights.Place // of the models around, but for the outermost
	layers map[string]*config.Layer
	groups map[*config.Layer]string
	inputs map[string]*value // of a model within another, by its input layer
	done   map[use][]*value
	open   map[use]bool
}

// use is one call of a layer.
type use struct {
	layer *config.Layer
	call  int
}

// run executes a model and returns its outputs. Inputs are given to a model within another.
func (l *lowering) run(s *scope, inputs []*value) ([]*value, error) {
	s.done, s.open = map[use][]*value{}, map[use]bool{}
	if err := s.index(); err != nil {
		return nil, err
	}
	if s.model.Sequential {
		return l.sequence(s, inputs)
	}
	if inputs != nil {
		if len(inputs) != len(s.model.Inputs) {
			return nil, source.Errorf(s.model.File, "", "the model %q takes %d inputs, found %d", s.model.Name, len(s.model.Inputs), len(inputs))
		}
		s.inputs = map[string]*value{}
		for i, r := range s.model.Inputs {
			s.inputs[r.Layer] = inputs[i]
		}
	}
	for _, layer := range s.model.Layers {
		calls := len(layer.Calls)
		if layer.Class == "InputLayer" {
			calls = 1
		}
		for i := range calls {
			if _, err := l.use(s, use{layer, i}); err != nil {
				return nil, err
			}
		}
	}
	return l.resolve(s, nil, s.model.Outputs)
}

// index names the layers, and the groups that Keras 3 files their weights in: each by its class, with a number behind the
// second and later ones.
func (s *scope) index() error {
	s.layers, s.groups = map[string]*config.Layer{}, map[*config.Layer]string{}
	counts := map[string]int{}
	for _, layer := range s.model.Layers {
		if s.layers[layer.Name] != nil {
			return layer.Errorf("the model %q has two layers of this name", s.model.Name)
		}
		s.layers[layer.Name] = layer
		group := snake(layer.Class)
		if n := counts[group]; n > 0 {
			s.groups[layer] = fmt.Sprintf("%s/%s_%d", s.group, group, n)
		} else {
			s.groups[layer] = s.group + "/" + group
		}
		counts[group]++
	}
	return nil
}

// place counts the layers before one.
func (s *scope) place(of *config.Layer) weights.Place {
	i := slices.Index(s.model.Layers, of)
	p := weights.Place{Operation: i, Layer: i}
	if s.model.Sequential && s.model.Layers[0].Class == "InputLayer" {
		p.Layer--
	}
	return p
}

var (
	beforeWord  = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	beforeUpper = regexp.MustCompile(`([a-z])([A-Z])`)
)

// snake is how Keras writes a class's name in small letters: Conv2D is conv2d, LeakyReLU leaky_re_lu.
func snake(class string) string {
	return strings.ToLower(beforeUpper.ReplaceAllString(beforeWord.ReplaceAllString(class, "${1}_$2"), "${1}_$2"))
}

// sequence calls each layer with the output of the one before.
func (l *lowering) sequence(s *scope, inputs []*value) ([]*value, error) {
	values := inputs
	for i, layer := range s.model.Layers {
		if layer.Class == "InputLayer" && values != nil {
			continue
		}
		if values == nil && layer.Class != "InputLayer" {
			in, err := l.firstInput(layer)
			if err != nil {
				return nil, err
			}
			values = []*value{in}
		}
		var err error
		if values, err = l.call(s, use{layer, 0}, values); err != nil {
			return nil, err
		}
		if i == 0 && layer.Class == "InputLayer" && len(values) == 0 {
			return nil, layer.Errorf("it has no shape")
		}
	}
	if len(values) == 0 {
		return nil, source.Errorf(s.model.File, "", "the model %q has no layers", s.model.Name)
	}
	return values, nil
}

// firstInput is the input of a Sequential model whose first layer says its shape itself.
func (l *lowering) firstInput(layer *config.Layer) (*value, error) {
	for _, setting := range []string{"batch_input_shape", "batch_shape", "build_input_shape"} {
		shape, err := layer.Ints(setting)
		if err != nil {
			return nil, err
		}
		if shape != nil {
			return l.input(layer.Name+"_input", shape), nil
		}
	}
	return nil, layer.Errorf("it is the first layer, and neither an InputLayer nor with a batch_input_shape: the shape of the input is not known")
}

// input makes a value that is fed.
func (l *lowering) input(name string, shape tensor.Shape) *value {
	v := &value{name: l.unused(name), shape: shape.Clone(), nhwc: len(shape) == 4 && !l.channelsFirst}
	if v.nhwc {
		v.shape = permuted(shape, toCommon)
	}
	l.out.Inputs = append(l.out.Inputs, graph.Input{Name: v.name, Shape: v.shape.Clone()})
	return l.note(v)
}

// use returns the outputs of a call, which is executed the first time.
func (l *lowering) use(s *scope, u use) ([]*value, error) {
	if out, ok := s.done[u]; ok {
		return out, nil
	}
	if s.open[u] {
		return nil, u.layer.Errorf("it depends on itself")
	}
	s.open[u] = true
	if u.layer.Class == "InputLayer" && s.inputs != nil {
		v := s.inputs[u.layer.Name]
		if v == nil {
			return nil, u.layer.Errorf("it is none of the inputs of the model %q", s.model.Name)
		}
		s.done[u] = []*value{v}
		return s.done[u], nil
	}
	var in []*value
	if u.call < len(u.layer.Calls) {
		var err error
		if in, err = l.resolve(s, u.layer, u.layer.Calls[u.call].Inputs); err != nil {
			return nil, err
		}
	}
	out, err := l.call(s, u, in)
	s.done[u] = out
	return out, err
}

// resolve returns the values that a layer, or the model for nil, refers to.
func (l *lowering) resolve(s *scope, reader *config.Layer, refs []config.Ref) ([]*value, error) {
	var values []*value
	for _, r := range refs {
		layer := s.layers[r.Layer]
		fail := func(why string) error {
			return source.Errorf(s.model.File, "", "%s reads output %d of call %d of the layer %q, %s", readerName(s, reader), r.Slot, r.Call, r.Layer, why)
		}
		if layer == nil {
			return nil, fail("which the model does not have")
		}
		if r.Call < 0 || r.Call >= max(len(layer.Calls), 1) {
			return nil, fail("which is not called so often")
		}
		out, err := l.use(s, use{layer, r.Call})
		if err != nil {
			return nil, err
		}
		if r.Slot < 0 || r.Slot >= len(out) {
			return nil, fail("which has no such output")
		}
		values = append(values, out[r.Slot])
	}
	return values, nil
}

func readerName(s *scope, reader *config.Layer) string {
	if reader == nil {
		return fmt.Sprintf("the model %q", s.model.Name)
	}
	return fmt.Sprintf("the layer %q", reader.Name)
}
