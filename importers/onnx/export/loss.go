package export

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// rows are numbers with classes along the last of two axes, and what is known of their labels.
type rows struct {
	layer.Classes
	scores string // rows by classes
	labels string // whole numbers, one a row
	counts string // 1 for the rows that count, 0 for those whose label is left out
}

// labelledRows brings the classes, which lie along an axis, behind the rows.
func (w *writer) labelledRows(x string, axis int, labels layer.Labels) rows {
	r := rows{Classes: layer.ClassesOf(w.in[0], axis)}
	x = w.reshaped(x, w.in[0], r.Outer, r.Count, r.Inner)
	r.scores = w.op("Reshape", nil, w.op("Transpose", with(list("perm", 0, 2, 1)), x), w.integers(r.Rows(), r.Count))
	r.labels = w.op("Reshape", nil, w.whole(w.input(1)), w.integers(r.Rows()))
	r.counts = w.countedLabels(r.labels, labels, r.Rows())
	return r
}

func (w *writer) countedLabels(v string, labels layer.Labels, n int) string {
	if !labels.Ignore {
		return w.repeated("one a row", 1, n)
	}
	return w.real(w.op("Not", nil, w.op("Equal", nil, v, w.integers(labels.Ignored))))
}

// at picks the number at each row's label: by a product with ones and zeros where numbers are finite, so that a label that is left out,
// which need not be a class, picks zero.
func (w *writer) at(r rows, numbers string) string {
	return w.sum(w.op("Mul", nil, numbers, w.oneHot(r.labels, r.Count, 1, 0)), []int{1}, false)
}

// total adds up what counts and divides it as the loss says.
func (w *writer) total(terms string, r rows, n layer.Normalization) string {
	sum := w.sum(w.op("Mul", nil, terms, r.counts), []int{0}, false)
	if n != layer.ByCounted {
		return w.op("Div", nil, sum, w.scalar(n.Divisor(r.Outer, r.Rows(), 0)))
	}
	counted := w.sum(r.counts, []int{0}, false)
	return w.op("Div", nil, sum, w.op("Max", nil, counted, w.scalar(1)))
}

// logProbabilities is the logarithm of the softmax, floored as the loss has it.
func (w *writer) logProbabilities(axis int, floor float64) string {
	p := w.op("Softmax", with(integer("axis", axis)), w.input(0))
	return w.op("Log", nil, w.op("Max", nil, p, w.scalar(floor)))
}

func softmaxCrossEntropy(w *writer, l layer.SoftmaxCrossEntropy) (string, error) {
	r := w.labelledRows(w.logProbabilities(l.Axis, layer.ProbabilityFloor), l.Axis, l.Labels)
	return w.total(w.op("Neg", nil, w.at(r, r.scores)), r, l.Normalization), nil
}

// softmaxCrossEntropyDense has one loss for each row, whose target is a distribution.
func softmaxCrossEntropyDense(w *writer, l layer.SoftmaxCrossEntropyDense) (string, error) {
	logs := w.op("LogSoftmax", with(integer("axis", l.Axis)), w.input(0))
	return w.op("Neg", nil, w.sum(w.op("Mul", nil, logs, w.input(1)), []int{l.Axis}, false)), nil
}

func infogainLoss(w *writer, l layer.InfogainLoss) (string, error) {
	r := w.labelledRows(w.logProbabilities(l.Axis, layer.LogFloor), l.Axis, l.Labels)
	gain := ""
	if l.Gain == nil {
		gain = w.op("Reshape", nil, w.input(2), w.integers(r.Count, r.Count))
	} else {
		t := tensor.New[float32](r.Count, r.Count)
		for i, v := range l.Gain {
			t.Data[i] = float32(v)
		}
		gain = w.weight(w.node.Name+"/gain", t, w.node.Name+"/gain")
	}
	gains := w.op("MatMul", nil, w.oneHot(r.labels, r.Count, 1, 0), gain)
	terms := w.sum(w.op("Mul", nil, gains, r.scores), []int{1}, false)
	return w.total(w.op("Neg", nil, terms), r, l.Normalization), nil
}

