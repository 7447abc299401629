package layer

import (
	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// correlation is the linear map between two maps that convolution and deconvolution share, in plain form for any number
// of axes: the small map has a cell for each position of the window over the large one. With g the group of a
// small channel a and o(p, k) the large cell that position p reaches with cell k of the kernel,
//
//	small[a, p] = sum_{b, k} weights[a, b, k] large[g B + b, o(p, k)]
//
// Convolution goes from large to small, deconvolution back.
type correlation[T tensor.Float] struct {
	window       WindowND
	images       int
	large, small tensor.Shape // [channels, extents...]
	groups       int
	weights      *tensor.Tensor[T] // [small channels, large channels / groups, kernel...]
	workers      int
}

// grouped returns the channels of a group, in the small and in the large map.
func (m correlation[T]) grouped() (small, large int) {
	return m.small[0] / m.groups, m.large[0] / m.groups
}

// gather computes the small maps from the large ones.
func (m correlation[T]) gather(large, small []T) {
	perSmall, perLarge := m.grouped()
	cells, area, taps := m.small[1:].Len(), m.large[1:].Len(), m.window.taps()
	terms, dot := perLarge*taps, kernel.For[T]().Dot
	const block = 16
	parallel.Ranges(m.workers, m.images*cells, block, func(lo, hi int) {
		seen, reach := make([]T, terms), make([]int, taps)
		for i := lo; i < hi; i++ {
			image, cell := i/cells, i%cells
			m.window.reach(cell, m.small[1:], m.large[1:], reach)
			for g := range m.groups {
				for b := range perLarge {
					look(large[(image*m.large[0]+g*perLarge+b)*area:], reach, seen[b*taps:])
				}
				for a := g * perSmall; a < (g+1)*perSmall; a++ {
					small[(image*m.small[0]+a)*cells+cell] = dot(m.weights.Data[a*terms:][:terms], seen)
				}
			}
		}
	})
}

// look reads the cells within reach, zero outside the map.
func look[T tensor.Float](plane []T, reach []int, to []T) {
	for k, at := range reach {
		to[k] = 0
		if at >= 0 {
			to[k] = plane[at]
		}
	}
}

// scatter adds to the large maps what the small ones give: the transpose of gather.
func (m correlation[T]) scatter(small, large []T) {
	perSmall, perLarge := m.grouped()
	cells, area, taps := m.small[1:].Len(), m.large[1:].Len(), m.window.taps()
	parallel.For(m.workers, m.images*m.large[0], func(plane int) {
		image, b := plane/m.large[0], plane%m.large[0]
		to := large[plane*area:][:area]
		sums, reach := make([]T, taps), make([]int, taps)
		for cell := range cells {
			clear(sums)
			for a := b / perLarge * perSmall; a < (b/perLarge+1)*perSmall; a++ {
				axpy(small[(image*m.small[0]+a)*cells+cell], m.weights.Data[(a*perLarge+b%perLarge)*taps:][:taps], sums)
			}
			m.window.reach(cell, m.small[1:], m.large[1:], reach)
			drop(sums, reach, to)
		}
	})
}

// drop adds to the cells within reach.
func drop[T tensor.Float](from []T, reach []int, plane []T) {
	for k, at := range reach {
		if at >= 0 {
			plane[at] += from[k]
		}
	}
}

// weigh adds the gradient of the weights: the products of what each position sees and what it is worth.
func (m correlation[T]) weigh(large, small, grad []T) {
	perSmall, perLarge := m.grouped()
	cells, area, taps := m.small[1:].Len(), m.large[1:].Len(), m.window.taps()
	parallel.For(m.workers, m.large[0], func(b int) {
		seen, reach := make([]T, taps), make([]int, taps)
		for i := range m.images * cells {
			image, cell := i/cells, i%cells
			m.window.reach(cell, m.small[1:], m.large[1:], reach)
			look(large[(image*m.large[0]+b)*area:], reach, seen)
			for a := b / perLarge * perSmall; a < (b/perLarge+1)*perSmall; a++ {
				axpy(small[(image*m.small[0]+a)*cells+cell], seen, grad[(a*perLarge+b%perLarge)*taps:][:taps])
			}
		}
	})
}

// addBias adds one number to every channel of maps of the given shape.
func addBias[T tensor.Float](y []T, maps tensor.Shape, b []T) {
	cells := maps[1:].Len()
	for i := range y {
		y[i] += b[i/cells%len(b)]
	}
}
