package keras

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
	"parity/importers/keras/config"
	"parity/importers/keras/lower"
	"parity/importers/keras/weights"
	"parity/importers/piece"
	"parity/importers/source"
)

// Cut writes a Functional model with the layers that compute some values from others, and their weights as arrays. Values are
// those of layers of the outermost model that are called once.
func Cut(m *config.Model, w weights.Source, cut piece.Cut) (*piece.Piece, error) {
	c := &cutter{model: m, cut: cut, layers: map[string]*config.Layer{}, kept: map[string]bool{}, before: map[string]string{}}
	for i, l := range m.Layers {
		c.layers[l.Name] = l
		if i > 0 {
			c.before[l.Name] = m.Layers[i-1].Name
		}
	}
	for _, out := range cut.Outputs {
		if err := c.keep(out); err != nil {
			return nil, err
		}
	}
	data, err := c.piece().Encode()
	if err != nil {
		return nil, err
	}
	p := &piece.Piece{Files: []piece.File{{Part: "model", Name: "model.json", Data: data}}}
	arrays, err := c.arrays(w)
	if err != nil || arrays.Len() == 0 {
		return p, err
	}
	var b bytes.Buffer
	if err := npz.Encode(&b, arrays); err != nil {
		return nil, err
	}
	p.Files = append(p.Files, piece.File{Part: "weights", Name: "weights.npz", Data: b.Bytes()})
	return p, nil
}

type cutter struct {
	model  *config.Model
	cut    piece.Cut
	layers map[string]*config.Layer
	before map[string]string // in a Sequential model
	kept   map[string]bool
}

func (c *cutter) keep(value string) error {
	if c.kept[value] || c.cut.Has(value) {
		return nil
	}
	l := c.layers[value]
	switch {
	case l == nil:
		return source.Errorf(c.model.File, "", "%q is no layer of the outermost model", value)
	case l.Inner != nil:
		return l.Errorf("a model within the model is not cut out")
	case l.Class == "InputLayer" || c.model.Sequential && c.before[value] == "":
		return l.Errorf("what is fed to it is not known")
	}
	c.kept[value] = true
	if c.model.Sequential {
		return c.keep(c.before[value])
	}
	if len(l.Calls) != 1 || len(l.Calls[0].Constants) > 0 {
		return l.Errorf("it is called %d times, or with numbers: it is not cut out", len(l.Calls))
	}
	for _, r := range l.Calls[0].Inputs {
		if err := c.keep(r.Layer); err != nil {
			return err
		}
	}
	return nil
}

// piece is the model of the kept layers.
func (c *cutter) piece() *config.Model {
	p := &config.Model{Name: "piece", Version: c.model.Version}
	for _, in := range c.cut.Inputs {
		p.Layers = append(p.Layers, inputLayer(in, c.model.Version))
		p.Inputs = append(p.Inputs, config.Ref{Layer: in.Name})
	}
	for _, l := range c.model.Layers {
		if !c.kept[l.Name] {
			continue
		}
		own := *l
		if c.model.Sequential {
			own.Calls = []config.Call{{Inputs: []config.Ref{{Layer: c.before[l.Name]}}, Arguments: config.Settings{}}}
		}
		p.Layers = append(p.Layers, &own)
	}
	for _, out := range c.cut.Outputs {
		p.Outputs = append(p.Outputs, config.Ref{Layer: out})
	}
	return p
}

// inputLayer feeds a value; how many images there are is left open.
func inputLayer(in piece.Input, version int) *config.Layer {
	shape := []any{nil}
	for _, d := range in.Shape[min(1, len(in.Shape)):] {
		shape = append(shape, d)
	}
	key := map[bool]string{true: "batch_shape", false: "batch_input_shape"}[version == 3]
	return &config.Layer{Name: in.Name, Class: "InputLayer", Module: "keras.layers", Settings: config.Settings{key: shape, "dtype": "float32"}}
}

// arrays are the weights of the kept layers, in the order of their names.
func (c *cutter) arrays(w weights.Source) (*npz.Tensors, error) {
	out := &npz.Tensors{}
	if w == nil {
		return out, nil
	}
	r := &weights.Recorder{Source: w, Found: map[string]tensor.Any{}}
	if _, err := lower.Lower(c.model, r); err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(r.Found)) {
		if layer := key[:strings.LastIndexByte(key, '/')]; c.kept[layer] {
			out.Set(key, r.Found[key])
		}
	}
	return out, nil
}

// Open reads a model with its weights, which may lie apart; nil for none.
func Open(model, from string) (*config.Model, weights.Source, error) {
	m, w, err := Read(model)
	if err == nil && from != "" {
		w, err = OpenWeights(from)
	}
	if err != nil {
		return nil, nil, err
	}
	return m, w, nil
}
