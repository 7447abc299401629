package compare

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/replay"
)

// describe writes into every row what both sides do there, for a reader who knows neither.
func (c *comparison) describe() {
	for _, r := range c.rows {
		if r.node != nil {
			r.Reference = operation(shown(r.node))
			reads := r.node.Inputs
			if r.reads != nil {
				reads = r.reads
			}
			for _, v := range reads {
				r.Layer.Inputs = append(r.Layer.Inputs, c.byValue[v].Name)
			}
		}
		if r.Candidate == "" {
			continue
		}
		for _, n := range c.counterpart(r.Candidate) {
			r.Operations = append(r.Operations, *operation(n))
		}
	}
}

func operation(n *graph.Node) *parity.Operation {
	o := &parity.Operation{Name: n.Name, Kind: n.Layer.Kind(), Origin: n.Origin.String()}
	if d, ok := n.Layer.(layer.Described); ok {
		for _, a := range d.Attributes() {
			o.Attributes = append(o.Attributes, parity.Attribute{Name: a.Name, Value: a.Value})
		}
	}
	return o
}

// profile shows where the differences of a judged value lie, if that was asked for.
func (c *comparison) profile(j *judged, x, own, limit *tensor.Tensor[float64]) {
	if !c.opt.Profiles {
		return
	}
	j.profile = replay.Profile(x, own.Reshaped(x.Shape...), limit)
}
