package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// cut is the cells of one map that an output cell may be read from, if its place in the map is off by its error.
type cut struct {
	v, h                     num // the place
	top, bottom, left, right int // the first and last cells around it
	images                   []int
	inside                   bool // as replayed
	mayBeInside, mayBeBeyond bool
}

// certain reports whether the map is certain, and that the place lies in it.
func (w cut) certain() bool { return len(w.images) == 1 && !w.mayBeBeyond }

// crops is a CropAndResize on values that may be off.
type crops struct {
	layer         layer.CropAndResize
	x, boxes, of  *tensor.Tensor[float64]
	xErr, boxErr  *tensor.Tensor[float64]
	ofErr         *tensor.Tensor[float64]
	p             Producer
	height, width int
	// slopes: places are also computed from the distance of cells in the output, as for the gradient of boxes.
	slopes bool
}

func cropsOf(l layer.Layer, in, e []*tensor.Tensor[float64], p Producer) crops {
	return crops{
		layer: l.(layer.CropAndResize), x: in[0], boxes: in[1], of: in[2], xErr: e[0], boxErr: e[1], ofErr: e[2],
		p: p, height: in[0].Shape[2], width: in[0].Shape[3],
	}
}

// each calls f for every output cell with its channel and what it may be read from.
func (c crops) each(f func(box, cell, row, col, channel int, w cut)) {
	channels, size := c.x.Shape[1], c.layer.Size
	for box := range c.of.Data {
		for row := range size[0] {
			v := c.place(row, size[0], c.height, box, 0)
			for col := range size[1] {
				w := c.cut(v, c.place(col, size[1], c.width, box, 1), box)
				for channel := range channels {
					f(box, ((box*channels+channel)*size[0]+row)*size[1]+col, row, col, channel, w)
				}
			}
		}
	}
}

// place is where output cell i of n reads along an axis. An operation whose exact operands have a result that is a float32
// number does not round in any precision: cells and the border are met exactly where that is so.
func (c crops) place(i, n, cells, box, axis int) num {
	e := atOrZero(c.boxErr)
	end := func(k int) num { return num{c.boxes.Data[4*box+k], e(4*box + k)} }
	from, to, last := end(axis), end(axis+2), num{float64(cells - 1), 0}
	if n == 1 {
		return c.rounded(c.rounded(from.add(to, 0)).mul(num{0.5 * last.v, 0}, 0))
	}
	steps, begin := num{float64(n - 1), 0}, c.rounded(from.mul(last, 0))
	at := func(step num) num { return c.rounded(begin.add(c.rounded(num{float64(i), 0}.mul(step, 0)), 0)) }
	extent := c.rounded(to.sub(from, 0))
	p := at(c.rounded(c.rounded(extent.mul(last, 0)).div(steps, 0)))
	if c.slopes {
		p.e = max(p.e, at(c.rounded(extent.mul(c.rounded(last.div(steps, 0)), 0))).e)
	}
	return p
}

func (c crops) rounded(v num) num {
	if v.e == 0 && v.v == float64(float32(v.v)) {
		return v
	}
	return v.rounded(c.p.U)
}

func (c crops) cut(v, h num, box int) cut {
	w := cut{v: v, h: h, images: c.images(box)}
	var vIn, hIn, vMay, hMay, vBeyond, hBeyond bool
	w.top, w.bottom, vIn, vMay, vBeyond = around(v, c.height)
	w.left, w.right, hIn, hMay, hBeyond = around(h, c.width)
	w.inside, w.mayBeInside, w.mayBeBeyond = vIn && hIn, vMay && hMay, vBeyond || hBeyond
	return w
}

// around returns the cells that a place may lie between, whether it is inside the map, may be, and may be beyond it.
func around(p num, cells int) (first, last int, inside, mayBeInside, mayBeBeyond bool) {
	end := float64(cells - 1)
	low, high := p.v-p.e, p.v+p.e
	first = int(max(0, min(math.Floor(low), end)))
	last = int(max(0, min(math.Ceil(high), end)))
	return first, last, p.v >= 0 && p.v <= end, high >= 0 && low <= end, low < 0 || high > end
}

// images are the maps that a box may be of.
func (c crops) images(box int) []int {
	v, e := c.of.Data[box], atOrZero(c.ofErr)(box)
	var list []int
	for i := max(int(v-e), 0); i <= min(int(v+e), c.x.Shape[0]-1); i++ {
		list = append(list, i)
	}
	return list
}

// cells calls f with every cell of a cut.
func (c crops) cells(w cut, channel int, f func(at, row, col int)) {
	for _, image := range w.images {
		plane := (image*c.x.Shape[1] + channel) * c.height * c.width
		for row := w.top; row <= w.bottom; row++ {
			for col := w.left; col <= w.right; col++ {
				f(plane+row*c.width+col, row, col)
			}
		}
	}
}

