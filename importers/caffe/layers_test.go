package caffe_test

import (
	"strings"
	"testing"
)

// TestLayers checks what each layer becomes, for the inputs x and y of shape 2x3x8x9 and s of shape 2.
func TestLayers(t *testing.T) {
	const two = `layer { name: "in" type: "Input" top: "x" top: "y" input_param { shape { dim: 2 dim: 3 dim: 8 dim: 9 } } }
layer { name: "in s" type: "Input" top: "s" input_param { shape { dim: 2 } } }
`
	for _, row := range []struct{ name, layer, want string }{
		{"convolution", `type: "Convolution" bottom: "x" convolution_param { num_output: 6 kernel_size: 3 }`,
			"l: Convolution(x) outputs=6 kernel=3x3 stride=1x1 padding=none -> l"},
		{"everything", `type: "Convolution" bottom: "x" convolution_param { num_output: 6 kernel_size: 3 kernel_size: 5 stride: 2 stride: 3 pad: 1 pad: 2 dilation: 2 dilation: 1 group: 3 bias_term: false }`,
			"l: Convolution(x) outputs=6 kernel=3x5 stride=2x3 padding=1 rows, 2 columns dilation=2x1 groups=3 bias=none -> l"},
		{"by side", `type: "Convolution" bottom: "x" convolution_param { num_output: 6 kernel_h: 3 kernel_w: 5 stride_h: 2 stride_w: 1 pad_h: 0 pad_w: 2 }`,
			"l: Convolution(x) outputs=6 kernel=3x5 stride=2x1 padding=0 rows, 2 columns -> l"},
		{"other channel axis", `type: "Convolution" bottom: "x" convolution_param { num_output: 6 kernel_size: 3 axis: 2 }`,
			"l: ConvolutionND(x) outputs=6 kernel=3 stride=1 padding=none axis=2 -> l"},
		{"convolution of points", `type: "Convolution" bottom: "x" convolution_param { num_output: 6 kernel_size: 3 axis: -1 pad: 2 group: 3 bias_term: false }`,
			"l: ConvolutionND(x) outputs=6 kernel= stride= padding=none axis=3 groups=3 bias=none -> l"},
		{"kernel beyond the map", `type: "Convolution" bottom: "x" convolution_param { num_output: 6 kernel_h: 9 kernel_w: 3 stride: 2 }`,
			"l: Convolution(x) outputs=6 kernel=9x3 stride=2x2 padding=top 0, left 0, bottom 1, right 0 -> l"},
		{"two convolutions", `type: "Convolution" bottom: "x" bottom: "y" top: "m" convolution_param { num_output: 6 kernel_size: 3 force_nd_im2col: true }`,
			"l: Convolution(x) outputs=6 kernel=3x3 stride=1x1 padding=none -> m\nl/1: Convolution(y) outputs=6 kernel=3x3 stride=1x1 padding=none -> l"},
		{"deconvolution", `type: "Deconvolution" bottom: "x" convolution_param { num_output: 6 kernel_size: 4 stride: 2 pad: 1 dilation: 2 group: 3 bias_term: false }`,
			"l: Deconvolution(x) outputs=6 kernel=4x4 stride=2x2 padding=1 dilation=2x2 groups=3 bias=none -> l"},
		{"deconvolution along one axis", `type: "Deconvolution" bottom: "x" convolution_param { num_output: 6 kernel_size: 4 pad: 1 axis: -2 }`,
			"l: DeconvolutionND(x) outputs=6 kernel=4 stride=1 padding=1 axis=2 -> l"},
		{"columns", `type: "Im2col" bottom: "x" convolution_param { kernel_size: 3 kernel_size: 2 stride: 2 pad: 1 dilation: 1 dilation: 2 }`,
			"l: Im2col(x) kernel=3x2 stride=2x2 padding=1x1 dilation=1x2 -> l"},
		{"slice", `type: "Slice" bottom: "x" top: "m" slice_param { axis: -1 slice_point: 4 }`, "l: Slice(x) axis=3 points=[4] -> m l"},
		{"old slice", `type: "Slice" bottom: "x" top: "m" slice_param { slice_dim: 2 }`, "l: Slice(x) axis=2 parts=2 -> m l"},
		{"slice by default", `type: "Slice" bottom: "x" top: "m" top: "n"`, "l: Slice(x) axis=1 parts=3 -> m n l"},
		{"crop", `type: "Crop" bottom: "x" bottom: "y"`, "l: Crop(x y) axis=2 offsets=[] -> l"},
		{"crop by offsets", `type: "Crop" bottom: "x" bottom: "y" crop_param { axis: -3 offset: 0 offset: 0 offset: 0 }`, "l: Crop(x y) axis=1 offsets=[0 0 0] -> l"},
		{"tile", `type: "Tile" bottom: "x" tile_param { axis: -2 tiles: 3 }`, "l: Tile(x) axis=2 tiles=3 -> l"},
		{"filter", `type: "Filter" bottom: "x" bottom: "y" bottom: "s" top: "m"`, "l: Filter(x y s) -> m l"},
		{"batch reindex", `type: "BatchReindex" bottom: "x" bottom: "s"`, "l: BatchReindex(x s) -> l"},
		{"embed", `type: "Embed" bottom: "s" embed_param { num_output: 4 input_dim: 6 bias_term: false }`, "l: Embed(s) inputs=6 outputs=4 bias=none -> l"},
		{"pyramid of one level", `type: "SPP" bottom: "x" spp_param { pyramid_height: 1 }`, "l: MaxPool(x) kernel=8x9 stride=8x9 padding=none rounding=ceil -> l"},
		{"pyramid", `type: "SPP" bottom: "x" spp_param { pyramid_height: 2 pool: AVE }`, `l/0: AveragePool(x) kernel=8x9 stride=8x9 padding=none rounding=ceil -> l/0
l/1: Reshape(l/0) shape=[0 -1] -> l/1
l/2: AveragePool(x) kernel=4x5 stride=4x5 padding=0 rows, 1 columns rounding=ceil divisor=padding counted -> l/2
l/3: Reshape(l/2) shape=[0 -1] -> l/3
l: Concat(l/1 l/3) axis=1 -> l`},
		{"max pool", `type: "Pooling" bottom: "x" pooling_param { kernel_size: 3 stride: 2 }`,
			"l: MaxPool(x) kernel=3x3 stride=2x2 padding=none rounding=ceil -> l"},
		{"average pool", `type: "Pooling" bottom: "x" pooling_param { pool: AVE kernel_h: 3 kernel_w: 4 stride_h: 1 stride_w: 2 pad_h: 1 pad_w: 2 round_mode: FLOOR }`,
			"l: AveragePool(x) kernel=3x4 stride=1x2 padding=1 rows, 2 columns rounding=floor divisor=padding counted -> l"},
		{"global pool", `type: "Pooling" bottom: "x" pooling_param { pool: AVE global_pooling: true stride: 1 }`,
			"l: AveragePool(x) kernel=global -> l"},
		{"stochastic pool", `type: "Pooling" bottom: "x" pooling_param { pool: STOCHASTIC kernel_size: 2 }`,
			"l: StochasticPool(x) kernel=2x2 stride=1x1 padding=none rounding=ceil -> l"},
		{"pool with mask", `type: "Pooling" bottom: "x" pooling_param { kernel_size: 2 } top: "mask"`,
			"l: MaxPool(x) kernel=2x2 stride=1x1 padding=none rounding=ceil mask=second output -> mask l"},
		{"pool with half a kernel too much", `type: "Pooling" bottom: "x" pooling_param { kernel_size: 2 kernel_h: 5 }`,
			"l: MaxPool(x) kernel=2x2 stride=1x1 padding=none rounding=ceil -> l"},
		{"lrn", `type: "LRN" bottom: "x" lrn_param { local_size: 3 alpha: 0.3 beta: 0.6 k: 1.5 }`,
			"l: LRN(x) window=3 alpha=0.1 beta=0.6 k=1.5 -> l"},
		{"lrn's defaults", `type: "LRN" bottom: "x"`, "l: LRN(x) window=5 alpha=0.2 beta=0.75 k=1 -> l"},
		{"lrn within", `type: "LRN" bottom: "x" lrn_param { norm_region: WITHIN_CHANNEL local_size: 3 }`,
			"l: SpatialLRN(x) window=3x3 alpha=0.11111111 beta=0.75 -> l"},
		{"relu", `type: "ReLU" bottom: "x"`, "l: ReLU(x) -> l"},
		{"leaky relu", `type: "ReLU" bottom: "x" relu_param { negative_slope: 0.1 engine: CUDNN }`, "l: ReLU(x) slope=0.1 -> l"},
		{"dropout", `type: "Dropout" bottom: "x"`, "l: Dropout(x) ratio=0.5 -> l"},
		{"absolute value", `type: "AbsVal" bottom: "x"`, "l: Abs(x) -> l"},
		{"bnll", `type: "BNLL" bottom: "x"`, "l: Softplus(x) -> l"},
		{"clip", `type: "Clip" bottom: "x" clip_param { min: -0.1 max: 6 }`, "l: Clip(x) min=-0.1 max=6 -> l"},
		{"elu", `type: "ELU" bottom: "x"`, "l: ELU(x) alpha=1 -> l"},
		{"elu with alpha", `type: "ELU" bottom: "x" elu_param { alpha: 0.5 }`, "l: ELU(x) alpha=0.5 -> l"},
		{"exp", `type: "Exp" bottom: "x"`, "l: Exp(x) -> l"},
		{"exp of base 2", `type: "Exp" bottom: "x" exp_param { base: 2 scale: 0.5 shift: -1 }`, "l: Exp(x) base=2 scale=0.5 shift=-1 -> l"},
		{"log", `type: "Log" bottom: "x" log_param { base: -1 }`, "l: Log(x) -> l"},
		{"log of base 10", `type: "Log" bottom: "x" log_param { base: 10 scale: 2 shift: 1 }`, "l: Log(x) base=10 scale=2 shift=1 -> l"},
		{"power", `type: "Power" bottom: "x"`, "l: Power(x) power=1 -> l"},
		{"everything of power", `type: "Power" bottom: "x" power_param { power: -2 scale: 0.017 shift: 3 }`, "l: Power(x) power=-2 scale=0.017 shift=3 -> l"},
		{"sigmoid", `type: "Sigmoid" bottom: "x" sigmoid_param { engine: CAFFE }`, "l: Sigmoid(x) -> l"},
		{"swish", `type: "Swish" bottom: "x"`, "l: Swish(x) beta=1 -> l"},
		{"swish with beta", `type: "Swish" bottom: "x" swish_param { beta: 2 }`, "l: Swish(x) beta=2 -> l"},
		{"tanh", `type: "TanH" bottom: "x" tanh_param { engine: CAFFE }`, "l: Tanh(x) -> l"},
		{"threshold", `type: "Threshold" bottom: "x"`, "l: Threshold(x) threshold=0 -> l"},
		{"threshold above zero", `type: "Threshold" bottom: "x" threshold_param { threshold: 0.5 }`, "l: Threshold(x) threshold=0.5 -> l"},
		{"prelu", `type: "PReLU" bottom: "x"`, "l: PReLU(x) -> l"},
		{"shared prelu", `type: "PReLU" bottom: "x" prelu_param { channel_shared: true filler { value: 0.1 } }`, "l: PReLU(x) slope=shared -> l"},
		{"inner product", `type: "InnerProduct" bottom: "x" inner_product_param { num_output: 7 bias_term: false }`,
			"l: InnerProduct(x) outputs=7 bias=none -> l"},
		{"inner product of one axis", `type: "InnerProduct" bottom: "x" inner_product_param { num_output: 7 axis: -1 }`,
			"l/0: Reshape(x) shape=[-1 9] -> l/0\nl: InnerProduct(l/0) outputs=7 -> l/1\nl/2: Reshape(l/1) shape=[-1 3 8 7] -> l"},
		{"inner product of all axes", `type: "InnerProduct" bottom: "x" inner_product_param { num_output: 7 axis: 0 }`,
			"l/0: Reshape(x) shape=[1 -1] -> l/0\nl: InnerProduct(l/0) outputs=7 -> l/1\nl/2: Reshape(l/1) shape=[-1] -> l"},
		{"concat", `type: "Concat" bottom: "x" bottom: "y"`, "l: Concat(x y) axis=1 -> l"},
		{"concat from the end", `type: "Concat" bottom: "x" bottom: "y" concat_param { axis: -1 }`, "l: Concat(x y) axis=3 -> l"},
		{"old concat", `type: "Concat" bottom: "x" bottom: "y" concat_param { concat_dim: 2 }`, "l: Concat(x y) axis=2 -> l"},
		{"softmax", `type: "Softmax" bottom: "x" softmax_param { axis: -2 }`, "l: Softmax(x) axis=2 -> l"},
		{"flatten", `type: "Flatten" bottom: "x"`, "l: Reshape(x) shape=[0 -1] -> l"},
		{"flatten some", `type: "Flatten" bottom: "x" flatten_param { axis: 1 end_axis: 2 }`, "l: Reshape(x) shape=[0 -1 9] -> l"},
		{"flatten the batch", `type: "Flatten" bottom: "x" flatten_param { axis: 0 end_axis: -3 }`, "l: Reshape(x) shape=[-1 8 9] -> l"},
		{"flatten no axis", `type: "Flatten" bottom: "x" flatten_param { axis: 2 end_axis: 1 }`, "l: Reshape(x) shape=[0 0 -1 8 9] -> l"},
		{"reshape", `type: "Reshape" bottom: "x" reshape_param { shape { dim: 0 dim: -1 dim: 4 } }`, "l: Reshape(x) shape=[0 -1 4] -> l"},
		{"reshape one axis", `type: "Reshape" bottom: "x" reshape_param { shape { dim: 4 dim: 2 } axis: 2 num_axes: 1 }`, "l: Reshape(x) shape=[0 0 4 2 9] -> l"},
		{"reshape at the end", `type: "Reshape" bottom: "x" reshape_param { shape { dim: 1 dim: 1 } axis: -1 num_axes: 0 }`, "l: Reshape(x) shape=[0 0 0 0 1 1] -> l"},
		{"reshape the same number", `type: "Reshape" bottom: "x" reshape_param { shape { dim: 3 } axis: 1 num_axes: 1 }`, "l: Reshape(x) shape=[0 3 0 0] -> l"},
		{"not computed", `type: "Python" bottom: "x" bottom: "y" python_param { module: "m" layer: "L" }`,
			"l: ?Python(x y) module=m layer=L -> l"},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := lower(t, two+`layer { name: "l" `+row.layer+` top: "l" }`)
			got := strings.Split(outline(g), "\n")
			if got := strings.Join(got[3:len(got)-2], "\n"); got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

// TestOneDimensional checks a convolution along one axis.
func TestOneDimensional(t *testing.T) {
	g := lower(t, `layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 15 } } }
layer { name: "l" type: "Convolution" bottom: "x" top: "l" convolution_param { num_output: 4 kernel_size: 3 pad: 1 stride: 2 } }`)
	want := `input x [-1 3 15]
l: ConvolutionND(x) outputs=4 kernel=3 stride=2 padding=1 -> l
outputs l
`
	if got := outline(g); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLayerErrors(t *testing.T) {
	for _, row := range []struct{ name, layer, want string }{
		{"kernel both ways", `type: "Convolution" bottom: "x" top: "l" convolution_param { num_output: 6 kernel_size: 3 kernel_h: 3 }`,
			"state kernel_size, or for 2 dimensions kernel_h and kernel_w; not both"},
		{"stride both ways", `type: "Convolution" bottom: "x" top: "l" convolution_param { num_output: 6 kernel_size: 3 stride: 1 stride_w: 3 }`,
			"state stride, or for 2 dimensions stride_h and stride_w; not both"},
		{"pad thrice", `type: "Convolution" bottom: "x" top: "l" convolution_param { num_output: 6 kernel_size: 3 pad: 1 pad: 1 pad: 1 }`,
			"pad must be stated once, or once for each of 2 axes; found 3 times"},
		{"no kernel", `type: "Convolution" bottom: "x" top: "l" convolution_param { num_output: 6 }`, "kernel_size must be stated and positive, found [0 0]"},
		{"no kernel_w", `type: "Convolution" bottom: "x" top: "l" convolution_param { num_output: 6 kernel_h: 3 }`, "kernel_size must be stated and positive, found [3 0]"},
		{"no outputs", `type: "Convolution" bottom: "x" top: "l" convolution_param { kernel_size: 3 }`, "num_output 0 and group 1 must be positive"},
		{"groups", `type: "Convolution" bottom: "x" top: "l" convolution_param { num_output: 6 kernel_size: 3 group: 2 }`, "2 groups must divide 3 input and 6 output channels"},
		{"does not fit", `type: "Convolution" bottom: "x" top: "l" convolution_param { num_output: 6 kernel_size: 10 }`, "kernel 10x10 does not fit into the 8x9 input padded by none"},
		{"pool kernel both ways", `type: "Pooling" bottom: "x" top: "l" pooling_param { kernel_size: 2 kernel_h: 2 kernel_w: 2 }`, "state either kernel_size, or both kernel_h and kernel_w"},
		{"pool half a pad", `type: "Pooling" bottom: "x" top: "l" pooling_param { kernel_size: 2 pad_h: 1 }`, "state either pad, or both pad_h and pad_w"},
		{"pool stride both ways", `type: "Pooling" bottom: "x" top: "l" pooling_param { kernel_size: 2 stride: 1 stride_h: 1 stride_w: 1 }`, "state either stride, or both stride_h and stride_w"},
		{"pool pad", `type: "Pooling" bottom: "x" top: "l" pooling_param { kernel_size: 2 pad: 2 }`, "pad [2 2] must be smaller than the kernel [2 2]"},
		{"no pool kernel", `type: "Pooling" bottom: "x" top: "l"`, "kernel [0 0] and stride [1 1] must be positive"},
		{"global kernel", `type: "Pooling" bottom: "x" top: "l" pooling_param { global_pooling: true kernel_size: 2 }`, "kernel_size cannot be stated with global_pooling"},
		{"global stride", `type: "Pooling" bottom: "x" top: "l" pooling_param { global_pooling: true stride: 2 }`, "stride cannot be stated with global_pooling"},
		{"even lrn", `type: "LRN" bottom: "x" top: "l" lrn_param { local_size: 4 }`, "local_size must be odd, found 4"},
		{"concat both ways", `type: "Concat" bottom: "x" top: "l" concat_param { axis: 1 concat_dim: 1 }`, "state axis or concat_dim, not both"},
		{"axis outside", `type: "Softmax" bottom: "x" top: "l" softmax_param { axis: 4 }`, "axis 4 is outside the 4 dimensions of its input 2x3x8x9"},
		{"axis far outside", `type: "Softmax" bottom: "x" top: "l" softmax_param { axis: -5 }`, "axis -5 is outside the 4 dimensions of its input 2x3x8x9"},
		{"reshape twice -1", `type: "Reshape" bottom: "x" top: "l" reshape_param { shape { dim: -1 dim: -1 } }`, "at most one extent may be -1, found 2"},
		{"reshape below -1", `type: "Reshape" bottom: "x" top: "l" reshape_param { shape { dim: -2 } }`, "extents are positive, 0 to copy or -1 to infer, found -2"},
		{"reshape outside", `type: "Reshape" bottom: "x" top: "l" reshape_param { axis: 3 num_axes: 2 }`, "axis 3 and num_axes 2 are outside the 4 dimensions"},
		{"reshape size", `type: "Reshape" bottom: "x" top: "l" reshape_param { shape { dim: 5 } }`, "Reshape to [5] does not hold the 432 elements of 2x3x8x9"},
		{"flatten backwards", `type: "Flatten" bottom: "x" top: "l" flatten_param { axis: 3 end_axis: 1 }`, "end_axis 1 comes before axis 3"},
		{"outputs missing", `type: "InnerProduct" bottom: "x" top: "l"`, "num_output must be positive, found 0"},
		{"absolute value in place", `type: "AbsVal" bottom: "x" top: "x"`, `cannot overwrite the blob "x" that it reads`},
		{"clip without max", `type: "Clip" bottom: "x" top: "l" clip_param { min: 0 }`, "clip_param must state min and max"},
		{"exp of base 0", `type: "Exp" bottom: "x" top: "l" exp_param { base: 0 }`, "base must be positive and finite, or -1 for e, found 0"},
		{"exp of an infinite base", `type: "Exp" bottom: "x" top: "l" exp_param { base: inf }`, "base must be positive and finite, or -1 for e, found +Inf"},
		{"log of base -2", `type: "Log" bottom: "x" top: "l" log_param { base: -2 }`, "base must be positive and finite, or -1 for e, found -2"},
		{"log of base nan", `type: "Log" bottom: "x" top: "l" log_param { base: nan }`, "base must be positive and finite, or -1 for e, found NaN"},
		{"log of base 1", `type: "Log" bottom: "x" top: "l" log_param { base: 1 }`, "base 1 has no logarithms: 1 / log(base) is infinite"},
		{"dropout of a negative share", `type: "Dropout" phase: TRAIN bottom: "x" top: "l" dropout_param { dropout_ratio: -0.1 }`, "dropout_ratio is a probability, found -0.1"},
		{"dropout of more than all", `type: "Dropout" phase: TRAIN bottom: "x" top: "l" dropout_param { dropout_ratio: 1.5 }`, "dropout_ratio is a probability, found 1.5"},
		{"no bottom", `type: "ReLU" top: "l"`, "needs 1 bottom(s), found 0"},
		{"two bottoms", `type: "LRN" bottom: "x" bottom: "x" top: "l"`, "needs 1 bottom(s), found 2"},
		{"no top", `type: "Concat" bottom: "x"`, "needs 1 top(s), found 0"},
		{"three tops", `type: "Pooling" bottom: "x" top: "l" top: "m" top: "n" pooling_param { kernel_size: 2 }`, "needs 1 to 2 tops, found 3"},
		{"nothing to join", `type: "Concat" top: "l"`, "needs at least 1 bottom(s), found 0"},
		{"convolution in place", `type: "Convolution" bottom: "x" top: "x" convolution_param { num_output: 3 kernel_size: 1 }`, `cannot overwrite the blob "x" that it reads`},
		{"flatten in place", `type: "Flatten" bottom: "x" top: "x"`, `cannot overwrite the blob "x" that it reads`},
		{"tops missing", `type: "Convolution" bottom: "x" bottom: "x" top: "l" convolution_param { num_output: 6 kernel_size: 3 }`, "needs as many tops as bottoms, found 1 and 2"},
		{"kernel_h of one axis", `type: "Deconvolution" bottom: "x" top: "l" convolution_param { num_output: 6 kernel_h: 3 kernel_w: 3 axis: 2 }`,
			"state kernel_size, or for 2 dimensions kernel_h and kernel_w; not both"},
		{"all padding", `type: "Deconvolution" bottom: "x" top: "l" convolution_param { num_output: 6 kernel_size: 1 pad: 4 }`, "leaves nothing of the output along spatial axis 0"},
		{"no outputs of a deconvolution", `type: "Deconvolution" bottom: "x" top: "l" convolution_param { kernel_size: 1 }`, "num_output 0 and group 1 must be positive"},
		{"columns of points", `type: "Im2col" bottom: "x" top: "l" convolution_param { kernel_size: 1 axis: 3 }`, "needs a spatial axis behind axis 3"},
		{"slice both ways", `type: "Slice" bottom: "x" top: "l" slice_param { axis: 1 slice_dim: 1 }`, "state axis or slice_dim, not both"},
		{"slice points", `type: "Slice" bottom: "x" top: "l" top: "m" slice_param { slice_point: 1 slice_point: 2 }`, "needs a slice_point between each two of its 2 tops, found 2"},
		{"more slices than there is", `type: "Slice" bottom: "x" top: "k" top: "l" top: "m" top: "n" slice_param { slice_point: [1, 2, 3] }`, "cannot cut an extent of 3 into 4 parts"},
		{"slices out of order", `type: "Slice" bottom: "x" top: "k" top: "l" top: "m" slice_param { slice_point: [2, 2] }`, "the points [2 2] must increase"},
		{"unequal slices", `type: "Slice" bottom: "x" top: "k" top: "l"`, "2 parts must divide the extent 3"},
		{"crop beyond", `type: "Crop" bottom: "x" bottom: "x" top: "l" crop_param { offset: 1 }`, "a piece of 8 from 1 on is outside the extent 8 of dimension 2"},
		{"crop offsets", `type: "Crop" bottom: "x" bottom: "x" top: "l" crop_param { axis: 1 offset: 0 offset: 0 }`, "2 offsets do not fit the 3 dimensions of 2x3x8x9 from axis 1 on"},
		{"no tiles", `type: "Tile" bottom: "x" top: "l"`, "tiles must be stated and positive, found 0"},
		{"filter's tops", `type: "Filter" bottom: "x" bottom: "x" top: "l" top: "m"`, "needs a top for each bottom but the last, the selector; found 2 tops for 2 bottoms"},
		{"filter's selector", `type: "Filter" bottom: "x" bottom: "x" top: "l"`, "a selector has one number for each item, got the shape 2x3x8x9"},
		{"reindex by a map", `type: "BatchReindex" bottom: "x" bottom: "x" top: "l"`, "BatchReindex takes a batch and a list of its items"},
		{"embed nothing", `type: "Embed" bottom: "x" top: "l" embed_param { num_output: 2 }`, "num_output 2 and input_dim 0 must be positive"},
		{"no pyramid", `type: "SPP" bottom: "x" top: "l"`, "pyramid_height must be stated and positive, found 0"},
		{"pyramid too high", `type: "SPP" bottom: "x" top: "l" spp_param { pyramid_height: 4 }`, "pad [0 4] must be smaller than the kernel [1 2]"},
		{"stochastic pyramid", `type: "SPP" bottom: "x" top: "l" spp_param { pyramid_height: 2 pool: STOCHASTIC }`, "only pool: MAX and AVE can have padding"},
		{"stochastic padding", `type: "Pooling" bottom: "x" top: "l" pooling_param { pool: STOCHASTIC kernel_size: 2 pad: 1 }`, "only pool: MAX and AVE can have padding"},
		{"mask of a mean", `type: "Pooling" bottom: "x" top: "l" top: "m" pooling_param { pool: AVE kernel_size: 2 }`, "only pool: MAX has a second top"},
		{"global pad", `type: "Pooling" bottom: "x" top: "l" pooling_param { global_pooling: true pad: 1 }`, "pad cannot be stated with global_pooling"},
		{"silence with a top", `type: "Silence" bottom: "x" top: "l"`, "needs 0 top(s), found 1"},
		{"nothing to silence", `type: "Silence"`, "needs at least 1 bottom(s), found 0"},
		{"too many params", `type: "ReLU" bottom: "x" top: "l" param { lr_mult: 1 }`, "has 1 'param' messages for 0 weight blob(s)"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := refused(t, input+`layer { name: "l" `+row.layer+` }`, nil)
			if !strings.Contains(got, row.want) || !strings.HasPrefix(got, "net.prototxt:2:") || !strings.Contains(got, `layer "l" (`) {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

// TestNotes checks that what Caffe does silently is said.
func TestNotes(t *testing.T) {
	for _, row := range []struct{ layer, want string }{
		{`type: "LRN" lrn_param { alpha: 0.5 }`, "alpha 0.5 is divided by local_size 5"},
		{`type: "Pooling" pooling_param { kernel_size: 2 stride: 2 }`, "rounded up to 4x5"},
		{`type: "Convolutoin"`, `BVLC Caffe has no layer type "Convolutoin"; did you mean "Convolution"?`},
		{`type: "NMSFilter9000"`, `BVLC Caffe has no layer type "NMSFilter9000"`},
		{`type: "Pooling" pooling_param { kernel_size: 1 stride: 5 }`, "the last windows lie outside the map"},
		{`type: "Pooling" pooling_param { kernel_size: 2 kernel_w: 3 }`, "kernel_w is passed over beside kernel_size"},
		{`type: "Pooling" pooling_param { pool: STOCHASTIC kernel_size: 2 }`, "Caffe computes stochastic pooling on a GPU only"},
		{`type: "Pooling" pooling_param { pool: STOCHASTIC kernel_size: 2 } phase: TRAIN`, "drawn at random"},
		{`type: "Convolution" convolution_param { num_output: 1 kernel_size: 9 stride: 2 }`, "the kernel is larger than the padded map along spatial axis 0"},
		{`type: "Pooling" pooling_param { kernel_size: 2 stride: 1 }`, ""},
		{`type: "Pooling" pooling_param { kernel_size: 2 stride: 2 round_mode: FLOOR }`, ""},
		{`type: "Sigmoid"`, ""},
		{`type: "Power"`, ""},
		{`type: "Power" power_param { power: 0 }`, "does not depend on the input"},
		{`type: "Clip"`, "without a clip_param both limits are 0"},
	} {
		notes := strings.Join(lower(t, input+`layer { name: "l" bottom: "x" top: "l" `+row.layer+` }`).Node("l").Notes, "\n")
		if !strings.Contains(notes, row.want) || row.want == "" && notes != "" {
			t.Errorf("%s: got %q, want %q", row.layer, notes, row.want)
		}
	}
}
