package lower

import (
	"slices"

	"parity/googlenet/layer"
)

// softmaxCrossEntropy compares rows of logits with rows of probabilities.
func softmaxCrossEntropy(c *call) error {
	return c.crossEntropy(layer.SoftmaxCrossEntropyDense{Axis: 1}, 2)
}

// sparseSoftmaxCrossEntropy compares rows of logits with the number of a class.
func sparseSoftmaxCrossEntropy(c *call) error {
	return c.crossEntropy(layer.SoftmaxCrossEntropySparse{Axis: 1}, 1)
}

// crossEntropy takes a matrix of logits, and a target with as many axes as told.
func (c *call) crossEntropy(l layer.Layer, axes int) error {
	logits, ok := c.operand(0)
	target, known := c.operand(1)
	if !ok || !known {
		return c.unknown("its inputs are not known")
	}
	logits, target = c.ranked(logits, 2), c.ranked(target, axes)
	if logits.rank() != 2 || target.rank() != axes {
		return c.node.Errorf("it takes logits of 2 dimensions and a target of %d, found the shapes %v and %v", axes, logits.stored(), target.stored())
	}
	if axes == 2 {
		logits, target = c.repeatedAs(logits, target), c.repeatedAs(target, logits)
	}
	return c.emitIfFits(one{layer: l, in: []*value{logits, target}, aside: true})
}

// repeatedAs repeats a matrix along axes of one cell where another one has more.
func (c *call) repeatedAs(v, like *value) *value {
	shape := together([]*value{v, like})
	if shape.Equal(v.shape) || slices.Contains(shape, -1) {
		return v
	}
	return c.between("/repeated", layer.Broadcast{Shape: shape}, v, false, "repeated along an axis of one cell")
}