// steepest is the largest difference between neighbours of a cut, downwards and to the right, and the largest twist: how
// fast one difference changes in the other direction.
func (c crops) steepest(w cut, channel int) (down, right, twist float64) {
	x := c.x.Data
	c.cells(w, channel, func(at, row, col int) {
		if row < w.bottom {
			down = max(down, math.Abs(x[at+c.width]-x[at]))
		}
		if col < w.right {
			right = max(right, math.Abs(x[at+1]-x[at]))
		}
		if row < w.bottom && col < w.right {
			twist = max(twist, math.Abs(x[at+c.width+1]-x[at+c.width]-x[at+1]+x[at]))
		}
	})
	return down, right, twist
}

// largest is the largest magnitude of a cut's cells, and their largest error.
func (c crops) largest(w cut, channel int) (magnitude, e float64) {
	errs := atOrZero(c.xErr)
	c.cells(w, channel, func(at, _, _ int) {
		magnitude, e = max(magnitude, math.Abs(c.x.Data[at])+errs(at)), max(e, errs(at))
	})
	return magnitude, e
}

// farthest is how far a cell that may be read is from a value.
func (c crops) farthest(w cut, channel int, y float64) float64 {
	errs, most := atOrZero(c.xErr), 0.0
	c.cells(w, channel, func(at, _, _ int) { most = max(most, math.Abs(c.x.Data[at]-y)+errs(at)) })
	return most
}

// cropAndResize: blended cells are a continuous function of the place, no steeper than the differences of neighbours that
// the place may lie between. Each of two levels of a + (b - a) t errs by 4 u of the largest cell: gamma_9 covers both.
// Where the place may be on either side of the border, what is read beyond it is admitted too; so are all maps that a box
// may be of, and with Nearest all cells that may be the nearest.
func cropAndResize(call *Call) []*tensor.Tensor[float64] {
	c := cropsOf(call.Layer, call.In, call.Err, call.Producer)
	outside := constant(c.layer.Outside, c.p.U)
	b := tensor.New[float64](call.Out[0].Shape...)
	c.each(func(_, cell, _, _, channel int, w cut) {
		y, to := call.Out[0].Data[cell], &b.Data[cell]
		if w.mayBeBeyond {
			*to = math.Abs(outside.v-y) + outside.e
		}
		if !w.mayBeInside {
			return
		}
		if c.layer.Nearest {
			*to = max(*to, c.farthest(c.nearest(w), channel, y))
			return
		}
		most, e := c.largest(w, channel)
		rounding := c.p.gamma(9)*most + 6*c.p.Tiny
		if !w.certain() {
			*to = max(*to, c.farthest(w, channel, y)+rounding)
			return
		}
		down, right, _ := c.steepest(w, channel)
		*to = w.v.e*down + w.h.e*right + e + rounding
	})
	return one(b)
}

// nearest narrows a cut to the cells that may be the nearest.
func (c crops) nearest(w cut) cut {
	round := func(p num, sign float64, cells int) int {
		return int(max(0, min(math.Round(p.v+sign*p.e), float64(cells-1))))
	}
	w.top, w.bottom = round(w.v, -1, c.height), round(w.v, 1, c.height)
	w.left, w.right = round(w.h, -1, c.width), round(w.h, 1, c.width)
	return w
}

// cropAndResizeGradient bounds the gradients of maps and boxes.
func cropAndResizeGradient(call *GradientCall) GradientBounds {
	c := cropsOf(call.Layer, call.In, call.InErr, call.Producer)
	out := call.none()
	if call.InGrad[0] != nil {
		out.In[0], out.Undecided = c.mapsGradient(call)
	}
	if call.InGrad[1] != nil {
		c.slopes = true
		undecided := 0
		out.In[1], undecided = c.boxesGradient(call)
		out.Undecided += undecided
	}
	return out
}

// sums gathers terms of which each may be off.
type sums struct {
	err, magnitude []float64
	terms          []int
}

func newSums(n int) sums { return sums{make([]float64, n), make([]float64, n), make([]int, n)} }

func (s sums) add(at int, v num) {
	s.err[at] += v.e
	s.magnitude[at] += math.Abs(v.v) + v.e
	s.terms[at]++
}

// bound adds the roundings of the sums themselves.
func (s sums) bound(p Producer, shape tensor.Shape) *tensor.Tensor[float64] {
	b := tensor.New[float64](shape...)
	for i := range b.Data {
		b.Data[i] = s.err[i] + p.gamma(s.terms[i])*s.magnitude[i] + float64(s.terms[i])*p.Tiny
	}
	return b
}

