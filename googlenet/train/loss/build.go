package loss

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// prefix is that of all nodes of a loss.
const prefix = "loss/"

// builder adds the nodes of a loss to a graph.
type builder struct {
	Ends
	graph  *graph.Graph
	head   *Head
	values map[string]string // of parameters, by name
}

// add appends a layer and returns its first output; further ones have :1, :2 behind it.
func (b *builder) add(name string, l layer.Layer, in ...string) string {
	return b.node(name, l, 1, in...).Outputs[0]
}

func (b *builder) node(name string, l layer.Layer, outputs int, in ...string) *graph.Node {
	n := &graph.Node{Name: prefix + name, Layer: l, Inputs: in, Outputs: []string{prefix + name}}
	for i := 1; i < outputs; i++ {
		n.Outputs = append(n.Outputs, prefix+name+":"+string(rune('0'+i)))
	}
	b.graph.Nodes = append(b.graph.Nodes, n)
	return n
}

// param adds a tensor that is learned.
func (b *builder) param(name string, s tensor.Shape) *graph.Param {
	p := &graph.Param{Name: prefix + name, Value: tensor.New[float64](s...)}
	n := b.node(name, layer.Constant{Shape: s}, 1)
	n.Params = []*graph.Param{p}
	b.values[name] = n.Outputs[0]
	return p
}

// constant adds a tensor that is not learned.
func (b *builder) constant(name string, t *tensor.Tensor[float64]) string {
	n := b.node(name, layer.Constant{Shape: t.Shape}, 1)
	n.Params = []*graph.Param{{Name: prefix + name, Value: t, Multipliers: &graph.Multipliers{}}}
	return n.Outputs[0]
}

func (b *builder) binary(name string, o layer.Operation, x, y string) string {
	return b.add(name, layer.Binary{Operation: o}, x, y)
}

// times is a product with a number.
func times(v float64) layer.Layer { return layer.Power{Power: 1, Scale: v} }

// plus adds a number to a multiple.
func plus(scale, v float64) layer.Layer { return layer.Power{Power: 1, Scale: scale, Shift: v} }

// tempered multiplies by alpha/divisor, which SetAlpha finds again.
func (b *builder) tempered(x string, alpha, divisor float64) string {
	b.head.divisor, b.head.scaled = divisor, prefix+"scaled"
	return b.add("scaled", times(alpha/divisor), x)
}

// normalized is n(v) of every row of the embeddings or of what is given, along an axis.
func (b *builder) normalized(name, x string, axis int) string {
	return b.add(name, layer.L2Normalize{Axes: []int{axis}, Epsilon: 1e-12}, x)
}

// unit is the batch of normalised embeddings.
func (b *builder) unit() string {
	v := b.normalized("unit", b.Embedding, 1)
	b.head.Extra["normalized"] = v
	return v
}

// cosines are those of the embeddings with the columns of the weights, [Batch, Classes].
func (b *builder) cosines() string {
	return b.add("cosines", layer.MatMul{}, b.unit(), b.normalized("directions", b.values["weights"], 0))
}

// toProxies are the cosines of the embeddings with the rows of the weights, [Batch, Classes].
func (b *builder) toProxies() string {
	return b.add("cosines", layer.MatMul{TransposeB: true}, b.unit(), b.normalized("directions", b.values["weights"], 1))
}

// oneHot has a value at the class of each row and another one elsewhere, [Batch, Classes].
func (b *builder) oneHot(name string, on, off float64) string {
	return b.add(name, layer.OneHot{Axis: 1, Depth: b.Classes, On: on, Off: off}, b.Labels)
}

// crossEntropy is the mean over the batch of -sum_m q_m log p_m with the softmax p of the logits and q_m = (1-s) [m = y] + s/M.
func (b *builder) crossEntropy(logits string, s float64) string {
	var n *graph.Node
	if s == 0 {
		n = b.node("terms", layer.SoftmaxCrossEntropySparse{Axis: 1}, 2, logits, b.Labels)
	} else {
		share := s / float64(b.Classes)
		n = b.node("terms", layer.SoftmaxCrossEntropyDense{Axis: 1}, 2, logits, b.oneHot("targets", 1-s+share, share))
	}
	return b.mean("value", n.Outputs[0], 0)
}

func (b *builder) mean(name, x string, axes ...int) string {
	return b.add(name, layer.Reduce{Reducer: layer.ReduceMean, Axes: axes}, x)
}

func (b *builder) sum(name, x string, axes ...int) string {
	return b.add(name, layer.Reduce{Reducer: layer.ReduceSum, Axes: axes}, x)
}

// pairs marks the pairs of different samples of one class and those of two classes, [Batch, Batch].
func (b *builder) pairs() (positive, negative string) {
	column := b.add("labels", layer.Reshape{Shape: []int{-1, 1}}, b.Labels)
	row := b.add("labels/row", layer.Reshape{Shape: []int{1, -1}}, b.Labels)
	same := b.binary("same", layer.Equal, column, row)
	return b.binary("positive", layer.And, same, b.others()), b.binary("negative", layer.NotEqual, column, row)
}

// others marks the pairs of different samples.
func (b *builder) others() string {
	t := tensor.New[float64](b.Batch, b.Batch)
	for i := range t.Data {
		if i/b.Batch != i%b.Batch {
			t.Data[i] = 1
		}
	}
	return b.constant("others", t)
}

// distances are the squared distances of all pairs of rows, [Batch, Batch], from the differences: where two samples nearly coincide, nothing cancels,
// and for two that are equal it is 0.
func (b *builder) distances(x string) string {
	column := b.add("points", layer.Reshape{Shape: []int{0, 1, -1}}, x)
	squares := b.binary("squares", layer.SquaredDifference, column, x)
	return b.sum("distances", squares, 2)
}

// similarities are the cosines of all pairs of embeddings, [Batch, Batch].
func (b *builder) similarities() string {
	x := b.unit()
	return b.add("similarities", layer.MatMul{TransposeB: true}, x, x)
}
