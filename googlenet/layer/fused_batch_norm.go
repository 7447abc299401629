package layer

import (
	"fmt"
	"math"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// FusedBatchNorm is batch normalisation with the affine map that follows it: for every channel, an index of Axis,
//
//	y = (x - mean) / sqrt(variance + Epsilon) scale + offset
//
// (Ioffe and Szegedy 2015). Scale, offset, mean and variance [C] are parameters in this order or, if they are Fed, inputs
// behind x. Further outputs are mean and variance as they are to be kept, and mean and variance as they were used; both are
// what was given unless Batch says otherwise.
//
// The outputs but y pass no gradient on, and mean and variance have none: as statistics of the batch they are part of y,
// and otherwise they are not trained.
type FusedBatchNorm struct {
	Axis    int
	Epsilon float64
	// Batch takes mean and variance from x, the variance as the mean of the squared distances. What is to be kept are then
	// running statistics, for n elements a channel (n/(n-1) is 1 for n = 1):
	//
	//	mean = (1-Factor) mean + Factor that of the batch
	//	variance = (1-Factor) variance + Factor n/(n-1) that of the batch
	//
	// With a Factor of 1 there are no running statistics to read: scale and offset are all parameters, or inputs.
	Batch  bool
	Factor float64
	Fed    bool
	// Plain has y as the only output, as where single operations were written for it.
	Plain bool
}

func (FusedBatchNorm) Kind() string { return "FusedBatchNorm" }

// Infer checks that fed parameters have a number for each channel.
func (l FusedBatchNorm) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	n := 1
	if l.Fed {
		n += l.parts()
	}
	if err := arity(l, in, n); err != nil {
		return nil, err
	}
	if err := checkAxes(l, in[0], l.Axis, 1); err != nil {
		return nil, err
	}
	channels := in[0][l.Axis : l.Axis+1]
	for i, s := range in[1:] {
		if !s.Equal(channels) {
			return nil, fmt.Errorf("FusedBatchNorm of %v takes %s of shape %v, got %v", in[0], [...]string{"a scale", "an offset", "a mean", "a variance"}[i], channels, s)
		}
	}
	out := []tensor.Shape{in[0].Clone()}
	if l.Plain {
		return out, nil
	}
	for range 4 {
		out = append(out, channels.Clone())
	}
	return out, nil
}

// parts is how many of scale, offset, mean and variance there are.
func (l FusedBatchNorm) parts() int {
	if l.Batch && l.Factor == 1 {
		return 2
	}
	return 4
}

// ParamShapes returns the shapes of scale, offset, mean and variance.
func (l FusedBatchNorm) ParamShapes(in []tensor.Shape) []tensor.Shape {
	if l.Fed {
		return nil
	}
	var shapes []tensor.Shape
	for range l.parts() {
		shapes = append(shapes, tensor.Shape{in[0][l.Axis]})
	}
	return shapes
}

// Parts picks scale, offset, mean and variance, as many as there are, from what belongs to the inputs and to the parameters.
func (l FusedBatchNorm) Parts(in, params []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	return partsOf(l, in, params)
}

func partsOf[T tensor.Float](l FusedBatchNorm, in, params []*tensor.Tensor[T]) []*tensor.Tensor[T] {
	if l.Fed {
		return in[1:]
	}
	return params
}

func (l FusedBatchNorm) Forward32(c *Call[float32]) { fusedBatchNorm(l, c) }
func (l FusedBatchNorm) Forward64(c *Call[float64]) { fusedBatchNorm(l, c) }

// Attributes lists the settings.
func (l FusedBatchNorm) Attributes() []Attribute {
	list := []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"epsilon", number(l.Epsilon)}, {"statistics", "stored"}}
	if l.Batch {
		list[2].Value = "of the batch"
		list = append(list, Attribute{"factor", number(l.Factor)})
	}
	if l.Fed {
		list = append(list, Attribute{"parameters", "fed"})
	}
	return list
}

// Channel returns the elements of a channel.
func (l FusedBatchNorm) Channel(s tensor.Shape, channel int) Group {
	inner := s[l.Axis+1:].Len()
	return Group{Start: channel * inner, Length: inner, Stride: s[l.Axis] * inner, Count: s[:l.Axis].Len()}
}

