package lower

import (
	"parity/googlenet/layer"
	"parity/importers/onnx/model"
)

// pairwise lowers an operation on two values of which smaller ones are repeated. The result has the type d, or with 0 that of the
// operands; then one of integers wraps around.
func pairwise(op layer.Operation, d model.DType) func(*call) error {
	return func(c *call) error { return c.pairwise(op, d) }
}

func (c *call) pairwise(op layer.Operation, d model.DType) error {
	if err := c.binary(); err != nil {
		return err
	}
	in, ok, err := c.pair()
	if err != nil || !ok {
		return c.unlessErr(err, "its inputs are not known to be numbers of known dimensions")
	}
	if d != 0 {
		c.together("", layer.Binary{Operation: op}, d, in...)
		return nil
	}
	return c.wrap(c.together(unwrapped(in[0]), layer.Binary{Operation: op}, 0, in...))
}

// pair returns both inputs. Before version 7 an attribute could say at which axis of the first the second begins.
func (c *call) pair() ([]*value, bool, error) {
	in, ok, err := c.all()
	if err != nil || !ok || in[0].rank() < 0 || in[1].rank() < 0 {
		return nil, false, err
	}
	shape, err := c.aligned(in[1].stored(), in[0])
	if err != nil || len(shape) == in[1].rank() {
		return in, err == nil, err
	}
	target, ok := oneFree(shape)
	if !ok {
		return nil, false, nil
	}
	in[1] = c.between("/aligned", one{layer: layer.Reshape{Shape: target}, in: []*value{c.as(in[1], false)}})
	return in, true, nil
}

// alike puts values into one order of axes. A single number has none.
func (c *call) alike(in []*value) (list []*value, nhwc bool) {
	same := true
	for _, v := range in {
		single := v.shape != nil && ones(v.shape)
		nhwc = nhwc || v.nhwc && !single
		same = same && (v.nhwc || single)
	}
	nhwc = nhwc && same
	for _, v := range in {
		if !nhwc {
			v = c.as(v, false)
		}
		list = append(list, v)
	}
	return list, nhwc
}

// together puts in a layer whose inputs are repeated to meet. A type of 0 is that of the first one, an empty suffix makes the
// result the node's own.
func (c *call) together(suffix string, l layer.Layer, d model.DType, in ...*value) *value {
	list, nhwc := c.alike(in)
	return c.put(suffix, one{layer: l, in: list, nhwc: nhwc, dtype: d})
}

// put appends a layer before the last one of the node or, with an empty suffix, the last one.
func (c *call) put(suffix string, o one) *value {
	if suffix == "" {
		return c.append(c.name, c.node.Outputs[0], o)
	}
	return c.between(suffix, o)
}

// wraps are the integers whose arithmetic is exact here, after which they wrap around. Those of 64 bits count as exact up to 2^53.
var wraps = map[model.DType]bool{
	model.Int8: true, model.Int16: true, model.Int32: true, model.Uint8: true, model.Uint16: true, model.Uint32: true,
}

// unwrapped is the suffix of a result of the value's type, before it wraps around if it does.
func unwrapped(like *value) string {
	if wraps[like.dtype] {
		return "/exact"
	}
	return ""
}

// wrap emits what was put in as unwrapped.
func (c *call) wrap(v *value) error {
	if wraps[v.dtype] {
		return c.emit(one{layer: castTo(v.dtype, v.dtype), in: []*value{v}, nhwc: v.nhwc})
	}
	return nil
}

func castTo(to, from model.DType) layer.Cast {
	return layer.Cast{To: layer.Number(to.String()), From: layer.Number(from.String())}
}

// variadic joins any number of values, two by two.
func variadic(op layer.Operation) func(*call) error {
	return func(c *call) error {
		in, ok, err := c.all()
		switch {
		case err != nil || !ok:
			return c.unlessErr(err, "its inputs are not known to be numbers")
		case len(in) == 1:
			return c.emit(one{layer: layer.Identity{}, in: in, nhwc: in[0].nhwc})
		}
		return c.wrap(c.joined(op, unwrapped(in[0]), in))
	}
}

func (c *call) joined(op layer.Operation, suffix string, in []*value) *value {
	v := in[0]
	for i, next := range in[1:] {
		to := "/first"
		if i == len(in)-2 {
			to = suffix
		}
		v = c.together(to, layer.Binary{Operation: op}, 0, v, next)
	}
	return v
}

// mean is the sum of any number of values over their number.
func mean(c *call) error {
	in, ok, err := c.all()
	switch {
	case err != nil || !ok:
		return c.unlessErr(err, "its inputs are not known to be numbers")
	case len(in) == 1:
		return c.emit(one{layer: layer.Identity{}, in: in, nhwc: in[0].nhwc})
	}
	c.together("", layer.Binary{Operation: layer.Quotient}, 0, c.joined(layer.Sum, "/sum", in), c.fixedNumber("/number", float64(len(in)), in[0].dtype))
	return nil
}
