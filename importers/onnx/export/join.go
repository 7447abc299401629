package export

import (
	"parity/googlenet/layer"
)

// eltwise joins pair by pair, in the order of the inputs.
func eltwise(w *writer, l layer.Eltwise) (string, error) {
	op := map[layer.Combination]string{layer.EltwiseSum: "Add", layer.EltwiseProduct: "Mul", layer.EltwiseMaximum: "Max"}[l.Combination]
	y := ""
	for i, v := range w.node.Inputs {
		if l.Combination == layer.EltwiseSum {
			v = w.times(v, l.Coefficient(i))
		}
		if i == 0 {
			y = v
			continue
		}
		y = w.op(op, nil, y, v)
	}
	return y, nil
}

// pairs are the operations that ONNX has too, by whether they give numbers or truths.
var pairs = map[layer.Operation]string{
	layer.Sum: "Add", layer.Difference: "Sub", layer.Product: "Mul", layer.Quotient: "Div", layer.Larger: "Max", layer.Smaller: "Min", layer.Pow: "Pow",
}

var tests = map[layer.Operation]string{
	layer.Less: "Less", layer.LessEqual: "LessOrEqual", layer.Greater: "Greater", layer.GreaterEqual: "GreaterOrEqual", layer.Equal: "Equal",
}

var logic = map[layer.Operation]string{layer.And: "And", layer.Or: "Or"}

func pairwise(w *writer, l layer.Binary) (string, error) {
	a, b := w.input(0), w.input(1)
	if op := pairs[l.Operation]; op != "" {
		return w.op(op, nil, a, b), nil
	}
	if op := tests[l.Operation]; op != "" {
		return w.real(w.op(op, nil, a, b)), nil
	}
	if op := logic[l.Operation]; op != "" {
		return w.real(w.op(op, nil, w.truth(a), w.truth(b))), nil
	}
	zero := w.scalar(0)
	switch l.Operation {
	case layer.NotEqual:
		return w.real(w.op("Not", nil, w.op("Equal", nil, a, b))), nil
	case layer.SquaredDifference:
		d := w.op("Sub", nil, a, b)
		return w.op("Mul", nil, d, d), nil
	case layer.FloorQuotient:
		return w.op("Floor", nil, w.op("Div", nil, a, b)), nil
	case layer.FloorRemainder:
		return w.op("Sub", nil, a, w.op("Mul", nil, b, w.op("Floor", nil, w.op("Div", nil, a, b)))), nil
	case layer.LogOf:
		return w.op("Where", nil, w.op("Equal", nil, a, zero), zero, w.op("Mul", nil, a, w.op("Log", nil, b))), nil
	case layer.WholeRemainder:
		return w.op("Mod", with(integer("fmod", 1)), a, b), nil
	case layer.SafeQuotient:
		return w.op("Where", nil, w.op("Equal", nil, b, zero), zero, w.op("Div", nil, a, b)), nil
	case layer.SafeProduct:
		return w.op("Where", nil, w.op("Equal", nil, b, zero), zero, w.op("Mul", nil, a, b)), nil
	case layer.ShareOf:
		return w.op("Where", nil, w.op("Equal", nil, a, zero), zero, w.op("Div", nil, a, b)), nil
	}
	return "", w.errorf("ONNX has no operation for the %s", l.Operation)
}

// functions are those of one number that ONNX has too.
var functions = map[layer.Function]string{
	layer.Negative: "Neg", layer.Reciprocal: "Reciprocal", layer.Sqrt: "Sqrt", layer.Sign: "Sign", layer.Floor: "Floor", layer.Ceil: "Ceil",
	layer.Round: "Round", layer.Erf: "Erf", layer.Softsign: "Softsign", layer.Sin: "Sin", layer.Cos: "Cos", layer.Tan: "Tan",
	layer.Asin: "Asin", layer.Acos: "Acos", layer.Atan: "Atan", layer.Sinh: "Sinh", layer.Cosh: "Cosh", layer.Asinh: "Asinh",
	layer.Acosh: "Acosh", layer.Atanh: "Atanh",
}