// sigmoidCrossEntropy adds max(x, 0) - x t + ln(1 + e^-|x|) over elements.
func sigmoidCrossEntropy(w *writer, l layer.SigmoidCrossEntropy) (string, error) {
	n := w.in[0].Len()
	x, t := w.op("Reshape", nil, w.input(0), w.integers(n)), w.op("Reshape", nil, w.input(1), w.integers(n))
	r := rows{Classes: layer.Classes{Outer: w.in[0][0], Inner: n / max(w.in[0][0], 1), Count: 1}}
	r.counts = w.countedLabels(w.whole(t), l.Labels, n)
	tail := w.op("Softplus", nil, w.op("Neg", nil, w.op("Abs", nil, x)))
	line := w.op("Mul", nil, x, w.op("Sub", nil, w.real(w.op("GreaterOrEqual", nil, x, w.scalar(0))), t))
	return w.total(w.op("Add", nil, line, tail), r, l.Normalization), nil
}

func euclideanLoss(w *writer, _ layer.EuclideanLoss) (string, error) {
	n := w.in[0].Len()
	d := w.op("Sub", nil, w.op("Reshape", nil, w.input(0), w.integers(n)), w.op("Reshape", nil, w.input(1), w.integers(n)))
	sum := w.sum(w.op("Mul", nil, d, d), []int{0}, false)
	return w.op("Div", nil, sum, w.scalar(2*float64(w.in[0][0]))), nil
}

// hingeLoss takes the margin of 1 beyond the score for wrong classes and below it for the right one.
func hingeLoss(w *writer, l layer.HingeLoss) (string, error) {
	n, classes := w.in[0][0], w.in[0][1:].Len()
	x := w.op("Reshape", nil, w.input(0), w.integers(n, classes))
	labels := w.sliced(w.op("Reshape", nil, w.whole(w.input(1)), w.integers(-1)), 0, []int{0}, []int{n}, []int{1})
	signs := w.oneHot(labels, classes, -1, 1)
	margins := w.op("Max", nil, w.plus(w.op("Mul", nil, x, signs), 1), w.scalar(0))
	if l.Squared {
		margins = w.op("Mul", nil, margins, margins)
	}
	return w.op("Div", nil, w.sum(margins, []int{0, 1}, false), w.scalar(float64(n))), nil
}

func contrastiveLoss(w *writer, l layer.ContrastiveLoss) (string, error) {
	n := w.in[0][0]
	d := w.op("Sub", nil, w.op("Reshape", nil, w.input(0), w.integers(n, -1)), w.op("Reshape", nil, w.input(1), w.integers(n, -1)))
	squares := w.sum(w.op("Mul", nil, d, d), []int{1}, false)
	apart := squares
	if !l.SquaredDistance {
		apart = w.op("Sqrt", nil, squares)
	}
	short := w.op("Max", nil, w.op("Sub", nil, w.scalar(l.Margin), apart), w.scalar(0))
	if !l.SquaredDistance {
		short = w.op("Mul", nil, short, short)
	}
	similar := w.sliced(w.op("Reshape", nil, w.whole(w.input(2)), w.integers(-1)), 0, []int{0}, []int{n}, []int{1})
	terms := w.op("Where", nil, w.cast(similar, model.Bool), squares, short)
	return w.op("Div", nil, w.sum(terms, []int{0}, false), w.scalar(2*float64(n))), nil
}

// accuracy counts the classes that are as large as the label's: fewer than the best k others.
func accuracy(w *writer, l layer.Accuracy) ([]string, error) {
	r := w.labelledRows(w.input(0), l.Axis, l.Labels)
	hot := w.oneHot(r.labels, r.Count, 1, 0)
	lowest := w.op("Where", nil, w.truth(hot), r.scores, w.scalar(math.Inf(-1)))
	own := w.op("ReduceMax", with(list("axes", 1), flag("keepdims", true)), lowest)
	rivals := w.sum(w.real(w.op("GreaterOrEqual", nil, r.scores, own)), []int{1}, false)
	right := w.op("Mul", nil, w.real(w.op("LessOrEqual", nil, rivals, w.scalar(float64(l.TopK)))), r.counts)
	out := []string{w.share(right, r.counts, []int{0})}
	if l.PerClass {
		column := func(v string) string {
			return w.op("Mul", nil, hot, w.op("Unsqueeze", nil, v, w.integers(1)))
		}
		out = append(out, w.share(column(right), column(r.counts), []int{0}))
	}
	return out, nil
}

// share is one sum divided by another, and 0 where that is 0.
func (w *writer) share(part, whole string, axes []int) string {
	return w.op("Div", nil, w.sum(part, axes, false), w.op("Max", nil, w.sum(whole, axes, false), w.scalar(1)))
}
