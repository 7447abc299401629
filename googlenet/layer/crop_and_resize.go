package layer

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// CropAndResize cuts boxes out of maps and stretches each to one size. Inputs: maps NCHW; boxes [boxes, 4], each top, left,
// bottom and right as fractions of the distance between the first and the last cell, beyond 0 and 1 too and in either
// order; and for every box the map that it is cut from. The corners of a box come to stand on the corners of its output;
// an output of one cell reads the middle.
type CropAndResize struct {
	Size    [2]int
	Nearest bool // copies the nearest cell, of two the later, instead of blending four
	// Outside is read beyond the border.
	Outside float64
	// Smooth, with Nearest, gives boxes the gradient that they have where cells are blended: TensorFlow's. Truly it is 0.
	Smooth bool
}

func (CropAndResize) Kind() string { return "CropAndResize" }

func (l CropAndResize) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 3); err != nil {
		return nil, err
	}
	x, boxes, of := in[0], in[1], in[2]
	switch {
	case len(x) != 4:
		return nil, fmt.Errorf("CropAndResize takes a 4-dimensional NCHW input, got %v", x)
	case len(boxes) != 2 || boxes[1] != 4:
		return nil, fmt.Errorf("boxes have four numbers each, got %v", boxes)
	case len(of) != 1 || of[0] != boxes[0]:
		return nil, fmt.Errorf("the maps %v of %d boxes do not fit", of, boxes[0])
	}
	if err := resizable(l.Size, x[2], x[3]); err != nil {
		return nil, err
	}
	return []tensor.Shape{{boxes[0], x[1], l.Size[0], l.Size[1]}}, nil
}

// InferFrom refuses boxes that are not finite and maps that there are not.
func (l CropAndResize) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	for i, v := range tensor.As[float64](in[1]).Data {
		if v-v != 0 {
			return nil, fmt.Errorf("box %d is not finite: %v", i/4, v)
		}
	}
	for i, v := range tensor.As[float64](in[2]).Data {
		if n := in[0].Dims()[0]; !(v > -1 && v < float64(n)) {
			return nil, fmt.Errorf("box %d is of map %v, but there are %d", i, v, n)
		}
	}
	return l.Infer([]tensor.Shape{in[0].Dims(), in[1].Dims(), in[2].Dims()})
}

func (l CropAndResize) Forward32(c *Call[float32]) { cropAndResize(l, c) }
func (l CropAndResize) Forward64(c *Call[float64]) { cropAndResize(l, c) }

// Attributes lists the settings.
func (l CropAndResize) Attributes() []Attribute {
	list := []Attribute{{"size", pair(l.Size)}, {"filter", map[bool]string{false: "linear", true: "nearest"}[l.Nearest]}}
	if l.Outside != 0 {
		list = append(list, Attribute{"outside", number(l.Outside)})
	}
	if l.Smooth {
		list = append(list, Attribute{"gradient of boxes", "as if linear"})
	}
	return list
}

// spot is where an output cell reads along an axis: between two cells, t of the way.
type spot[T tensor.Float] struct {
	place         T
	before, after int
	t             T
}

// nearest is the cell that a spot is nearest to, of two the later.
func (s spot[T]) nearest() int { return int(math.Round(float64(s.place))) }

// stepOf is how many cells of a map lie between two output cells of n.
type stepOf[T tensor.Float] func(extent, last T, n int) T

func step[T tensor.Float](extent, last T, n int) T { return T(extent*last) / T(n-1) }

// slopeStep rounds elsewhere. TensorFlow has it for the gradient of boxes, which jumps at cells.
func slopeStep[T tensor.Float](extent, last T, n int) T { return extent * T(last/T(n-1)) }

// spotAt returns the spot of output cell i of n, false beyond the cells of the map.
func spotAt[T tensor.Float](i, n, cells int, from, to T, step stepOf[T]) (spot[T], bool) {
	last := T(cells - 1)
	place := T(0.5 * float64(from+to) * float64(last))
	if n > 1 {
		place = T(from*last) + T(T(i)*step(to-from, last, n))
	}
	if !(place >= 0 && place <= last) {
		return spot[T]{}, false
	}
	before := math.Floor(float64(place))
	return spot[T]{place, int(before), int(math.Ceil(float64(place))), place - T(before)}, true
}

