package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// BatchReindex picks items of a batch: item i of the output is item index[i] of the first input, with the index, a list of
// numbers whose fractions are cut off, the second input.
type BatchReindex struct{}

func (BatchReindex) Kind() string { return "BatchReindex" }

func (l BatchReindex) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	if len(in[0]) < 1 || len(in[1]) != 1 {
		return nil, fmt.Errorf("BatchReindex takes a batch and a list of its items, got %v and %v", in[0], in[1])
	}
	out := in[0].Clone()
	out[0] = in[1][0]
	return []tensor.Shape{out}, nil
}

// InferFrom refuses an index outside the batch.
func (l BatchReindex) InferFrom(in []tensor.Any) ([]tensor.Shape, error) {
	batch := in[0].Dims()[0]
	for i, v := range tensor.As[float64](in[1]).Data {
		if !(v >= 0 && v < float64(batch)) {
			return nil, fmt.Errorf("index %d is %v, outside a batch of %d", i, v, batch)
		}
	}
	return l.Infer([]tensor.Shape{in[0].Dims(), in[1].Dims()})
}

func (BatchReindex) Forward32(c *Call[float32]) { batchReindex(c) }
func (BatchReindex) Forward64(c *Call[float64]) { batchReindex(c) }

func batchReindex[T tensor.Float](c *Call[T]) {
	item := c.In[0].Shape[1:].Len()
	eachRow(c.In[1].Data, c.In[0].Shape[0], func(i, row int) {
		copy(c.Out[0].Data[i*item:(i+1)*item], c.In[0].Data[row*item:])
	})
}

func (BatchReindex) Backward32(g *Gradient[float32]) { batchReindexBackward(g) }
func (BatchReindex) Backward64(g *Gradient[float64]) { batchReindexBackward(g) }

// batchReindexBackward adds up the gradients of all outputs that show an item. The index has no gradient.
func batchReindexBackward[T tensor.Float](g *Gradient[T]) {
	g.InGrad[1] = nil
	if g.InGrad[0] == nil {
		return
	}
	item := g.In[0].Shape[1:].Len()
	eachRow(g.In[1].Data, g.In[0].Shape[0], func(i, row int) {
		axpy(1, g.OutGrad[0].Data[i*item:(i+1)*item], g.InGrad[0].Data[row*item:][:item])
	})
}
