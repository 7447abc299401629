package bound

import (
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// A change of any one attribute must leave the bound, or the bound would hide that fault.
func TestEveryAttributeLeavesTheBound(t *testing.T) {
	window := layer.Window{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(1, 1)}
	conv := layer.Convolution{Window: window, Outputs: 6, Groups: 2, Bias: true}
	shifted, dilated, wide := conv, conv, conv
	shifted.Padding = layer.Padding{Top: 0, Left: 1, Bottom: 2, Right: 1}
	dilated.Dilation, dilated.Padding = [2]int{2, 2}, layer.Symmetric(2, 2)
	wide.Padding = layer.Padding{Top: 1, Left: 0, Bottom: 1, Right: 2}
	unbiased := conv
	unbiased.Bias = false
	pool := layer.Pool{Window: window}
	interpolation := layer.Interpolate{Size: [2]int{13, 7}, Filter: layer.ResizeCubic, Transform: layer.HalfPixel, A: -0.75}
	interpolate := func(f func(*layer.Interpolate)) layer.Interpolate { l := interpolation; f(&l); return l }
	gapped := layer.Pool{Window: dilated.Window}
	shiftedPool := layer.Pool{Window: shifted.Window}
	lrn := layer.LRN{Size: 5, Alpha: 2e-2, Beta: 0.75, K: 1}
	change := func(f func(*layer.LRN)) layer.LRN { l := lrn; f(&l); return l }
	deconv := layer.Deconvolution{Window: window, Outputs: 6, Groups: 2, Bias: true}
	deconvolution := func(f func(*layer.Deconvolution)) layer.Deconvolution { l := deconv; f(&l); return l }
	conv3 := layer.ConvolutionND{WindowND: threeAxes([]int{1, 1, 0}, []int{1, 0, 1}, 1), Axis: 1, Outputs: 6, Groups: 2, Bias: true}
	deconv3 := layer.DeconvolutionND{WindowND: conv3.WindowND, Axis: 1, Outputs: 6, Groups: 2, Bias: true}
	shifted3, dilated3 := conv3, conv3
	shifted3.WindowND = threeAxes([]int{1, 0, 1}, []int{1, 1, 0}, 1)
	dilated3.WindowND = threeAxes([]int{1, 2, 0}, []int{1, 0, 2}, 2)

	exp, log := layer.Exp{Base: math.E, Scale: 1}, layer.Log{Base: math.E, Scale: 1, Shift: 6}
	power := layer.Power{Power: 3, Scale: 1, Shift: 6}
	dropout := layer.Dropout{Ratio: 0.4, Active: true}
	within := layer.SpatialLRN{Size: 5, Alpha: 2e-2, Beta: 0.75}
	norm := layer.BatchNorm{Epsilon: 1e-2}
	fused := layer.FusedBatchNorm{Axis: 1, Epsilon: 1e-2}
	running := layer.FusedBatchNorm{Axis: 1, Epsilon: 1e-2, Batch: true, Factor: 0.25}
	mvn := layer.MVN{Axis: 2, Variance: true, Epsilon: 1e-2}
	total := layer.Reduction{Axis: 1, Factor: 0.5}
	reduce := func(f func(*layer.Reduction)) layer.Reduction { l := total; f(&l); return l }

	stretch := layer.Resize{Size: [2]int{6, 14}, Filter: layer.ResizeCubic, A: -0.75, Steps: 1024}
	resize := func(f func(*layer.Resize)) layer.Resize { l := stretch; f(&l); return l }
	kernel := layer.Resample{Size: [2]int{6, 14}, Scale: [2]float64{0.625, 1.25}, Shift: [2]float64{0.25, -0.5}}
	resample := func(f func(*layer.Resample)) layer.Resample { l := kernel; f(&l); return l }
	binary := func(o layer.Operation) layer.Layer { return layer.Binary{Operation: o} }
	along := func(r layer.Reducer, axis int) layer.Layer { return layer.Reduce{Reducer: r, Axes: []int{axis}} }

	map4, map5 := []tensor.Shape{{2, 4, 9, 11}}, []tensor.Shape{{2, 4, 3, 5, 7}}
	square := []tensor.Shape{{2, 4, 4, 5}}
	three := []tensor.Shape{{2, 4, 9}, {2, 4, 9}, {2, 4, 9}}
	for _, c := range []struct {
		what       string
		base, with layer.Layer
		in         []tensor.Shape
	}{
		{"padding shifted down", conv, shifted, map4},
		{"padding shifted right", conv, wide, map4},
		{"dilation", conv, dilated, map4},
		{"bias missing", conv, unbiased, map4},
		{"max pool padding", layer.MaxPool{Pool: pool}, layer.MaxPool{Pool: shiftedPool}, map4},
		{"average pool padding", layer.AveragePool{Pool: pool}, layer.AveragePool{Pool: shiftedPool}, map4},
		{"max pool dilation", layer.MaxPool{Pool: pool}, layer.MaxPool{Pool: gapped}, map4},
		{"max pool places", layer.MaxPool{Pool: pool, Mask: true}, layer.MaxPool{Pool: pool, Mask: true, Places: layer.InTensor}, map4},
		{"average pool dilation", layer.AveragePool{Pool: pool}, layer.AveragePool{Pool: gapped}, map4},
		{"average pool divisor", layer.AveragePool{Pool: pool}, layer.AveragePool{Pool: pool, Divisor: layer.PaddedCells}, map4},
		{"LRN alpha", lrn, change(func(l *layer.LRN) { l.Alpha /= 5 }), map4},
		{"LRN beta", lrn, change(func(l *layer.LRN) { l.Beta = 0.5 }), map4},
		{"LRN k", lrn, change(func(l *layer.LRN) { l.K = 2 }), map4},
		{"LRN window one wider", lrn, change(func(l *layer.LRN) { l.Size = 6 }), map4},
		{"LRN window", lrn, change(func(l *layer.LRN) { l.Size = 3 }), map4},
		{"ReLU slope", layer.ReLU{}, layer.ReLU{Slope: 1e-4}, map4},
		{"running average", layer.RunningAverage{Decay: 0.9}, layer.RunningAverage{Decay: 0.9001}, []tensor.Shape{{9}}},
		{"one in a sum", layer.LogSumExp{Axis: 1}, layer.LogSumExp{Axis: 1, One: true}, []tensor.Shape{{4, 4}, {4, 4}}},
		{"axis of a sum", layer.LogSumExp{Axis: 1}, layer.LogSumExp{Axis: 0}, []tensor.Shape{{4, 4}, {4, 4}}},
		{"softmax axis", layer.Softmax{Axis: 1}, layer.Softmax{Axis: 2}, map4},
		{"clip min", layer.Clip{Min: -1, Max: 1}, layer.Clip{Min: -1.001, Max: 1}, map4},
		{"clip max", layer.Clip{Min: -1, Max: 1}, layer.Clip{Min: -1, Max: 1.001}, map4},
		{"ELU alpha", layer.ELU{Alpha: 1}, layer.ELU{Alpha: 1.0001}, map4},
		{"exp base", exp, layer.Exp{Base: 2.718, Scale: 1}, map4},
		{"exp scale", exp, layer.Exp{Base: math.E, Scale: 1.0001}, map4},
		{"exp shift", exp, layer.Exp{Base: math.E, Scale: 1, Shift: 1e-4}, map4},
		{"log base", log, layer.Log{Base: 2.718, Scale: 1, Shift: 6}, map4},
		{"log scale", log, layer.Log{Base: math.E, Scale: 1.0001, Shift: 6}, map4},
		{"log shift", log, layer.Log{Base: math.E, Scale: 1, Shift: 6.0001}, map4},
		{"power", power, layer.Power{Power: 3.0001, Scale: 1, Shift: 6}, map4},
		{"power scale", power, layer.Power{Power: 3, Scale: 1.0001, Shift: 6}, map4},
		{"power shift", power, layer.Power{Power: 3, Scale: 1, Shift: 6.0001}, map4},
		{"PReLU shared", layer.PReLU{}, layer.PReLU{Shared: true}, map4},
		{"swish beta", layer.Swish{Beta: 1}, layer.Swish{Beta: 1.0001}, map4},
		{"threshold", layer.Threshold{}, layer.Threshold{Threshold: 0.1}, map4},
		{"dropout ratio", dropout, layer.Dropout{Ratio: 0.4001, Active: true}, append(map4, map4...)},
		{"dropout active", dropout, layer.Dropout{Ratio: 0.4}, append(map4, map4...)},
		{"spatial LRN alpha", within, layer.SpatialLRN{Size: 5, Alpha: 2e-2 / 25, Beta: 0.75}, map4},
		{"spatial LRN beta", within, layer.SpatialLRN{Size: 5, Alpha: 2e-2, Beta: 0.5}, map4},
		{"spatial LRN window", within, layer.SpatialLRN{Size: 3, Alpha: 2e-2, Beta: 0.75}, map4},
		{"batch norm epsilon", norm, layer.BatchNorm{Epsilon: 1e-3}, map4},
		{"batch norm statistics", norm, layer.BatchNorm{Epsilon: 1e-2, Batch: true}, map4},
		{"batch norm epsilon in the batch", layer.BatchNorm{Epsilon: 1e-2, Batch: true}, layer.BatchNorm{Epsilon: 1e-3, Batch: true}, map4},
		{"fused batch norm axis", fused, layer.FusedBatchNorm{Axis: 2, Epsilon: 1e-2}, []tensor.Shape{{2, 4, 4, 5}}},
		{"fused batch norm epsilon", fused, layer.FusedBatchNorm{Axis: 1, Epsilon: 1e-3}, map4},
		{"fused batch norm statistics", running, fused, map4},
		{"fused batch norm factor", running, layer.FusedBatchNorm{Axis: 1, Epsilon: 1e-2, Batch: true, Factor: 0.251}, map4},
		{"log softmax axis", layer.LogSoftmax{Axis: 1}, layer.LogSoftmax{Axis: 2}, map4},
		{"cross entropy axis", layer.SoftmaxCrossEntropyDense{Axis: 1}, layer.SoftmaxCrossEntropyDense{Axis: 2}, append(square[:1:1], square...)},
		{"MVN axis", mvn, layer.MVN{Axis: 1, Variance: true, Epsilon: 1e-2}, map4},
		{"MVN variance", mvn, layer.MVN{Axis: 2}, map4},
		{"interpolation's scale", interpolation, interpolate(func(l *layer.Interpolate) { l.Scale[0] = 1.6 }), map4},
		{"interpolation's coordinates", interpolation, interpolate(func(l *layer.Interpolate) { l.Transform = layer.Corners }), map4},
		{"interpolation's filter", interpolation, interpolate(func(l *layer.Interpolate) { l.Filter = layer.ResizeLinear }), map4},
		{"interpolation's parameter", interpolation, interpolate(func(l *layer.Interpolate) { l.A = -0.7 }), map4},
		{"interpolation at the border", interpolation, interpolate(func(l *layer.Interpolate) { l.Inside = true }), map4},
		{"interpolation's cell", layer.Interpolate{Size: [2]int{5, 7}, Transform: layer.Corners, Nearest: layer.CellBefore}, layer.Interpolate{Size: [2]int{5, 7}, Transform: layer.Corners, Nearest: layer.CellAfter}, map4},
		{"MVN epsilon inside", mvn, layer.MVN{Axis: 2, Variance: true, Epsilon: 1e-2, Inside: true}, map4},
		{"MVN epsilon", mvn, layer.MVN{Axis: 2, Variance: true, Epsilon: 1e-3}, map4},
		{"scale axis", layer.Scale{Axis: 1}, layer.Scale{Axis: 2}, square},
		{"scale axes", layer.Scale{Axis: 1}, layer.Scale{Axis: 1, More: -1}, map4},
		{"scale bias", layer.Scale{Axis: 1, Bias: true}, layer.Scale{Axis: 1}, map4},
		{"bias axis", layer.Bias{Axis: 1}, layer.Bias{Axis: 2}, square},
		{"bias axes", layer.Bias{Axis: 1}, layer.Bias{Axis: 1, More: -1}, map4},
		{"add along axis", layer.AddAlong{Axis: 1}, layer.AddAlong{Axis: 2}, append(square, tensor.Shape{4})},
		{"scale along axis", layer.ScaleAlong{Axis: 1}, layer.ScaleAlong{Axis: 2}, append(square, tensor.Shape{4})},
		{"eltwise operation", layer.Eltwise{}, layer.Eltwise{Combination: layer.EltwiseProduct}, three},
		{"eltwise maximum", layer.Eltwise{Combination: layer.EltwiseProduct}, layer.Eltwise{Combination: layer.EltwiseMaximum}, three},
		{"eltwise coefficients", layer.Eltwise{}, layer.Eltwise{Coefficients: []float64{1, 1, 1.0001}}, three},
		{"reduction factor", total, reduce(func(l *layer.Reduction) { l.Factor = 0.5001 }), map4},
		{"reduction of squares", total, reduce(func(l *layer.Reduction) { l.Statistic = layer.ReductionSquares }), map4},
		{"reduction of magnitudes", total, reduce(func(l *layer.Reduction) { l.Statistic = layer.ReductionMagnitudes }), map4},
		{"reduction to a mean", total, reduce(func(l *layer.Reduction) { l.Statistic = layer.ReductionMean }), map4},
		{"operation on two", binary(layer.Sum), binary(layer.Difference), append(square, tensor.Shape{4, 5})},
		{"maximum to minimum", binary(layer.Larger), binary(layer.Smaller), append(square, tensor.Shape{4, 5})},
		{"remainder's sign", binary(layer.FloorRemainder), binary(layer.WholeRemainder), append(square, tensor.Shape{4, 5})},
		{"rounding of a quotient", binary(layer.FloorQuotient), binary(layer.WholeQuotient), append(square, tensor.Shape{4, 5})},
		{"strictness of a comparison", binary(layer.Less), binary(layer.GreaterEqual), append(square, tensor.Shape{4, 5})},
		{"function", layer.Unary{Function: layer.Sin}, layer.Unary{Function: layer.Tan}, map4},
		{"rounding to even", layer.Unary{Function: layer.Round}, layer.Unary{Function: layer.Floor}, map4},
		{"erf to its approximation by tanh", layer.Unary{Function: layer.Erf}, layer.Tanh{}, map4},
		{"type of a cast", layer.Cast{To: layer.Float32, From: layer.Float32}, layer.Cast{To: layer.Float16, From: layer.Float32}, map4},
		{"cast that cuts digits off", layer.Cast{To: layer.BFloat16}, layer.Cast{To: layer.BFloat16, Truncate: true}, map4},
		{"reduction along another axis", along(layer.ReduceSum, 1), along(layer.ReduceSum, 2), square},
		{"reduced sum to mean", along(layer.ReduceSum, 1), along(layer.ReduceMean, 1), map4},
		{"reduced mean to maximum", along(layer.ReduceMean, 1), along(layer.ReduceMax, 1), map4},
		{"reduced maximum to minimum", along(layer.ReduceMax, 1), along(layer.ReduceMin, 1), map4},
		{"reduced product to sum", along(layer.ReduceProduct, 1), along(layer.ReduceSum, 1), map4},
		{"norm to sum", along(layer.ReduceNorm, 1), along(layer.ReduceSum, 1), map4},
		{"index along another axis", layer.ArgExtreme{Axis: 1}, layer.ArgExtreme{Axis: 2}, square},
		{"index of the smallest", layer.ArgExtreme{Axis: 1}, layer.ArgExtreme{Axis: 1, Least: true}, map4},
		{"first matrix turned", layer.MatMul{}, layer.MatMul{TransposeA: true}, []tensor.Shape{{5, 5}, {5, 4}}},
		{"second matrix turned", layer.MatMul{}, layer.MatMul{TransposeB: true}, []tensor.Shape{{4, 5}, {5, 5}}},
		{"padding along three axes", conv3, shifted3, map5},
		{"dilation along three axes", conv3, dilated3, map5},
		{"bias along three axes missing", conv3, layer.ConvolutionND{WindowND: conv3.WindowND, Axis: 1, Outputs: 6, Groups: 2}, map5},
		{"deconvolution's padding", deconv, deconvolution(func(l *layer.Deconvolution) { l.Padding = shifted.Padding }), map4},
		{"deconvolution's padding to the right", deconv, deconvolution(func(l *layer.Deconvolution) { l.Padding = wide.Padding }), map4},
		{"deconvolution's bias missing", deconv, deconvolution(func(l *layer.Deconvolution) { l.Bias = false }), map4},
		{"deconvolution's padding along three axes", deconv3, layer.DeconvolutionND{WindowND: shifted3.WindowND, Axis: 1, Outputs: 6, Groups: 2, Bias: true}, map5},
		{"deconvolution's bias along three axes missing", deconv3, layer.DeconvolutionND{WindowND: conv3.WindowND, Axis: 1, Outputs: 6, Groups: 2}, map5},
		{"columns' padding", layer.Im2col{WindowND: conv3.WindowND, Axis: 1}, layer.Im2col{WindowND: shifted3.WindowND, Axis: 1}, map5},
		{"columns' dilation", layer.Im2col{WindowND: conv3.WindowND, Axis: 1}, layer.Im2col{WindowND: dilated3.WindowND, Axis: 1}, map5},
		{"crop's offsets", layer.Crop{Axis: 2, Offsets: []int{1, 3}}, layer.Crop{Axis: 2, Offsets: []int{3, 1}}, []tensor.Shape{{2, 4, 9, 11}, {1, 1, 6, 8}}},
		{"stochastic pool's padding", layer.StochasticPool{Pool: pool}, layer.StochasticPool{Pool: shiftedPool}, map4},
		{"resize's filter", stretch, resize(func(l *layer.Resize) { l.Filter = layer.ResizeLinear }), map4},
		{"resize's mean", stretch, resize(func(l *layer.Resize) { l.Filter = layer.ResizeArea }), map4},
		{"resize's nearest", resize(func(l *layer.Resize) { l.Filter = layer.ResizeLinear }), resize(func(l *layer.Resize) { l.Filter = layer.ResizeNearest }), map4},
		{"resize's corners", stretch, resize(func(l *layer.Resize) { l.Coordinates = layer.FromCorners }), map4},
		{"resize's centres", stretch, resize(func(l *layer.Resize) { l.Coordinates = layer.FromCentres }), map4},
		{"resize's a", stretch, resize(func(l *layer.Resize) { l.A = -0.7499 }), map4},
		{"resize's border", stretch, resize(func(l *layer.Resize) { l.Inside = true }), map4},
		{"resize's steps", stretch, resize(func(l *layer.Resize) { l.Steps = 0 }), map4},
		{"resample's scale", kernel, resample(func(l *layer.Resample) { l.Scale[1] = 1.2501 }), map4},
		{"resample's shift", kernel, resample(func(l *layer.Resample) { l.Shift[0] = 0.2501 }), map4},
		{"resample's kernel", kernel, resample(func(l *layer.Resample) { l.Kernel = layer.MitchellKernel }), map4},
		{"resample's antialias", kernel, resample(func(l *layer.Resample) { l.Antialias = true }), map4},
		{"inner product bias", layer.InnerProduct{Outputs: 3, Bias: true}, layer.InnerProduct{Outputs: 3}, []tensor.Shape{{2, 7}}},
	} {
		t.Run(c.what, func(t *testing.T) {
			x := draw(t, layer.Example{Layer: c.base, Inputs: c.in, DrawParams: positive}, 5, 6)
			changed := x.run64(c.with, x.in)
			if r := worst(x.run64(c.base, x.in), changed, x.bound(t, AnyOrder, nil)); r <= 1 {
				t.Errorf("the change stays inside the bound: ratio %g", r)
			}
		})
	}
}

// positive makes parameters fit for all layers, variances among them.
func positive(_ *rand.Rand, params []*tensor.Tensor[float64]) {
	for _, p := range params {
		for i, v := range p.Data {
			p.Data[i] = math.Abs(v)
		}
	}
}

// threeAxes is a window over three axes; a dilation of the last two needs two more cells of padding.
func threeAxes(before, after []int, dilation int) layer.WindowND {
	return layer.WindowND{Kernel: []int{1, 2, 2}, Stride: []int{1, 2, 1}, Dilation: []int{1, dilation, dilation}, Before: before, After: after}
}

func TestEmbedBiasLeavesTheBound(t *testing.T) {
	l := layer.Embed{Inputs: 6, Outputs: 4, Bias: true}
	for _, k := range layer.Kinds {
		if k.Name == l.Kind() {
			x := draw(t, k.Examples[0], 5, 6)
			changed := x.run64(layer.Embed{Inputs: 6, Outputs: 4}, x.in)
			if r := worst(x.run64(l, x.in), changed, x.bound(t, AnyOrder, nil)); r <= 1 {
				t.Errorf("the change stays inside the bound: ratio %g", r)
			}
		}
	}
}

func TestAxisOfLabelledRowsLeavesTheBound(t *testing.T) {
	for _, k := range layer.Kinds {
		if k.Name != "SoftmaxCrossEntropySparse" {
			continue
		}
		e := k.Examples[0]
		e.Layer, e.Inputs = layer.SoftmaxCrossEntropySparse{Axis: 1}, []tensor.Shape{{2, 4, 4}, {2, 4}}
		x := draw(t, e, 5, 6)
		changed := x.run64(layer.SoftmaxCrossEntropySparse{Axis: 2}, x.in)
		if r := worst(x.run64(e.Layer, x.in), changed, x.bound(t, AnyOrder, nil)); r <= 1 {
			t.Errorf("the change stays inside the bound: ratio %g", r)
		}
	}
}
