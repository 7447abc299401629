package lower

import (
	"strings"
	"testing"

	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
	. "parity/importers/onnx/onnxtest"
)

// Operations that are put together of layers: which, and the shape of y for a batch of 2.
func TestOperationsOfSeveralLayers(t *testing.T) {
	whole := func(d model.DType, shape ...int) Value { return Value{Name: "x", Type: d, Shape: shape} }
	for _, c := range []struct {
		model  Model
		layers string
		shape  tensor.Shape
	}{
		{net(13, Input("x", 1, 1, 4, 4, 4), Op("y", "Conv", In("x", "w")), w(1, 1, 2, 2, 2)), "ConvolutionND", tensor.Shape{1, 1, 3, 3, 3}},
		{net(13, Input("x", 1, 1, 5, 4, 4), Op("y", "Conv", In("x", "w"), "auto_pad", "SAME_LOWER", "strides", []int{2, 1, 1}), w(1, 1, 2, 2, 2)), "ConvolutionND", tensor.Shape{1, 1, 3, 4, 4}},
		{net(13, Input("x", 1, 2, 4, 5, 6), Op("y", "AveragePool", In("x"), "kernel_shape", []int{2, 3, 2}, "strides", []int{2, 1, 1})), "AveragePoolND", tensor.Shape{1, 2, 2, 3, 5}},
		{net(13, x4, Op("y", "MaxPool", In("x"), "kernel_shape", []int{2, 2}, "dilations", []int{2, 1})), "MaxPool", tensor.Shape{2, 6, 6, 8}},
		{net(13, x4, Op("y", "LRN", In("x"), "size", 4)), "LRN", tensor.Shape{2, 6, 8, 9}},
		{net(13, x4, Op("y", "ConvTranspose", In("x", "w", "b"), "strides", []int{2, 3}, "group", 2, "output_padding", []int{1, 0}, "pads", []int{1, 0, 0, 1}), w(6, 2, 3, 2), b(4)), "Deconvolution", tensor.Shape{2, 4, 17, 25}},
		{net(13, x4, Op("y", "ConvTranspose", In("x", "w"), "strides", []int{2, 2}, "output_shape", []int{16, 20}), w(6, 2, 3, 3)), "Deconvolution", tensor.Shape{2, 2, 16, 20}},
		{net(13, x4, Op("y", "ConvTranspose", In("x", "w"), "strides", []int{2, 2}, "auto_pad", "SAME_UPPER"), w(6, 2, 3, 3)), "Deconvolution", tensor.Shape{2, 2, 16, 18}},
		{net(13, x3, Op("y", "ConvTranspose", In("x", "w"), "strides", []int{2}), w(6, 2, 3)), "DeconvolutionND", tensor.Shape{2, 2, 19}},
		{net(13, x4, Op("y", "Add", In("x", "w")), w(6, 1, 9)), "Constant Binary", tensor.Shape{2, 6, 8, 9}},
		{net(13, x2, Op("y", "Sub", In("w", "x")), w(4, 1, 1)), "Constant Binary", tensor.Shape{4, 2, 6}},
		{net(13, whole(model.Uint8, 2, 3), Op("y", "Mul", In("x", "x"))), "Binary Cast", tensor.Shape{2, 3}},
		{net(13, whole(model.Int64, 2, 3), Op("y", "Div", In("x", "x"))), "Binary", tensor.Shape{2, 3}},
		{net(13, whole(model.Uint8, 2, 3), Op("y", "BitShift", In("x", "x"), "direction", "LEFT")), "Constant Gather Binary Cast", tensor.Shape{2, 3}},
		{net(13, x2, Op("y", "Pow", In("x", "x"))), "Binary", tensor.Shape{2, 6}},
		{net(13, x2, Op("y", "Mod", In("x", "x"), "fmod", 1)), "Binary", tensor.Shape{2, 6}},
		{net(13, x2, Op("y", "Mean", In("x", "w", "x")), w(3, 1, 6)), "Constant Binary Binary Power", tensor.Shape{3, 2, 6}},
		{net(13, x2, Op("y", "Greater", In("x", "w")), w(6)), "Constant Binary", tensor.Shape{2, 6}},
		{net(13, x2, Op("y", "Where", In("x", "x", "w")), w(3, 1, 6)), "Constant Select", tensor.Shape{3, 2, 6}},
		{net(13, x4, Op("y", "PRelu", In("x", "w")), w(9)), "Scale Constant Binary Select", tensor.Shape{2, 6, 8, 9}},
		{net(6, x4, Op("y", "PRelu", In("x", "w")), w(6)), "PReLU", tensor.Shape{2, 6, 8, 9}},
		{net(13, x2, Op("y", "Selu", In("x"))), "ELU Power", tensor.Shape{2, 6}},
		{net(13, x2, Op("y", "Celu", In("x"), "alpha", float32(2))), "Power ELU Power", tensor.Shape{2, 6}},
		{net(14, x2, Op("y", "HardSwish", In("x"))), "HardSwish", tensor.Shape{2, 6}},
		{net(18, x2, Op("y", "Mish", In("x"))), "Softplus Tanh Binary", tensor.Shape{2, 6}},
		{net(13, x2, Op("y", "ThresholdedRelu", In("x"))), "Constant Binary Constant Select", tensor.Shape{2, 6}},
		{net(13, x2, Op("y", "Shrink", In("x"), "bias", float32(1))), "Constant Constant Binary Power Select Constant Binary Power Select", tensor.Shape{2, 6}},
		{net(13, x2, Op("y", "IsInf", In("x"), "detect_negative", 0)), "Constant Binary", tensor.Shape{2, 6}},
		{net(14, x4, Op("y", "BatchNormalization", In("x", "w", "w", "w", "w"), "training_mode", 1), w(6)),
			"FusedBatchNorm", tensor.Shape{2, 6, 8, 9}},
		{net(13, x4, Op("y", "InstanceNormalization", In("x", "w", "b")), w(6), b(6)), "MVN Scale", tensor.Shape{2, 6, 8, 9}},
		{net(17, x4, Op("y", "LayerNormalization", In("x", "w", "b"), "axis", 2), w(8, 9), b(8, 9)), "Constant Constant MVN Binary Binary", tensor.Shape{2, 6, 8, 9}},
		{net(13, x4, Op("y", "MeanVarianceNormalization", In("x"))), "Permute MVN Permute", tensor.Shape{2, 6, 8, 9}},
		{net(13, x4, Op("y", "LpNormalization", In("x"), "p", 1)), "Abs Reduce Binary", tensor.Shape{2, 6, 8, 9}},
		{net(13, x4, Op("y", "GlobalLpPool", In("x"), "p", 3)), "Abs Power Reduce Power", tensor.Shape{2, 6, 1, 1}},
		{net(13, x2, Op("y", "MatMul", In("w", "x")), w(3, 2)), "Constant MatMul", tensor.Shape{3, 6}},
		{net(13, Input("x", 2, 6), Op("y", "MatMul", In("x", "w")), w(6)), "Constant Reshape MatMul Reshape", tensor.Shape{2}},
		{net(13, x2, Op("y", "Gemm", In("x", "w", "b"), "alpha", float32(2)), w(6, 5), b(2, 1)), "Constant Constant MatMul Power Binary", tensor.Shape{2, 5}},
		{net(13, x4, Op("y", "ReduceSum", In("x", "a"), "keepdims", 0), Ints("a", 1, -1)), "Reduce", tensor.Shape{2, 8}},
		{net(13, x4, Op("y", "ReduceSum", In("x"), "noop_with_empty_axes", 1)), "Identity", tensor.Shape{2, 6, 8, 9}},
		{net(13, x4, Op("y", "ReduceL1", In("x"), "axes", []int{1})), "Abs Reduce", tensor.Shape{2, 1, 8, 9}},
		{net(13, x4, Op("y", "ReduceLogSum", In("x"), "axes", []int{1})), "Reduce Log", tensor.Shape{2, 1, 8, 9}},
		{net(13, x4, Op("y", "ReduceLogSumExp", In("x"), "axes", []int{1}, "keepdims", 0)), "Reduce Binary Exp Reduce Reduce Log Binary", tensor.Shape{2, 8, 9}},
		{net(13, x4, Op("y", "ArgMax", In("x"), "axis", 1)), "ArgExtreme Reshape", tensor.Shape{2, 1, 8, 9}},
		{net(13, x4, Op("y", "ArgMin", In("x"), "axis", -1, "keepdims", 0)), "ArgExtreme", tensor.Shape{2, 6, 8}},
		{net(13, x4, Op("y", "LogSoftmax", In("x"))), "LogSoftmax", tensor.Shape{2, 6, 8, 9}},
		{net(11, x4, Op("y", "LogSoftmax", In("x"))), "Reshape LogSoftmax Reshape", tensor.Shape{2, 6, 8, 9}},
		{net(13, x4, Op("y", "Hardmax", In("x"), "axis", 1)), "ArgExtreme OneHot", tensor.Shape{2, 6, 8, 9}},
		{net(13, x4, Op("y", "Slice", In("x", "a", "b", "c", "d")), Ints("a", 1, -1), Ints("b", 5, -8), Ints("c", 1, -1), Ints("d", 2, -3)), "StridedSlice", tensor.Shape{2, 2, 8, 3}},
		{net(13, x4, Op("y", "Tile", In("x", "a")), Ints("a", 1, 2, 1, 3)), "Tile Tile", tensor.Shape{2, 12, 8, 27}},
		{net(13, Input("x", 2, 6), Op("y", "Expand", In("x", "a")), Ints("a", 3, 1, 6)), "Broadcast", tensor.Shape{3, 2, 6}},
		{net(13, x2, Op("y", "Gather", In("x", "a"), "axis", 1), Ints("a", 1, -1)), "Constant Gather", tensor.Shape{2, 2}},
		{net(13, whole(model.Int64, 2), Op("y", "Gather", In("w", "x")), w(5, 3)), "Constant Constant Binary Power Binary Gather", tensor.Shape{2, 3}},
		{net(13, whole(model.Int64, 2), Op("y", "OneHot", In("x", "d", "v"), "axis", 0), Ints("d", 4), Floats("v", []int{2}, 0, 1)), "Constant Binary Power Binary OneHot", tensor.Shape{4, 2}},
		{net(13, x2, Op("y", "Pad", In("x", "p", "v")), Ints("p", 0, 1, 0, 1), Floats("v", nil, 1)), "Pad", tensor.Shape{2, 8}},
		{net(13, x2, Op("y", "Pad", In("x", "p"), "mode", "reflect"), Ints("p", 0, 1, 0, 2)), "Constant Gather", tensor.Shape{2, 9}},
		{net(13, x2, Op("y", "Pad", In("x", "p")), Ints("p", 0, -1, 0, 1)), "StridedSlice Pad", tensor.Shape{2, 6}},
		{net(13, Input("x", 2, 4, 3, 5), Op("y", "DepthToSpace", In("x"), "blocksize", 2, "mode", "CRD")), "Reshape Permute Reshape", tensor.Shape{2, 1, 6, 10}},
		{net(13, x4, Op("y", "SpaceToDepth", In("x"), "blocksize", 1)), "SpaceToDepth", tensor.Shape{2, 6, 8, 9}},
		{net(14, x4, Op("y", "Trilu", In("x"), "upper", 0)), "Constant Constant Select", tensor.Shape{2, 6, 8, 9}},
		{net(13, whole(model.Int64, 2), Op("y", "NegativeLogLikelihoodLoss", In("w", "x")), w(2, 3)), "Constant NegativeLogLikelihood", tensor.Shape{}},
		{net(13, whole(model.Int64, 2), Op("y", "SoftmaxCrossEntropyLoss", In("w", "x", "b"), "reduction", "none", "ignore_index", 1), w(2, 3), b(3)), "Constant LogSoftmax NegativeLogLikelihood", tensor.Shape{2}},
		{net(13, x2, Op("y", "Cast", In("x"), "to", int(model.Float16))), "Cast", tensor.Shape{2, 6}},
		{net(13, x2, Op("y", "Dropout", In("x"))), "Dropout", tensor.Shape{2, 6}},
		{net(13, Input("x", 2, 3, 4, 5), Op("y", "Resize", In("x", "", "s"), "mode", "cubic"), Floats("s", []int{4}, 1, 1, 2, 0.5)), "Interpolate", tensor.Shape{2, 3, 8, 2}},
		{net(13, Input("x", 2, 3, 5), Op("y", "Resize", In("x", "", "", "s")), Ints("s", 2, 3, 7)), "Reshape Interpolate Reshape", tensor.Shape{2, 3, 7}},
		{net(13, Input("x", 2, 3, 4, 5), Op("y", "Resize", In("x", "r", "", "s"), "coordinate_transformation_mode", "tf_crop_and_resize"), Floats("r", []int{8}, 0, 0, 0.5, 0, 1, 1, 1.5, 1), Ints("s", 2, 3, 7, 6)),
			"Constant Interpolate Constant Select", tensor.Shape{2, 3, 7, 6}},
		{net(9, Input("x", 2, 3, 4, 5), Op("y", "Upsample", In("x", "s")), Floats("s", []int{4}, 1, 1, 2, 3)), "Interpolate", tensor.Shape{2, 3, 8, 15}},
		{net(7, Input("x", 2, 3, 4, 5), Op("y", "Upsample", In("x"), "scales", []float32{1, 1, 2, 3}, "mode", "linear"), w(1)), "Interpolate", tensor.Shape{2, 3, 8, 15}},
		{net(13, x4, Op("y", "Shape", In("x"))), "Shape", tensor.Shape{4}},
	} {
		op := c.model.Nodes[0].Op
		g := lowerOK(t, c.model)
		var layers []string
		for _, n := range g.Nodes {
			layers = append(layers, n.Layer.Kind())
		}
		if got := strings.Join(layers, " "); got != c.layers {
			t.Errorf("%s: got %s, want %s", op, got, c.layers)
			continue
		}
		in := g.Inputs[0].Shape.Clone()
		for i := range in {
			if in[i] < 0 {
				in[i] = 2
			}
		}
		shapes, err := g.Shapes(map[string]tensor.Shape{"x": in})
		if err != nil {
			t.Errorf("%s: %v", op, err)
		} else if !shapes["y"].Equal(c.shape) {
			t.Errorf("%s: got %v, want %v", op, shapes["y"], c.shape)
		}
	}
}
