package layer

import (
	"parity/googlenet/tensor"
)

// Dropout drops elements in training, each with probability Ratio. In inference, which is what Forward
// computes, it passes its input on: frameworks scale by 1/(1-Ratio) while training.
type Dropout struct{ Ratio float64 }

func (Dropout) Kind() string { return "Dropout" }

func (l Dropout) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (Dropout) Forward32(c *Call[float32]) { copyThrough(c) }
func (Dropout) Forward64(c *Call[float64]) { copyThrough(c) }

// Attributes lists the ratio.
func (l Dropout) Attributes() []Attribute { return []Attribute{{"ratio", number(l.Ratio)}} }

func (Dropout) Backward32(g *Gradient[float32]) { copyBack(g) }
func (Dropout) Backward64(g *Gradient[float64]) { copyBack(g) }
