package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// matrixDiag is MatrixDiag of any version: matrices with the last axis of its input on their diagonals and zeros elsewhere. With n zeros
// behind each of n numbers and without what is too much at the end, these are the rows of n x n matrices.
func matrixDiag(c *call) error {
	if why, err := c.mainDiagonal(4); why != "" || err != nil {
		return c.unlessErr(err, why)
	}
	x, ok := c.operand(0)
	if !ok || x.rank() < 1 {
		return c.unknown("its input's dimensions are not known")
	}
	x = c.as(x, false)
	return c.diagonal(x, x.shape[:len(x.shape)-1])
}

// diag is Diag, of a vector.
func diag(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() != 1 {
		return c.unknown("its input is no vector")
	}
	return c.diagonal(x, nil)
}

func (c *call) diagonal(x *value, batch tensor.Shape) error {
	n := x.extent(x.rank() - 1)
	if slices.Contains(x.shape, -1) {
		return c.unknown("its input's extents are not known")
	}
	shape := func(more ...int) []int { return slices.Concat([]int(batch), more) }
	cells := c.between("/cells", layer.Reshape{Shape: shape(n, 1)}, x, false, "each number by itself")
	before, after := make([]int, len(batch)+2), make([]int, len(batch)+2)
	after[len(after)-1] = n
	padded := c.between("/padded", layer.Pad{Before: before, After: after}, cells, false, "zeros behind each")
	row := c.between("/row", layer.Reshape{Shape: shape(n * (n + 1))}, padded, false, "all in a row")
	cut := c.between("/cut", alongLast(len(batch), layer.Range{End: n * n, Stride: 1, BeginOpen: true}), row, false, "without the zeros behind the last")
	return c.emit(one{layer: layer.Reshape{Shape: shape(n, n)}, in: []*value{cut}})
}

// alongLast is a slice along the last axis behind so many others.
func alongLast(others int, r layer.Range) layer.StridedSlice {
	l := layer.StridedSlice{}
	for range others {
		l.Ranges = append(l.Ranges, layer.Whole)
	}
	l.Ranges = append(l.Ranges, r)
	return l
}

// matrixDiagPart is MatrixDiagPart of any version: the diagonals of the matrices in the last two axes.
func matrixDiagPart(c *call) error {
	if why, err := c.mainDiagonal(2); why != "" || err != nil {
		return c.unlessErr(err, why)
	}
	x, ok := c.operand(0)
	if !ok || x.rank() < 2 {
		return c.unknown("its input's dimensions are not known")
	}
	return c.diagonalOf(c.as(x, false))
}

// diagPart is DiagPart, of a matrix.
func diagPart(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() != 2 {
		return c.unknown("its input is no matrix")
	}
	return c.diagonalOf(x)
}

// diagonalOf takes every n+1-th number of the rows of n.
func (c *call) diagonalOf(x *value) error {
	if slices.Contains(x.shape, -1) {
		return c.unknown("its input's extents are not known")
	}
	batch := x.shape[:len(x.shape)-2]
	m, n := x.shape[len(batch)], x.shape[len(batch)+1]
	row := c.between("/row", layer.Reshape{Shape: slices.Concat([]int(batch), []int{m * n})}, x, false, "each matrix in a row")
	return c.emit(one{layer: alongLast(len(batch), layer.Range{End: (min(m, n)-1)*(n+1) + 1, Stride: n + 1, BeginOpen: true}), in: []*value{row}})
}

// mainDiagonal says why a node is about other diagonals than the main one: in versions 2 and 3 one input says which, and, of so many at
// most, the following ones what the matrix is like.
func (c *call) mainDiagonal(settings int) (why string, err error) {
	for i := 1; i < len(c.in); i++ {
		v, ok := scalar(c.in[i].constant)
		if k, known := c.number(c.in[i]); !ok && known {
			v, ok = float64(k), true
		}
		unset := 0.0 // of the diagonal and of what fills the rest
		if i > 1 && i < settings {
			unset = -1
		}
		if !ok || v != unset {
			return "it is about another diagonal than the main one, or about matrices that are not square", nil
		}
	}
	return "", nil
}

// bandPart is MatrixBandPart: so many diagonals below the main one and above it, all for a negative number, and zeros elsewhere.
func bandPart(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 2 || len(c.in) != 3 {
		return c.unknown("its input's dimensions are not known")
	}
	lower, known := c.number(c.in[1])
	upper, alsoKnown := c.number(c.in[2])
	x = c.as(x, false)
	m, n := x.shape[x.rank()-2], x.shape[x.rank()-1]
	if !known || !alsoKnown || min(m, n) < 0 {
		return c.unknown("its band or its input's extents are not known")
	}
	mask := tensor.New[float64](m, n)
	for at := range mask.Data {
		i, j := at/n, at%n
		if (lower < 0 || i-j <= lower) && (upper < 0 || j-i <= upper) {
			mask.Data[at] = 1
		}
	}
	return c.emit(one{layer: layer.Select{}, in: []*value{c.constantOf("/band", mask, "what is kept"), x, c.constantOf("/zero", tensor.New[float64](), "what the rest becomes")}})
}