// eachSpot calls f with the plane of the map and the spots for every output cell of every channel, inside telling whether
// they lie in the map.
func eachSpot[T tensor.Float](size [2]int, x, boxes, of *tensor.Tensor[T], step stepOf[T], f func(box, plane, cell, row, col int, v, h spot[T], inside bool)) {
	channels, height, width := x.Shape[1], x.Shape[2], x.Shape[3]
	for b, image := range of.Data {
		box := boxes.Data[4*b:][:4]
		for row := range size[0] {
			v, in := spotAt(row, size[0], height, box[0], box[2], step)
			for col := range size[1] {
				h, also := spotAt(col, size[1], width, box[1], box[3], step)
				for c := range channels {
					cell := ((b*channels+c)*size[0]+row)*size[1] + col
					f(b, int(image)*channels+c, cell, row, col, v, h, in && also)
				}
			}
		}
	}
}

// corners returns the four cells around two spots: top left, top right, bottom left and bottom right.
func corners[T tensor.Float](plane []T, width int, v, h spot[T]) (a, b, c, d T) {
	top, bottom := plane[v.before*width:], plane[v.after*width:]
	return top[h.before], top[h.after], bottom[h.before], bottom[h.after]
}

func cropAndResize[T tensor.Float](l CropAndResize, c *Call[T]) {
	x := c.In[0]
	area, width := x.Shape[2]*x.Shape[3], x.Shape[3]
	eachSpot(l.Size, x, c.In[1], c.In[2], step, func(_, plane, cell, _, _ int, v, h spot[T], inside bool) {
		to, from := &c.Out[0].Data[cell], x.Data[plane*area:][:area]
		switch {
		case !inside:
			*to = T(l.Outside)
		case l.Nearest:
			*to = from[v.nearest()*width+h.nearest()]
		default:
			a, b, c, d := corners(from, width, v, h)
			top, bottom := a+T((b-a)*h.t), c+T((d-c)*h.t)
			*to = top + T((bottom-top)*v.t)
		}
	})
}

func (l CropAndResize) Backward32(g *Gradient[float32]) { cropAndResizeBackward(l, g) }
func (l CropAndResize) Backward64(g *Gradient[float64]) { cropAndResizeBackward(l, g) }

func cropAndResizeBackward[T tensor.Float](l CropAndResize, g *Gradient[T]) {
	g.InGrad[2] = nil
	if g.InGrad[0] != nil {
		croppedBackward(l, g)
	}
	if g.InGrad[1] != nil && (!l.Nearest || l.Smooth) {
		boxesBackward(l, g)
	}
}

// croppedBackward gives the cells of the maps what was read from them.
func croppedBackward[T tensor.Float](l CropAndResize, g *Gradient[T]) {
	x := g.In[0]
	area, width := x.Shape[2]*x.Shape[3], x.Shape[3]
	eachSpot(l.Size, x, g.In[1], g.In[2], step, func(_, plane, cell, _, _ int, v, h spot[T], inside bool) {
		to, d := g.InGrad[0].Data[plane*area:][:area], g.OutGrad[0].Data[cell]
		switch {
		case !inside:
		case l.Nearest:
			to[v.nearest()*width+h.nearest()] += d
		default:
			top, bottom := T((1-v.t)*d), T(v.t*d)
			to[v.before*width+h.before] += T((1 - h.t) * top)
			to[v.before*width+h.after] += T(h.t * top)
			to[v.after*width+h.before] += T((1 - h.t) * bottom)
			to[v.after*width+h.after] += T(h.t * bottom)
		}
	})
}

// boxesBackward gives both ends of a box a share of the slope at every cell. At a cell itself the slope is taken for 0.
func boxesBackward[T tensor.Float](l CropAndResize, g *Gradient[T]) {
	x := g.In[0]
	height, width := x.Shape[2], x.Shape[3]
	area := height * width
	eachSpot(l.Size, x, g.In[1], g.In[2], slopeStep, func(box, plane, cell, row, col int, v, h spot[T], inside bool) {
		if !inside {
			return
		}
		to, d := g.InGrad[1].Data[4*box:][:4], g.OutGrad[0].Data[cell]
		p, q, r, s := corners(x.Data[plane*area:][:area], width, v, h)
		down := d * (T((1-h.t)*(r-p)) + T(h.t*(s-q)))
		right := d * (T((1-v.t)*(q-p)) + T(v.t*(s-r)))
		top, bottom := shareOfEnds[T](row, l.Size[0], height)
		first, last := shareOfEnds[T](col, l.Size[1], width)
		to[0] += T(down * top)
		to[1] += T(right * first)
		to[2] += T(down * bottom)
		to[3] += T(right * last)
	})
}

// shareOfEnds is how fast output cell i of n moves with either end of its box.
func shareOfEnds[T tensor.Float](i, n, cells int) (from, to T) {
	last := T(cells - 1)
	if n == 1 {
		return last / 2, last / 2
	}
	to = T(i) * (last / T(n-1))
	return last - to, to
}
