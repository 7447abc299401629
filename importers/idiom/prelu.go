package idiom

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// prelu passes x on above 0 and multiplies it with a weight for its channel below.
func prelu(f *finder, n *graph.Node) *match {
	var slope *atom
	m := f.oneOf(n, func(y polynomial, x *atom) layer.Layer {
		s, ok := readSides(y, x)
		if slope = s.below.single(); !ok || len(x.axes) < 2 || !s.above.equal(number(1)) || !slope.vectorAlong(1) {
			return nil
		}
		return layer.PReLU{}
	})
	if m == nil {
		return nil
	}
	channels := f.shapes[m.inputs[0]][1]
	if slope.param != nil && len(slope.axes) == 0 && channels != 1 {
		m.layer, channels = layer.PReLU{Shared: true}, 1
	}
	if channels < 0 && slope.param != nil {
		channels = slope.param.Value.Dims().Len()
	}
	var ok bool
	if m.params, ok = f.params(nil, channels, slope); !ok {
		return nil
	}
	return m
}
