package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// ConvolutionND is Convolution over any number of axes, also none. Axis is that of the channels: those before it count as
// the batch, those after it are what the window slides over. Parameters: weights [Outputs, C/Groups, kernel...],
// then, with Bias, bias [Outputs].
type ConvolutionND struct {
	WindowND
	Axis            int
	Outputs, Groups int
	Bias            bool
}

func (ConvolutionND) Kind() string { return "ConvolutionND" }

func (l ConvolutionND) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := l.checkMaps(l, in, l.Axis); err != nil {
		return nil, err
	}
	if err := checkGroups(in[0][l.Axis], l.Outputs, l.Groups); err != nil {
		return nil, err
	}
	out, err := l.positions(in[0][l.Axis+1:])
	if err != nil {
		return nil, err
	}
	return []tensor.Shape{mapsShape(in[0], l.Axis, l.Outputs, out)}, nil
}

// checkMaps checks that a layer has one input, of maps that the window slides over behind the channels' axis.
func (w WindowND) checkMaps(l Layer, in []tensor.Shape, axis int) error {
	if err := arity(l, in, 1); err != nil {
		return err
	}
	if axis < 0 || axis >= len(in[0]) {
		return fmt.Errorf("%s axis %d is outside the %d dimensions of %v", l.Kind(), axis, len(in[0]), in[0])
	}
	return w.check(len(in[0]) - axis - 1)
}

func checkGroups(inputs, outputs, groups int) error {
	if groups < 1 || inputs%groups != 0 || outputs < 1 || outputs%groups != 0 {
		return fmt.Errorf("%d groups must divide %d input and %d output channels", groups, inputs, outputs)
	}
	return nil
}

// mapsShape is a shape with other channels and other extents behind them.
func mapsShape(in tensor.Shape, axis, channels int, extents tensor.Shape) tensor.Shape {
	return append(append(in[:axis].Clone(), channels), extents...)
}

// ParamShapes returns the shapes of the weights and, with Bias, the bias.
func (l ConvolutionND) ParamShapes(in []tensor.Shape) []tensor.Shape {
	shapes := []tensor.Shape{append(tensor.Shape{l.Outputs, in[0][l.Axis] / l.Groups}, l.Kernel...)}
	if l.Bias {
		shapes = append(shapes, tensor.Shape{l.Outputs})
	}
	return shapes
}

func (l ConvolutionND) Forward32(c *Call[float32]) { convolveND(l, c) }
func (l ConvolutionND) Forward64(c *Call[float64]) { convolveND(l, c) }

// Attributes lists the settings.
func (l ConvolutionND) Attributes() []Attribute {
	return channelAttributes(l.attributes(), l.Axis, l.Outputs, l.Groups, l.Bias)
}

// channelAttributes lists what a convolution does with channels beside the settings of its window.
func channelAttributes(window []Attribute, axis, outputs, groups int, bias bool) []Attribute {
	list := append([]Attribute{{"outputs", strconv.Itoa(outputs)}}, window...)
	if axis != 1 {
		list = append(list, Attribute{"axis", strconv.Itoa(axis)})
	}
	if groups != 1 {
		list = append(list, Attribute{"groups", strconv.Itoa(groups)})
	}
	if !bias {
		list = append(list, Attribute{"bias", "none"})
	}
	return list
}

func convolveND[T tensor.Float](l ConvolutionND, c *Call[T]) {
	m := correlationOf(l, c.In[0].Shape, c.Out[0].Shape, c.Params[0], c.Workers)
	m.gather(c.In[0].Data, c.Out[0].Data)
	if l.Bias {
		addBias(c.Out[0].Data, m.small, c.Params[1].Data)
	}
}

func correlationOf[T tensor.Float](l ConvolutionND, in, out tensor.Shape, weights *tensor.Tensor[T], workers int) correlation[T] {
	return correlation[T]{l.WindowND, in[:l.Axis].Len(), in[l.Axis:], out[l.Axis:], l.Groups, weights, workers}
}

func (l ConvolutionND) Backward32(g *Gradient[float32]) { convolveNDBackward(l, g) }
func (l ConvolutionND) Backward64(g *Gradient[float64]) { convolveNDBackward(l, g) }

func convolveNDBackward[T tensor.Float](l ConvolutionND, g *Gradient[T]) {
	m := correlationOf(l, g.In[0].Shape, g.OutGrad[0].Shape, g.Params[0], g.Workers)
	if g.InGrad[0] != nil {
		m.scatter(g.OutGrad[0].Data, g.InGrad[0].Data)
	}
	if g.ParamGrad[0] != nil {
		m.weigh(g.In[0].Data, g.OutGrad[0].Data, g.ParamGrad[0].Data)
	}
	if l.Bias && g.ParamGrad[1] != nil {
		addUp(g.OutGrad[0], l.Axis, g.ParamGrad[1].Data)
	}
}
