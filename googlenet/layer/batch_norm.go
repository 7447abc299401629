package layer

import (
	"fmt"
	"math"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// BatchNorm is, for every channel (an index of the second axis),
//
//	y = (x - mean) / sqrt(variance + Epsilon)
//
// (Ioffe and Szegedy 2015) without the affine map that usually follows, which is a Scale. Parameters: mean [C], variance
// [C] and factor [1]: the first two are sums that have yet to be divided by the factor, and zero where that is 0.
//
// They are statistics, not weights: no gradient is computed for them.
type BatchNorm struct {
	Epsilon float64
	// Batch takes mean and variance from the input, the variance as the mean of the squared distances. The parameters
	// then only follow, by Update:
	//
	//	mean = Momentum mean + that of the batch, factor = Momentum factor + 1,
	//	variance = Momentum variance + m / (m-1) that of the batch, for m > 1 elements a channel
	Batch    bool
	Momentum float64
}

func (BatchNorm) Kind() string { return "BatchNorm" }

func (l BatchNorm) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := same(l, in)
	if err == nil && len(in[0]) < 2 {
		return nil, fmt.Errorf("BatchNorm takes a batch of at least 2 dimensions, channels second, got %v", in[0])
	}
	return out, err
}

// ParamShapes returns the shapes of mean, variance and factor.
func (l BatchNorm) ParamShapes(in []tensor.Shape) []tensor.Shape {
	return []tensor.Shape{{in[0][1]}, {in[0][1]}, {1}}
}

func (l BatchNorm) Forward32(c *Call[float32]) { batchNorm(l, c) }
func (l BatchNorm) Forward64(c *Call[float64]) { batchNorm(l, c) }

// Attributes lists the settings.
func (l BatchNorm) Attributes() []Attribute {
	list := []Attribute{{"epsilon", number(l.Epsilon)}, {"statistics", "stored"}}
	if l.Batch {
		list[1].Value = "of the batch"
		list = append(list, Attribute{"momentum", number(l.Momentum)})
	}
	return list
}

// Channel returns the elements of a channel.
func (l BatchNorm) Channel(s tensor.Shape, c int) Group {
	cells := s[2:].Len()
	return Group{Start: c * cells, Length: cells, Stride: s[1] * cells, Count: s[0]}
}

func batchNorm[T tensor.Float](l BatchNorm, c *Call[T]) {
	x, y := c.In[0], c.Out[0].Data
	parallel.For(c.Workers, x.Shape[1], func(channel int) {
		group := l.Channel(x.Shape, channel)
		var variance T
		if l.Batch {
			_, variance = centre(group, x.Data, y)
		} else {
			var m T
			m, variance = stored(c.Params, channel)
			for at := range group.All() {
				y[at] = x.Data[at] - m
			}
		}
		s := l.deviation(float64(variance))
		for at := range group.All() {
			y[at] /= T(s)
		}
	})
}

func (l BatchNorm) deviation(variance float64) float64 { return math.Sqrt(variance + l.Epsilon) }

// stored returns mean and variance of a channel as the parameters have them.
func stored[T tensor.Float](params []*tensor.Tensor[T], channel int) (m, variance T) {
	factor := params[2].Data[0]
	if factor == 0 {
		return 0, 0
	}
	return params[0].Data[channel] / factor, params[1].Data[channel] / factor
}

func (l BatchNorm) Backward32(g *Gradient[float32]) { batchNormBackward(l, g) }
func (l BatchNorm) Backward64(g *Gradient[float64]) { batchNormBackward(l, g) }

// batchNormBackward: dx = dy / sqrt(variance + Epsilon), and with statistics of the batch what standardBackward says.
func batchNormBackward[T tensor.Float](l BatchNorm, g *Gradient[T]) {
	clear(g.ParamGrad)
	if g.InGrad[0] == nil {
		return
	}
	x, to, d := g.In[0], g.InGrad[0].Data, g.OutGrad[0].Data
	parallel.For(g.Workers, x.Shape[1], func(channel int) {
		group := l.Channel(x.Shape, channel)
		if l.Batch {
			_, variance := centre(group, x.Data, to)
			standardBackward(group, g.Out[0].Data, d, to, T(l.deviation(float64(variance))))
			return
		}
		_, variance := stored(g.Params, channel)
		s := T(l.deviation(float64(variance)))
		for at := range group.All() {
			to[at] = d[at] / s
		}
	})
}

func (l BatchNorm) Update32(c *Call[float32]) []*tensor.Tensor[float32] { return batchNormUpdate(l, c) }
func (l BatchNorm) Update64(c *Call[float64]) []*tensor.Tensor[float64] { return batchNormUpdate(l, c) }

func batchNormUpdate[T tensor.Float](l BatchNorm, c *Call[T]) []*tensor.Tensor[T] {
	if !l.Batch {
		return make([]*tensor.Tensor[T], len(c.Params))
	}
	x := c.In[0]
	means, variances, factor := c.Params[0].Clone(), c.Params[1].Clone(), c.Params[2].Clone()
	distances := tensor.New[T](x.Shape...)
	parallel.For(c.Workers, x.Shape[1], func(channel int) {
		group := l.Channel(x.Shape, channel)
		m, variance := centre(group, x.Data, distances.Data)
		if n := group.Len(); n > 1 {
			variance *= T(n) / T(n-1)
		}
		means.Data[channel] = T(l.Momentum)*means.Data[channel] + m
		variances.Data[channel] = T(l.Momentum)*variances.Data[channel] + variance
	})
	factor.Data[0] = T(l.Momentum)*factor.Data[0] + 1
	return []*tensor.Tensor[T]{means, variances, factor}
}