// mapsGradient: what a cell gets back is a continuous function of the place, of slope 1 in either direction. Four roundings
// are of two factors 1 - t and two products. Where a choice is undecided, a cell gets all or nothing.
func (c crops) mapsGradient(call *GradientCall) (*tensor.Tensor[float64], int) {
	e, undecided := atOrZero(call.OutGradErr[0]), 0
	total := newSums(len(c.x.Data))
	c.each(func(_, cell, _, _, channel int, w cut) {
		d := num{call.OutGrad[0].Data[cell], e(cell)}
		if !w.mayBeInside {
			return
		}
		if c.layer.Nearest {
			w = c.nearest(w)
		}
		moves := c.layer.Nearest && (w.top < w.bottom || w.left < w.right)
		if !w.certain() || moves {
			undecided++
			c.cells(w, channel, func(at, _, _ int) { total.add(at, num{0, math.Abs(d.v) + d.e}) })
			return
		}
		c.cells(w, channel, func(at, row, col int) {
			if c.layer.Nearest {
				total.add(at, d)
				return
			}
			share := num{near1(w.v.v, row) * near1(w.h.v, col), min(1, w.v.e+w.h.e)}
			share.e += 4 * c.p.U * (share.v + share.e)
			total.add(at, share.mul(d, 0))
		})
	})
	return total.bound(c.p, c.x.Shape), undecided
}

// near1 is what a cell counts for a place: 1 at the cell, 0 from the next one on.
func near1(place float64, cell int) float64 { return max(0, 1-math.Abs(place-float64(cell))) }

// boxesGradient: the slope between two rows is that of the map, and 0 at a row itself. Where the place may be on a row or on
// either side of it, it is anything that occurs there or 0. In the other direction it changes with the twist of the map.
func (c crops) boxesGradient(call *GradientCall) (*tensor.Tensor[float64], int) {
	if c.layer.Nearest && !c.layer.Smooth {
		return nil, 0
	}
	e, undecided := atOrZero(call.OutGradErr[0]), 0
	total := newSums(len(c.boxes.Data))
	c.each(func(box, cell, row, col, channel int, w cut) {
		if !w.mayBeInside {
			return
		}
		down, right, open := c.slopesOf(w, channel)
		if open {
			undecided++
		}
		d := num{call.OutGrad[0].Data[cell], e(cell)}
		down, right = down.mul(d, c.p.U), right.mul(d, c.p.U)
		top, bottom := c.shares(row, c.layer.Size[0], c.height)
		first, last := c.shares(col, c.layer.Size[1], c.width)
		for i, v := range []num{down.mul(top, c.p.U), right.mul(first, c.p.U), down.mul(bottom, c.p.U), right.mul(last, c.p.U)} {
			total.add(4*box+i, v)
		}
	})
	return total.bound(c.p, c.boxes.Shape), undecided
}

// shares are how fast output cell i of n moves with the ends of its box, from three roundings.
func (c crops) shares(i, n, cells int) (from, to num) {
	last := float64(cells - 1)
	if n == 1 {
		return num{last / 2, 0}, num{last / 2, 0}
	}
	v := last * float64(i) / float64(n-1)
	e := c.p.gamma(3) * last
	return num{last - v, e}, num{v, e}
}

// slopesOf returns the slopes at a place, downwards and to the right, and whether either is undecided.
func (c crops) slopesOf(w cut, channel int) (down, right num, open bool) {
	most, e := c.largest(w, channel)
	steepDown, steepRight, twist := c.steepest(w, channel)
	rounding := c.p.gamma(8)*4*most + 2*e
	if w.inside {
		down.v, right.v = c.slopesAt(w, channel)
	}
	down.e, right.e = w.h.e*twist+rounding, w.v.e*twist+rounding
	if !w.certain() || crosses(w.v) {
		down.e, open = max(math.Abs(down.v), steepDown)+steepDown+rounding, true
	}
	if !w.certain() || crosses(w.h) {
		right.e, open = max(math.Abs(right.v), steepRight)+steepRight+rounding, true
	}
	return down, right, open
}

// crosses reports whether a place may be on a cell or on either side of one.
func crosses(p num) bool {
	low, high := p.v-p.e, p.v+p.e
	return p.e > 0 && (math.Floor(low) != math.Floor(high) || math.Ceil(low) != math.Ceil(high))
}

// slopesAt are the replay's.
func (c crops) slopesAt(w cut, channel int) (down, right float64) {
	plane := c.x.Data[(w.images[0]*c.x.Shape[1]+channel)*c.height*c.width:]
	top, left := math.Floor(w.v.v), math.Floor(w.h.v)
	bottom, next := math.Ceil(w.v.v), math.Ceil(w.h.v)
	at := func(row, col float64) float64 { return plane[int(row)*c.width+int(col)] }
	t, s := w.v.v-top, w.h.v-left
	down = (1-s)*(at(bottom, left)-at(top, left)) + s*(at(bottom, next)-at(top, next))
	right = (1-t)*(at(top, next)-at(top, left)) + t*(at(bottom, next)-at(bottom, left))
	return down, right
}
