package layer

import (
	"fmt"
	"slices"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Einsum multiplies the elements of its inputs that have the same place on every label, and adds up the products over the labels
// that the output does not have (Einstein's summation convention): with Terms {0 1} and {1 2} and Output {0 2} a product of
// matrices,
//
//	y[i,k] = sum_j a[i,j] b[j,k]
//
// A label that stands twice in a term takes the diagonal. An axis of one cell is repeated where its label is longer elsewhere.
type Einsum struct {
	Terms  [][]int // for each input the label of each axis
	Output []int   // the labels of the output, each once
}

func (Einsum) Kind() string { return "Einsum" }

func (l Einsum) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, len(l.Terms)); err != nil {
		return nil, err
	}
	extents, err := l.extents(in)
	if err != nil {
		return nil, err
	}
	out := tensor.Shape{}
	for i, label := range l.Output {
		n, ok := extents[label]
		if !ok || slices.Contains(l.Output[:i], label) {
			return nil, fmt.Errorf("Einsum: the output %v should have labels of the inputs %v, each once", l.Output, l.Terms)
		}
		out = append(out, n)
	}
	return []tensor.Shape{out}, nil
}

// extents is how many places each label has.
func (l Einsum) extents(in []tensor.Shape) (map[int]int, error) {
	extents := map[int]int{}
	for i, term := range l.Terms {
		if len(term) != len(in[i]) {
			return nil, fmt.Errorf("Einsum: the %d labels %v do not fit input %d of shape %v", len(term), term, i, in[i])
		}
		for a, label := range term {
			n, known := extents[label]
			switch d := in[i][a]; {
			case !known || n == 1:
				extents[label] = d
			case d != n && d != 1:
				return nil, fmt.Errorf("Einsum: axis %d of input %d has %d cells, those that it meets have %d", a, i, d, n)
			}
		}
	}
	return extents, nil
}

// Attributes lists the labels as letters.
func (l Einsum) Attributes() []Attribute { return []Attribute{{"equation", l.equation()}} }

func (l Einsum) Forward32(c *Call[float32]) { einsum(l, c) }
func (l Einsum) Forward64(c *Call[float64]) { einsum(l, c) }

func einsum[T tensor.Float](l Einsum, c *Call[T]) {
	p := l.plan(shapes(c.In))
	parallel.For(c.Workers, c.Out[0].Shape.Len(), func(i int) {
		total := 0.0
		p.each(i, func(at []int) {
			product := 1.0
			for term, x := range c.In {
				product *= float64(x.Data[at[term]])
			}
			total += product
		})
		c.Out[0].Data[i] = T(total)
	})
}

func shapes[T tensor.Float](list []*tensor.Tensor[T]) []tensor.Shape {
	var out []tensor.Shape
	for _, t := range list {
		out = append(out, t.Shape)
	}
	return out
}

// contraction is an Einsum over tensors of known shapes: the extents of the output and of what is summed over, and how far a step
// along each of them goes in each input.
type contraction struct {
	out, summed             tensor.Shape
	outStrides, sumsStrides [][]int // by axis and input
}

func (l Einsum) plan(in []tensor.Shape) contraction {
	extents, err := l.extents(in)
	if err != nil {
		panic("layer: " + err.Error()) // the shapes have been inferred from the same
	}
	var p contraction
	for _, label := range l.Output {
		p.out = append(p.out, extents[label])
		p.outStrides = append(p.outStrides, l.strides(in, label))
	}
	for _, label := range l.labels() {
		if !slices.Contains(l.Output, label) {
			p.summed = append(p.summed, extents[label])
			p.sumsStrides = append(p.sumsStrides, l.strides(in, label))
		}
	}
	return p
}

// labels lists those of all inputs, each once.
func (l Einsum) labels() []int {
	var list []int
	for _, label := range slices.Concat(l.Terms...) {
		if !slices.Contains(list, label) {
			list = append(list, label)
		}
	}
	return list
}

// strides is how far a step along a label goes in each input.
func (l Einsum) strides(in []tensor.Shape, label int) []int {
	steps := make([]int, len(in))
	for i, term := range l.Terms {
		for a, own := range term {
			if own == label && in[i][a] > 1 {
				steps[i] += in[i][a+1:].Len()
			}
		}
	}
	return steps
}

// each calls f with the offsets in the inputs of every product that belongs to one element of the output.
func (p contraction) each(element int, f func(at []int)) {
	at := make([]int, p.inputs())
	for a, place := range p.out.Index(element) {
		move(at, p.outStrides[a], place)
	}
	index := make([]int, len(p.summed))
	for range p.summed.Len() {
		f(at)
		for a := len(index) - 1; a >= 0; a-- {
			index[a]++
			move(at, p.sumsStrides[a], 1)
			if index[a] < p.summed[a] {
				break
			}
			move(at, p.sumsStrides[a], -index[a])
			index[a] = 0
		}
	}
}

func (p contraction) inputs() int {
	for _, s := range slices.Concat(p.outStrides, p.sumsStrides) {
		return len(s)
	}
	return 1 // single numbers without axes
}

func move(at, strides []int, steps int) {
	for i, s := range strides {
		at[i] += steps * s
	}
}

func (l Einsum) Backward32(g *Gradient[float32]) { einsumBackward(l, g) }
func (l Einsum) Backward64(g *Gradient[float64]) { einsumBackward(l, g) }

// einsumBackward gives every factor of a product the gradient times the other factors.
func einsumBackward[T tensor.Float](l Einsum, g *Gradient[T]) {
	p := l.plan(shapes(g.In))
	totals := make([][]float64, len(g.In))
	for i, x := range g.In {
		totals[i] = make([]float64, len(x.Data))
	}
	for i, d := range g.OutGrad[0].Data {
		p.each(i, func(at []int) {
			for term := range g.In {
				product := float64(d)
				for other, x := range g.In {
					if other != term {
						product *= float64(x.Data[at[other]])
					}
				}
				totals[term][at[term]] += product
			}
		})
	}
	for i, to := range g.InGrad {
		if to == nil {
			continue
		}
		for at, v := range totals[i] {
			to.Data[at] = T(v)
		}
	}
}

// Products is how many products are added up in an element of the output.
func (l Einsum) Products(in []tensor.Shape) int { return l.plan(in).summed.Len() }

// GradientProducts is how many are added up in an element of the gradient of an input, if any.
func (l Einsum) GradientProducts(in []tensor.Shape, input int) int {
	p, n := l.plan(in), 1
	for a, s := range slices.Concat(p.outStrides, p.sumsStrides) {
		if s[input] == 0 {
			n *= slices.Concat(p.out, p.summed)[a]
		}
	}
	return n
}
