package lower

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/keras/config"
)

// one lowers a Sequential model of an input and one layer, without weights.
func one(t *testing.T, shape, class, settings string) (*graph.Graph, error) {
	t.Helper()
	m, err := config.Parse("x.json", fmt.Appendf(nil, `{"class_name": "Sequential", "config": {"name": "m", "layers": [
		{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": %s}}, {"class_name": %q, "config": {"name": "l"%s}}]}}`, shape, class, settings))
	if err != nil {
		t.Fatal(err)
	}
	return Lower(m, nil)
}

const (
	image  = "[null, 7, 5, 6]"
	vector = "[null, 6]"
)

func window(kernel, stride, dilation [2]int, mode layer.PadMode) layer.Window {
	return layer.Window{Kernel: kernel, Stride: stride, Dilation: dilation, Padding: layer.Padding{Mode: mode}}
}

func TestLayers(t *testing.T) {
	third := float64(float32(0.3))
	whole := layer.Whole
	for _, c := range []struct {
		class, settings, shape string
		want                   []layer.Layer
	}{
		{"Conv2D", `, "filters": 4, "kernel_size": [3, 2], "strides": [2, 1], "padding": "same", "groups": 2, "use_bias": false, "activation": "relu6"`, image,
			[]layer.Layer{layer.Convolution{Window: window([2]int{3, 2}, [2]int{2, 1}, [2]int{1, 1}, layer.SameUpper), Outputs: 4, Groups: 2}, layer.Clip{Max: 6}}},
		{"Conv2D", `, "filters": 4, "kernel_size": 3, "dilation_rate": [2, 1], "activation": {"class_name": "function", "config": "linear"}`, image,
			[]layer.Layer{layer.Convolution{Window: window([2]int{3, 3}, [2]int{1, 1}, [2]int{2, 1}, layer.Explicit), Outputs: 4, Groups: 1, Bias: true}}},
		{"DepthwiseConv2D", `, "kernel_size": [3, 3], "depth_multiplier": 2`, image,
			[]layer.Layer{layer.Convolution{Window: window([2]int{3, 3}, [2]int{1, 1}, [2]int{1, 1}, layer.Explicit), Outputs: 12, Groups: 6, Bias: true}}},
		{"Conv2DTranspose", `, "filters": 4, "kernel_size": [2, 3], "strides": [3, 2], "use_bias": false`, image,
			[]layer.Layer{layer.Deconvolution{Window: window([2]int{2, 3}, [2]int{3, 2}, [2]int{1, 1}, layer.Explicit), Extra: [2]int{1, 0}, Outputs: 4, Groups: 1}}},
		{"Dense", `, "units": 4, "activation": "tanh"`, vector, []layer.Layer{layer.InnerProduct{Outputs: 4, Bias: true}, layer.Tanh{}}},
		{"MaxPooling2D", `, "pool_size": [3, 2]`, image, []layer.Layer{layer.MaxPool{Pool: layer.Pool{Window: window([2]int{3, 2}, [2]int{3, 2}, [2]int{1, 1}, layer.Explicit)}}}},
		{"AveragePooling2D", `, "pool_size": 2, "strides": [1, 2], "padding": "same"`, image,
			[]layer.Layer{layer.AveragePool{Pool: layer.Pool{Window: window([2]int{2, 2}, [2]int{1, 2}, [2]int{1, 1}, layer.SameUpper)}}}},
		{"GlobalMaxPooling2D", "", image, []layer.Layer{layer.MaxPool{Pool: layer.Pool{Global: true}}, layer.Reshape{Shape: []int{0, -1}}}},
		{"BatchNormalization", `, "epsilon": 0.3, "axis": [3]`, image, []layer.Layer{layer.BatchNorm{Epsilon: third}, layer.Scale{Axis: 1, Bias: true}}},
		{"BatchNormalization", `, "scale": false, "center": false`, vector, []layer.Layer{layer.BatchNorm{Epsilon: float64(float32(1e-3))}}},
		{"ReLU", `, "max_value": 2.5`, image, []layer.Layer{layer.Clip{Max: 2.5}}},
		{"ReLU", `, "negative_slope": 0.3`, image, []layer.Layer{layer.ReLU{Slope: third}}},
		{"LeakyReLU", `, "alpha": 0.5`, image, []layer.Layer{layer.ReLU{Slope: 0.5}}},
		{"LeakyReLU", `, "negative_slope": 0.25`, image, []layer.Layer{layer.ReLU{Slope: 0.25}}},
		{"ELU", `, "alpha": 0.5`, image, []layer.Layer{layer.ELU{Alpha: 0.5}}},
		{"PReLU", `, "shared_axes": [1, 2]`, image, []layer.Layer{layer.PReLU{}}},
		{"Activation", `, "activation": "silu"`, image, []layer.Layer{layer.Swish{Beta: 1}}},
		{"Softmax", `, "axis": -1`, image, []layer.Layer{layer.Softmax{Axis: 1}}},
		{"ZeroPadding2D", `, "padding": [[1, 2], [3, 4]]`, image, []layer.Layer{layer.Pad{Before: []int{0, 0, 1, 3}, After: []int{0, 0, 2, 4}}}},
		{"ZeroPadding2D", `, "padding": [1, 2]`, image, []layer.Layer{layer.Pad{Before: []int{0, 0, 1, 2}, After: []int{0, 0, 1, 2}}}},
		{"Cropping2D", `, "cropping": [[1, 2], [0, 3]]`, image,
			[]layer.Layer{layer.StridedSlice{Ranges: []layer.Range{whole, whole, {Begin: 1, End: -2, Stride: 1}, {End: -3, Stride: 1, BeginOpen: true}}}}},
		{"Flatten", "", image, []layer.Layer{layer.Permute{Axes: []int{0, 2, 3, 1}}, layer.Reshape{Shape: []int{0, -1}}}},
		{"Reshape", `, "target_shape": [35, 6]`, image, []layer.Layer{layer.Permute{Axes: []int{0, 2, 3, 1}}, layer.Reshape{Shape: []int{0, 35, 6}}}},
		{"Reshape", `, "target_shape": [1, 2, -1]`, vector, []layer.Layer{layer.Reshape{Shape: []int{0, 1, 2, -1}}, layer.Permute{Axes: []int{0, 3, 1, 2}}}},
		{"Permute", `, "dims": [3, 1, 2]`, image, []layer.Layer{layer.Permute{Axes: []int{0, 3, 1, 2}}}},
		{"Rescaling", `, "scale": 0.5, "offset": -1.0`, image, []layer.Layer{layer.Power{Power: 1, Scale: 0.5, Shift: -1}}},
		{"TFOpLambda", `, "function": "nn.relu"`, image, []layer.Layer{layer.ReLU{}}},
		{"UpSampling2D", `, "size": [2, 3]`, image, []layer.Layer{layer.Resize{Size: [2]int{14, 15}, Coordinates: layer.FromCentres}}},
		{"UpSampling2D", `, "size": 2, "interpolation": "bilinear"`, image, []layer.Layer{layer.Resize{Size: [2]int{14, 10}, Filter: layer.ResizeLinear, Coordinates: layer.FromCentres}}},
		{"Activation", `, "activation": "selu"`, image, []layer.Layer{layer.Unary{Function: layer.SELU}}},
		{"Dropout", `, "rate": 0.5`, image, nil},
		{"Activation", `, "activation": "linear"`, image, nil},
	} {
		g, err := one(t, c.shape, c.class, c.settings)
		if err != nil {
			t.Errorf("%s%s: %v", c.class, c.settings, err)
			continue
		}
		var got []layer.Layer
		for _, n := range g.Nodes {
			got = append(got, n.Layer)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s%s: %s", c.class, c.settings, diff)
		}
		if g.Aliases["l"] == "" && g.Node("l") == nil {
			t.Errorf("%s%s: nothing is called l", c.class, c.settings)
		}
	}
}

