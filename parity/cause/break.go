package cause

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Port is a network that is to be broken: a copy of the reference, with what it is fed, that a Fault may change in any way.
type Port struct {
	Graph *graph.Graph
	// Shapes are those of the values before anything is broken.
	Shapes map[string]tensor.Shape
	// Input is the picture (batch, channel, row, column) that the only input is fed: grey levels less a mean.
	Input *tensor.Tensor[float32]
	Rand  *rand.Rand
}

// Fault is one mistake at one place of a network.
type Fault struct {
	// Layer is the reference's layer, or its input, at which the cause must be found. Also are others that mean the same: what
	// is between two layers is behind the one and before the other.
	Layer string
	Also  []string
	// What tells it from the cause's other faults.
	What string
	// Sized faults may have any size above 0; 1 is gross.
	Sized bool
	// Note says that the numbers are right, and the finding no more than a remark.
	Note bool
	// Dump says that it takes a dump of everything under the reference's names to show, Model that it takes the port's model with
	// all tensors.
	Dump, Model bool
	// Make changes the port.
	Make func(p *Port, size float64)
	// Compute changes what a node of the port computes as it runs; nil for none.
	Compute func(n *graph.Node, out *tensor.Tensor[float64])
	// Stale says that the port was broken when it was recorded, and that its files have been mended since.
	Stale bool
	// Record changes what is recorded, by the port's value, in NCHW.
	Record func(p *Port, values map[string]*tensor.Tensor[float32])
}

// remake is a layer that may stand in another's place; what says how it differs.
type remake struct {
	what  string
	layer layer.Layer
}

// remade lists a fault for every layer of one type and every one that list proposes for its place.
func remade[L layer.Layer](p *Port, list func(n *graph.Node, l L) []remake) []Fault {
	return breakNodes(p, func(n *graph.Node, l L) []Fault {
		var faults []Fault
		for _, to := range list(n, l) {
			faults = append(faults, Fault{Layer: n.Name, What: to.what, Make: func(p *Port, _ float64) {
				p.Graph.Node(n.Name).Layer = to.layer
			}})
		}
		return faults
	})
}

// resized lists a fault of any size for every layer of one type.
func resized[L layer.Layer](p *Port, what string, change func(l L, size float64) L) []Fault {
	return breakNodes(p, func(n *graph.Node, l L) []Fault {
		return []Fault{{Layer: n.Name, What: what, Sized: true, Make: func(p *Port, size float64) {
			p.Graph.Node(n.Name).Layer = change(l, size)
		}}}
	})
}

// breakNodes collects the faults of all nodes with a layer of one type.
func breakNodes[L layer.Layer](p *Port, list func(n *graph.Node, l L) []Fault) []Fault {
	var faults []Fault
	for _, n := range p.Graph.Nodes {
		if l, ok := n.Layer.(L); ok {
			faults = append(faults, list(n, l)...)
		}
	}
	return faults
}

// breakWeights collects the faults of all nodes with weights that are applied as products, for their i-th parameter.
func breakWeights(p *Port, i int, list func(n *graph.Node, w *tensor.Tensor[float32]) []Fault) []Fault {
	var faults []Fault
	for _, n := range p.Graph.Nodes {
		if weighs(n) && len(n.Params) > i {
			faults = append(faults, list(n, n.Params[i].Value.(*tensor.Tensor[float32]))...)
		}
	}
	return faults
}

// reordered is the fault that a node's weights stand in another order; nil if that is the same one.
func reordered(n *graph.Node, what string, w *tensor.Tensor[float32], from func(at int) int) []Fault {
	out := w.Clone()
	for at := range out.Data {
		out.Data[at] = w.Data[from(at)]
	}
	if slices.Equal(out.Data, w.Data) {
		return nil
	}
	return []Fault{{Layer: n.Name, What: what, Make: func(p *Port, _ float64) { p.setParam(n.Name, 0, out) }}}
}

// changedParam is the fault that each number of a parameter is another one.
func changedParam(n *graph.Node, i int, what string, sized bool, change func(at int, v, size float64) float64) Fault {
	return Fault{Layer: n.Name, What: what, Sized: sized, Make: func(p *Port, size float64) {
		w := p.Graph.Node(n.Name).Params[i].Value.(*tensor.Tensor[float32]).Clone()
		for at, v := range w.Data {
			w.Data[at] = float32(change(at, float64(v), size))
		}
		p.setParam(n.Name, i, w)
	}}
}

func (p *Port) setParam(node string, i int, t *tensor.Tensor[float32]) {
	n := p.Graph.Node(node)
	n.Params = slices.Clone(n.Params)
	n.Params[i] = &graph.Param{Name: n.Params[i].Name, Value: t}
}

// remove takes a node with one input and one output away.
func (p *Port) remove(node string) {
	n := p.Graph.Node(node)
	p.redirect(n.Outputs[0], n.Inputs[0])
	p.Graph.Nodes = slices.DeleteFunc(p.Graph.Nodes, func(o *graph.Node) bool { return o == n })
}

// redirect has everything that reads one value read another one.
func (p *Port) redirect(from, to string) {
	for _, n := range p.Graph.Nodes {
		n.Inputs = substituted(n.Inputs, from, to)
	}
	p.Graph.Outputs = substituted(p.Graph.Outputs, from, to)
}

func substituted(list []string, from, to string) []string {
	list = slices.Clone(list)
	for i, v := range list {
		if v == from {
			list[i] = to
		}
	}
	return list
}

