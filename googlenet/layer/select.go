package layer

import (
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Select takes each element from its second input where the first one is not 0, else from its third, smaller ones repeated as in
// Repeated. The first input has no gradient.
type Select struct{}

func (Select) Kind() string { return "Select" }

func (l Select) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 3); err != nil {
		return nil, err
	}
	out, err := repeatedShape(l, in)
	if err != nil {
		return nil, err
	}
	return []tensor.Shape{out}, nil
}

func (Select) Forward32(c *Call[float32]) { choose(c) }
func (Select) Forward64(c *Call[float64]) { choose(c) }

func choose[T tensor.Float](c *Call[T]) {
	y := c.Out[0]
	r := Repeat(y.Shape, c.In[0].Shape, c.In[1].Shape, c.In[2].Shape)
	parallel.Ranges(c.Workers, len(y.Data), grain, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			from := Chosen(c.In[0].Data[r.At(0, i)])
			y.Data[i] = c.In[from].Data[r.At(from, i)]
		}
	})
}

// Chosen is the input that an element is taken from.
func Chosen[T tensor.Float](condition T) int {
	if condition != 0 {
		return 1
	}
	return 2
}

func (Select) Backward32(g *Gradient[float32]) { chooseBackward(g) }
func (Select) Backward64(g *Gradient[float64]) { chooseBackward(g) }

func chooseBackward[T tensor.Float](g *Gradient[T]) {
	g.InGrad[0] = nil
	condition, d := g.In[0].Data, g.OutGrad[0].Data
	r := Repeat(g.Out[0].Shape, g.In[0].Shape, g.In[1].Shape, g.In[2].Shape)
	for input, to := range g.InGrad {
		if to == nil {
			continue
		}
		addUpRepeated(r, input, to.Data, func(i int) T {
			if Chosen(condition[r.At(0, i)]) == input {
				return d[i]
			}
			return 0
		})
	}
}
