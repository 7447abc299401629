package lower

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/tensorflow/tensorproto"
)

// unknownExtent stands for an extent that is not known before something is fed. It differs from the -1 that a
// Reshape is given.
const unknownExtent = -1 << 40

// integers returns input i as integers that are known while lowering.
func (c *call) integers(i int) ([]int, bool) {
	if i >= len(c.in) {
		return nil, false
	}
	return c.in[i].integers()
}

func (o operand) integers() ([]int, bool) {
	switch {
	case o.constant != nil:
		return o.constant.integers()
	case o.value == nil || o.value.known == nil:
		return nil, false
	}
	var list []int
	for _, v := range o.value.fromCommon(o.value.known).Data {
		if math.IsNaN(v) {
			list = append(list, unknownExtent)
			continue
		}
		list = append(list, int(max(min(v, math.MaxInt32), math.MinInt32)))
	}
	return list, true
}

// number returns an operand that is one integer.
func (c *call) number(o operand) (int, bool) {
	list, ok := o.integers()
	if !ok || len(list) != 1 {
		return 0, false
	}
	return list[0], true
}

func (k *constant) integers() ([]int, bool) {
	if k.variable() || k.tensor.DType.Base() == tensorproto.Bool {
		return nil, false
	}
	list, err := k.tensor.Integers()
	return list, err == nil
}

// maxKnown is the most elements of a value that is computed while lowering.
const maxKnown = 1 << 12

// learn computes what a layer gives where all that it reads is known while lowering.
func learn(with layer.Layer, in []*value, params []weight, out []*value) (known bool) {
	c := &layer.Call[float64]{Workers: 1}
	for _, v := range in {
		if v.known == nil {
			return false
		}
		c.In = append(c.In, v.known)
	}
	for _, p := range params {
		t, ok := p.known()
		if !ok {
			return false
		}
		c.Params = append(c.Params, t)
	}
	if !runSmall(with, c) {
		return false
	}
	for i, v := range out {
		v.known, v.shape = c.Out[i], append(tensor.Shape{}, c.Out[i].Shape...)
	}
	return true
}

// fold lets a node be dropped in the end, when nothing reads it: those who did have used what was known. A result of the graph
// stays.
func (c *call) fold(n *graph.Node) {
	if len(c.net.readers[c.node]) > 0 {
		c.folded[n] = true
	}
}

// runSmall runs a layer if its outputs are few numbers.
func runSmall(l layer.Layer, c *layer.Call[float64]) bool {
	shapes, err := layer.OutputShapes(l, c.In)
	if _, unknown := l.(layer.Unknown); unknown || err != nil {
		return false
	}
	for _, s := range shapes {
		if n, ok := s.CheckedLen(); !ok || n > maxKnown {
			return false
		}
		c.Out = append(c.Out, tensor.New[float64](s...))
	}
	l.Forward64(c)
	return true
}

// known is the parameter's value if it consists of a few integers.
func (w weight) known() (*tensor.Tensor[float64], bool) {
	if w.constant.variable() || w.constant.dtype().IsFloat() {
		return nil, false
	}
	if _, err := w.constant.tensor.Integers(); err != nil {
		return nil, false
	}
	v, err := w.constant.tensor.Value()
	if err != nil {
		return nil, false
	}
	if w.transform != nil {
		v = w.transform(v)
	}
	return tensor.As[float64](v), true
}
