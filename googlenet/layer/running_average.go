package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// RunningAverage follows a statistic from batch to batch: its parameter, which it brings up to date with every forward run in training, is
//
//	y = Decay (the parameter) + (1 - Decay) x
//
// It passes no gradient on.
type RunningAverage struct{ Decay float64 }

func (RunningAverage) Kind() string { return "RunningAverage" }

func (l RunningAverage) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

// ParamShapes returns the shape of the input.
func (l RunningAverage) ParamShapes(in []tensor.Shape) []tensor.Shape {
	return []tensor.Shape{in[0].Clone()}
}

// Attributes lists the decay.
func (l RunningAverage) Attributes() []Attribute { return []Attribute{{"decay", fmt.Sprint(l.Decay)}} }

func (l RunningAverage) Forward32(c *Call[float32]) { runningAverage(l, c) }
func (l RunningAverage) Forward64(c *Call[float64]) { runningAverage(l, c) }

func runningAverage[T tensor.Float](l RunningAverage, c *Call[T]) {
	kept, share := T(l.Decay), T(1-l.Decay)
	for i, x := range c.In[0].Data {
		c.Out[0].Data[i] = T(kept*c.Params[0].Data[i]) + T(share*x)
	}
}

func (l RunningAverage) Update32(c *Call[float32]) []*tensor.Tensor[float32] {
	return []*tensor.Tensor[float32]{c.Out[0].Clone()}
}

func (l RunningAverage) Update64(c *Call[float64]) []*tensor.Tensor[float64] {
	return []*tensor.Tensor[float64]{c.Out[0].Clone()}
}

func (l RunningAverage) Backward32(g *Gradient[float32]) { g.InGrad[0], g.ParamGrad[0] = nil, nil }
func (l RunningAverage) Backward64(g *Gradient[float64]) { g.InGrad[0], g.ParamGrad[0] = nil, nil }
