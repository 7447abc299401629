package layer

import (
	"math"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// drawLabels makes the second input labels of that many classes.
func drawLabels(classes int) func(r *rand.Rand, in []*tensor.Tensor[float64]) {
	return func(r *rand.Rand, in []*tensor.Tensor[float64]) {
		for i := range in[1].Data {
			in[1].Data[i] = float64(r.IntN(classes))
		}
	}
}

// drawWeights makes parameters positive, so that the sum of any of them is.
func drawWeights(_ *rand.Rand, params []*tensor.Tensor[float64]) {
	for i, v := range params[0].Data {
		params[0].Data[i] = float64(float32(math.Abs(v) + 0.5))
	}
}

// drawSimilar makes the third input say of pairs whether they are similar.
func drawSimilar(r *rand.Rand, in []*tensor.Tensor[float64]) {
	for i := range in[2].Data {
		in[2].Data[i] = float64(r.IntN(2))
	}
}

// drawTargets makes the second input probabilities, and some a little larger, which are label 1.
func drawTargets(r *rand.Rand, in []*tensor.Tensor[float64]) {
	for i := range in[1].Data {
		in[1].Data[i] = float64(r.Float32() * 1.25)
	}
}

// drawProbabilities makes the first input probabilities, and the second labels.
func drawProbabilities(r *rand.Rand, in []*tensor.Tensor[float64]) {
	for i := range in[0].Data {
		in[0].Data[i] = float64(0.05 + 0.9*r.Float32())
	}
	drawLabels(len(in[0].Data)/len(in[1].Data))(r, in)
}
