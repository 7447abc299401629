package caffe

import (
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/source"
)

// EncodeModel returns the caffemodel that Caffe would save of a network: the layers that are part of it under the
// options, with the weights of the graph that the network was lowered to.
func EncodeModel(n *Net, g *graph.Graph, o Options) ([]byte, error) {
	l := &lowerer{net: n, state: n.state(o), excluded: map[string]string{}}
	kept, err := l.filter()
	if err != nil {
		return nil, err
	}
	weighted := map[string]*graph.Node{}
	for _, node := range g.Nodes {
		if len(node.Params) > 0 {
			weighted[node.Origin.Position] = node
		}
	}
	file := &Message{Type: "NetParameter"}
	if n.Name != "" {
		file.set("name", "", n.Name)
	}
	for _, x := range kept {
		m := x.message()
		complete(m, x, l.state.phase)
		if node := weighted[x.Settings.Position]; node != nil {
			for _, p := range node.Params {
				m.set("blobs", "", newBlob(stored(p)))
			}
		}
		file.set("layer", "", m)
	}
	if len(weighted) > 0 && !slices.ContainsFunc(kept, func(x *Layer) bool { return weighted[x.Settings.Position] != nil }) {
		return nil, source.Errorf(n.File, "", "the graph %q was not made from this network", g.Name)
	}
	return file.encode(nil), nil
}

// message returns the layer in the present format, without its blobs.
func (l *Layer) message() *Message {
	m := &Message{Type: "LayerParameter", File: l.Settings.File, Position: l.Settings.Position}
	if l.Settings.Type == m.Type {
		m.Fields = slices.DeleteFunc(slices.Clone(l.Settings.Fields), func(f *Field) bool { return f.Name == "blobs" })
		if m.Has("type") {
			return m
		}
	}
	return l.upgraded(m)
}

// upgraded fills in what a layer of the older formats states elsewhere.
func (l *Layer) upgraded(m *Message) *Message {
	m.Fields = nil
	m.set("name", "", l.Name)
	m.set("type", "", l.Type)
	for _, b := range l.Bottom {
		m.set("bottom", "", b)
	}
	for _, t := range l.Top {
		m.set("top", "", t)
	}
	for _, p := range l.Params {
		m.set("param", "", p.message())
	}
	for _, f := range l.Settings.Fields {
		if strings.HasSuffix(f.Name, "_param") || slices.Contains([]string{"include", "exclude", "loss_weight"}, f.Name) {
			m.set(f.Name, f.Position, f.Value)
		}
	}
	return m
}

func (p ParamSpec) message() *Message {
	m := &Message{Type: "ParamSpec"}
	if p.Name != "" {
		m.set("name", "", p.Name)
	}
	if p.Permissive {
		m.set("share_mode", "", "PERMISSIVE")
	}
	if p.LRStated {
		m.set("lr_mult", "", p.LR)
	}
	if p.DecayStated {
		m.set("decay_mult", "", p.Decay)
	}
	return m
}

// complete adds what Caffe adds when it sets a layer up: the phase, and the weight of a loss.
func complete(m *Message, l *Layer, phase Phase) {
	if !m.Has("phase") {
		m.set("phase", "", string(phase))
	}
	if strings.HasSuffix(l.Type, "Loss") && !m.Has("loss_weight") {
		m.set("loss_weight", "", float32(1))
	}
}

// stored returns a parameter with the axes in Caffe's order.
func stored(p *graph.Param) tensor.Any {
	switch t := p.Value.(type) {
	case *tensor.Tensor[float32]:
		return graph.FromCommon(p.Stored, t)
	case *tensor.Tensor[float64]:
		return graph.FromCommon(p.Stored, t)
	}
	return nil
}

func newBlob(t tensor.Any) *Blob { return &Blob{Shape: t.Dims(), Value: t} }