func unary(w *writer, l layer.Unary) (string, error) {
	x := w.input(0)
	if op := functions[l.Function]; op != "" {
		return w.op(op, nil, x), nil
	}
	switch l.Function {
	case layer.Square:
		return w.op("Mul", nil, x, x), nil
	case layer.Rsqrt:
		return w.op("Reciprocal", nil, w.op("Sqrt", nil, x)), nil
	case layer.SELU:
		return w.op("Selu", with(number("alpha", layer.SELUAlpha), number("gamma", layer.SELUScale)), x), nil
	case layer.IsInf, layer.IsNaN:
		return w.real(w.op(map[layer.Function]string{layer.IsInf: "IsInf", layer.IsNaN: "IsNaN"}[l.Function], nil, x)), nil
	case layer.IsFinite:
		return w.real(w.op("Not", nil, w.op("Or", nil, w.op("IsInf", nil, x), w.op("IsNaN", nil, x)))), nil
	case layer.Not:
		return w.real(w.op("Not", nil, w.truth(x))), nil
	case layer.Zero:
		return w.filled(0), nil
	case layer.One:
		return w.filled(1), nil
	}
	return "", w.errorf("ONNX has no operation for %s that keeps its digits", l.Function)
}

var reducers = map[layer.Reducer]string{
	layer.ReduceMean: "ReduceMean", layer.ReduceMax: "ReduceMax", layer.ReduceMin: "ReduceMin", layer.ReduceProduct: "ReduceProd", layer.ReduceNorm: "ReduceL2",
}

func reduce(w *writer, l layer.Reduce) (string, error) {
	if len(l.Axes) == 0 {
		return "", w.errorf("it goes over no axes")
	}
	if op := reducers[l.Reducer]; op != "" {
		return w.op(op, with(list("axes", l.Axes...), flag("keepdims", l.Keep)), w.input(0)), nil
	}
	if l.Reducer == layer.ReduceSum {
		return w.sum(w.input(0), l.Axes, l.Keep), nil
	}
	op := map[layer.Reducer]string{layer.ReduceAll: "ReduceMin", layer.ReduceAny: "ReduceMax"}[l.Reducer]
	return w.op(op, with(list("axes", l.Axes...), flag("keepdims", l.Keep)), w.real(w.truth(w.input(0)))), nil
}

func reduction(w *writer, l layer.Reduction) (string, error) {
	axes, x := from(l.Axis, len(w.in[0])), w.input(0)
	if len(axes) == 0 {
		return "", w.errorf("it goes over no axes")
	}
	attrs := with(list("axes", axes...), flag("keepdims", false))
	switch l.Statistic {
	case layer.ReductionMagnitudes:
		x = w.op("ReduceL1", attrs, x)
	case layer.ReductionSquares:
		x = w.op("ReduceSumSquare", attrs, x)
	case layer.ReductionMean:
		x = w.op("ReduceMean", attrs, x)
	default:
		x = w.sum(x, axes, false)
	}
	return w.times(x, l.Factor), nil
}

func argExtreme(w *writer, l layer.ArgExtreme) (string, error) {
	op := map[bool]string{false: "ArgMax", true: "ArgMin"}[l.Least]
	return w.real(w.op(op, with(integer("axis", l.Axis), flag("keepdims", false), flag("select_last_index", l.Last)), w.input(0))), nil
}

func topK(w *writer, l layer.TopK) ([]string, error) {
	out := w.best(w.input(0), l.Axis, l.K, !l.Least)
	return []string{out[0], w.real(out[1])}, nil
}

// best picks numbers along an axis, of equal ones those before first.
func (w *writer) best(x string, axis, k int, largest bool) []string {
	return w.ops("TopK", 2, with(integer("axis", axis), flag("largest", largest)), x, w.integers(k))
}

// argMax picks from the end, as of equal numbers Caffe takes the one behind.
func argMax(w *writer, l layer.ArgMax) (string, error) {
	x, axis := w.input(0), l.Axis
	if l.Flat {
		axis = 1
		x = w.op("Flatten", with(integer("axis", 1)), x)
	}
	n := l.Lists(w.in[0]).Count
	turned := w.sliced(x, axis, []int{-1}, []int{-farther}, []int{-1})
	out := w.best(turned, axis, l.TopK, true)
	places := w.real(w.op("Sub", nil, w.integers(n-1), out[1]))
	switch {
	case !l.Flat && l.Values:
		return out[0], nil
	case !l.Flat:
		return places, nil
	}
	y := places
	if l.Values {
		y = w.op("Concat", with(integer("axis", 1)), places, out[0])
	}
	return w.reshaped(y, nil, w.out[0]...), nil
}