func fusedBatchNorm[T tensor.Float](l FusedBatchNorm, c *Call[T]) {
	x, parts := c.In[0], partsOf(l, c.In, c.Params)
	parallel.For(c.Workers, x.Shape[l.Axis], func(channel int) {
		group := l.Channel(x.Shape, channel)
		m, variance := fusedCentre(l, group, parts, channel, x.Data, c.Out[0].Data)
		factor := parts[0].Data[channel] / fusedDeviation(l, variance)
		for at := range group.All() {
			c.Out[0].Data[at] = c.Out[0].Data[at]*factor + parts[1].Data[channel]
		}
		if l.Plain {
			return
		}
		c.Out[1].Data[channel], c.Out[2].Data[channel] = fusedRunning(l, group.Len(), parts, channel, m, variance)
		c.Out[3].Data[channel], c.Out[4].Data[channel] = m, variance
	})
}

// fusedCentre writes the distances of a channel's elements from the mean, and returns mean and variance.
func fusedCentre[T tensor.Float](l FusedBatchNorm, group Group, parts []*tensor.Tensor[T], channel int, x, to []T) (m, variance T) {
	if l.Batch {
		return centre(group, x, to)
	}
	m = parts[2].Data[channel]
	for at := range group.All() {
		to[at] = x[at] - m
	}
	return m, parts[3].Data[channel]
}

func fusedDeviation[T tensor.Float](l FusedBatchNorm, variance T) T {
	return T(math.Sqrt(float64(variance) + l.Epsilon))
}

// fusedRunning returns what is to be kept of mean and variance.
func fusedRunning[T tensor.Float](l FusedBatchNorm, n int, parts []*tensor.Tensor[T], channel int, m, variance T) (T, T) {
	if !l.Batch {
		return m, variance
	}
	if n > 1 {
		variance *= T(n) / T(n-1)
	}
	if l.Factor == 1 {
		return m, variance
	}
	kept, factor := T(1-l.Factor), T(l.Factor)
	return kept*parts[2].Data[channel] + factor*m, kept*parts[3].Data[channel] + factor*variance
}

func (l FusedBatchNorm) Backward32(g *Gradient[float32]) { fusedBatchNormBackward(l, g) }
func (l FusedBatchNorm) Backward64(g *Gradient[float64]) { fusedBatchNormBackward(l, g) }

// fusedBatchNormBackward: with z = (x - mean) / s and s = sqrt(variance + Epsilon)
//
//	doffset = sum dy, dscale = sum dy z, dx = scale dy / s
//
// and, with statistics of the batch, dx = scale times what standardBackward says.
func fusedBatchNormBackward[T tensor.Float](l FusedBatchNorm, g *Gradient[T]) {
	grads := partsOf(l, g.InGrad, g.ParamGrad)
	clear(grads[2:])
	x, d, parts := g.In[0], g.OutGrad[0].Data, partsOf(l, g.In, g.Params)
	z := tensor.New[T](x.Shape...).Data
	parallel.For(g.Workers, x.Shape[l.Axis], func(channel int) {
		group := l.Channel(x.Shape, channel)
		_, variance := fusedCentre(l, group, parts, channel, x.Data, z)
		s := fusedDeviation(l, variance)
		for at := range group.All() {
			z[at] /= s
		}
		if to := grads[0]; to != nil {
			to.Data[channel] = sumOver(group, func(at int) T { return d[at] * z[at] })
		}
		if to := grads[1]; to != nil {
			to.Data[channel] = sumOver(group, func(at int) T { return d[at] })
		}
		if to := g.InGrad[0]; to != nil {
			fusedInput(l, group, z, d, to.Data, s, parts[0].Data[channel])
		}
	})
}

// fusedInput writes the gradient of a channel of x.
func fusedInput[T tensor.Float](l FusedBatchNorm, group Group, z, d, to []T, s, scale T) {
	if l.Batch {
		standardBackward(group, z, d, to, s)
	} else {
		for at := range group.All() {
			to[at] = d[at] / s
		}
	}
	for at := range group.All() {
		to[at] *= scale
	}
}
