package caffe

import (
	"fmt"

	"parity/googlenet/tensor"
	"parity/importers/source"
)

// Net is a network as its file states it, in Caffe's present format whatever the file's own: Caffe's NetParameter.
type Net struct {
	File   string
	Name   string
	State  *Message // the NetState that include and exclude rules are held against
	Layers []*Layer
	Notes  []string
	// ForceBackward makes gradients go where layers would stop them.
	ForceBackward bool

	binary bool // the file is a caffemodel
}

// Layer is one layer of the file: Caffe's LayerParameter.
type Layer struct {
	Name, Type  string
	Bottom, Top []string
	Params      []ParamSpec
	Blobs       []*Blob
	// Settings is the layer's message, in which its parameters stand under names such as convolution_param.
	Settings *Message
	// Parts are the names of the layers of the file that became this one, its own among them.
	Parts []string
	// Transforms are what upgrading the layer changed.
	Transforms []string
}

// ParamSpec is what a layer says of one of its weight blobs. Blobs of one name are shared.
type ParamSpec struct {
	Name       string
	Permissive bool // only the number of elements of shared blobs must agree
	LR, Decay  float32
	// LRStated and DecayStated tell what is the file's from what is Caffe's default.
	LRStated, DecayStated bool
}

// Errorf returns an error at the layer's place.
func (l *Layer) Errorf(format string, args ...any) error {
	return l.Settings.Errorf("", "layer %q (%s): %s", l.Name, l.Type, fmt.Sprintf(format, args...))
}

// newNet turns the message of a whole file into a network.
func newNet(m *Message) (*Net, error) {
	if err := oneFormat(m); err != nil {
		return nil, err
	}
	n := &Net{File: m.File, Name: m.Text("name", ""), State: m.Sub("state"), ForceBackward: m.Bool("force_backward", false)}
	if m.Has("input") {
		in, err := oldInputs(m)
		if err != nil {
			return nil, err
		}
		n.Layers = append(n.Layers, in)
	}
	for _, l := range list[*Message](m, "layer") {
		n.Layers = append(n.Layers, newLayer(l))
	}
	return n, n.upgrade(list[*Message](m, "layers"))
}

// oneFormat refuses a file with layers of both formats: upgrading such a file is refused by Caffe, and older tools
// silently drop the one or the other.
func oneFormat(m *Message) error {
	current, old := m.last("layer"), m.last("layers")
	if current == nil || old == nil {
		return nil
	}
	return source.Errorf(m.File, old.Position,
		"the file has layers of both formats, 'layers' here and 'layer' at %s; write all as layer { type: \"Convolution\" ... }", current.Position)
}

func newLayer(m *Message) *Layer {
	l := &Layer{
		Name: m.Text("name", ""), Type: m.Text("type", ""), Settings: m,
		Bottom: list[string](m, "bottom"), Top: list[string](m, "top"), Blobs: list[*Blob](m, "blobs"),
	}
	l.Parts = []string{l.Name}
	for _, p := range list[*Message](m, "param") {
		l.Params = append(l.Params, ParamSpec{
			Name: p.Text("name", ""), Permissive: p.Text("share_mode", "") == "PERMISSIVE",
			LR: p.Float("lr_mult", 1), Decay: p.Float("decay_mult", 1),
			LRStated: p.Has("lr_mult"), DecayStated: p.Has("decay_mult"),
		})
	}
	l.freezeStatistics()
	return l
}

// shapeOf reads a BlobShape. One without extents is a number's, and not nil, which is an unknown shape.
func shapeOf(m *Message) tensor.Shape { return append(tensor.Shape{}, m.Ints("dim")...) }
