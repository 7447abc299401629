package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// leastDeviation is what Normalization divides by at least.
const leastDeviation = 1e-7

// normalization is (x - mean) / max(sqrt(variance), 1e-7), with statistics from the settings or adapted ones from the weights.
func normalization(c *call) (*value, error) {
	x := c.in[0]
	along, err := c.channels(x)
	if err != nil || !along {
		return c.unless(err, "it does not go over the channels")
	}
	if inverse, err := c.layer.Bool("invert", false); err != nil || inverse {
		return c.unless(err, "it denormalises")
	}
	n := x.shape[1]
	mean, err := c.statistic("mean", n)
	if err != nil {
		return nil, err
	}
	variance, err := c.statistic("variance", n)
	if err != nil {
		return nil, err
	}
	if variance != nil {
		for i, v := range variance.Value.(*tensor.Tensor[float32]).Data {
			variance.Value.(*tensor.Tensor[float32]).Data[i] = max(v, leastDeviation*leastDeviation)
		}
	}
	return c.emit(c.name, layer.BatchNorm{}, []*graph.Param{mean, variance, factorOne(c)}, x), nil
}

// statistic reads one of Normalization's: the same number for all channels, or one for each.
func (c *call) statistic(name string, n int) (*graph.Param, error) {
	given := numbers(c.layer.Settings[name], nil)
	if len(given) == 0 {
		return c.param([]string{name}, wanted{n}, turn{to: func(t tensor.Any) tensor.Any { return tensor.As[float32](t).Clone() }})
	}
	if len(given) == 1 && n > 0 {
		given = slices.Repeat(given, n)
	}
	if len(given) != n {
		return nil, c.layer.Errorf("its %s has %d numbers for %d channels", name, len(given), n)
	}
	return &graph.Param{Name: c.name + "/" + name, Value: tensor.From(given, n)}, nil
}

// numbers lists what a setting holds, of any depth.
func numbers(v any, to []float32) []float32 {
	switch v := v.(type) {
	case float64:
		return append(to, float32(v))
	case []any:
		for _, e := range v {
			to = numbers(e, to)
		}
	}
	return to
}

// rescaling is scale x + offset, with one number each or one for each channel.
func rescaling(c *call) (*value, error) {
	scale, offset := numbers(c.layer.Settings["scale"], nil), numbers(c.layer.Settings["offset"], nil)
	if len(offset) == 0 {
		offset = []float32{0}
	}
	if len(scale) == 1 && len(offset) == 1 {
		return c.emit(c.name, layer.Power{Power: 1, Scale: float64(scale[0]), Shift: float64(offset[0])}, nil, c.in[0]), nil
	}
	x := c.in[0]
	at, ok := x.axis(-1)
	if !ok || at != 1 || x.shape[1] < 1 {
		return c.unknown("its numbers are not one for each channel")
	}
	var params []*graph.Param
	for i, list := range [][]float32{scale, offset} {
		if len(list) == 1 {
			list = slices.Repeat(list, x.shape[1])
		}
		if len(list) != x.shape[1] {
			return nil, c.layer.Errorf("it has %d numbers for %d channels", len(list), x.shape[1])
		}
		params = append(params, &graph.Param{Name: c.name + [...]string{"/scale", "/offset"}[i], Value: tensor.From(list, len(list))})
	}
	return c.emit(c.name, layer.Scale{Axis: 1, Bias: true}, params, x), nil
}

// centerCrop cuts out the middle; a difference that is odd leaves more behind it. A map that is smaller is not known here.
func centerCrop(c *call) (*value, error) {
	size, why, err := c.size()
	if err != nil || why != "" {
		return c.unless(err, why)
	}
	x := c.in[0]
	l := layer.StridedSlice{Ranges: []layer.Range{layer.Whole, layer.Whole, layer.Whole, layer.Whole}}
	for i, n := range size {
		over := x.shape[2+i] - n
		if over < 0 {
			return c.unknown("its input is smaller than what it cuts out")
		}
		l.Ranges[2+i] = layer.Range{Begin: over / 2, End: over/2 + n, Stride: 1}
	}
	return c.emit(c.name, l, nil, x), nil
}

// size is the height and width that a layer is set to, for maps whose extent is known.
func (c *call) size() (size [2]int, why string, err error) {
	for i, setting := range []string{"height", "width"} {
		if size[i], err = c.count(setting, 0); err != nil {
			return size, "", err
		}
	}
	x, ok := c.single(4)
	if !ok || x.shape[2] < 0 || x.shape[3] < 0 {
		return size, "its input is no map of known extent", nil
	}
	return size, "", nil
}
