package layer

import (
	"fmt"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Dropout drops elements in training, each with probability Ratio, and scales the others so that their mean stays:
//
//	y = x mask / (1 - Ratio)
//
// The mask, 1 for what is kept and 0 for what is dropped, is a second input of the shape of the first: whoever runs the
// layer draws it. In inference (not Active) there is no mask, and y = x.
type Dropout struct {
	Ratio  float64
	Active bool
	// Uniform has numbers drawn from [0, 1) for the mask: what is kept are those of at least Ratio.
	Uniform bool
	// Scale is what is multiplied with in place of 1 / (1 - Ratio); 0 for that.
	Scale float64
}

func (Dropout) Kind() string { return "Dropout" }

func (l Dropout) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if !l.Active {
		return same(l, in)
	}
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	if !in[0].Equal(in[1]) {
		return nil, fmt.Errorf("Dropout takes a mask of the shape of its input %v, got %v", in[0], in[1])
	}
	return []tensor.Shape{in[0].Clone()}, nil
}

func (l Dropout) Forward32(c *Call[float32]) { dropout(l, c) }
func (l Dropout) Forward64(c *Call[float64]) { dropout(l, c) }

// Attributes lists the ratio, and whether the layer drops anything.
func (l Dropout) Attributes() []Attribute {
	list := []Attribute{{"ratio", number(l.Ratio)}}
	if l.Active {
		list = append(list, Attribute{"active", "true"})
	}
	if l.Scale != 0 {
		list = append(list, Attribute{"scale", number(l.Scale)})
	}
	return list
}

func dropout[T tensor.Float](l Dropout, c *Call[T]) {
	if !l.Active {
		copyThrough(c)
		return
	}
	keep(l, c.Workers, c.In[0].Data, c.In[1].Data, c.Out[0].Data)
}

// keep writes x mask / (1 - Ratio), which is what becomes of the gradient too.
func keep[T tensor.Float](l Dropout, workers int, x, mask, to []T) {
	scale := T(l.Factor())
	parallel.Ranges(workers, len(x), grain, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			m := mask[i]
			if l.Uniform {
				m = truth[T](m >= T(l.Ratio))
			}
			to[i] = x[i] * m * scale
		}
	})
}

// Factor multiplies what is kept.
func (l Dropout) Factor() float64 {
	if l.Scale != 0 {
		return l.Scale
	}
	return 1 / (1 - l.Ratio)
}

func (l Dropout) Backward32(g *Gradient[float32]) { dropoutBackward(l, g) }
func (l Dropout) Backward64(g *Gradient[float64]) { dropoutBackward(l, g) }

func dropoutBackward[T tensor.Float](l Dropout, g *Gradient[T]) {
	if l.Active {
		g.InGrad[1] = nil // the mask is drawn
	}
	switch {
	case g.InGrad[0] == nil:
	case l.Active:
		keep(l, g.Workers, g.OutGrad[0].Data, g.In[1].Data, g.InGrad[0].Data)
	default:
		copyBack(g)
	}
}
