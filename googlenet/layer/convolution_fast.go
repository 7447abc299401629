package layer

import (
	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// convolve computes the formula as a product of matrices, image by image and group by group: the weights
// [outputs, terms] times a matrix [terms, cells] whose column j holds what output cell j sees. That matrix never exists
// as a whole: panels of its columns are packed, one at a time, from a padded copy of the map.
func convolve[T tensor.Float](l Convolution, c *Call[T]) {
	p := newProduct(l, c)
	if p.cells == 0 || c.In[0].Shape[0] == 0 {
		return
	}
	p.packWeights()
	p.maps = paddedMaps(p.padded, c.In[0], c.Workers)
	tasks := p.cut()
	parallel.For(c.Workers, len(tasks), func(i int) { p.compute(tasks[i]) })
}

// product is one convolution as products of matrices.
type product[T tensor.Float] struct {
	Convolution
	*Call[T]
	kernels *kernel.Set[T]
	padded  paddedMap
	maps    [][]T // the padded input, an image each
	tiles   [][]T // the packed weights, a tile each, group by group
	first   []int // within a group, the first row of each tile, and the end
	offsets []int // where in a padded map each term of the first group begins
	terms   int
	cells   int // of an output plane
}

func newProduct[T tensor.Float](l Convolution, c *Call[T]) *product[T] {
	w, out := c.Params[0].Shape, c.Out[0].Shape
	p := &product[T]{Convolution: l, Call: c, kernels: kernel.For[T](), terms: w[1:].Len(), cells: out[2:].Len()}
	p.padded = newPaddedMap(l.Window, c.In[0].Shape, out)
	p.offsets = p.padded.offsets(l.Window, w[1])
	return p
}

// packWeights cuts each group's rows into tiles of nearly equal height.
func (p *product[T]) packWeights() {
	rows := p.Outputs / p.Groups
	count := (rows + p.kernels.Rows - 1) / p.kernels.Rows
	p.first = make([]int, count+1)
	for t := range p.first {
		p.first[t] = t * rows / count
	}
	p.tiles = make([][]T, p.Groups*count)
	parallel.For(p.Workers, len(p.tiles), func(i int) {
		lo, hi := p.first[i%count], p.first[i%count+1]
		p.tiles[i] = make([]T, kernel.PackedLen[T](hi-lo, p.terms))
		kernel.PackRows(p.tiles[i], p.Params[0].Data[(i/count*rows+lo)*p.terms:], p.terms, hi-lo, p.terms)
	})
}

// task is a block of the output: the cells of some columns in the rows of some tiles of one group of one image.
type task struct{ image, group, col, cols, tile, tiles int }

// panelBytes is what a panel may take: about half of a second-level cache.
const panelBytes = 1 << 18

// cut divides the output into tasks, several for each worker; what they compute does not depend on the cut.
func (p *product[T]) cut() []task {
	wide := 2 * p.kernels.Lanes
	cols := min(max(panelBytes/(p.terms*8)/wide, 1)*wide, (p.cells+wide-1)/wide*wide)
	panels := (p.cells + cols - 1) / cols
	count := len(p.first) - 1
	blocks := min(count, max(1, 3*p.Workers/(p.In[0].Shape[0]*p.Groups*panels)))
	var list []task
	for image := range p.In[0].Shape[0] {
		for group := range p.Groups {
			for col := 0; col < p.cells; col += cols {
				for b := range blocks {
					tile := b * count / blocks
					list = append(list, task{image, group, col, min(cols, p.cells-col), tile, (b+1)*count/blocks - tile})
				}
			}
		}
	}
	return list
}

// compute packs the task's panel and multiplies it with every tile of weights.
func (p *product[T]) compute(t task) {
	lanes := p.kernels.Lanes
	step := (t.cols + lanes - 1) / lanes * lanes
	panel := make([]T, p.terms*step+lanes)
	group := p.padded.channel * (p.Params[0].Shape[1] * t.group)
	p.kernels.Move(panel, step, p.maps[t.image][group:], p.offsets, p.padded.pieces(t.col, t.cols, lanes))
	edge := make([]T, p.kernels.Rows*2*lanes)
	for tile := t.tile; tile < t.tile+t.tiles; tile++ {
		for at := 0; at < t.cols; at += 2 * lanes {
			p.multiply(t, tile, panel[at:], step, t.col+at, min(2*lanes, t.cols-at), edge)
		}
	}
}

// multiply computes one tile of the output: straight into it where whole vectors fit, else by way of edge.
func (p *product[T]) multiply(t task, tile int, panel []T, step, col, cols int, edge []T) {
	lanes, count := p.kernels.Lanes, len(p.first)-1
	rows := p.first[tile+1] - p.first[tile]
	row := p.Outputs/p.Groups*t.group + p.first[tile]
	weights := p.tiles[t.group*count+tile]
	vectors := (cols + lanes - 1) / lanes
	out := p.Out[0].Data[(t.image*p.Outputs+row)*p.cells+col:]
	if cols == vectors*lanes {
		p.kernels.Tile(rows, vectors, p.terms, weights, panel, step, out, p.cells, p.bias(row, rows))
		return
	}
	if !p.Bias {
		clear(edge)
	}
	p.kernels.Tile(rows, vectors, p.terms, weights, panel, step, edge, 2*lanes, p.bias(row, rows))
	for i := range rows {
		copy(out[i*p.cells:][:cols], edge[i*2*lanes:])
	}
}

// bias returns the biases of some rows, nil for none.
func (p *product[T]) bias(row, rows int) []T {
	if !p.Bias {
		return nil
	}
	return p.Params[1].Data[row : row+rows]
}
