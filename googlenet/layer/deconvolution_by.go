package layer

import "parity/googlenet/tensor"

// DeconvolutionBy is a deconvolution without bias whose weights are its second input.
type DeconvolutionBy struct{ Of Deconvolution }

func (DeconvolutionBy) Kind() string { return "DeconvolutionBy" }

func (l DeconvolutionBy) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	return inferBy(l, l.Of, l.Of.ParamShapes, in)
}

func (l DeconvolutionBy) Forward32(c *Call[float32]) { l.Of.Forward32(callBy(c)) }
func (l DeconvolutionBy) Forward64(c *Call[float64]) { l.Of.Forward64(callBy(c)) }

// Attributes lists the settings.
func (l DeconvolutionBy) Attributes() []Attribute { return l.Of.Attributes() }

func (l DeconvolutionBy) Backward32(g *Gradient[float32]) { l.Of.Backward32(gradientBy(g)) }
func (l DeconvolutionBy) Backward64(g *Gradient[float64]) { l.Of.Backward64(gradientBy(g)) }
