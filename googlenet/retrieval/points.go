package retrieval

import (
	"fmt"
	"math"
	"runtime"

	"parity/googlenet/tensor"
)

// points is rows of finite numbers.
type points struct {
	rows, width int
	data        []float64
}

func (p *points) row(i int) []float64 { return p.data[i*p.width:][:p.width] }

// newPoints reads features, and divides rows by their lengths where that is asked for.
func newPoints(features tensor.Any, normalize bool) (*points, error) {
	if features == nil || len(features.Dims()) != 2 {
		return nil, fmt.Errorf("expected features of rows x width, found %v", shapeOf(features))
	}
	shape := features.Dims()
	if shape[0] < 1 || shape[1] < 1 {
		return nil, fmt.Errorf("expected features of at least one row and one column, found %v", shape)
	}
	p := &points{shape[0], shape[1], tensor.As[float64](features).Data}
	for i, v := range p.data {
		if math.IsNaN(v) || math.Abs(v) > largest {
			return nil, fmt.Errorf("row %d, column %d of the features is %v; expected a number of at most %v", i/p.width, i%p.width, v, largest)
		}
	}
	if normalize {
		return p.normalized(), nil
	}
	return p, nil
}

// largest is the largest magnitude of a feature: that of float32, so that squares do not overflow.
const largest = math.MaxFloat32

func shapeOf(t tensor.Any) any {
	if t == nil {
		return "none"
	}
	return t.Dims()
}

// normalized returns rows of length 1. Rows of zeros stay.
func (p *points) normalized() *points {
	out := &points{p.rows, p.width, make([]float64, len(p.data))}
	squares := make([]float64, p.width)
	for i := range p.rows {
		row := p.row(i)
		for j, v := range row {
			squares[j] = v * v
		}
		length := math.Sqrt(pairwise(squares))
		if length == 0 {
			continue
		}
		for j, v := range row {
			out.data[i*p.width+j] = v / length
		}
	}
	return out
}

// choose returns some of the rows.
func (p *points) choose(rows []int) *points {
	out := &points{len(rows), p.width, make([]float64, 0, len(rows)*p.width)}
	for _, i := range rows {
		out.data = append(out.data, p.row(i)...)
	}
	return out
}

// Zeros counts rows of zeros, which no division makes as long as the others.
func Zeros(features tensor.Any) int {
	t := tensor.As[float64](features)
	width, count := t.Shape[len(t.Shape)-1], 0
	for from := 0; from < len(t.Data); from += width {
		zero := true
		for _, v := range t.Data[from:][:width] {
			zero = zero && v == 0
		}
		if zero {
			count++
		}
	}
	return count
}

func workers(threads int) int {
	if threads > 0 {
		return threads
	}
	return runtime.GOMAXPROCS(0)
}
