package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// ConvolutionBy is a convolution without bias whose weights are its second input.
type ConvolutionBy struct{ Of Convolution }

func (ConvolutionBy) Kind() string { return "ConvolutionBy" }

func (l ConvolutionBy) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	return inferBy(l, l.Of, l.Of.ParamShapes, in)
}

// inferBy infers the shapes of a layer whose only parameter is its second input.
func inferBy(l, of Layer, params func([]tensor.Shape) []tensor.Shape, in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	out, err := of.Infer(in[:1])
	if err != nil {
		return nil, err
	}
	if want := params(in[:1])[0]; !in[1].Equal(want) {
		return nil, fmt.Errorf("%s of %v needs weights of shape %v, got %v", l.Kind(), in[0], want, in[1])
	}
	return out, nil
}

func (l ConvolutionBy) Forward32(c *Call[float32]) { l.Of.Forward32(callBy(c)) }
func (l ConvolutionBy) Forward64(c *Call[float64]) { l.Of.Forward64(callBy(c)) }

// Attributes lists the settings.
func (l ConvolutionBy) Attributes() []Attribute { return l.Of.Attributes() }

// callBy takes the second input for the parameter.
func callBy[T tensor.Float](c *Call[T]) *Call[T] {
	return &Call[T]{In: c.In[:1], Params: c.In[1:], Out: c.Out, Workers: c.Workers}
}

func (l ConvolutionBy) Backward32(g *Gradient[float32]) { l.Of.Backward32(gradientBy(g)) }
func (l ConvolutionBy) Backward64(g *Gradient[float64]) { l.Of.Backward64(gradientBy(g)) }

func gradientBy[T tensor.Float](g *Gradient[T]) *Gradient[T] {
	return &Gradient[T]{
		In: g.In[:1], Params: g.In[1:], Out: g.Out, OutGrad: g.OutGrad,
		InGrad: g.InGrad[:1], ParamGrad: g.InGrad[1:], Workers: g.Workers,
	}
}