// What cannot be computed keeps its place and says why.
func TestUnknown(t *testing.T) {
	for _, c := range []struct{ class, settings, shape, kind, why string }{
		{"LSTM", `, "units": 3`, "[null, 4, 6]", "?LSTM", ""},
		{"Lambda", "", image, "?Lambda", ""},
		{"Activation", `, "activation": "mine"`, image, "?Activation", "the activation mine is not computed here"},
		{"Dense", `, "units": 3`, "[null]", "?Dense", "the shape of its input is not known"},
		{"BatchNormalization", `, "axis": 1`, image, "?BatchNormalization", "it does not go over the channels"},
		{"Conv2D", `, "filters": 1, "kernel_size": 1, "padding": "causal"`, image, "?Conv2D", "padding causal"},
		{"TFOpLambda", `, "function": "image.resize"`, image, "?TFOpLambda", "the function image.resize is not one that is known"},
	} {
		g, err := one(t, c.shape, c.class, c.settings)
		if err != nil {
			t.Errorf("%s: %v", c.class, err)
			continue
		}
		l := g.Node("l").Layer
		if l.Kind() != c.kind || !strings.Contains(fmt.Sprint(l), c.why) {
			t.Errorf("%s%s: got %v", c.class, c.settings, l)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ class, settings, shape, want string }{
		{"Conv2D", `, "filters": 0, "kernel_size": 1`, image, `layer "l" (Conv2D): the setting filters should be positive, found 0`},
		{"Conv2D", `, "filters": 4, "kernel_size": [1, 2, 3]`, image, "the setting kernel_size should have a number for height and width"},
		{"Conv2D", `, "filters": 4, "kernel_size": 1, "groups": 4`, image, "its 4 groups do not divide 6 input channels and 4 filters"},
		{"Conv2D", `, "filters": "4", "kernel_size": 1`, image, "the setting filters should hold integers"},
		{"Conv2D", `, "filters": 4, "kernel_size": 1, "strides": 0`, image, "should be positive"},
		{"Conv2D", `, "filters": 4, "kernel_size": 1, "use_bias": 1`, image, "the setting use_bias should be true or false"},
		{"Cropping2D", `, "cropping": 3`, image, "it cuts 3 and 3 cells off an axis of 5"},
		{"Permute", `, "dims": [1, 1, 2]`, image, "should be the numbers from 1 to 3"},
		{"ZeroPadding2D", `, "padding": [[-1, 2], [3, 4]]`, image, "should not be negative"},
		{"UpSampling2D", `, "size": 0`, image, "the setting size should be positive"},
		{"Subtract", "", image, "it takes 2 inputs, found 1"},
		{"LeakyReLU", `, "alpha": "x"`, image, "the setting alpha should be a number"},
		{"Rescaling", `, "scale": [1, 2]`, image, "it has 2 numbers for 6 channels"},
	} {
		if _, err := one(t, c.shape, c.class, c.settings); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s%s: got %v, want %q", c.class, c.settings, err, c.want)
		}
	}
}

