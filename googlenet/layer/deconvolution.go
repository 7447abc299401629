package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Deconvolution is transposed convolution of an NCHW input, plus a bias per output channel:
//
//	y[n, g O/G + o, i s + u d - top, j s + v d - left] = b[o] + sum over c, i, j, u, v of w[c,o,u,v] x[n,c,i,j]
//
// with g the group of input channel c. Its window is that of the convolution from the output to the input, of which it
// is the gradient. The output has s (n-1) + (k-1) d + 1 - padding + Extra cells along an axis, and s n where the padding
// is SameUpper or SameLower. Parameters: weights [C, Outputs/Groups, kh, kw], then, with Bias, bias [Outputs].
type Deconvolution struct {
	Window
	// Extra are rows at the bottom and columns at the right that explicit padding would have cut off or that the kernel
	// does not reach (ONNX: output_padding).
	Extra           [2]int
	Outputs, Groups int
	Bias            bool
}

func (Deconvolution) Kind() string { return "Deconvolution" }

func (l Deconvolution) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	_, _, _, _, err := spatial(l, in)
	if err == nil {
		err = l.check()
	}
	if err != nil {
		return nil, err
	}
	return l.ND(in[0]).Infer(in)
}

// ND is the layer for an input of the given shape, with its padding resolved.
func (l Deconvolution) ND(in tensor.Shape) DeconvolutionND {
	h, w := in[2], in[3]
	nd := DeconvolutionND{WindowND: l.nd(h*l.Stride[0], w*l.Stride[1]), Extra: l.Extra[:], Axis: 1, Outputs: l.Outputs, Groups: l.Groups, Bias: l.Bias}
	if l.Padding.Mode != Explicit {
		nd.Extra = make([]int, 2)
		for a := range nd.Extra { // a stride beyond the kernel's reach leaves cells that nothing reaches
			nd.Extra[a] = max(l.Stride[a]-l.extent(a), 0)
		}
	}
	return nd
}

// ParamShapes returns the shapes of the weights and, with Bias, the bias.
func (l Deconvolution) ParamShapes(in []tensor.Shape) []tensor.Shape {
	return DeconvolutionND{WindowND: WindowND{Kernel: l.Kernel[:]}, Axis: 1, Outputs: l.Outputs, Groups: l.Groups, Bias: l.Bias}.ParamShapes(in)
}

func (l Deconvolution) Forward32(c *Call[float32]) { deconvolve(l, c) }
func (l Deconvolution) Forward64(c *Call[float64]) { deconvolve(l, c) }

// Attributes lists the settings.
func (l Deconvolution) Attributes() []Attribute {
	window := l.attributes()
	if l.Extra != [2]int{} {
		window = append(window, Attribute{"extra", fmt.Sprint(l.Extra)})
	}
	return channelAttributes(window, 1, l.Outputs, l.Groups, l.Bias)
}

func deconvolve[T tensor.Float](l Deconvolution, c *Call[T]) {
	deconvolveND(l.ND(c.In[0].Shape), c)
}

func (l Deconvolution) Backward32(g *Gradient[float32]) { deconvolveBackward(l, g) }
func (l Deconvolution) Backward64(g *Gradient[float64]) { deconvolveBackward(l, g) }

func deconvolveBackward[T tensor.Float](l Deconvolution, g *Gradient[T]) {
	deconvolveNDBackward(l.ND(g.In[0].Shape), g)
}
