package layer

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// Dilation is grey-scale dilation: for every channel the largest sum of a cell and the number that its second input, [C, kernel...], has for
// the cell's place in the window. Cells outside the map do not count; of equal sums the first has the gradient.
type Dilation struct{ Window }

func (Dilation) Kind() string { return "Dilation" }

func (l Dilation) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	out, err := Pool{Window: l.Window}.infer(l, in[:1])
	if err != nil {
		return nil, err
	}
	if want := (tensor.Shape{in[0][1], l.Kernel[0], l.Kernel[1]}); !in[1].Equal(want) {
		return nil, fmt.Errorf("Dilation of %v takes numbers of shape %v, got %v", in[0], want, in[1])
	}
	return out, nil
}

// Attributes lists the settings.
func (l Dilation) Attributes() []Attribute { return l.attributes() }

func (l Dilation) Forward32(c *Call[float32]) { dilation(l, c) }
func (l Dilation) Forward64(c *Call[float64]) { dilation(l, c) }

func dilation[T tensor.Float](l Dilation, c *Call[T]) {
	for i := range c.Out[0].Data {
		c.Out[0].Data[i] = -math.MaxFloat32
	}
	EachSum(l, c.In[0], c.In[1], c.Out[0].Shape, c.Workers, func(cell int, sums []Sum2[T]) {
		if best := largestSum(sums); best >= 0 {
			c.Out[0].Data[cell] = sums[best].Value
		}
	})
}

// Sum2 is a sum of an element of each of two inputs, by their offsets.
type Sum2[T tensor.Float] struct {
	A, B  int
	Value T
}

// largestSum is the place of the first of the largest sums, -1 for none.
func largestSum[T tensor.Float](sums []Sum2[T]) int {
	best := -1
	for i, s := range sums {
		if best < 0 || s.Value > sums[best].Value || s.Value != s.Value {
			best = i
		}
	}
	return best
}

// EachSum calls f for every cell of the output with the sums that it is the largest of.
func EachSum[T tensor.Float](l Dilation, x, numbers *tensor.Tensor[T], out tensor.Shape, workers int, f func(cell int, sums []Sum2[T])) {
	channels, taps := x.Shape[1], l.Kernel[0]*l.Kernel[1]
	Pool{Window: l.Window}.eachWindow(x.Shape, out, workers, func(plane, cell int, at reach) {
		var sums []Sum2[T]
		at.each(func(u, v, offset int) {
			a, b := plane*at.h*at.w+offset, plane%channels*taps+u*l.Kernel[1]+v
			sums = append(sums, Sum2[T]{a, b, x.Data[a] + numbers.Data[b]})
		})
		f(cell, sums)
	})
}

func (l Dilation) Backward32(g *Gradient[float32]) { dilationBackward(l, g) }
func (l Dilation) Backward64(g *Gradient[float64]) { dilationBackward(l, g) }

// dilationBackward gives the gradient to both elements of the largest sum.
func dilationBackward[T tensor.Float](l Dilation, g *Gradient[T]) {
	EachSum(l, g.In[0], g.In[1], g.Out[0].Shape, 1, func(cell int, sums []Sum2[T]) {
		best := largestSum(sums)
		if best < 0 {
			return
		}
		for i, at := range []int{sums[best].A, sums[best].B} {
			if to := g.InGrad[i]; to != nil {
				to.Data[at] += g.OutGrad[0].Data[cell]
			}
		}
	})
}
