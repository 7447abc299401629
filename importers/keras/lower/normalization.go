package lower

import (
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// channels tells whether a layer works along the channels: of a map, or the second axis of a batch of vectors.
func (c *call) channels(x *value) (bool, error) {
	list, err := c.layer.Ints("axis")
	if list == nil {
		list = []int{-1}
	}
	if err != nil || len(list) != 1 || len(x.shape) != 2 && len(x.shape) != 4 {
		return false, err
	}
	at, ok := x.axis(list[0])
	return ok && at == 1, nil
}

// batchNormalization normalises by the running statistics, and then scales and shifts: two layers here.
func batchNormalization(c *call) (*value, error) {
	x := c.in[0]
	along, err := c.channels(x)
	if err != nil || !along {
		return c.unless(err, "it does not go over the channels")
	}
	epsilon, err := c.layer.Float("epsilon", 1e-3)
	if err != nil {
		return nil, err
	}
	n := x.shape[1]
	affine, err := c.affine(n)
	if err != nil {
		return nil, err
	}
	mean, err := c.param([]string{"moving_mean"}, wanted{n}, asIs)
	if err != nil {
		return nil, err
	}
	variance, err := c.param([]string{"moving_variance"}, wanted{n}, asIs)
	if err != nil {
		return nil, err
	}
	stored := []*graph.Param{mean, variance, factorOne(c)}
	if affine == nil {
		return c.emit(c.name, layer.BatchNorm{Epsilon: epsilon}, stored, x), nil
	}
	x = c.between("normal", layer.BatchNorm{Epsilon: epsilon}, stored, x)
	return c.emit(c.name, layer.Scale{Axis: 1, Bias: true}, affine, x), nil
}

// factorOne is what mean and variance are not divided by.
func factorOne(c *call) *graph.Param {
	return &graph.Param{Name: c.name + "/factor", Value: tensor.From([]float32{1}, 1)}
}

// affine reads gamma and beta, of which one may be left out; nil without both.
func (c *call) affine(n int) ([]*graph.Param, error) {
	scale, err := c.layer.Bool("scale", true)
	if err != nil {
		return nil, err
	}
	center, err := c.layer.Bool("center", true)
	if err != nil || !scale && !center {
		return nil, err
	}
	gamma := constantVector(c.name+"/gamma", n, 1)
	if scale {
		if gamma, err = c.param([]string{"gamma"}, wanted{n}, asIs); err != nil {
			return nil, err
		}
	}
	beta := constantVector(c.name+"/beta", n, 0)
	if center {
		beta, err = c.param([]string{"beta"}, wanted{n}, asIs)
	}
	return []*graph.Param{gamma, beta}, err
}

// constantVector is a weight that Keras leaves out; nil where its length is not known.
func constantVector(name string, n int, v float32) *graph.Param {
	if n < 0 {
		return nil
	}
	return &graph.Param{Name: name, Value: tensor.From(slices.Repeat([]float32{v}, n), n)}
}

// emitted appends a layer with one weight unless that failed to be read.
func (c *call) emitted(err error, l layer.Layer, x *value, p *graph.Param) (*value, error) {
	if err != nil {
		return nil, err
	}
	return c.emit(c.name, l, []*graph.Param{p}, x), nil
}

// lrn is tf.nn.local_response_normalization: depth_radius channels on either side, alpha not divided by their number.
func lrn(c *call) (*value, error) {
	get := func(name string, fallback float64) float64 {
		if v, ok := c.arguments[name].(float64); ok {
			fallback = v
		}
		return float64(float32(fallback))
	}
	radius := get("depth_radius", 5)
	x, ok := c.single(4)
	if !ok || !x.nhwc || radius != math.Trunc(radius) || radius < 0 || radius > 1<<16 {
		return c.unknown("it does not go over the channels of a map")
	}
	return c.emit(c.name, layer.LRN{Size: 2*int(radius) + 1, K: get("bias", 1), Alpha: get("alpha", 1), Beta: get("beta", 0.5)}, nil, x), nil
}

// layerScale multiplies every channel by a weight, as ConvNeXt does.
func layerScale(c *call) (*value, error) {
	x := c.in[0]
	at, ok := x.axis(-1)
	if !ok || at != 1 {
		return c.unknown("its weights are not one for each channel")
	}
	p, err := c.param([]string{"gamma"}, wanted{x.shape[1]}, asIs)
	return c.emitted(err, layer.Scale{Axis: 1}, x, p)
}
