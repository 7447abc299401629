package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// DeconvolutionND is the transpose of ConvolutionND as a linear map, plus a bias per output channel: a convolution by the
// same window takes a map of the output's extent, cut by Extra, to one of the input's. Along an axis of n cells the
// output has
//
//	Stride (n-1) + (Kernel-1) Dilation + 1 - Before - After + Extra
//
// Extra holds, for each axis, cells at the end that no input reaches through the kernel or that After has cut off (ONNX:
// output_padding); nil for none. Parameters: weights [C, Outputs/Groups, kernel...], then, with Bias, bias [Outputs].
type DeconvolutionND struct {
	WindowND
	Extra           []int
	Axis            int // of the channels, as in ConvolutionND
	Outputs, Groups int
	Bias            bool
}

func (DeconvolutionND) Kind() string { return "DeconvolutionND" }

func (l DeconvolutionND) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := l.checkMaps(l, in, l.Axis); err != nil {
		return nil, err
	}
	if err := checkGroups(in[0][l.Axis], l.Outputs, l.Groups); err != nil {
		return nil, err
	}
	out := in[0][l.Axis+1:].Clone()
	if l.Extra != nil && len(l.Extra) != len(out) {
		return nil, fmt.Errorf("%d extra extents do not fit %d axes", len(l.Extra), len(out))
	}
	for a, n := range out {
		out[a] = l.Stride[a]*(n-1) + l.extent(a) - l.Before[a] - l.After[a]
		if l.Extra != nil {
			out[a] += l.Extra[a]
		}
		if n < 1 || out[a] < 1 {
			return nil, fmt.Errorf("of %d cells, padding %d before and %d after leaves nothing of the output along spatial axis %d", n, l.Before[a], l.After[a], a)
		}
	}
	return []tensor.Shape{mapsShape(in[0], l.Axis, l.Outputs, out)}, nil
}

// ParamShapes returns the shapes of the weights and, with Bias, the bias.
func (l DeconvolutionND) ParamShapes(in []tensor.Shape) []tensor.Shape {
	shapes := []tensor.Shape{append(tensor.Shape{in[0][l.Axis], l.Outputs / l.Groups}, l.Kernel...)}
	if l.Bias {
		shapes = append(shapes, tensor.Shape{l.Outputs})
	}
	return shapes
}

func (l DeconvolutionND) Forward32(c *Call[float32]) { deconvolveND(l, c) }
func (l DeconvolutionND) Forward64(c *Call[float64]) { deconvolveND(l, c) }

// Attributes lists the settings.
func (l DeconvolutionND) Attributes() []Attribute {
	window := l.attributes()
	if !all(l.Extra, 0) {
		window = append(window, Attribute{"extra", fmt.Sprint(l.Extra)})
	}
	return channelAttributes(window, l.Axis, l.Outputs, l.Groups, l.Bias)
}

func deconvolveND[T tensor.Float](l DeconvolutionND, c *Call[T]) {
	m := transposedOf(l, c.In[0].Shape, c.Out[0].Shape, c.Params[0], c.Workers)
	m.scatter(c.In[0].Data, c.Out[0].Data)
	if l.Bias {
		addBias(c.Out[0].Data, m.large, c.Params[1].Data)
	}
}

func transposedOf[T tensor.Float](l DeconvolutionND, in, out tensor.Shape, weights *tensor.Tensor[T], workers int) correlation[T] {
	return correlation[T]{l.WindowND, in[:l.Axis].Len(), out[l.Axis:], in[l.Axis:], l.Groups, weights, workers}
}

func (l DeconvolutionND) Backward32(g *Gradient[float32]) { deconvolveNDBackward(l, g) }
func (l DeconvolutionND) Backward64(g *Gradient[float64]) { deconvolveNDBackward(l, g) }

func deconvolveNDBackward[T tensor.Float](l DeconvolutionND, g *Gradient[T]) {
	m := transposedOf(l, g.In[0].Shape, g.OutGrad[0].Shape, g.Params[0], g.Workers)
	if g.InGrad[0] != nil {
		m.gather(g.OutGrad[0].Data, g.InGrad[0].Data)
	}
	if g.ParamGrad[0] != nil {
		m.weigh(g.OutGrad[0].Data, g.In[0].Data, g.ParamGrad[0].Data)
	}
	if l.Bias && g.ParamGrad[1] != nil {
		addUp(g.OutGrad[0], l.Axis, g.ParamGrad[1].Data)
	}
}
