package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Filter keeps of each of its inputs but the last the items of the batch for which the last, the selector, is not zero: an
// output each, with as many items as were selected, which may be none.
type Filter struct{}

func (Filter) Kind() string { return "Filter" }

// Infer returns the shapes with everything selected.
func (l Filter) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if len(in) < 2 {
		return nil, fmt.Errorf("Filter takes at least one input and a selector, got %d input(s)", len(in))
	}
	selector, data := in[len(in)-1], in[:len(in)-1]
	if len(selector) < 1 || selector[1:].Len() != 1 {
		return nil, fmt.Errorf("a selector has one number for each item, got the shape %v", selector)
	}
	var out []tensor.Shape
	for i, s := range data {
		if len(s) < 1 || s[0] != selector[0] {
			return nil, fmt.Errorf("input %d of shape %v has not the %d items that the selector %v has", i, s, selector[0], selector)
		}
		out = append(out, s.Clone())
	}
	return out, nil
}

// InferFrom returns the shapes with what is selected.
func (l Filter) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	n := len(in) - 1
	kept := len(selected(tensor.As[float64](in[n])))
	var out []tensor.Shape
	for _, t := range in[:n] {
		s := t.Dims().Clone()
		s[0] = kept
		out = append(out, s)
	}
	return out, nil
}

// selected lists the items that the selector keeps.
func selected[T tensor.Float](selector *tensor.Tensor[T]) []int {
	var list []int
	for i, v := range selector.Data {
		if v != 0 {
			list = append(list, i)
		}
	}
	return list
}

func (Filter) Forward32(c *Call[float32]) { filter(c) }
func (Filter) Forward64(c *Call[float64]) { filter(c) }

func filter[T tensor.Float](c *Call[T]) {
	list := selected(c.In[len(c.Out)])
	for k, y := range c.Out {
		item := y.Shape[1:].Len()
		for i, from := range list[:min(len(list), y.Shape[0])] {
			copy(y.Data[i*item:(i+1)*item], c.In[k].Data[from*item:])
		}
	}
}

func (Filter) Backward32(g *Gradient[float32]) { filterBackward(g) }
func (Filter) Backward64(g *Gradient[float64]) { filterBackward(g) }

// filterBackward gives nothing to the items that were left out, and nothing to the selector.
func filterBackward[T tensor.Float](g *Gradient[T]) {
	last := len(g.In) - 1
	list := selected(g.In[last])
	g.InGrad[last] = nil
	for k, d := range g.OutGrad {
		item := d.Shape[1:].Len()
		for i, to := range list[:min(len(list), d.Shape[0])] {
			if g.InGrad[k] != nil {
				copy(g.InGrad[k].Data[to*item:], d.Data[i*item:(i+1)*item])
			}
		}
	}
}
