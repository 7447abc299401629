package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// ScatterND is its first input with other elements at the places that the second gives: those of the third, or with Add its own and
// those together. The last axis of the indices holds, for each place, a whole number for each of the leading axes, as for a GatherND:
//
//	y = x, y[index[i..., :], q...] = update[i..., q...]
//
// Without Add, of several updates of one place the last stays.
type ScatterND struct{ Add bool }

func (ScatterND) Kind() string { return "ScatterND" }

func (l ScatterND) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 3); err != nil {
		return nil, err
	}
	x, index, update := in[0], in[1], in[2]
	depth, err := checkIndices(l, x, index, 0)
	if err != nil {
		return nil, err
	}
	if want := append(index[:len(index)-1].Clone(), x[depth:]...); !update.Equal(want) {
		return nil, fmt.Errorf("ScatterND: indices %v into %v need updates of shape %v, got %v", index, x, want, update)
	}
	return []tensor.Shape{x.Clone()}, nil
}

// InferFrom refuses an index outside its axis.
func (l ScatterND) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	shapes := []tensor.Shape{in[0].Dims(), in[1].Dims(), in[2].Dims()}
	if err := checkPlaces(l, shapes[0], tensor.As[float64](in[1]), 0); err != nil {
		return nil, err
	}
	return l.Infer(shapes)
}

// Attributes tells whether updates are added.
func (l ScatterND) Attributes() []Attribute {
	return []Attribute{{"updates", map[bool]string{false: "replace", true: "are added"}[l.Add]}}
}

func (l ScatterND) Forward32(c *Call[float32]) { scatterND(l, c) }
func (l ScatterND) Forward64(c *Call[float64]) { scatterND(l, c) }

func scatterND[T tensor.Float](l ScatterND, c *Call[T]) {
	y, update := c.Out[0].Data, c.In[2].Data
	copy(y, c.In[0].Data)
	EachPlace(c.In[0].Shape, c.In[1], 0, func(at, from, n int) {
		if l.Add {
			axpy(1, update[from:from+n], y[at:at+n])
			return
		}
		copy(y[at:at+n], update[from:from+n])
	})
}

func (l ScatterND) Backward32(g *Gradient[float32]) { scatterNDBackward(l, g) }
func (l ScatterND) Backward64(g *Gradient[float64]) { scatterNDBackward(l, g) }

// scatterNDBackward gives every update the gradient of its place; without Add that place of the first input has none left. An update
// that another replaces has that gradient too, as in TensorFlow.
func scatterNDBackward[T tensor.Float](l ScatterND, g *Gradient[T]) {
	g.InGrad[1] = nil
	d := g.OutGrad[0].Data
	if to := g.InGrad[0]; to != nil {
		copy(to.Data, d)
	}
	EachPlace(g.In[0].Shape, g.In[1], 0, func(at, from, n int) {
		if to := g.InGrad[2]; to != nil {
			copy(to.Data[from:from+n], d[at:at+n])
		}
		if to := g.InGrad[0]; to != nil && !l.Add {
			clear(to.Data[at : at+n])
		}
	})
}
