package layer

import "parity/googlenet/tensor"

// Differentiable is a layer with gradients.
type Differentiable interface {
	Layer
	// Backward32 and Backward64 write the gradients of the inputs and parameters in float32 and float64.
	Backward32(g *Gradient[float32])
	Backward64(g *Gradient[float64])
}

// Gradient is one backward execution: the values of the forward pass and the gradients of the outputs to read, the
// gradients of inputs and parameters to write.
type Gradient[T tensor.Float] struct {
	In, Params, Out []*tensor.Tensor[T]
	// OutGrad are the gradients of the outputs; those of an output that nothing depends on are zero.
	OutGrad []*tensor.Tensor[T]
	// InGrad and ParamGrad have the shapes of In and Params and hold zeros; an entry is nil if nobody asks for it. Backward
	// sets the entry to nil of what has no gradient, such as labels and running statistics.
	InGrad, ParamGrad []*tensor.Tensor[T]
	// Workers is the number of goroutines to use; results do not depend on it.
	Workers int
}
