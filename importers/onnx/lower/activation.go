package lower

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// elementwiseAs lowers operations without settings.
func elementwiseAs(l layer.Layer) func(*call) error {
	return func(c *call) error { return c.elementwise(l) }
}

// elu is x above 0 and alpha (e^x - 1) below.
func elu(c *call) error {
	alpha, err := c.node.Float("alpha", 1)
	if err != nil {
		return err
	}
	return c.elementwise(layer.ELU{Alpha: alpha})
}

// hardSigmoid is alpha x + beta, kept between 0 and 1.
func hardSigmoid(c *call) error {
	alpha, err := c.node.Float("alpha", 0.2)
	if err != nil {
		return err
	}
	beta, err := c.node.Float("beta", 0.5)
	if err != nil {
		return err
	}
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	line := c.powerBefore("/line", x, layer.Power{Power: 1, Scale: alpha, Shift: beta}, "alpha x + beta")
	return c.emitOn(line, layer.Clip{Max: 1})
}

// clip keeps values between limits, of which either may be missing. They are attributes before version 11, then inputs.
func clip(c *call) error {
	l := layer.Clip{Min: math.Inf(-1), Max: math.Inf(1)}
	for i, limit := range []struct {
		name string
		to   *float64
	}{{"min", &l.Min}, {"max", &l.Max}} {
		known, err := c.limit(limit.name, i+1, limit.to)
		if err != nil || !known {
			return c.unlessErr(err, "its limits are not constant")
		}
	}
	return c.elementwise(l)
}

func (c *call) limit(name string, i int, to *float64) (known bool, err error) {
	if c.node.Has(name) {
		*to, err = c.node.Float(name, 0)
		return true, err
	}
	if c.omitted(i) {
		return true, nil
	}
	k := c.in[i].constant
	if k == nil || k.shape.Len() != 1 {
		return false, nil
	}
	v, err := c.load(k)
	if err == nil {
		*to = tensor.As[float64](v).Data[0]
	}
	return true, err
}

// pow raises to a constant power.
func pow(c *call) error {
	if err := c.binary(); err != nil {
		return err
	}
	x, data := c.data(0)
	n, ok, err := c.number(1)
	if err != nil {
		return err
	}
	if !ok || !data {
		return c.pairwise(layer.Pow, 0)
	}
	return c.emitOn(x, layer.Power{Power: n, Scale: 1})
}

// prelu has a constant slope for each channel, or one for all.
func prelu(c *call) error {
	if err := c.binary(); err != nil {
		return err
	}
	x, ok := c.data(0)
	k, constant := c.weights(1)
	if !ok || !constant || x.rank() < 2 {
		return c.slopes()
	}
	shape := k.shape
	if c.model.Opset() < 7 && len(shape) == 1 { // one for each channel, before shapes were aligned at their ends
		shape = tensor.Shape{shape[0], 1, 1, 1}[:max(x.rank()-1, 1)]
	}
	where, ok := c.along(x, shape)
	shared := len(where.shape) == 0
	if !ok || !shared && (len(where.shape) != 1 || where.axis != 1) {
		return c.slopes()
	}
	p, err := c.param(k, k.shape.Len())
	if err != nil {
		return err
	}
	return c.emit(one{layer: layer.PReLU{Shared: shared}, in: []*value{x}, nhwc: x.nhwc, params: []param{p}})
}

// slopes multiplies the elements below 0 by any slopes that are repeated to meet them.
func (c *call) slopes() error {
	in, ok, err := c.all()
	if err != nil || !ok {
		return c.unlessErr(err, "its inputs are no numbers")
	}
	x := in[0]
	sloped := c.together("/sloped", layer.Binary{Operation: layer.Product}, x.dtype, x, in[1])
	c.together("", layer.Select{}, x.dtype, c.compare("/below", layer.Less, x, 0), sloped, x)
	return nil
}
