package idiom

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// hardSwish is x times a straight line of x that is kept between 0 and a limit, and perhaps a number.
func hardSwish(f *finder, n *graph.Node) *match {
	return f.oneOf(n, func(y polynomial, x *atom) layer.Layer {
		if len(y) != 1 || y[0].coefficient <= 0 || y[0].power(x) != 1 || len(y[0].factors) != 2 {
			return nil
		}
		rest, scale := y[0].without(x).factors[0], y[0].coefficient
		line, lo, hi, ok := clipped(of(rest.atom))
		if !ok || rest.power != 1 || lo != 0 || math.IsInf(hi, 1) {
			return nil
		}
		shift := 0.0
		for _, t := range line {
			if len(t.factors) == 0 {
				shift = t.coefficient
			}
		}
		slope, ok := multiple(line.minus(number(shift)), x)
		if !ok || slope == 0 {
			return nil
		}
		return layer.HardSwish{Slope: scale * slope, Shift: scale * shift, Limit: scale * hi}
	})
}
