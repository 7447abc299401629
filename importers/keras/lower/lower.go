// Package lower turns Keras's models into the common graph.
//
// A layer's output has the layer's name; what a layer does before that, such as the convolution before its activation, has
// the class behind it: "stem/Conv2D". In a model within a model the inner one's name stands before: "encoder/stem".
// Axes are those of the common graph: what Keras holds as NHWC is NCHW here, which graph.Values notes by name.
package lower

import (
	"fmt"
	"path/filepath"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/keras/config"
	"parity/importers/keras/weights"
	"parity/importers/source"
)

// Lower lowers a model. Without weights, layers that need some have none: to be looked at, not to be run.
func Lower(m *config.Model, w weights.Source) (*graph.Graph, error) {
	name := filepath.Base(m.File)
	l := &lowering{
		model: m, weights: w, names: map[string]bool{}, repeated: map[string]int{}, params: map[string]*graph.Param{}, channelsFirst: channelsFirst(m),
		out: &graph.Graph{
			Name: strings.TrimSuffix(name, filepath.Ext(name)), Framework: "keras",
			Values: map[string]graph.Stored{}, Aliases: map[string]string{},
		},
	}
	outputs, err := l.run(&scope{model: m, group: "layers"}, nil)
	if err != nil {
		return nil, err
	}
	for _, v := range outputs {
		l.out.Outputs = append(l.out.Outputs, v.name)
	}
	if err := l.missingError(); err != nil {
		return nil, err
	}
	if err := l.out.Check(); err != nil {
		return nil, source.Errorf(m.File, "", "the model makes no sense: %v", err)
	}
	return l.out, nil
}

// lowering is the state of one run.
type lowering struct {
	model         *config.Model
	weights       weights.Source
	out           *graph.Graph
	channelsFirst bool // maps of which nothing else is known are NCHW in Keras too
	names         map[string]bool
	repeated      map[string]int          // how often a name was numbered
	params        map[string]*graph.Param // by layer and weight, which all calls of the layer share
	missing       []string
}

// value is a tensor of the common graph.
type value struct {
	name string
	// shape is in the common order of axes, -1 for an unknown extent; nil for an unknown rank.
	shape tensor.Shape
	// nhwc says that Keras's axes are N, H, W, C and the common ones N, C, H, W.
	nhwc bool
	// number is the type of its elements, empty for float32.
	number layer.Number
}

var (
	toCommon   = []int{0, 3, 1, 2} // NHWC to NCHW
	fromCommon = []int{0, 2, 3, 1} // and back
)

func permuted(s tensor.Shape, axes []int) tensor.Shape {
	out := make(tensor.Shape, len(axes))
	for i, a := range axes {
		out[i] = s[a]
	}
	return out
}

// axis turns an axis of Keras's, which counts from the end if it is negative, into the common one.
func (v *value) axis(a int) (int, bool) {
	if a < 0 {
		a += len(v.shape)
	}
	if a < 0 || a >= len(v.shape) {
		return 0, false
	}
	if v.nhwc {
		return [...]int{0, 2, 3, 1}[a], true
	}
	return a, true
}

// channelsFirst tells whether the model's inputs are NCHW: the first layer that says so decides.
func channelsFirst(m *config.Model) bool {
	for _, l := range m.Layers {
		if f, ok := l.Settings["data_format"].(string); ok {
			return f == "channels_first"
		}
		if l.Inner != nil && channelsFirst(l.Inner) {
			return true
		}
	}
	return false
}

// unused is a name that nothing has yet.
func (l *lowering) unused(name string) string {
	for base := name; l.names[name]; {
		l.repeated[base]++
		name = fmt.Sprintf("%s_%d", base, l.repeated[base])
	}
	l.names[name] = true
	return name
}

// note stores how Keras lays a value out.
func (l *lowering) note(v *value) *value {
	if v.nhwc = v.nhwc && len(v.shape) == 4; v.nhwc {
		l.out.Values[v.name] = graph.Stored{ToCommon: append([]int{}, toCommon...)}
	}
	return v
}

// missingError names weights that were not found. Without any at all that is as it should be.
func (l *lowering) missingError() error {
	const most = 3
	switch n := len(l.missing); {
	case n == 0:
		return nil
	case l.weights == nil:
		l.out.Notes = append(l.out.Notes, fmt.Sprintf("%d weights have no values: they were not given", n))
		return nil
	default:
		names := strings.Join(l.missing[:min(n, most)], ", ")
		if n > most {
			names += ", ..."
		}
		return source.Errorf(l.weights.Place(), "", "expected the weights of %s, found none for %d of them (%s): they belong to another model", l.model.File, n, names)
	}
}
