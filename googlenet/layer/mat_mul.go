package layer

import (
	"fmt"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// MatMul multiplies two matrices, or the matrices that two tensors hold in their last two axes: ... x m x k by ... x k x n is
// ... x m x n. Where the axes before those differ, they are repeated as in Repeated. A matrix may be turned before.
type MatMul struct{ TransposeA, TransposeB bool }

func (MatMul) Kind() string { return "MatMul" }

func (l MatMul) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	if len(in[0]) < 2 || len(in[1]) < 2 {
		return nil, fmt.Errorf("MatMul takes tensors of at least 2 dimensions, got %v and %v", in[0], in[1])
	}
	m, k := matrix(in[0], l.TransposeA)
	kb, n := matrix(in[1], l.TransposeB)
	if k != kb {
		return nil, fmt.Errorf("MatMul needs as many columns as rows: %v times %v, once they are turned, has %d and %d", in[0], in[1], k, kb)
	}
	out, err := repeatedShape(l, []tensor.Shape{before(in[0]), before(in[1])})
	if err != nil {
		return nil, err
	}
	return []tensor.Shape{append(out, m, n)}, nil
}

// matrix returns rows and columns of the last two axes, once they are turned.
func matrix(s tensor.Shape, turned bool) (rows, columns int) {
	rows, columns = s[len(s)-2], s[len(s)-1]
	if turned {
		return columns, rows
	}
	return rows, columns
}

// before is the axes before the last two.
func before(s tensor.Shape) tensor.Shape { return s[: len(s)-2 : len(s)-2] }

// Attributes lists what is turned.
func (l MatMul) Attributes() []Attribute {
	var list []Attribute
	if l.TransposeA {
		list = append(list, Attribute{"first matrix", "turned"})
	}
	if l.TransposeB {
		list = append(list, Attribute{"second matrix", "turned"})
	}
	return list
}

func (l MatMul) Forward32(c *Call[float32]) { matMul(l, c) }
func (l MatMul) Forward64(c *Call[float64]) { matMul(l, c) }

// matrixView is one matrix of a tensor: element (i, j) is at start + i*row + j*column.
type matrixView[T tensor.Float] struct {
	data        []T
	row, column int
}

func (m matrixView[T]) at(i, j int) T { return m.data[i*m.row+j*m.column] }

func matrixAt[T tensor.Float](t *tensor.Tensor[T], index int, turned bool) matrixView[T] {
	rows, columns := matrix(t.Shape, false)
	m := matrixView[T]{t.Data[index*rows*columns:], columns, 1}
	if turned {
		m.row, m.column = m.column, m.row
	}
	return m
}

// rowTimesColumn adds up in float64 so that long sums do not lose what short ones keep.
func rowTimesColumn[T tensor.Float](a, b matrixView[T], i, j, terms int) float64 {
	total := 0.0
	for k := range terms {
		total += float64(a.at(i, k)) * float64(b.at(k, j))
	}
	return total
}

func matMul[T tensor.Float](l MatMul, c *Call[T]) {
	a, b, y := c.In[0], c.In[1], c.Out[0]
	m, k := matrix(a.Shape, l.TransposeA)
	_, n := matrix(b.Shape, l.TransposeB)
	r := Repeat(before(y.Shape), before(a.Shape), before(b.Shape))
	parallel.For(c.Workers, r.Shape.Len()*m, func(row int) {
		index, i := row/m, row%m
		left, right := matrixAt(a, r.At(0, index), l.TransposeA), matrixAt(b, r.At(1, index), l.TransposeB)
		for j := range n {
			y.Data[row*n+j] = T(rowTimesColumn(left, right, i, j, k))
		}
	})
}

func (l MatMul) Backward32(g *Gradient[float32]) { matMulBackward(l, g) }
func (l MatMul) Backward64(g *Gradient[float64]) { matMulBackward(l, g) }

// matMulBackward: dA = dY B', dB = A' dY, added up over what was repeated.
func matMulBackward[T tensor.Float](l MatMul, g *Gradient[T]) {
	a, b, d := g.In[0], g.In[1], g.OutGrad[0]
	r := Repeat(before(d.Shape), before(a.Shape), before(b.Shape))
	gradient := func(whole int) matrixView[T] { return matrixAt(d, whole, false) }
	if g.InGrad[0] != nil {
		right := func(whole int) matrixView[T] { return matrixAt(b, r.At(1, whole), !l.TransposeB) }
		addProducts(r, 0, g.InGrad[0], l.TransposeA, d.Shape[len(d.Shape)-1], g.Workers, gradient, right)
	}
	if g.InGrad[1] != nil {
		left := func(whole int) matrixView[T] { return matrixAt(a, r.At(0, whole), !l.TransposeA) }
		addProducts(r, 1, g.InGrad[1], l.TransposeB, d.Shape[len(d.Shape)-2], g.Workers, left, gradient)
	}
}

// addProducts writes to the matrices of an input the sums of the products of those of the whole that they meet.
func addProducts[T tensor.Float](r Repeated, input int, to *tensor.Tensor[T], turned bool, terms, workers int, left, right func(whole int) matrixView[T]) {
	rows, columns := matrix(to.Shape, turned)
	totals := tensor.New[float64](to.Shape...)
	parallel.For(workers, rows, func(i int) {
		for whole := range r.Shape.Len() {
			sum := matrixAt(totals, r.At(input, whole), turned)
			for j := range columns {
				sum.data[i*sum.row+j*sum.column] += rowTimesColumn(left(whole), right(whole), i, j, terms)
			}
		}
	})
	for i, v := range totals.Data {
		to.Data[i] = T(v)
	}
}
