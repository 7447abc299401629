package lower

import "parity/googlenet/layer"

func add(c *call) (*value, error) { return c.merge(c.name, layer.Sum, layer.Eltwise{}) }

func multiply(c *call) (*value, error) {
	return c.merge(c.name, layer.Product, layer.Eltwise{Combination: layer.EltwiseProduct})
}

func maximum(c *call) (*value, error) {
	return c.merge(c.name, layer.Larger, layer.Eltwise{Combination: layer.EltwiseMaximum})
}

func minimum(c *call) (*value, error) { return c.fold(c.name, layer.Smaller) }

func subtract(c *call) (*value, error) {
	if len(c.in) != 2 {
		return nil, c.layer.Errorf("it takes 2 inputs, found %d", len(c.in))
	}
	return c.merge(c.name, layer.Difference, layer.Eltwise{Coefficients: []float64{1, -1}})
}

// average is a sum, and then a division.
func average(c *call) (*value, error) {
	sum, err := c.merge(c.unused(c.name+"/sum"), layer.Sum, layer.Eltwise{})
	if err != nil || sum.name == c.name {
		return sum, err
	}
	return c.emit(c.name, layer.Power{Power: 1, Scale: 1 / float64(len(c.in))}, nil, sum), nil
}

// merge joins inputs of one shape element by element, or those of different ones two by two.
func (c *call) merge(name string, o layer.Operation, l layer.Eltwise) (*value, error) {
	for _, x := range c.in {
		if x.shape == nil || !x.shape.Equal(c.in[0].shape) || x.nhwc != c.in[0].nhwc {
			return c.fold(name, o)
		}
	}
	return c.emit(name, l, nil, c.in...), nil
}

// fold joins inputs two by two, the smaller ones repeated.
func (c *call) fold(name string, o layer.Operation) (*value, error) {
	sum := c.in[0]
	for _, x := range c.in {
		if x.shape == nil || len(x.shape) != len(sum.shape) || x.nhwc != sum.nhwc {
			return c.unknown("its inputs differ in the number of their axes")
		}
	}
	for _, x := range c.in[1 : len(c.in)-1] {
		sum = c.between("joined", layer.Binary{Operation: o}, nil, sum, x)
	}
	return c.emit(name, layer.Binary{Operation: o}, nil, sum, c.in[len(c.in)-1]), nil
}

func concatenate(c *call) (*value, error) {
	axis, err := c.layer.Int("axis", -1)
	if err != nil {
		return nil, err
	}
	return c.concatenate(axis)
}

func (c *call) concatenate(axis int) (*value, error) {
	at, ok := c.in[0].axis(axis)
	for _, x := range c.in {
		ok = ok && x.nhwc == c.in[0].nhwc && len(x.shape) == len(c.in[0].shape)
	}
	if !ok {
		return c.unknown("the shapes of its inputs are not known")
	}
	return c.emit(c.name, layer.Concat{Axis: at}, nil, c.in...), nil
}

// dot is the product along an axis of each input, for every image by itself.
func dot(c *call) (*value, error) {
	if len(c.in) != 2 {
		return nil, c.layer.Errorf("it takes 2 inputs, found %d", len(c.in))
	}
	listed, err := c.layer.Ints("axes")
	if err != nil {
		return nil, err
	}
	if len(listed) == 1 {
		listed = append(listed[:1:1], listed[0])
	}
	normalise, err := c.layer.Bool("normalize", false)
	if err != nil {
		return nil, err
	}
	var axes [2]int
	for i, x := range c.in {
		rank := len(x.shape)
		if rank != 2 && rank != 3 || rank != len(c.in[0].shape) || len(listed) != 2 {
			return c.unknown("its inputs are no vectors or matrices")
		}
		if axes[i] = listed[i]; axes[i] < 0 {
			axes[i] += rank
		}
		if axes[i] < 1 || axes[i] >= rank {
			return nil, c.layer.Errorf("its axis %d is not one of the %d of its input, the batch left out", listed[i], rank)
		}
	}
	in := c.in
	if normalise {
		in = []*value{c.unit(c.unused(c.name+"/unit"), in[0], axes[:1]), c.unit(c.unused(c.name+"/unit"), in[1], axes[1:])}
	}
	if len(in[0].shape) == 3 {
		return c.emit(c.name, layer.MatMul{TransposeA: axes[0] == 1, TransposeB: axes[1] == 2}, nil, in...), nil
	}
	product := c.between("product", layer.Eltwise{Combination: layer.EltwiseProduct}, nil, in...)
	return c.emit(c.name, layer.Reduce{Reducer: layer.ReduceSum, Axes: []int{1}, Keep: true}, nil, product), nil
}
