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

// drawBoxes makes the second input boxes, some of them beyond the border, and the third the maps that they are of.
func drawBoxes(r *rand.Rand, in []*tensor.Tensor[float64]) {
	for i := range in[1].Data {
		in[1].Data[i] = float64(1.25*r.Float32() - 0.125)
	}
	drawIndices(r, in[2], in[0].Shape[0])
}

// drawAffine makes the last of a scale, an offset, a mean and a variance positive.
func drawAffine(_ *rand.Rand, params []*tensor.Tensor[float64]) { positive(params[3]) }

// drawVariance does so for inputs behind another one.
func drawVariance(_ *rand.Rand, in []*tensor.Tensor[float64]) { positive(in[4]) }

func positive(t *tensor.Tensor[float64]) {
	for i, v := range t.Data {
		t.Data[i] = float64(float32(math.Abs(v) + 0.5))
	}
}

// drawDistributions makes the rows of the second input along its second axis add up to 1.
func drawDistributions(r *rand.Rand, in []*tensor.Tensor[float64]) {
	rows := ClassesOf(in[1].Shape, 1)
	for row := range rows.Rows() {
		left := 1.0
		for class := range rows.Count {
			part := left
			if class < rows.Count-1 {
				part = float64(float32(left * r.Float64()))
			}
			in[1].Data[rows.At(row, class)] = part
			left -= part
		}
	}
}
