package lower

import (
	"math"

	"parity/googlenet/layer"
)

// line is scale x + shift, before what gives the output its name.
func (c *call) line(suffix string, x *value, scale, shift float64) *value {
	return c.between(suffix, layer.Power{Power: 1, Scale: float64(float32(scale)), Shift: float64(float32(shift))}, nil, x)
}

// product gives the product of two values of one shape the layer's name.
func (c *call) product(a, b *value) *value {
	return c.emit(c.name, layer.Eltwise{Combination: layer.EltwiseProduct}, nil, a, b)
}

// difference gives a - b the layer's name.
func (c *call) difference(a, b *value) *value {
	return c.emit(c.name, layer.Eltwise{Coefficients: []float64{1, -1}}, nil, a, b)
}

// gelu is x/2 (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel, Gaussian error linear units, 2016).
func gelu(c *call, x *value) *value {
	erf := c.between("erf", layer.Unary{Function: layer.Erf}, nil, c.line("scaled", x, math.Sqrt2/2, 0))
	return c.product(c.line("half", x, 0.5, 0), c.line("share", erf, 1, 1))
}

// approximateGELU is x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
func approximateGELU(c *call, x *value) *value {
	cube := c.line("cube", c.between("x3", layer.Power{Power: 3, Scale: 1}, nil, x), 0.044715, 0)
	inner := c.line("scaled", c.between("sum", layer.Eltwise{}, nil, x, cube), math.Sqrt(2/math.Pi), 0)
	return c.product(c.line("half", x, 0.5, 0), c.line("share", c.between("tanh", layer.Tanh{}, nil, inner), 1, 1))
}

// hardSigmoid rises from 0 to 1 in a line: x/6 + 1/2, in Keras 2 x/5 + 1/2.
func hardSigmoid(c *call, x *value) *value {
	if c.model.Version < 3 {
		return c.emit(c.name, layer.Clip{Max: 1}, nil, c.line("line", x, 0.2, 0.5))
	}
	return c.sixth(c.name, x)
}

// sixth is relu6(x + 3) / 6.
func (c *call) sixth(name string, x *value) *value {
	clipped := c.between("clipped", layer.Clip{Max: 6}, nil, c.line("shifted", x, 1, 3))
	return c.emit(name, layer.Power{Power: 1, Scale: 1. / 6}, nil, clipped)
}

func hardSiLU(c *call, x *value) *value { return c.product(x, c.sixth(c.unused(c.name+"/sigmoid"), x)) }

// hardShrink is x where its magnitude is above 1/2.
func hardShrink(c *call, x *value) *value {
	return c.product(x, c.between("mask", layer.Threshold{Threshold: 0.5}, nil, c.between("magnitude", layer.Abs{}, nil, x)))
}

// softShrink brings x nearer to 0 by 1/2, and not beyond.
func softShrink(c *call, x *value) *value {
	above := c.between("above", layer.ReLU{}, nil, c.line("x-1/2", x, 1, -0.5))
	return c.difference(above, c.between("below", layer.ReLU{}, nil, c.line("-x-1/2", x, -1, -0.5)))
}

// tanhShrink is x - tanh x.
func tanhShrink(c *call, x *value) *value {
	return c.difference(x, c.between("tanh", layer.Tanh{}, nil, x))
}

// logSigmoid is -softplus(-x).
func logSigmoid(c *call, x *value) *value {
	return c.emit(c.name, layer.Power{Power: 1, Scale: -1}, nil, c.between("softplus", layer.Softplus{}, nil, c.line("turned", x, -1, 0)))
}

// mish is x tanh(softplus x) (Misra, Mish: a self regularized non-monotonic activation function, 2019).
func mish(c *call, x *value) *value {
	return c.product(x, c.between("tanh", layer.Tanh{}, nil, c.between("softplus", layer.Softplus{}, nil, x)))
}

// squareplus is (x + sqrt(x^2 + 4)) / 2.
func squareplus(c *call, x *value) *value {
	root := c.between("root", layer.Unary{Function: layer.Sqrt}, nil, c.line("shifted", c.between("square", layer.Unary{Function: layer.Square}, nil, x), 1, 4))
	return c.emit(c.name, layer.Power{Power: 1, Scale: 0.5}, nil, c.between("sum", layer.Eltwise{}, nil, x, root))
}

// sparsePlus is 0 up to -1, x from 1 on, and (x+1)^2/4 in between.
func sparsePlus(c *call, x *value) *value {
	inside := c.between("inside", layer.Clip{Min: -1, Max: 1}, nil, x)
	curve := c.line("curve", c.between("square", layer.Unary{Function: layer.Square}, nil, c.line("inside+1", inside, 1, 1)), 0.25, 0)
	beyond := c.between("beyond", layer.ReLU{}, nil, c.line("x-1", x, 1, -1))
	return c.emit(c.name, layer.Eltwise{}, nil, curve, beyond)
}

// sparseSigmoid is (x+1)/2 between 0 and 1.
func sparseSigmoid(c *call, x *value) *value {
	return c.emit(c.name, layer.Clip{Max: 1}, nil, c.line("line", x, 0.5, 0.5))
}

// glu is the first half of the channels, or what an axis holds, times the sigmoid of the second (Dauphin, Fan, Auli, Grangier,
// Language modeling with gated convolutional networks, 2016).
func (c *call) glu(x *value, axis int) (*value, error) {
	at, ok := x.axis(axis)
	if !ok || x.shape[at] < 2 || x.shape[at]%2 != 0 {
		c.in = []*value{x}
		return c.unknown("its axis has no two halves")
	}
	half := func(suffix string, from int) *value {
		l := layer.StridedSlice{}
		for range x.shape {
			l.Ranges = append(l.Ranges, layer.Whole)
		}
		l.Ranges[at] = layer.Range{Begin: from, End: from + x.shape[at]/2, Stride: 1}
		return c.between(suffix, l, nil, x)
	}
	return c.product(half("first", 0), c.between("sigmoid", layer.Sigmoid{}, nil, half("second", x.shape[at]/2))), nil
}
