package layer

import (
	"parity/googlenet/tensor"
)

// Identity passes its input on.
type Identity struct{}

func (Identity) Kind() string { return "Identity" }

func (l Identity) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (Identity) Forward32(c *Call[float32]) { copyThrough(c) }
func (Identity) Forward64(c *Call[float64]) { copyThrough(c) }

func copyThrough[T tensor.Float](c *Call[T]) { copy(c.Out[0].Data, c.In[0].Data) }
