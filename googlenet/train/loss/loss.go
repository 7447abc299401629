// Package loss holds the objectives that embeddings are trained with, one file each. A loss is a piece of graph that is put at the end of a network: its
// gradients are those of the layers that it consists of, and so are its rounding bounds.
//
// In the formulas x is a row of the batch of B embeddings of k dimensions and y its class, one of M; n(v) = v / sqrt(max(sum v^2, 1e-12)), as
// TensorFlow's l2_normalize; [c] is 1 where c holds, else 0.
package loss

import (
	"fmt"
	"strconv"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Loss is one objective.
type Loss interface {
	// Name is the name of the loss, as in Losses.
	Name() string
	// Params lists what is learned beside the embedding.
	Params(dim, classes int) []Param
	// Attributes lists the settings.
	Attributes() []layer.Attribute
	// build adds the nodes that compute the loss, and returns its value.
	build(b *builder) string
}

// Param is a tensor that a loss learns.
type Param struct {
	Name  string
	Shape tensor.Shape
	// Zero says that it begins as zeros; else it is drawn.
	Zero bool
	// ClassAxis is the axis of a matrix that has an extent of Classes.
	ClassAxis int
}

// Matrix reports whether it is one: the weights of a classifier, or proxies.
func (p Param) Matrix() bool { return len(p.Shape) == 2 }

// Tempered is a loss with an inverse temperature, which may change while training goes on.
type Tempered interface {
	Loss
	// Temper returns the loss with another alpha.
	Temper(alpha float64) Loss
}

// Losses has an example of every loss, with every setting away from its default.
var Losses = []Loss{
	ArcFace{Scale: 30, Margin: 0.5, Linear: true},
	BN{Alpha: 16, Epsilon: 1e-3, Smoothing: 0.1},
	Contrastive{Margin: 1, Raw: true},
	CosFace{Scale: 30, Margin: 0.35},
	LN{Alpha: 16, Smoothing: 0.1},
	MultiSimilarity{Alpha: 2, Beta: 50, Base: 0.5, Epsilon: 0.1},
	NormFace{Scale: 20},
	ProxyAnchor{Alpha: 32, Margin: 0.1},
	ProxyNCA{Scale: 3},
	ProxyNCASoftmax{Scale: 3},
	Softmax{Smoothing: 0.1},
	SupCon{Temperature: 0.1},
	TripletSemiHard{Margin: 0.2},
}

// Ends are where a loss is attached.
type Ends struct {
	// Embedding is the value with the embeddings, [Batch, Dim]; Labels the input with their classes, [Batch], numbers from 0 to Classes-1.
	Embedding, Labels   string
	Batch, Dim, Classes int
}

func (e Ends) check(l Loss) error {
	switch {
	case e.Batch < 1 || e.Dim < 1:
		return fmt.Errorf("%s: expected a batch of embeddings of at least one dimension, found %d of %d", l.Name(), e.Batch, e.Dim)
	case e.Classes < 1 && len(l.Params(e.Dim, e.Classes)) > 0:
		return fmt.Errorf("%s: expected at least one class, found %d", l.Name(), e.Classes)
	}
	if c, ok := l.(interface{ check(e Ends) error }); ok {
		return c.check(e)
	}
	return nil
}

// Head is a loss at the end of a network.
type Head struct {
	// Value is the loss, a single number.
	Value string
	// Params are what it learns, in the order of Loss.Params. They hold zeros at first.
	Params []*graph.Param
	// Extra names further values: batch_mean, batch_variance, moving_mean and moving_variance of a BN; normalized, what is compared to evaluate.
	Extra map[string]string
	// Running are statistics that follow the batches: they are in no optimiser's hands.
	Running []*graph.Param

	scaled  string
	divisor float64
}

// Attach puts a loss at the end of a network, as its only term.
func Attach(g *graph.Graph, l Loss, e Ends) (*Head, error) {
	if err := e.check(l); err != nil {
		return nil, err
	}
	b := &builder{Ends: e, graph: g, head: &Head{Extra: map[string]string{}}, values: map[string]string{}}
	for _, p := range l.Params(e.Dim, e.Classes) {
		b.head.Params = append(b.head.Params, b.param(p.Name, p.Shape))
	}
	b.head.Value = l.build(b)
	g.LossWeights = map[string]float64{b.head.Value: 1}
	g.Outputs = append(g.Outputs, b.head.Value)
	return b.head, g.Check()
}

// SetAlpha changes the inverse temperature of a Tempered loss in a graph that the head is part of, or in a copy of it.
func (h *Head) SetAlpha(g *graph.Graph, alpha float64) error {
	n := g.Node(h.scaled)
	if h.scaled == "" || n == nil {
		return fmt.Errorf("the loss %s has no temperature", h.Value)
	}
	n.Layer = times(alpha / h.divisor)
	return nil
}

func number(name string, v float64) layer.Attribute {
	return layer.Attribute{Name: name, Value: strconv.FormatFloat(v, 'g', -1, 64)}
}

// smoothing lists the share of a target that all classes have, where there is one.
func smoothing(v float64) []layer.Attribute {
	if v == 0 {
		return nil
	}
	return []layer.Attribute{number("label smoothing", v)}
}
