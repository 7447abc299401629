package layer

import (
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Im2col lays out what each position of a window sees as channels: channel c K + k of the output, with K the cells of the
// kernel, is channel c as seen by cell k, zero outside the map. Axis is that of the channels, as in ConvolutionND.
type Im2col struct {
	WindowND
	Axis int
}

func (Im2col) Kind() string { return "Im2col" }

func (l Im2col) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := l.checkMaps(l, in, l.Axis); err != nil {
		return nil, err
	}
	out, err := l.positions(in[0][l.Axis+1:])
	if err != nil {
		return nil, err
	}
	return []tensor.Shape{mapsShape(in[0], l.Axis, in[0][l.Axis]*l.taps(), out)}, nil
}

func (l Im2col) Forward32(c *Call[float32]) { im2col(l, c) }
func (l Im2col) Forward64(c *Call[float64]) { im2col(l, c) }

// Attributes lists the settings.
func (l Im2col) Attributes() []Attribute {
	list := l.attributes()
	if l.Axis != 1 {
		list = append(list, Attribute{"axis", strconv.Itoa(l.Axis)})
	}
	return list
}

func im2col[T tensor.Float](l Im2col, c *Call[T]) {
	x, y := c.In[0].Data, c.Out[0].Data
	l.eachCell(c.In[0].Shape, c.Out[0].Shape, c.Workers, func(in, out int) { y[out] = x[in] })
}

// eachCell calls f with the offsets of every element of the output that shows one of the input, and of that. What
// belongs to one plane of the input is called in sequence.
func (l Im2col) eachCell(in, out tensor.Shape, workers int, f func(in, out int)) {
	maps, positions := in[l.Axis+1:], out[l.Axis+1:]
	area, cells, taps := maps.Len(), positions.Len(), l.taps()
	parallel.For(workers, in[:l.Axis+1].Len(), func(plane int) {
		reach := make([]int, taps)
		for cell := range cells {
			l.reach(cell, positions, maps, reach)
			for k, at := range reach {
				if at >= 0 {
					f(plane*area+at, (plane*taps+k)*cells+cell)
				}
			}
		}
	})
}

func (l Im2col) Backward32(g *Gradient[float32]) { im2colBackward(l, g) }
func (l Im2col) Backward64(g *Gradient[float64]) { im2colBackward(l, g) }

func im2colBackward[T tensor.Float](l Im2col, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	to, d := g.InGrad[0].Data, g.OutGrad[0].Data
	l.eachCell(g.In[0].Shape, g.Out[0].Shape, g.Workers, func(in, out int) { to[in] += d[out] })
}
