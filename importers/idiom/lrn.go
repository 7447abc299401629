package idiom

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// lrn is local response normalisation in single operations: x over a power of k + alpha times a sum of the squares of
// neighbouring channels, which is that of slices along the channels or a convolution with ones.
func lrn(f *finder, n *graph.Node) *match {
	return f.oneOf(n, func(y polynomial, x *atom) layer.Layer {
		if len(y) != 1 || y[0].coefficient != 1 || y[0].power(x) != 1 || len(y[0].factors) != 2 || len(x.axes) != 4 {
			return nil
		}
		l := layer.LRN{}
		s := f.readPower(y[0].without(x).factors[0], &l)
		var squares polynomial
		for _, t := range s {
			if len(t.factors) == 0 {
				l.K = t.coefficient
				continue
			}
			squares = append(squares, t)
		}
		if !f.readWindow(squares, x, &l) {
			return nil
		}
		return l
	})
}

// readPower takes s^-beta apart.
func (f *finder) readPower(p factor, l *layer.LRN) polynomial {
	if p.power != -1 {
		return nil
	}
	switch p.function {
	case "power":
		l.Beta, _ = p.args[1].constant()
		return p.args[0]
	case "root":
		l.Beta = 0.5
		return p.args[0]
	case "whole":
		l.Beta = 1
		return p.args[0]
	}
	return nil
}

// readWindow reads a multiple of the sum over a window of channels.
func (f *finder) readWindow(p polynomial, x *atom, l *layer.LRN) bool {
	if len(p) == 1 {
		if a := p.scaled(1 / p[0].coefficient).single(); a != nil && f.readBand(a, x, l) {
			l.Alpha *= p[0].coefficient
			return true
		}
	}
	return f.readSlices(p, x, l)
}

// readBand reads a convolution of the squares with a number for each channel within reach.
func (f *finder) readBand(a, x *atom, l *layer.LRN) bool {
	if a.node == nil || a.function != "" || a.value != a.node.Outputs[0] {
		return false
	}
	c, ok := a.node.Layer.(layer.Convolution)
	one := [2]int{1, 1}
	if !ok || c.Kernel != one || c.Stride != one || c.Groups != 1 || c.Bias || len(a.node.Params) != 1 || !f.squaresOf(a.node.Inputs[0], x) {
		return false
	}
	if p := c.Padding; p.Mode == layer.Explicit && p != (layer.Padding{}) {
		return false
	}
	size, alpha, ok := band(tensor.As[float64](a.node.Params[0].Value), c.Outputs)
	l.Size, l.Alpha = size, alpha
	return ok
}

// band reads a square matrix that has one number where the column is within reach of the row, and 0 elsewhere.
func band(w *tensor.Tensor[float64], n int) (size int, number float64, ok bool) {
	if len(w.Data) != n*n || n < 1 {
		return 0, 0, false
	}
	number = w.Data[0]
	up := 0
	for up+1 < n && w.Data[up+1] != 0 {
		up++
	}
	down := 0
	for down+1 < n && w.Data[(down+1)*n] != 0 {
		down++
	}
	size = down + up + 1
	if number == 0 || (size-1)/2 != down || size/2 != up {
		return 0, 0, false
	}
	for i := range n {
		for j := range n {
			want := 0.0
			if j-i <= up && i-j <= down {
				want = number
			}
			if w.Data[i*n+j] != want {
				return 0, 0, false
			}
		}
	}
	return size, number, true
}

// squaresOf reports whether a value is x^2.
func (f *finder) squaresOf(v string, x *atom) bool {
	return f.expression(x.value).of(v).equal(of(x).times(of(x)))
}

// readSlices reads the sum of slices of the padded squares, one from each place in the window.
func (f *finder) readSlices(p polynomial, x *atom, l *layer.LRN) bool {
	channels := f.shapes[x.value][1]
	if len(p) < 1 || channels < 1 {
		return false
	}
	l.Size, l.Alpha = len(p), p[0].coefficient
	seen := map[int]bool{}
	for _, t := range p {
		a := polynomial{{1, t.factors}}.single()
		if a == nil || a.node == nil || t.coefficient != l.Alpha {
			return false
		}
		at, ok := f.sliceOfSquares(a, x, l.Size, channels)
		if !ok || seen[at] {
			return false
		}
		seen[at] = true
	}
	return true
}

// sliceOfSquares is where a slice of as many channels as x has begins, in x^2 with zeros around it for a window.
func (f *finder) sliceOfSquares(a, x *atom, size, channels int) (begin int, ok bool) {
	l, ok := a.node.Layer.(layer.StridedSlice)
	if !ok {
		return 0, false
	}
	pad := f.producers[a.node.Inputs[0]]
	if pad == nil || len(l.New) > 0 || len(l.Ranges) < 2 {
		return 0, false
	}
	p, ok := pad.Layer.(layer.Pad)
	if !ok || p.Value != 0 || len(p.Before) != 4 || !f.squaresOf(pad.Inputs[0], x) {
		return 0, false
	}
	for i := range p.Before {
		before, after := 0, 0
		if i == 1 {
			before, after = (size-1)/2, size/2
		}
		if p.Before[i] != before || p.After[i] != after {
			return 0, false
		}
	}
	return rangeOfChannels(l, channels, channels+size-1)
}

// rangeOfChannels is where a slice of n channels, out of more, begins.
func rangeOfChannels(l layer.StridedSlice, n, of int) (begin int, ok bool) {
	for axis, r := range l.Ranges {
		if axis != 1 && r != layer.Whole || axis == 1 && (r.Drop || r.Stride != 1) {
			return 0, false
		}
	}
	r := l.Ranges[1]
	begin, end := r.Begin, r.End
	if r.BeginOpen {
		begin = 0
	}
	if r.EndOpen {
		end = of
	}
	return begin, begin >= 0 && end == begin+n && end <= of
}
