package loss

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// BN is the softmax of features that batch normalisation brings to a norm of about sqrt(k), and of normalised class weights (Zhang and others,
// Heated-up softmax embedding, 2018, equation 7):
//
//	f = (x - mean) / sqrt(variance + Epsilon) + beta,    z = Alpha/sqrt(k) f n(W columns) + b
//
// and then as Softmax. Mean and variance, the mean of the squared distances, are those of the batch; there is no gamma. What is to be used on other
// images are running averages, which begin at 0 and 1 and keep 0.95 of themselves in every batch. The paper divides the features by sqrt(k), its code
// Alpha, as here. Heated it is HBN: see Heating.
type BN struct{ Alpha, Epsilon, Smoothing float64 }

func (BN) Name() string { return "bn" }

// Params: the weights, a column for each class, the bias, and the mean of the features.
func (BN) Params(dim, classes int) []Param {
	return append(classifier(dim, classes), Param{Name: "beta", Shape: tensor.Shape{dim}, Zero: true})
}

// Attributes lists the inverse temperature, what is added to variances, and the smoothing.
func (l BN) Attributes() []layer.Attribute {
	return append([]layer.Attribute{number("alpha", l.Alpha), number("epsilon", l.Epsilon)}, smoothing(l.Smoothing)...)
}

// Temper returns the loss with another alpha.
func (l BN) Temper(alpha float64) Loss { l.Alpha = alpha; return l }

// decay is what running averages keep: slim.batch_norm's with the decay that the paper's code passes.
const decay = 0.95

func (l BN) build(b *builder) string {
	f := b.standardized(l.Epsilon)
	z := b.add("products", layer.MatMul{}, f, b.normalized("directions", b.values["weights"], 0))
	z = b.tempered(z, l.Alpha, math.Sqrt(float64(b.Dim)))
	return b.crossEntropy(b.add("logits", layer.AddAlong{Axis: 1}, z, b.values["bias"]), l.Smoothing)
}

// standardized is the batch normalised by its own statistics, which running averages follow.
func (b *builder) standardized(epsilon float64) string {
	one := tensor.New[float64](b.Dim)
	for i := range one.Data {
		one.Data[i] = 1
	}
	n := b.node("features", layer.FusedBatchNorm{Axis: 1, Epsilon: epsilon, Batch: true, Factor: 1, Fed: true}, 5,
		b.Embedding, b.constant("gamma", one), b.values["beta"])
	mean, variance := n.Outputs[3], n.Outputs[4]
	b.head.Extra["normalized"], b.head.Extra["batch_mean"], b.head.Extra["batch_variance"] = n.Outputs[0], mean, variance
	b.running("moving_mean", mean, tensor.New[float64](b.Dim))
	b.running("moving_variance", variance, one.Clone())
	return n.Outputs[0]
}

// running follows a statistic from where it begins.
func (b *builder) running(name, x string, begin *tensor.Tensor[float64]) {
	n := b.node(name, layer.RunningAverage{Decay: decay}, 1, x)
	n.Params = []*graph.Param{{Name: prefix + name, Value: begin, Multipliers: &graph.Multipliers{}}}
	b.head.Extra[name], b.head.Running = n.Outputs[0], append(b.head.Running, n.Params...)
}
