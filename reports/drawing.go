package reports

import (
	"cmp"
	"slices"

	"parity/parity"
)

// drawing places the layers of a network: those that follow from each other below each other, the branches of a module
// side by side.
type drawing struct {
	nodes         []drawn
	edges         []edge
	width, height float64 // in columns and rows
}

// drawn is a layer at the centre (x, y), in columns and rows.
type drawn struct {
	layer int // index of its row in the result
	x, y  float64
}

// edge runs from one layer to another, both indices of drawn.
type edge struct{ from, to int }

func draw(layers []parity.Layer) *drawing {
	d := &drawing{}
	at := map[string]int{}
	for i, l := range layers {
		at[l.Name] = len(d.nodes)
		d.nodes = append(d.nodes, drawn{layer: i})
		for _, in := range l.Inputs {
			if from, ok := at[in]; ok && !slices.Contains(d.edges, edge{from, len(d.nodes) - 1}) {
				d.edges = append(d.edges, edge{from, len(d.nodes) - 1})
			}
		}
	}
	d.rank()
	d.spread()
	return d
}

// rank sets y: one more than the lowest of the layers it reads.
func (d *drawing) rank() {
	for _, e := range d.edges { // in the order of their ends, so that beginnings are ranked already
		d.nodes[e.to].y = max(d.nodes[e.to].y, d.nodes[e.from].y+1)
	}
	for _, n := range d.nodes {
		d.height = max(d.height, n.y+1)
	}
}

// spread sets x, row by row: below the middle of what a layer reads, the several readers of one layer around it.
func (d *drawing) spread() {
	rows := make([][]int, int(d.height))
	for i, n := range d.nodes {
		rows[int(n.y)] = append(rows[int(n.y)], i)
	}
	sources, readers := d.neighbours()
	for _, row := range rows {
		wish := map[int]float64{}
		for _, i := range row {
			wish[i] = d.wish(i, sources[i], readers)
		}
		slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(wish[a], wish[b]) })
		d.place(row, wish)
	}
	d.shift()
}

func (d *drawing) neighbours() (sources, readers [][]int) {
	sources, readers = make([][]int, len(d.nodes)), make([][]int, len(d.nodes))
	for _, e := range d.edges {
		sources[e.to] = append(sources[e.to], e.from)
		readers[e.from] = append(readers[e.from], e.to)
	}
	return sources, readers
}

func (d *drawing) wish(i int, sources []int, readers [][]int) float64 {
	sum := 0.0
	for _, from := range sources {
		among := readers[from]
		sum += d.nodes[from].x
		if len(sources) == 1 {
			sum += float64(slices.Index(among, i)) - float64(len(among)-1)/2
		}
	}
	return sum / float64(max(len(sources), 1))
}

// place keeps a row's layers at least a column apart, as near to their wishes as their order allows: neighbours that get in
// each other's way form a block around the mean of their wishes.
func (d *drawing) place(row []int, wish map[int]float64) {
	type block struct{ first, size, sum float64 } // sum of the wishes for the block's first place
	var blocks []block
	for _, i := range row {
		b := block{wish[i], 1, wish[i]}
		for n := len(blocks) - 1; n >= 0 && blocks[n].first+blocks[n].size > b.first; n-- {
			before := blocks[n]
			b = block{0, before.size + b.size, before.sum + b.sum - b.size*before.size}
			b.first = b.sum / b.size
			blocks = blocks[:n]
		}
		blocks = append(blocks, b)
	}
	k := 0
	for _, b := range blocks {
		for j := range int(b.size) {
			d.nodes[row[k]].x = b.first + float64(j)
			k++
		}
	}
}

// shift moves everything to the right of zero.
func (d *drawing) shift() {
	if len(d.nodes) == 0 {
		return
	}
	byX := func(a, b drawn) int { return cmp.Compare(a.x, b.x) }
	left, right := slices.MinFunc(d.nodes, byX).x, slices.MaxFunc(d.nodes, byX).x
	for i := range d.nodes {
		d.nodes[i].x += 0.5 - left
		d.nodes[i].y += 0.5
	}
	d.width = right - left + 1
}
