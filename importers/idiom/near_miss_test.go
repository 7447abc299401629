package idiom_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
	. "parity/importers/tensorflow/tensorflowtest"
	"parity/importers/tensorflow/tensorproto"
)

// bnOf is the usual form, of values with other names in the place of some.
func bnOf(x, mean, scaled, offset string) Graph {
	return Graph{Op("xs", "Mul", In(x, scaled)), Op("ms", "Mul", In(mean, scaled)), Op("t", "Sub", In(offset, "ms")), Op("y", "AddV2", In("xs", "t"))}
}

// softmaxOf has the maximum and the sum along given axes.
func softmaxOf(most, sum int32) Graph {
	return together(x, reduce("most", "Max", "x", true, most), Op("d", "Sub", In("x", "most")), Op("p", "Exp", In("d")), reduce("sum", "Sum", "p", true, sum), Op("y", "RealDiv", In("p", "sum")))
}

// What differs in one place is another function, and left alone as far as it does; what something else reads stays to be seen.
// Either way nothing changes what is computed.
func TestNearMisses(t *testing.T) {
	batchShaped := ints("shape", 2, 6, 7, 5)
	for _, c := range []struct {
		name  string
		graph Graph
		want  []string // nil: the node y stays as it is
	}{
		{"a bias along the width", Graph{x, kernel("w", 3, 3, 5, 4), vector("b", 1, 5, 1), Op("c", "Conv2D", In("x", "w"), "padding", "VALID"), Op("y", "AddV2", In("c", "b"))},
			[]string{"c Convolution", "y Bias"}},
		{"two additions", Graph{x, kernel("w", 3, 3, 5, 4), vector("b", 1, 4), vector("b2", 3, 4), Op("c", "Conv2D", In("x", "w"), "padding", "VALID"), Op("d", "AddV2", In("c", "b")), Op("y", "AddV2", In("d", "b2"))},
			[]string{"d Convolution", "y Bias"}},
		{"a bias taken away", Graph{x, kernel("w", 3, 3, 5, 4), vector("b", 1, 4), Op("c", "Conv2D", In("x", "w"), "padding", "VALID"), Op("y", "Sub", In("c", "b"))},
			[]string{"c Convolution", "y/NCHW Reshape", "y Binary"}},
		{"the product is read twice", Graph{x, kernel("w", 3, 3, 5, 4), vector("b", 1, 4), Op("c", "Conv2D", In("x", "w"), "padding", "VALID"), Op("y", "BiasAdd", In("c", "b")), Op("z", "Relu", In("c"))},
			[]string{"c Convolution", "y Convolution", "z ReLU"}},
		{"a Pad with ones", Graph{x, padding, scalar("one", 1), kernel("w", 3, 3, 5, 4), Op("q", "PadV2", In("x", "p", "one")), Op("y", "Conv2D", In("q", "w"), "padding", "VALID")},
			[]string{"q Pad", "y Convolution"}},
		{"a Pad of the channels", Graph{x, Const("p", Ints(tensor.Shape{4, 2}, 0, 0, 1, 1, 1, 1, 0, 1)), kernel("w", 3, 3, 6, 4), Op("q", "Pad", In("x", "p")), Op("y", "Conv2D", In("q", "w"), "padding", "VALID")},
			[]string{"q Pad", "y Convolution"}},
		{"a Pad and SAME", Graph{x, padding, kernel("w", 3, 3, 5, 4), Op("q", "Pad", In("x", "p")), Op("y", "Conv2D", In("q", "w"), "padding", "SAME")},
			[]string{"q Pad", "y Convolution"}},
		{"a Pad and MaxPool of any numbers", Graph{x, evenPad, Op("q", "Pad", In("x", "p")), Op("y", "MaxPool", In("q"), "padding", "VALID", "ksize", []int{1, 3, 3, 1}, "strides", []int{1, 2, 2, 1})},
			[]string{"q Pad", "y MaxPool"}},
		{"a Pad that whole windows lie in", Graph{x, evenPad, scalar("low", -3.4028235e38), Op("q", "PadV2", In("x", "p", "low")), Op("y", "MaxPool", In("q"), "padding", "VALID", "ksize", []int{1, 1, 1, 1}, "strides", []int{1, 2, 2, 1})},
			[]string{"q Pad", "y MaxPool"}},
		{"a Pad and AvgPool with SAME", Graph{x, evenPad, Op("q", "Pad", In("x", "p")), Op("y", "AvgPool", In("q"), "padding", "SAME", "ksize", []int{1, 3, 3, 1}, "strides", []int{1, 2, 2, 1})},
			[]string{"q Pad", "y AveragePool"}},

		{"blocks that differ", Graph{
			Placeholder("x", -1, 6, 8, 5), ints("k", 2, 2), ints("j", 1, 4), Const("p", Ints(tensor.Shape{2, 2}, 2, 2, 2, 2)), Const("crop", Ints(tensor.Shape{2, 2}, 0, 0, 0, 0)), kernel("w", 3, 3, 5, 4),
			Op("s", "SpaceToBatchND", In("x", "k", "p")), Op("c", "Conv2D", In("s", "w"), "padding", "VALID"), Op("y", "BatchToSpaceND", In("c", "j", "crop")),
		}, []string{"s SpaceToBatch", "c Convolution", "y BatchToSpace"}},
		{"a stride within the blocks", Graph{
			Placeholder("x", -1, 6, 8, 5), ints("k", 2, 2), Const("p", Ints(tensor.Shape{2, 2}, 2, 2, 2, 2)), Const("crop", Ints(tensor.Shape{2, 2}, 0, 0, 0, 0)), kernel("w", 3, 3, 5, 4),
			Op("s", "SpaceToBatchND", In("x", "k", "p")), Op("c", "Conv2D", In("s", "w"), "padding", "VALID", "strides", []int{1, 2, 2, 1}), Op("y", "BatchToSpaceND", In("c", "k", "crop")),
		}, []string{"s SpaceToBatch", "c Convolution", "y BatchToSpace"}},
		{"more cut off than was padded", Graph{
			Placeholder("x", -1, 8, 8, 5), ints("k", 2, 2), Const("p", Ints(tensor.Shape{2, 2}, 0, 0, 0, 0)), Const("crop", Ints(tensor.Shape{2, 2}, 1, 0, 0, 0)), kernel("w", 3, 3, 5, 4),
			Op("s", "SpaceToBatchND", In("x", "k", "p")), Op("c", "Conv2D", In("s", "w"), "padding", "VALID"), Op("y", "BatchToSpaceND", In("c", "k", "crop")),
		}, []string{"s SpaceToBatch", "c Convolution", "y BatchToSpace"}},
		{"parts in another order", Graph{
			Placeholder("x", -1, 6, 7, 4), Const("a", Ints(tensor.Shape{}, 3)), Op("s", "Split", In("a", "x"), "num_split", 2), kernel("w0", 3, 3, 2, 2), kernel("w1", 3, 3, 2, 2),
			Op("c0", "Conv2D", In("s", "w0"), "padding", "SAME"), Op("c1", "Conv2D", In("s:1", "w1"), "padding", "SAME"), Op("y", "ConcatV2", In("c1", "c0", "a")),
		}, []string{"s Slice", "c0 Convolution", "c1 Convolution", "y Concat"}},
		{"parts with other windows", Graph{
			Placeholder("x", -1, 6, 7, 4), Const("a", Ints(tensor.Shape{}, 3)), Op("s", "Split", In("a", "x"), "num_split", 2), kernel("w0", 3, 3, 2, 2), kernel("w1", 1, 1, 2, 2),
			Op("c0", "Conv2D", In("s", "w0"), "padding", "SAME"), Op("c1", "Conv2D", In("s:1", "w1"), "padding", "SAME"), Op("y", "ConcatV2", In("c0", "c1", "a")),
		}, []string{"s Slice", "c0 Convolution", "c1 Convolution", "y Concat"}},
		{"unequal parts", Graph{
			Placeholder("x", -1, 6, 7, 4), Const("a", Ints(tensor.Shape{}, 3)), ints("n", 1, 3), Op("s", "SplitV", In("x", "n", "a"), "num_split", 2), kernel("w0", 3, 3, 1, 2), kernel("w1", 3, 3, 3, 2),
			Op("c0", "Conv2D", In("s", "w0"), "padding", "SAME"), Op("c1", "Conv2D", In("s:1", "w1"), "padding", "SAME"), Op("y", "ConcatV2", In("c0", "c1", "a")),
		}, []string{"s Slice", "c0 Convolution", "c1 Convolution", "y Concat"}},
		{"parts that overlap", together(
			Placeholder("x", -1, 6, 7, 4), slice("s0", "x", 0, 2), slice("s1", "x", 1, 3), Const("a", Ints(tensor.Shape{}, 3)), kernel("w0", 3, 3, 2, 2), kernel("w1", 3, 3, 2, 2),
			Op("c0", "Conv2D", In("s0", "w0"), "padding", "SAME"), Op("c1", "Conv2D", In("s1", "w1"), "padding", "SAME"), Op("y", "ConcatV2", In("c0", "c1", "a")),
		), []string{"s0 StridedSlice", "s1 StridedSlice", "c0 Convolution", "c1 Convolution", "y Concat"}},

		{"an epsilon for each channel", together(x, normal[:4], vector("e", 0.125), root, Op("s", "Mul", In("r", "g")), bnOf("x", "m", "s", "b")),
			nil},
		{"the mean added", together(x, normal, root, Op("s", "Mul", In("r", "g")), Op("xs", "Mul", In("x", "s")), Op("ms", "Mul", In("m", "s")), Op("t", "AddV2", In("b", "ms")), Op("y", "AddV2", In("xs", "t"))), nil},
		{"the mean not scaled", together(x, normal, root, Op("s", "Mul", In("r", "g")), Op("xs", "Mul", In("x", "s")), Op("ms", "Mul", In("m", "r")), Op("t", "Sub", In("b", "ms")), Op("y", "AddV2", In("xs", "t"))), nil},
		{"the variance doubled", together(x, normal, scalar("two", 2), Op("vv", "Mul", In("v", "two")), Op("ve", "AddV2", In("vv", "e")), Op("r", "Rsqrt", In("ve")), Op("s", "Mul", In("r", "g")), bnOf("x", "m", "s", "b")), nil},
		{"the deviation not under a root", together(x, normal, Op("ve", "AddV2", In("v", "e")), Op("r", "Reciprocal", In("ve")), Op("s", "Mul", In("r", "g")), bnOf("x", "m", "s", "b")), nil},
		{"along the width", together(Placeholder("x", -1, 6, 5, 5), vector("m", -0.5, 5, 1), vector("v", 0.25, 5, 1), vector("g", -1.5), vector("b", 0.75, 5, 1), scalar("e", 0.125), root, Op("s", "Mul", In("r", "g")), bnOf("x", "m", "s", "b")), nil},
		{"the scaled map is read twice", together(x, normal, root, Op("s", "Mul", In("r", "g")), bnOf("x", "m", "s", "b"), Op("z", "Relu", In("xs"))),
			[]string{"ve Binary", "r Unary", "s Scale", "xs/NCHW Reshape", "xs Binary", "y FusedBatchNorm", "z ReLU"}},

		{"moments of the map alone", together(x, normal, momentsOf("x", true, 1, 2), Op("ve", "AddV2", In("variance", "e")), Op("r", "Rsqrt", In("ve")), Op("s", "Mul", In("r", "g")), bnOf("x", "mean", "s", "b")),
			[]string{"mean Moments", "ve Power", "r Unary", "s Scale", "xs Binary", "ms Binary", "t/NCHW Reshape", "t Binary", "y Binary"}},
		{"the variance of another map", together(x, Op("z", "Tanh", In("x")), normal, reduce("mean", "Mean", "x", true, 0, 1, 2), Op("distance", "SquaredDifference", In("z", "mean")), reduce("variance", "Mean", "distance", true, 0, 1, 2),
			Op("ve", "AddV2", In("variance", "e")), Op("r", "Rsqrt", In("ve")), Op("d", "Sub", In("x", "mean")), Op("y", "Mul", In("d", "r"))), nil},
		{"an unbiased variance", together(x, normal, scalar("share", 1.25), momentsOf("x", true, 0, 1, 2), Op("vu", "Mul", In("variance", "share")), Op("ve", "AddV2", In("vu", "e")), Op("r", "Rsqrt", In("ve")), Op("d", "Sub", In("x", "mean")), Op("y", "Mul", In("d", "r"))),
			[]string{"mean Moments", "ve Power", "r Unary", "d Binary", "y Binary"}},
		{"moments that something else reads", together(x, normal, momentsOf("x", true, 0, 1, 2), Op("ve", "AddV2", In("variance", "e")), Op("r", "Rsqrt", In("ve")), Op("d", "Sub", In("x", "mean")), Op("y", "Mul", In("d", "r")), Op("z", "Relu", In("mean")), Op("z2", "Relu", In("variance"))),
			[]string{"mean Moments", "y FusedBatchNorm", "z ReLU", "z2 ReLU"}},
		{"magnitudes for squares", together(x, reduce("mean", "Mean", "x", true, 0, 1, 2), Op("d", "Sub", In("x", "mean")), Op("a", "Abs", In("d")), reduce("y", "Mean", "a", true, 0, 1, 2)), nil},

		{"an epsilon for each cell", together(x, vector("e", 0.5, 7, 1), Op("sq", "Square", In("x")), reduce("sum", "Sum", "sq", true, 3), Op("most", "Maximum", In("sum", "e")), Op("r", "Rsqrt", In("most")), Op("y", "Mul", In("x", "r"))), nil},
		{"the sum without squares", together(x, scalar("e", 0.5), Op("sq", "Abs", In("x")), reduce("sum", "Sum", "sq", true, 3), Op("most", "Maximum", In("sum", "e")), Op("r", "Rsqrt", In("most")), Op("y", "Mul", In("x", "r"))), nil},
		{"a mean for the sum", together(x, scalar("e", 0.5), Op("sq", "Square", In("x")), reduce("sum", "Mean", "sq", true, 3), Op("most", "Maximum", In("sum", "e")), Op("r", "Rsqrt", In("most")), Op("y", "Mul", In("x", "r"))), nil},
		{"the sum of squares is read twice", together(x, scalar("e", 0.5), Op("sq", "Square", In("x")), reduce("sum", "Sum", "sq", true, 3), Op("most", "Maximum", In("sum", "e")), Op("r", "Rsqrt", In("most")), Op("y", "Mul", In("x", "r")), Op("z", "Tanh", In("sum"))),
			[]string{"sq Unary", "sum Reduce", "y L2Normalize", "z Tanh"}},

		{"swish, times two", Graph{x, scalar("k", 2), Op("s", "Sigmoid", In("x")), Op("t", "Mul", In("s", "x")), Op("y", "Mul", In("k", "t"))}, []string{"t Swish", "y Power"}},
		{"the sigmoid of something else", Graph{x, Op("z", "Tanh", In("x")), Op("s", "Sigmoid", In("z")), Op("y", "Mul", In("s", "x"))}, []string{"z Tanh", "s Sigmoid", "y Binary"}},
		{"a sigmoid of x and one", Graph{x, scalar("k", 1), Op("z", "AddV2", In("x", "k")), Op("s", "Sigmoid", In("z")), Op("y", "Mul", In("s", "x"))}, []string{"z Power", "s Sigmoid", "y Binary"}},
		{"hard swish, limited below 0", Graph{x, scalar("half", 0.75), scalar("lo", -0.5), scalar("hi", 1), Op("z", "AddV2", In("x", "half")), Op("a", "Minimum", In("z", "hi")), Op("c", "Maximum", In("a", "lo")), Op("y", "Mul", In("c", "x"))}, nil},
		{"hard swish without an upper limit", Graph{x, scalar("half", 0.75), Op("z", "AddV2", In("x", "half")), Op("a", "Relu", In("z")), Op("y", "Mul", In("a", "x"))}, []string{"z Power", "a ReLU", "y Binary"}},
		{"a slope for what is above 0", Graph{x, scalar("k", 2), Op("kx", "Mul", In("k", "x")), Op("y", "Maximum", In("x", "kx"))}, []string{"kx Power", "y Binary"}},
		{"magnitudes that do not add up to one", Graph{x, scalar("f", 0.625), scalar("h", 0.25), Op("fx", "Mul", In("f", "x")), Op("a", "Abs", In("x")), Op("ha", "Mul", In("a", "h")), Op("y", "AddV2", In("fx", "ha"))}, nil},
		{"a choice at one", Graph{x, scalar("k", 0.25), scalar("one", 1), Op("kx", "Mul", In("k", "x")), Op("c", "Greater", In("x", "one")), Op("y", "SelectV2", In("c", "x", "kx"))}, nil},
		{"a slope along the width", Graph{x, vector("k", -0.25, 7, 1), Op("p", "Relu", In("x")), Op("n", "Neg", In("x")), Op("q", "Relu", In("n")), Op("nq", "Neg", In("q")), Op("kq", "Mul", In("k", "nq")), Op("y", "AddV2", In("p", "kq"))},
			[]string{"p ReLU", "n Unary", "q ReLU", "nq Unary", "kq Scale", "y Binary"}},

		{"softmax without the maximum", together(x, Op("p", "Exp", In("x")), reduce("sum", "Sum", "p", true, -1), Op("y", "RealDiv", In("p", "sum"))), []string{"p Exp", "sum Reduce", "y Binary"}},
		{"the sum along another axis", softmaxOf(3, 2), nil},
		{"the maximum along another axis", softmaxOf(2, 3), nil},
		{"the exponentials are read twice", append(softmaxOf(3, 3), Op("z", "Tanh", In("p"))), []string{"most Reduce", "d Binary", "p Exp", "y Softmax", "z Tanh"}},

		{"a root of weights", together(x, vector("v", 0.25), scalar("e", 0.125), root, Op("y", "Mul", In("x", "r"))), []string{"ve Binary", "r Unary", "y/NCHW Reshape", "y Binary"}},
		{"LRN with a hole in the window", together(x, Op("sq", "Square", In("x")), Const("p", Ints(tensor.Shape{4, 2}, 0, 0, 0, 0, 0, 0, 1, 1)), Op("padded", "Pad", In("sq", "p")), slice("A", "padded", 0, 5), slice("C", "padded", 2, 7), Op("sum", "AddV2", In("A", "C")),
			scalar("a", 0.25), scalar("k", 2), scalar("beta", 0.75), Op("as", "Mul", In("a", "sum")), Op("ks", "AddV2", In("k", "as")), Op("pw", "Pow", In("ks", "beta")), Op("y", "RealDiv", In("x", "pw"))), nil},
		{"LRN, the window moved", together(x, slicesOf(2, 0, 3), scalar("a", 0.25), scalar("k", 2), scalar("beta", 0.75), Op("as", "Mul", In("a", "sum")), Op("ks", "AddV2", In("k", "as")), Op("pw", "Pow", In("ks", "beta")), Op("y", "RealDiv", In("x", "pw"))), nil},
		{"LRN of magnitudes", Graph{x, band(5, 2), scalar("a", 0.25), scalar("k", 2), scalar("beta", -0.75), Op("sq", "Abs", In("x")), Op("sum", "Conv2D", In("sq", "band"), "padding", "SAME"), Op("as", "Mul", In("sum", "a")), Op("ks", "AddV2", In("as", "k")), Op("pw", "Pow", In("ks", "beta")), Op("y", "Mul", In("x", "pw"))}, nil},
		{"LRN with weights that differ", Graph{x, kernel("band", 1, 1, 5, 5), scalar("a", 0.0625), scalar("k", 9), scalar("beta", -0.75), Op("sq", "Square", In("x")), Op("sum", "Conv2D", In("sq", "band"), "padding", "SAME"), Op("as", "Mul", In("sum", "a")), Op("ks", "AddV2", In("as", "k")), Op("pw", "Pow", In("ks", "beta")), Op("y", "Mul", In("x", "pw"))}, nil},

		{"a keep_prob that is fed", together(x2, Op("keep", "Placeholder", nil, "dtype", tensorproto.Float, "shape", tensor.Shape{}), batchShaped, Op("u", "RandomUniform", In("shape"), "dtype", tensorproto.Float), Op("ku", "AddV2", In("keep", "u")), Op("mask", "Floor", In("ku")), Op("d", "RealDiv", In("x", "keep")), Op("y", "Mul", In("d", "mask"))),
			[]string{"ku Binary", "mask Unary", "d Binary", "y Binary"}},
		{"numbers that are fed", Graph{x, Placeholder("u", -1, 6, 7, 5), scalar("keep", 0.75), Op("ku", "AddV2", In("keep", "u")), Op("mask", "Floor", In("ku")), Op("d", "RealDiv", In("x", "keep")), Op("y", "Mul", In("d", "mask"))},
			[]string{"ku Power", "mask Unary", "d Power", "y Binary"}},
		{"numbers rounded up", together(x2, uniform(2, 6, 7, 5), scalar("keep", 0.75), Op("ku", "AddV2", In("keep", "u")), Op("mask", "Ceil", In("ku")), Op("d", "RealDiv", In("x", "keep")), Op("y", "Mul", In("d", "mask"))), nil},
		{"another number for what is dropped", together(x2, uniform(2, 6, 7, 5), scalar("rate", 0.25), scalar("scale", 1.375), scalar("minus", -1), Op("d", "Mul", In("x", "scale")), Op("c", "GreaterEqual", In("u", "rate")), Op("y", "SelectV2", In("c", "d", "minus"))), nil},
		{"the mask is read twice", together(x2, uniform(2, 6, 7, 5), scalar("keep", 0.75), Op("ku", "AddV2", In("keep", "u")), Op("mask", "Floor", In("ku")), Op("d", "RealDiv", In("x", "keep")), Op("y", "Mul", In("d", "mask")), Op("z", "Identity", In("mask")), Op("z2", "Neg", In("z"))),
			[]string{"ku Binary", "mask Unary", "y Dropout", "z2 Unary"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			recognised, plain := read(t, c.graph)
			got := kinds(recognised)
			if c.want != nil && !cmp.Equal(c.want, got) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if y := recognised.Node("y"); c.want == nil && (y == nil || y.Layer.Kind() != plain.Node("y").Layer.Kind()) {
				t.Errorf("got %v, want the last node as it is", got)
			}
			checkEqual(t, recognised, plain, false)
		})
	}
}