// insert puts a layer between a node and everything that reads it.
func (p *Port) insert(behind string, l layer.Layer, params ...*tensor.Tensor[float32]) {
	n := p.Graph.Node(behind)
	value := n.Outputs[0]
	extra := &graph.Node{Name: behind + "/extra", Layer: l, Inputs: []string{value}, Outputs: []string{value + "/extra"}}
	for i, t := range params {
		extra.Params = append(extra.Params, &graph.Param{Name: fmt.Sprintf("%s[%d]", extra.Name, i), Value: t})
	}
	p.redirect(value, extra.Outputs[0])
	p.Graph.Nodes = slices.Insert(p.Graph.Nodes, slices.Index(p.Graph.Nodes, n)+1, extra)
}

// fedFault is a fault in what the network is fed: each of its numbers, from a copy of the right ones.
func fedFault(p *Port, what string, sized bool, change func(x *tensor.Tensor[float32], n, c, y, w int, size float64) float64) Fault {
	return Fault{Layer: p.Graph.Inputs[0].Name, What: what, Sized: sized, Make: func(p *Port, size float64) {
		x := p.Input.Clone()
		s := x.Shape
		for at := range x.Data {
			n, c, y, w := at/(s[1]*s[2]*s[3]), at/(s[2]*s[3])%s[1], at/s[3]%s[2], at%s[3]
			p.Input.Data[at] = float32(change(x, n, c, y, w, size))
		}
	}}
}

// pixel is one number of a picture.
func pixel(x *tensor.Tensor[float32], n, c, y, w int) float64 {
	s := x.Shape
	return float64(x.Data[((n*s[1]+c)*s[2]+y)*s[3]+w])
}

// remadePool is a pool that may stand in another's place.
type remadePool struct {
	what string
	pool layer.Pool
}

// breakPools lists a fault for every pool and every geometry that list proposes for it.
func breakPools(p *Port, list func(w layer.Pool, in, out tensor.Shape) []remadePool) []Fault {
	remakes := func(n *graph.Node, w layer.Pool, of func(layer.Pool) layer.Layer) []remake {
		var all []remake
		for _, to := range list(w, p.Shapes[n.Inputs[0]], p.Shapes[n.Outputs[0]]) {
			all = append(all, remake{to.what, of(to.pool)})
		}
		return all
	}
	return append(
		remade(p, func(n *graph.Node, l layer.MaxPool) []remake {
			return remakes(n, l.Pool, func(w layer.Pool) layer.Layer { return layer.MaxPool{Pool: w} })
		}),
		remade(p, func(n *graph.Node, l layer.AveragePool) []remake {
			return remakes(n, l.Pool, func(w layer.Pool) layer.Layer { return layer.AveragePool{Pool: w, Divisor: l.Divisor} })
		})...)
}

// hang is by how many cells the last window of a pool reaches beyond its padded input.
func hang(w layer.Pool, axis int, in, out tensor.Shape) int {
	pad := [2]int{w.Padding.Top + w.Padding.Bottom, w.Padding.Left + w.Padding.Right}[axis]
	return max((out[2+axis]-1)*w.Stride[axis]+(w.Kernel[axis]-1)*w.Dilation[axis]+1-in[2+axis]-pad, 0)
}

// dense writes a grouped convolution as one without groups, whose groups read the channels that channel names.
func (p *Port) dense(node string, channel func(group, i int) int) {
	n := p.Graph.Node(node)
	l, w := n.Layer.(layer.Convolution), n.Params[0].Value.(*tensor.Tensor[float32])
	each, area := w.Shape[1], w.Shape[2]*w.Shape[3]
	out := tensor.New[float32](l.Outputs, each*l.Groups, w.Shape[2], w.Shape[3])
	for o := range l.Outputs {
		for i := range each {
			from := channel(o/(l.Outputs/l.Groups), i)
			copy(out.Data[(o*each*l.Groups+from)*area:][:area], w.Data[(o*each+i)*area:])
		}
	}
	l.Groups = 1
	n.Layer = l
	p.setParam(node, 0, out)
}

// grow gives a convolution a larger kernel with other weights, and as much more padding.
func (p *Port) grow(node string, by [2]int) {
	n := p.Graph.Node(node)
	l, w := n.Layer.(layer.Convolution), n.Params[0].Value.Dims().Clone()
	for axis := range 2 {
		l.Kernel[axis] += by[axis]
		w[2+axis] += by[axis]
	}
	rows, columns := by[0]/2*l.Dilation[0], by[1]/2*l.Dilation[1]
	l.Padding = layer.Padding{Top: l.Padding.Top + rows, Left: l.Padding.Left + columns, Bottom: l.Padding.Bottom + rows, Right: l.Padding.Right + columns}
	n.Layer = l
	t := tensor.New[float32](w...)
	for i := range t.Data {
		t.Data[i] = float32(p.Rand.NormFloat64() * math.Sqrt(2/float64(w[1:].Len())))
	}
	p.setParam(node, 0, t)
}

// activate has a dropout drop a share of its input.
func (p *Port) activate(node string, ratio float64) {
	n := p.Graph.Node(node)
	mask := tensor.New[float32](p.Shapes[n.Outputs[0]]...)
	for i := range mask.Data {
		if p.Rand.Float64() >= ratio {
			mask.Data[i] = 1
		}
	}
	drawn := &graph.Node{Name: node + "/mask", Layer: layer.Constant{Shape: mask.Shape}, Outputs: []string{node + "/mask"}, Params: []*graph.Param{{Name: "mask", Value: mask}}}
	n.Layer, n.Inputs = layer.Dropout{Ratio: ratio, Active: true}, append(slices.Clone(n.Inputs), drawn.Outputs[0])
	p.Graph.Nodes = slices.Insert(p.Graph.Nodes, slices.Index(p.Graph.Nodes, n), drawn)
}
