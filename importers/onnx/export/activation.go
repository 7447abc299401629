package export

import (
	"math"

	"parity/googlenet/layer"
)

func relu(w *writer, l layer.ReLU) (string, error) {
	if l.Slope != 0 {
		return w.op("LeakyRelu", with(number("alpha", l.Slope)), w.input(0)), nil
	}
	return w.op("Relu", nil, w.input(0)), nil
}

func prelu(w *writer, l layer.PReLU) (string, error) {
	if l.Shared {
		return w.op("PRelu", nil, w.input(0), w.param(0)), nil
	}
	return w.op("PRelu", nil, w.input(0), w.param(0, aligned(w.in[0], 1, w.in[0][1:2])...)), nil
}

func elu(w *writer, l layer.ELU) (string, error) {
	return w.op("Elu", with(number("alpha", l.Alpha)), w.input(0)), nil
}

func clip(w *writer, l layer.Clip) (string, error) {
	return w.op("Clip", nil, w.input(0), w.scalar(l.Min), w.scalar(l.Max)), nil
}

func swish(w *writer, l layer.Swish) (string, error) {
	gate := w.op("Sigmoid", nil, w.times(w.input(0), l.Beta))
	return w.op("Mul", nil, w.input(0), gate), nil
}

func hardSwish(w *writer, l layer.HardSwish) (string, error) {
	line := w.plus(w.times(w.input(0), l.Slope), l.Shift)
	return w.op("Mul", nil, w.input(0), w.op("Clip", nil, line, w.scalar(0), w.scalar(l.Limit))), nil
}

func threshold(w *writer, l layer.Threshold) (string, error) {
	return w.real(w.op("Greater", nil, w.input(0), w.scalar(l.Threshold))), nil
}

func power(w *writer, l layer.Power) (string, error) {
	if l.Constant() {
		return w.filled(math.Pow(l.Shift, l.Power)), nil
	}
	base := w.plus(w.times(w.input(0), l.Scale), l.Shift)
	if l.Power == 1 {
		return base, nil
	}
	return w.op("Pow", nil, base, w.scalar(l.Power)), nil
}

// filled is a tensor of one number in the shape of the node's first input, whatever that holds: a choice between that number and itself.
func (w *writer) filled(v float64) string {
	return w.op("Where", nil, w.op("IsNaN", nil, w.input(0)), w.scalar(v), w.scalar(v))
}

func exp(w *writer, l layer.Exp) (string, error) {
	inner, outer := l.Factors()
	return w.times(w.op("Exp", nil, w.times(w.input(0), inner)), outer), nil
}

func log(w *writer, l layer.Log) (string, error) {
	return w.times(w.op("Log", nil, w.plus(w.times(w.input(0), l.Scale), l.Shift)), 1/l.LnBase()), nil
}

func softmax(w *writer, l layer.Softmax) (string, error) {
	return w.op("Softmax", with(integer("axis", l.Axis)), w.input(0)), nil
}

func logSoftmax(w *writer, l layer.LogSoftmax) (string, error) {
	return w.op("LogSoftmax", with(integer("axis", l.Axis)), w.input(0)), nil
}

// dropout passes its input on; in training the mask is fed.
func dropout(w *writer, l layer.Dropout) (string, error) {
	switch {
	case !l.Active:
		return w.op("Dropout", nil, w.input(0), w.scalar(l.Ratio)), nil
	case l.Uniform:
		kept := w.real(w.op("GreaterOrEqual", nil, w.input(1), w.scalar(l.Ratio)))
		return w.op("Mul", nil, w.times(w.input(0), l.Factor()), kept), nil
	}
	return w.op("Mul", nil, w.input(0), w.times(w.input(1), l.Factor())), nil
}