func parse(t *testing.T, text string) *config.Model {
	t.Helper()
	m, err := config.Parse("x.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// functional has an input x and layers of which each reads those named.
func functional(t *testing.T, layers ...string) *config.Model {
	t.Helper()
	text := `{"class_name": "Functional", "config": {"name": "m", "input_layers": ["x", 0, 0], "output_layers": [["out", 0, 0]], "layers": [
		{"class_name": "InputLayer", "name": "x", "config": {"batch_input_shape": [null, 7, 5, 6]}, "inbound_nodes": []}`
	return parse(t, text+strings.Join(append([]string{""}, layers...), ", ")+"]}}")
}

func TestWiring(t *testing.T) {
	relu := `{"class_name": "ReLU", "name": "r", "config": {}, "inbound_nodes": [[["x", 0, 0, {}]]]}`
	add := `{"class_name": "Add", "name": "out", "config": {}, "inbound_nodes": [[["x", 0, 0, {}], ["r", 0, 0, {}]]]}`
	g, err := Lower(functional(t, add, relu), nil) // out of order
	if err != nil || len(g.Nodes) != 2 || !cmp.Equal(g.Outputs, []string{"out"}) || !cmp.Equal(g.Node("out").Inputs, []string{"x", "r"}) {
		t.Errorf("got %v, %v", g, err)
	}
	if got := g.Inputs[0].Shape; !got.Equal(tensor.Shape{-1, 6, 7, 5}) || g.Values["out"].ToCommon == nil {
		t.Errorf("got the input %v", got)
	}
	mean := `{"class_name": "GlobalAveragePooling2D", "name": "r", "config": {"keepdims": true}, "inbound_nodes": [[["x", 0, 0, {}]]]}`
	gate := strings.Replace(add, "Add", "Multiply", 1)
	if g, err = Lower(functional(t, mean, gate), nil); err != nil || !cmp.Equal(g.Node("out").Layer, layer.Layer(layer.Binary{Operation: layer.Product})) {
		t.Errorf("a map and one number a channel: %v, %v", g, err)
	}
	operator := `{"class_name": "TFOpLambda", "name": "out", "config": {"function": "__operators__.add"}, "inbound_nodes": [["x", 0, 0, {"y": ["r", 0, 0], "name": null}]]}`
	if g, err = Lower(functional(t, relu, operator), nil); err != nil || !cmp.Equal(g.Node("out").Inputs, []string{"x", "r"}) {
		t.Errorf("an operand by name: %v, %v", g, err)
	}
	for _, c := range []struct {
		layers []string
		want   string
	}{
		{[]string{relu}, `the model "m" reads output 0 of call 0 of the layer "out", which the model does not have`},
		{[]string{relu, strings.Replace(add, `"r", 0`, `"r", 1`, 1)}, "which is not called so often"},
		{[]string{relu, strings.Replace(add, `"r", 0, 0`, `"r", 0, 1`, 1)}, "which has no such output"},
		{[]string{relu, strings.Replace(add, `"r", 0`, `"out", 0`, 1)}, `layer "out" (Add): it depends on itself`},
		{[]string{relu, relu, add}, "two layers of this name"},
		{[]string{strings.Replace(add, `[["x", 0, 0, {}], ["r", 0, 0, {}]]`, `[]`, 1)}, "it is called with nothing"},
	} {
		if _, err := Lower(functional(t, c.layers...), nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestSequentialWithoutInputLayer(t *testing.T) {
	for _, text := range []string{
		`{"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2, "batch_input_shape": [null, 3]}}]}}`,
		`{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "d", "units": 2, "batch_input_shape": [null, 3]}}]}`,
		`{"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2}, "build_config": {"input_shape": [null, 3]}}]}}`,
	} {
		g, err := Lower(parse(t, text), nil)
		if err != nil || len(g.Inputs) != 1 || g.Inputs[0].Name != "d_input" || !g.Inputs[0].Shape.Equal(tensor.Shape{-1, 3}) {
			t.Errorf("got %v, %v", g, err)
		}
	}
	_, err := Lower(parse(t, `{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2}}]}}`), nil)
	if err == nil || !strings.Contains(err.Error(), "the shape of the input is not known") {
		t.Errorf("got %v", err)
	}
}

func TestChannelsFirst(t *testing.T) {
	g, err := one(t, "[null, 6, 7, 5]", "Conv2D", `, "filters": 4, "kernel_size": 3, "data_format": "channels_first"`)
	if err != nil || !g.Inputs[0].Shape.Equal(tensor.Shape{-1, 6, 7, 5}) || len(g.Values) != 0 {
		t.Errorf("got %v, %v", g, err)
	}
	g, err = one(t, "[null, 6, 7, 5]", "Flatten", `, "data_format": "channels_first"`)
	if err != nil || len(g.Nodes) != 2 || !cmp.Equal(g.Nodes[0].Layer, layer.Layer(layer.Permute{Axes: []int{0, 2, 3, 1}})) {
		t.Errorf("got %v, %v", g, err)
	}
}

// The names of the groups that Keras 3 files weights in.
func TestSnake(t *testing.T) {
	for class, want := range map[string]string{
		"Conv2D": "conv2d", "BatchNormalization": "batch_normalization", "LeakyReLU": "leaky_re_lu", "ReLU": "re_lu", "PReLU": "p_re_lu",
		"DepthwiseConv2D": "depthwise_conv2d", "Conv2DTranspose": "conv2d_transpose", "GlobalAveragePooling2D": "global_average_pooling2d",
		"TFOpLambda": "tf_op_lambda", "Functional": "functional", "MaxPooling2D": "max_pooling2d",
	} {
		if got := snake(class); got != want {
			t.Errorf("%s: got %s, want %s", class, got, want)
		}
	}
}
