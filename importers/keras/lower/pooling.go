package lower

import "parity/googlenet/layer"

func maxPooling(c *call) (*value, error) {
	return c.pool(func(p layer.Pool) layer.Layer { return layer.MaxPool{Pool: p} })
}

// averagePooling divides by the number of cells inside the map.
func averagePooling(c *call) (*value, error) {
	return c.pool(func(p layer.Pool) layer.Layer { return layer.AveragePool{Pool: p, Divisor: layer.ValidCells} })
}

func (c *call) pool(l func(layer.Pool) layer.Layer) (*value, error) {
	w, why, err := c.window("pool_size")
	if err != nil || why != "" {
		return c.unless(err, why)
	}
	x, ok := c.single(4)
	if !ok {
		return c.unknown("its input is no map of known shape")
	}
	return c.emit(c.name, l(layer.Pool{Window: w}), nil, x), nil
}

func globalMax(c *call) (*value, error) {
	return c.global(layer.MaxPool{Pool: layer.Pool{Global: true}})
}

func globalAverage(c *call) (*value, error) {
	return c.global(layer.AveragePool{Pool: layer.Pool{Global: true}})
}

// global pools over the whole map, and keeps height and width as one cell only where it is told to.
func (c *call) global(l layer.Layer) (*value, error) {
	keep, err := c.layer.Bool("keepdims", false)
	if err != nil {
		return nil, err
	}
	x, ok := c.single(4)
	if !ok {
		return c.unknown("its input is no map of known shape")
	}
	if keep {
		return c.emit(c.name, l, nil, x), nil
	}
	return c.emit(c.name, layer.Reshape{Shape: []int{0, -1}}, nil, c.between("pool", l, nil, x)), nil
}
