// Package replay computes layers of the reference in float64, with the rounding bound of whoever computed
// the other side, and measures how far a tensor is from that.
package replay

import (
	"fmt"
	"maps"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// Value is a tensor in float64 and, element by element, how far the producer's value may be from it; nil is
// exact.
type Value struct {
	X, Bound *tensor.Tensor[float64]
}

// Segment computes nodes in order from inputs, which are exact but for those with a limit, and returns one of their values.
func Segment(nodes []*graph.Node, inputs, limits map[string]*tensor.Tensor[float64], output string, p bound.Producer, threads int) (Value, error) {
	d := &Drift{Producers: []bound.Producer{p}, Threads: threads}
	x, known := map[string]*tensor.Tensor[float64]{}, map[string]Uncertainty{}
	for name, t := range inputs {
		x[name], known[name] = t, d.Exact()
		if limit := limits[name]; limit != nil {
			known[name] = Uncertainty{Bounds: []*tensor.Tensor[float64]{limit}}
		}
	}
	for i, n := range nodes {
		if err := d.step(n, x, known, i < len(nodes)-1); err != nil {
			return Value{}, err
		}
	}
	if x[output] == nil {
		return Value{}, fmt.Errorf("the segment does not compute %q", output)
	}
	return Value{x[output], known[output].Limit()}, nil
}

// Plain computes nodes in order without bounds. Values that are known already are those of the same nodes on the same
// inputs, and not computed again; unchanged says which nodes are the same.
func Plain(nodes []*graph.Node, inputs, known map[string]*tensor.Tensor[float64], unchanged func(*graph.Node) bool, threads int) (map[string]*tensor.Tensor[float64], error) {
	x := map[string]*tensor.Tensor[float64]{}
	changed := map[string]bool{}
	for name, t := range inputs {
		x[name], changed[name] = t, known[name] != t
	}
	for _, n := range nodes {
		if err := plain(n, x, known, changed, unchanged, threads); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func plain(n *graph.Node, x, known map[string]*tensor.Tensor[float64], changed map[string]bool, unchanged func(*graph.Node) bool, threads int) error {
	in, same := make([]*tensor.Tensor[float64], len(n.Inputs)), unchanged(n)
	for i, v := range n.Inputs {
		if in[i] = x[v]; in[i] == nil {
			return fmt.Errorf("%s: the segment has no value %q", n.Name, v)
		}
		same = same && !changed[v]
	}
	if same && known[n.Outputs[0]] != nil {
		for _, v := range n.Outputs {
			x[v] = known[v]
		}
		return nil
	}
	shapes, err := graph.ShapesOf(n, in)
	if err != nil {
		return err
	}
	for i, t := range engine.Forward(n, in, shapes, threads) {
		x[n.Outputs[i]], changed[n.Outputs[i]] = t, true
	}
	return nil
}

// step computes one node of a segment; flows says that others read what it writes.
func (d *Drift) step(n *graph.Node, x map[string]*tensor.Tensor[float64], known map[string]Uncertainty, flows bool) error {
	in, before := make([]*tensor.Tensor[float64], len(n.Inputs)), make([]Uncertainty, len(n.Inputs))
	for i, v := range n.Inputs {
		if in[i], before[i] = x[v], known[v]; in[i] == nil {
			return fmt.Errorf("%s: the segment has no value %q", n.Name, v)
		}
	}
	shapes, err := graph.ShapesOf(n, in)
	if err != nil {
		return err
	}
	out := engine.Forward(n, in, shapes, d.Threads)
	after, err := d.Node(n, in, out, before)
	if err != nil {
		return err
	}
	if flows {
		if err := d.Flow(n, in, out, after); err != nil {
			return err
		}
	}
	for i, v := range n.Outputs {
		x[v], known[v] = out[i], after[i]
	}
	return nil
}

// Bounds returns the bounds of a node's outputs from those of its inputs. A producer other than this program's
// own engine may have computed an idiom in one layer or by its parts: what either may be off is admitted, where that differs.
func Bounds(n *graph.Node, in, out, inBounds []*tensor.Tensor[float64], p bound.Producer, threads int) ([]*tensor.Tensor[float64], error) {
	b, err := ownBounds(n, in, out, inBounds, p, threads)
	if err != nil || !n.Differs || p.Native {
		return b, err
	}
	byParts, err := partsBounds(n, in, inBounds, p, threads)
	if err != nil {
		return nil, err
	}
	for i := range b {
		b[i] = wider(b[i], byParts[i])
	}
	return b, nil
}

// wider is the larger of two bounds, element by element; nil is exact.
func wider(a, b *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	out := a.Clone()
	for i, v := range b.Data {
		if !(v <= out.Data[i]) {
			out.Data[i] = v
		}
	}
	return out
}

// ownBounds are those of the node's layer.
func ownBounds(n *graph.Node, in, out, inBounds []*tensor.Tensor[float64], p bound.Producer, threads int) ([]*tensor.Tensor[float64], error) {
	c := &bound.Call{Layer: n.Layer, In: in, Out: out, Err: inBounds, Producer: p.AgainstReplay(), Workers: threads}
	for _, w := range n.Params {
		c.Params = append(c.Params, tensor.As[float64](w.Value))
	}
	b, err := bound.Of(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.Name, err)
	}
	return b, nil
}

// partsBounds carries the bounds of the node's inputs through its parts.
func partsBounds(n *graph.Node, in, inBounds []*tensor.Tensor[float64], p bound.Producer, threads int) ([]*tensor.Tensor[float64], error) {
	known := map[string]Value{}
	for i, v := range n.Inputs {
		known[v] = Value{in[i], inBounds[i]}
	}
	if err := carryParts(n, known, p, threads); err != nil {
		return nil, err
	}
	var list []*tensor.Tensor[float64]
	for _, v := range n.Outputs {
		list = append(list, known[v].Bound)
	}
	return list, nil
}

// byParts is the graph with those idioms taken apart that a backward run goes through by their parts, and the values of a forward
// run with those of the parts.
func byParts(g *graph.Graph, values map[string]Value, p bound.Producer, threads int) (*graph.Graph, map[string]Value, error) {
	apart := g.TakenApart(func(n *graph.Node) bool { return n.Differs })
	if apart == g {
		return g, values, nil
	}
	values = maps.Clone(values)
	for _, n := range g.Nodes {
		if !n.Differs {
			continue
		}
		if err := carryParts(n, values, p, threads); err != nil {
			return nil, nil, err
		}
	}
	return apart, values, nil
}

// carryParts adds the values of a node's parts that are not known yet.
func carryParts(n *graph.Node, known map[string]Value, p bound.Producer, threads int) error {
	for _, drawn := range n.Draws {
		if known[drawn.Name].X == nil { // nothing depends on what it is
			known[drawn.Name] = Value{X: tensor.From([]float64{0})}
		}
	}
	for _, part := range n.Parts {
		if known[part.Outputs[0]].X != nil {
			continue
		}
		if err := carry(part, known, p, threads); err != nil {
			return err
		}
	}
	return nil
}

func carry(n *graph.Node, known map[string]Value, p bound.Producer, threads int) error {
	in, bounds := make([]*tensor.Tensor[float64], len(n.Inputs)), make([]*tensor.Tensor[float64], len(n.Inputs))
	for i, v := range n.Inputs {
		if in[i], bounds[i] = known[v].X, known[v].Bound; in[i] == nil {
			return fmt.Errorf("%s: the segment has no value %q", n.Name, v)
		}
	}
	shapes, err := graph.ShapesOf(n, in)
	if err != nil {
		return err
	}
	out := engine.Forward(n, in, shapes, threads)
	p.Flushes = p.Flushes || n.Flush
	b, err := ownBounds(n, in, out, bounds, p, threads)
	if err != nil {
		return err
	}
	for i, v := range n.Outputs {
		known[v] = Value{out[i], b[i]}
	}
	return nil
}
