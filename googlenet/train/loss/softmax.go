package loss

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Softmax is the cross entropy of a linear classifier, SM in Zhang and others, Heated-up softmax embedding (2018):
//
//	z = x W + b,    loss = mean over the batch of -sum_m q_m log softmax(z)_m,    q_m = (1 - Smoothing) [m = y] + Smoothing / M
//
// With Smoothing (SM+LS; Szegedy and others, Rethinking the Inception architecture, 2015, section 7) all classes have a share of the target.
type Softmax struct{ Smoothing float64 }

func (Softmax) Name() string { return "softmax" }

// Params: the weights, a column for each class, and the bias.
func (Softmax) Params(dim, classes int) []Param { return classifier(dim, classes) }

// Attributes lists the smoothing.
func (l Softmax) Attributes() []layer.Attribute { return smoothing(l.Smoothing) }

func (l Softmax) build(b *builder) string {
	z := b.add("products", layer.MatMul{}, b.Embedding, b.values["weights"])
	return b.crossEntropy(b.add("logits", layer.AddAlong{Axis: 1}, z, b.values["bias"]), l.Smoothing)
}

func classifier(dim, classes int) []Param { return append(directions(dim, classes), bias(classes)) }

// directions are weights with a column for each class.
func directions(dim, classes int) []Param {
	return []Param{{Name: "weights", Shape: tensor.Shape{dim, classes}, ClassAxis: 1}}
}

// proxies are weights with a row for each class.
func proxies(dim, classes int) []Param {
	return []Param{{Name: "weights", Shape: tensor.Shape{classes, dim}}}
}

func bias(classes int) Param { return Param{Name: "bias", Shape: tensor.Shape{classes}, Zero: true} }
