package layer

import "parity/googlenet/tensor"

// Undilated is a convolution whose gradients are those of the same convolution without its dilation: not derivatives, but what
// TensorFlow computes for a dilated depthwise convolution. Padding that depends on the kernel's reach is found anew for them.
type Undilated struct{ Of Convolution }

func (Undilated) Kind() string { return "Undilated" }

func (l Undilated) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return l.Of.Infer(in) }

// ParamShapes returns the shapes of the convolution's weights.
func (l Undilated) ParamShapes(in []tensor.Shape) []tensor.Shape { return l.Of.ParamShapes(in) }

func (l Undilated) Forward32(c *Call[float32]) { l.Of.Forward32(c) }
func (l Undilated) Forward64(c *Call[float64]) { l.Of.Forward64(c) }

// Attributes lists the convolution's settings.
func (l Undilated) Attributes() []Attribute {
	return append(l.Of.Attributes(), Attribute{"gradients", "without the dilation"})
}

func (l Undilated) Backward32(g *Gradient[float32]) { l.Back().Backward32(g) }
func (l Undilated) Backward64(g *Gradient[float64]) { l.Back().Backward64(g) }

// Back is the convolution that the gradients belong to.
func (l Undilated) Back() Convolution {
	back := l.Of
	back.Dilation = [2]int{1, 1}
	return back
}
