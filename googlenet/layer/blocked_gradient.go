package layer

import "parity/googlenet/tensor"

// BlockedGradient is one backward execution on maps in blocks, as Gradient is on tensors. InGrad hold anything, and are to be
// written as a whole; an entry is nil if nobody asks for it.
type BlockedGradient[T tensor.Float] struct {
	In, Out, OutGrad  []*Maps[T]
	InGrad            []*Blocked[T]
	Params, ParamGrad []*tensor.Tensor[T]
	Workers           int
}

// BlockwiseDifferentiable is a layer whose gradients can be computed on maps in blocks, wherever it is InBlocks.
type BlockwiseDifferentiable interface {
	Blockwise
	BackwardBlocked32(g *BlockedGradient[float32])
	BackwardBlocked64(g *BlockedGradient[float64])
}
