package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Convolution is cross-correlation of an NCHW input with OIHW weights, plus a bias per output channel:
//
//	y[n,o,i,j] = b[o] + sum_{c,u,v} w[o,c,u,v] x[n, g C/G + c, i s + u d - top, j s + v d - left]
//
// with x zero outside the map, G groups and g the group of output o. Parameters: weights
// [Outputs, C/G, kh, kw], then, with Bias, bias [Outputs].
type Convolution struct {
	Window
	Outputs, Groups int
	Bias            bool
}

func (Convolution) Kind() string { return "Convolution" }

func (l Convolution) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	n, c, h, w, err := spatial(l, in)
	if err != nil {
		return nil, err
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	if l.Groups < 1 || c%l.Groups != 0 || l.Outputs < 1 || l.Outputs%l.Groups != 0 {
		return nil, fmt.Errorf("%d groups must divide %d input and %d output channels", l.Groups, c, l.Outputs)
	}
	top, left, bottom, right := l.Padding.For(h, w, l.Window)
	oh, ow := l.steps(0, h, top+bottom), l.steps(1, w, left+right)
	if oh < 1 || ow < 1 {
		return nil, fmt.Errorf("kernel %s does not fit into the %dx%d input padded by %v", pair(l.Kernel), h, w, l.Padding)
	}
	return []tensor.Shape{{n, l.Outputs, oh, ow}}, nil
}

// ParamShapes returns the shapes of the weights and, with Bias, the bias.
func (l Convolution) ParamShapes(in []tensor.Shape) []tensor.Shape {
	shapes := []tensor.Shape{{l.Outputs, in[0][1] / l.Groups, l.Kernel[0], l.Kernel[1]}}
	if l.Bias {
		shapes = append(shapes, tensor.Shape{l.Outputs})
	}
	return shapes
}

func (l Convolution) Forward32(c *Call[float32]) { convolve(l, c) }
func (l Convolution) Forward64(c *Call[float64]) { convolve(l, c) }

// Attributes lists the settings.
func (l Convolution) Attributes() []Attribute {
	list := append([]Attribute{{"outputs", strconv.Itoa(l.Outputs)}}, l.attributes()...)
	if l.Groups != 1 {
		list = append(list, Attribute{"groups", strconv.Itoa(l.Groups)})
	}
	if !l.Bias {
		list = append(list, Attribute{"bias", "none"})
	}
	return list
}

// convolvePlain is the formula as it stands: the truth that the fast form is tested against.
func convolvePlain[T tensor.Float](l Convolution, c *Call[T]) {
	x, w, y := c.In[0], c.Params[0], c.Out[0]
	h, wd := x.Shape[2], x.Shape[3]
	oh, ow := y.Shape[2], y.Shape[3]
	ci := w.Shape[1]
	top, left, _, _ := l.Padding.For(h, wd, l.Window)
	parallel.For(c.Workers, x.Shape[0]*l.Outputs, func(plane int) {
		n, o := plane/l.Outputs, plane%l.Outputs
		first := o / (l.Outputs / l.Groups) * ci
		out := y.Data[plane*oh*ow : (plane+1)*oh*ow]
		for i := range out {
			at := l.window(i/ow, i%ow, top, left, h, wd)
			for k := range ci {
				in := x.Data[(n*x.Shape[1]+first+k)*h*wd:]
				kernel := w.Data[(o*ci+k)*l.Kernel[0]*l.Kernel[1]:]
				at.each(func(u, v, cell int) { out[i] += kernel[u*l.Kernel[1]+v] * in[cell] })
			}
			if l.Bias {
				out[i] += c.Params[1].Data[o]
			}
		}
	})
}

// reach is one position of a window over a map: which kernel cells fall inside it.
type reach struct {
	Window
	row, col, h, w int // of the kernel's first cell, possibly outside the map
}

func (w Window) window(i, j, top, left, h, wd int) reach {
	return reach{w, i*w.Stride[0] - top, j*w.Stride[1] - left, h, wd}
}

// each calls f with the kernel coordinates and the offset in the map of every cell inside the map.
func (r reach) each(f func(u, v, cell int)) {
	for u := range r.Kernel[0] {
		row := r.row + u*r.Dilation[0]
		if row < 0 || row >= r.h {
			continue
		}
		for v := range r.Kernel[1] {
			if col := r.col + v*r.Dilation[1]; col >= 0 && col < r.w {
				f(u, v, row*r.w+col)
			}
		}
	}
}
