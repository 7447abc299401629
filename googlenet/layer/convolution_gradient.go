package layer

import (
	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

func (l Convolution) BackwardBlocked32(g *BlockedGradient[float32]) { convolveGradient(l, g) }
func (l Convolution) BackwardBlocked64(g *BlockedGradient[float64]) { convolveGradient(l, g) }

// convolveGradient computes both gradients as products of matrices: that of the weights from what the windows see, that of
// the input as a convolution of the output's gradient.
func convolveGradient[T tensor.Float](l Convolution, g *BlockedGradient[T]) {
	in, out := g.In[0].Shape(), g.OutGrad[0].Shape()
	p := newCorrelate[T](l.Window, in[1], l.Outputs, [2]int(in[2:]), [2]int(out[2:]))
	if g.ParamGrad[0] != nil {
		p.gradient(g)
	}
	if l.Bias && g.ParamGrad[1] != nil {
		p.biasGradient(g.OutGrad[0].Blocked(g.Workers), g.ParamGrad[1].Data)
	}
	if g.InGrad[0] == nil {
		return
	}
	q := p.transposed()
	weights := q.transposedWeights(g.Params[0].Data, g.Workers)
	images, bias := q.images(g.OutGrad[0], g.Workers), q.bias(nil)
	eachImage(g.Workers, in[0], func(image, workers int) {
		padded, done := images(image, workers)
		q.run(padded, weights, bias, g.InGrad[0].Image(image), workers, false)
		done()
	})
	tensor.Release(weights)
}

// together is how many images' padded maps are in memory at a time.
const together = 8

// gradient writes the gradient of the weights: the product of what the windows of all cells see and the cells' gradients.
// Each task adds up one part of it over the images in their order.
func (p *correlate[T]) gradient(g *BlockedGradient[T]) {
	d, count := g.OutGrad[0].Blocked(g.Workers), g.In[0].Shape()[0]
	images := p.images(g.In[0], g.Workers)
	sums := tensor.Scratch[T](lines[T](p.outer) * p.terms * kernel.LineOf[T]())
	clear(sums)
	wide := (d.Blocks() + p.set.Blocks - 1) / p.set.Blocks
	for first := 0; first < count; first += together {
		seen := make([][]T, min(together, count-first))
		done := make([]func(), len(seen))
		eachImage(g.Workers, len(seen), func(i, workers int) { seen[i], done[i] = images(first+i, workers) })
		parallel.For(g.Workers, wide*len(p.lines), func(task int) {
			p.addProducts(p.lines[task/wide], task%wide*p.set.Blocks, seen, d, first, sums)
		})
		for _, f := range done {
			f()
		}
	}
	p.unpack(sums, g.ParamGrad[0].Data, g.Workers)
	tensor.Release(sums)
}

// addProducts adds the products of the terms of a line with the gradients of some blocks of outputs.
func (p *correlate[T]) addProducts(l kernel.Line, block int, seen [][]T, d *Blocked[T], first int, sums []T) {
	line, half := kernel.LineOf[T](), p.set.Rows/2
	t := kernel.Tile[T]{
		Blocks: min(p.set.Blocks, d.Blocks()-block), Step: 1, Second: half, Next: p.window.Stride[1] * p.pitch,
		BNext: line, BBlock: d.Plane(), CStep: line, CSecond: half * line, CBlock: p.terms * line,
	}
	cells := p.cellLines()
	parts := (l.Steps + p.set.Rows - 1) / p.set.Rows
	for part := range parts {
		lo, hi := part*l.Steps/parts, (part+1)*l.Steps/parts
		t.Rows = hi - lo
		c := sums[block*p.terms*line+l.B+lo*line:]
		for i, a := range seen {
			p.set.Multiply(&t, a[l.A+lo:], d.Image(first + i)[block*d.Plane():], c, nil, cells)
		}
	}
}

// cellLines lists the rows of output cells: where their windows begin, and where they are.
func (p *correlate[T]) cellLines() []kernel.Line {
	line := kernel.LineOf[T]()
	row := p.window.Stride[0] * p.padded[1] * p.pitch
	if row == p.out[1]*p.window.Stride[1]*p.pitch {
		return []kernel.Line{{Steps: p.out[0] * p.out[1]}}
	}
	list := make([]kernel.Line, p.out[0])
	for i := range list {
		list[i] = kernel.Line{A: i * row, B: i * p.out[1] * line, Steps: p.out[1]}
	}
	return list
}

// biasGradient adds up the gradients of all cells: their product with ones.
func (p *correlate[T]) biasGradient(d *Blocked[T], to []T) {
	line := kernel.LineOf[T]()
	sums, one := make([]T, d.Blocks()*line), []T{1}
	t := kernel.Tile[T]{Rows: 1, BNext: line, BBlock: d.Plane(), CBlock: line}
	for block := 0; block < d.Blocks(); block += p.set.Blocks {
		t.Blocks = min(p.set.Blocks, d.Blocks()-block)
		for image := range d.Shape[0] {
			p.set.Multiply(&t, one, d.Image(image)[block*d.Plane():], sums[block*line:], nil, []kernel.Line{{Steps: p.out[0] * p.out[1]}})
		}
	}
	copy(to, sums)
}
