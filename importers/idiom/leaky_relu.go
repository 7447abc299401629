package idiom

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// leakyReLU passes x on above 0 and multiplies it with a number below.
func leakyReLU(f *finder, n *graph.Node) *match {
	return f.oneOf(n, func(y polynomial, x *atom) layer.Layer {
		s, ok := readSides(y, x)
		if !ok || !s.above.equal(number(1)) {
			return nil
		}
		slope, ok := s.below.constant()
		if !ok || slope == 1 {
			return nil
		}
		return layer.ReLU{Slope: slope}
	})
}
