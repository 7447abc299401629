package layer

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"parity/googlenet/tensor"
)

// between draws the numbers of an input from a range.
func between(input int, lo, hi float64) func(r *rand.Rand, in []*tensor.Tensor[float64]) {
	return func(r *rand.Rand, in []*tensor.Tensor[float64]) {
		for i := range in[input].Data {
			in[input].Data[i] = float64(float32(lo + (hi-lo)*r.Float64()))
		}
	}
}

// domains are the ranges that functions are drawn from where they do not take, or do not tell apart, any numbers.
var domains = map[Function][2]float64{
	Reciprocal: {1, 3}, Sqrt: {1, 9}, Rsqrt: {1, 9}, Log1p: {-0.4, 5}, Expm1: {-3, 3}, Sinh: {-3, 3}, Cosh: {-3, 3}, Erfc: {-3, 3},
	Tan: {-1, 1}, Asin: {-0.4, 0.4}, Acos: {-0.4, 0.4}, Atanh: {-0.4, 0.4}, Acosh: {1.6, 9},
}

// unaryExamples has one for every function.
func unaryExamples() []Example {
	list := []Example{{Layer: Unary{SELU}, Inputs: []tensor.Shape{{2, 3, 4, 5}}}}
	for _, f := range slices.Sorted(maps.Keys(functions)) {
		e := Example{Layer: Unary{f}, Inputs: []tensor.Shape{{2, 3, 4, 5}}}
		if d, ok := domains[f]; ok {
			e.Draw = between(0, d[0], d[1])
		}
		list = append(list, e)
	}
	return list
}

// binaryExamples has one for every operation.
func binaryExamples() []Example {
	var list []Example
	for _, o := range slices.Sorted(maps.Keys(arithmetics[float64]())) {
		e := Example{Layer: Binary{o}, Inputs: []tensor.Shape{{3, 1, 4}, {2, 1, 5, 1}}}
		switch o {
		case Quotient, SafeQuotient, FloorQuotient, WholeQuotient, FloorRemainder, WholeRemainder:
			e.Draw = between(1, 1, 3)
		case LogOf, Log1pOf:
			e.Draw = between(1, 0.5, 3)
		case ShareOf:
			e.Draw = between(1, 1, 3)
		case Pow:
			e.Draw = func(r *rand.Rand, in []*tensor.Tensor[float64]) {
				between(0, 1, 3)(r, in)
				between(1, -2, 2)(r, in)
			}
		case Equal, NotEqual, And, Or:
			e.Draw = drawTernary
		}
		list = append(list, e)
	}
	return append(list, Example{Layer: Binary{Product}, Inputs: []tensor.Shape{{}, {3, 4}}})
}

// drawTernary draws -1, 0 and 1.
func drawTernary(r *rand.Rand, in []*tensor.Tensor[float64]) {
	for _, t := range in {
		for i := range t.Data {
			t.Data[i] = float64(r.IntN(3) - 1)
		}
	}
}

// drawCondition makes the first input 0 and 1.
func drawCondition(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[0], 2) }

// drawFactors keeps products of a few numbers within the range of float32.
func drawFactors(r *rand.Rand, in []*tensor.Tensor[float64]) {
	for i := range in[0].Data {
		in[0].Data[i] = float64(float32(math.Copysign(0.5+r.Float64(), r.Float64()-0.4)))
	}
}

// drawMarks makes the second input 0 and 1.
func drawMarks(r *rand.Rand, in []*tensor.Tensor[float64]) { drawIndices(r, in[1], 2) }

// drawPairs marks the pairs of samples of three classes as positive or negative.
func drawPairs(_ *rand.Rand, in []*tensor.Tensor[float64]) {
	n := in[0].Shape[0]
	for at := range in[0].Data {
		i, j := at/n, at%n
		in[1].Data[at] = truth[float64](i%3 == j%3 && i != j)
		in[2].Data[at] = truth[float64](i%3 != j%3)
	}
}
