package selftest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// network is a small network and what it is fed.
type network struct {
	name  string
	graph *graph.Graph
	input *tensor.Tensor[float32]
}

// networks have, together, every kind of layer that a cause is about. All extents of a picture and its batch differ.
func networks() []network {
	return []network{
		googlenet(), residual(), mobile(), segmentation(), lenet(), within(),
	}
}

// builder writes a network layer by layer, and runs it as it goes: normalisations get statistics of what they read.
type builder struct {
	graph.Graph
	input  *tensor.Tensor[float32]
	values map[string]*tensor.Tensor[float32]
	r      *rand.Rand
}

// newBuilder begins with a picture. It has smooth shapes, texture and a frame of the mean's colour.
func newBuilder(seed uint64, frame int, shape ...int) *builder {
	b := &builder{r: rand.New(rand.NewPCG(seed, seed)), input: tensor.New[float32](shape...)}
	b.Framework, b.Inputs, b.Stages = "caffe", []graph.Input{{Name: "data", Shape: shape}}, map[string][]string{}
	b.values = map[string]*tensor.Tensor[float32]{"data": b.input}
	cells := shape[2] * shape[3]
	for plane := range shape[0] * shape[1] {
		b.paint(b.input.Data[plane*cells:][:cells], shape[2], shape[3], frame, []float64{104, 117, 123, 110}[plane%shape[1]])
	}
	return b
}

// add appends a layer that writes a value of its own name.
func (b *builder) add(name string, l layer.Layer, inputs ...string) string {
	return b.node(name, name, l, inputs...)
}

// over appends a layer that writes over its input, as Caffe's activations do.
func (b *builder) over(name string, l layer.Layer, value string) string {
	blob, _, _ := strings.Cut(value, "@")
	b.Stages[blob] = append(b.Stages[blob], value, b.node(name, blob+"@"+name, l, value))
	b.Stages[blob] = slices.Compact(b.Stages[blob])
	return blob + "@" + name
}

func (b *builder) node(name, value string, l layer.Layer, inputs ...string) string {
	n := &graph.Node{Name: name, Layer: l, Inputs: inputs, Outputs: []string{value}}
	var in []*tensor.Tensor[float32]
	var shapes []tensor.Shape
	for _, v := range inputs {
		in, shapes = append(in, b.values[v]), append(shapes, b.values[v].Shape)
	}
	if p, ok := l.(layer.Parametric); ok {
		for i, s := range p.ParamShapes(shapes) {
			n.Params = append(n.Params, &graph.Param{Name: fmt.Sprintf("%s[%d]", name, i), Value: b.param(l, i, s, in[0])})
		}
	}
	out, err := l.Infer(shapes)
	if err != nil {
		panic(name + ": " + err.Error())
	}
	for i := range out[1:] {
		n.Outputs = append(n.Outputs, fmt.Sprintf("%s:%d", name, i+1))
	}
	for i, t := range engine.Forward(n, in, out, 1) {
		b.values[n.Outputs[i]] = t
	}
	b.Nodes = append(b.Nodes, n)
	return value
}

// steps is what Caffe's statistics are sums of, about.
const steps = 998

// param draws a parameter.
func (b *builder) param(l layer.Layer, i int, s tensor.Shape, in *tensor.Tensor[float32]) tensor.Any {
	t := tensor.New[float32](s...)
	for k := range t.Data {
		v := b.r.NormFloat64()
		switch l.(type) {
		case layer.BatchNorm:
			mean, variance := b.statistics(in, k)
			v = []float64{mean * steps, variance * steps, steps}[i]
		case layer.FusedBatchNorm:
			mean, variance := b.statistics(in, k)
			v = []float64{1 + v*0.2, v * 0.2, mean, variance}[i]
		case layer.Scale:
			v = 1.8 + v*0.3 - 1.8*float64(i)
		case layer.PReLU:
			v = 0.2 + v*0.1
		default:
			v = b.weight(v, i, k, s, in)
		}
		t.Data[k] = float32(v)
	}
	return t
}

// weight makes a weight or bias of a number from a normal law: He's law, less for grey levels, and some outputs small, so that
// their variance is.
func (b *builder) weight(v float64, i, k int, s tensor.Shape, in *tensor.Tensor[float32]) float64 {
	if i > 0 {
		return 0.3 * v
	}
	if k/s[1:].Len()%4 == 1 {
		v *= 0.1
	}
	if in == b.input {
		v /= 60
	}
	return v * math.Sqrt(2/float64(s[1:].Len()))
}

// statistics are those of a channel, as a training on other pictures leaves them.
func (b *builder) statistics(x *tensor.Tensor[float32], c int) (mean, variance float64) {
	group, n := layer.BatchNorm{}.Channel(x.Shape, c%x.Shape[1]), 0.0
	for at := range group.All() {
		mean, n = mean+float64(x.Data[at]), n+1
	}
	mean /= n
	for at := range group.All() {
		variance += math.Pow(float64(x.Data[at])-mean, 2) / n
	}
	return mean + 0.2*math.Sqrt(variance)*b.r.NormFloat64(), variance * (0.5 + b.r.Float64())
}

// network ends the graph in a value.
func (b *builder) network(name, output string) network {
	b.Name, b.Outputs = name, []string{output}
	return network{name, &b.Graph, b.input}
}

// paint fills one channel with whole grey levels less the mean.
func (b *builder) paint(plane []float32, h, w, frame int, mean float64) {
	p, q, turn := 1+3*b.r.Float64(), 1+3*b.r.Float64(), 6*b.r.Float64()
	for at := range plane {
		y, x := at/w, at%w
		if y < frame || x < frame || y >= h-frame || x >= w-frame {
			continue
		}
		v := 128 + 70*math.Sin(p*float64(y)/float64(h)*6+turn)*math.Cos(q*float64(x)/float64(w)*6) + 18*b.r.NormFloat64()
		plane[at] = float32(math.Round(min(max(v, 0), 255)) - mean)
	}
}

func window(kernel, stride, padding int) layer.Window {
	return layer.Window{Kernel: [2]int{kernel, kernel}, Stride: [2]int{stride, stride}, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(padding, padding)}
}

func conv(outputs, kernel, stride, padding int) layer.Convolution {
	return layer.Convolution{Window: window(kernel, stride, padding), Outputs: outputs, Groups: 1, Bias: true}
}

func (b *builder) convRelu(name string, l layer.Layer, from string) string {
	return b.over(name+"/relu", layer.ReLU{}, b.add(name, l, from))
}

// googlenet has the parts of BVLC's: a stem with LRN, modules of four branches, dropout before the classes.
func googlenet() network {
	b := newBuilder(11, 0, 1, 3, 39, 35)
	at := b.convRelu("conv1", conv(8, 5, 2, 2), "data")
	at = b.add("pool1", layer.MaxPool{Pool: layer.Pool{Window: window(3, 2, 0), Ceil: true}}, at)
	at = b.add("norm1", layer.LRN{Size: 5, Alpha: 0.02, Beta: 0.75, K: 1}, at)
	at = b.convRelu("conv2", conv(12, 3, 1, 1), at)
	at = b.add("norm2", layer.LRN{Size: 3, Alpha: 0.04, Beta: 0.75, K: 2}, at)
	for _, m := range []string{"a", "b"} {
		joined := []string{
			b.convRelu(m+"/1x1", conv(6, 1, 1, 0), at),
			b.convRelu(m+"/3x3", conv(7, 3, 1, 1), b.convRelu(m+"/3x3_reduce", conv(6, 1, 1, 0), at)),
			b.convRelu(m+"/5x5", conv(6, 5, 1, 2), b.convRelu(m+"/5x5_reduce", conv(4, 1, 1, 0), at)),
			b.convRelu(m+"/pool_proj", conv(5, 1, 1, 0), b.add(m+"/pool", layer.MaxPool{Pool: layer.Pool{Window: window(3, 1, 1), Ceil: true, Clip: true}}, at)),
		}
		at = b.add(m+"/output", layer.Concat{Axis: 1}, joined...)
	}
	at = b.add("pool2", layer.AveragePool{Pool: layer.Pool{Window: window(5, 2, 0), Ceil: true}, Divisor: layer.PaddedCells}, at)
	at = b.over("pool2/drop", layer.Dropout{Ratio: 0.4}, at)
	at = b.add("fc", layer.InnerProduct{Outputs: 11, Bias: true}, at)
	return b.network("googlenet", b.add("prob", layer.Softmax{Axis: 1}, at))
}

// norm is Caffe's pair of layers.
func (b *builder) norm(name, from string) string {
	return b.over(name+"/scale", layer.Scale{Axis: 1, Bias: true}, b.over(name+"/bn", layer.BatchNorm{Epsilon: 1e-5}, from))
}

// residual has shortcuts, batch normalisation, a leaky activation and a batch of two.
func residual() network {
	b := newBuilder(12, 0, 2, 3, 31, 37)
	plain := func(outputs, kernel, stride, padding int) layer.Layer {
		l := conv(outputs, kernel, stride, padding)
		l.Bias = false
		return l
	}
	unit := func(name string, l layer.Layer, from string) string {
		return b.norm(name, b.add(name, l, from))
	}
	at := b.over("conv1/relu", layer.ReLU{Slope: float64(float32(0.1))}, unit("conv1", plain(8, 7, 2, 3), "data"))
	at = b.add("pool1", layer.MaxPool{Pool: layer.Pool{Window: window(3, 2, 1)}}, at)
	inner := b.over("a1/relu", layer.ReLU{}, unit("a1", plain(8, 3, 1, 1), at))
	at = b.over("a/relu", layer.ReLU{}, b.add("a", layer.Eltwise{}, at, unit("a2", plain(8, 3, 1, 1), inner)))
	inner = b.over("b1/relu", layer.ReLU{}, unit("b1", plain(12, 3, 2, 1), at))
	at = b.over("b/relu", layer.ReLU{}, b.add("b", layer.Eltwise{}, unit("b_skip", plain(12, 1, 2, 0), at), unit("b2", plain(12, 3, 1, 1), inner)))
	at = b.add("gap", layer.AveragePool{Pool: layer.Pool{Global: true, Window: window(1, 1, 0)}}, at)
	at = b.add("fc", layer.InnerProduct{Outputs: 9, Bias: true}, at)
	return b.network("residual", b.add("prob", layer.Softmax{Axis: 1}, at))
}

// mobile has depthwise and grouped convolutions, a multiplier, clipped and parametric activations.
func mobile() network {
	b := newBuilder(13, 0, 1, 3, 41, 33)
	grouped := func(outputs, groups, stride int) layer.Layer {
		l := conv(outputs, 3, stride, 1)
		l.Groups = groups
		return l
	}
	six := func(name, from string) string { return b.over(name+"/six", layer.Clip{Max: 6}, from) }
	at := six("conv1", b.norm("conv1", b.add("conv1", conv(8, 3, 2, 1), "data")))
	at = six("dw1", b.norm("dw1", b.add("dw1", grouped(8, 8, 1), at)))
	at = b.over("pw1/prelu", layer.PReLU{}, b.add("pw1", conv(12, 1, 1, 0), at))
	at = b.over("grouped/relu", layer.ReLU{}, b.add("grouped", grouped(18, 3, 1), at))
	at = b.over("dw2/prelu", layer.PReLU{Shared: true}, b.add("dw2", grouped(36, 18, 2), at))
	at = b.add("pool", layer.AveragePool{Pool: layer.Pool{Window: window(3, 2, 1), Ceil: true, Clip: true}, Divisor: layer.PaddedCells}, at)
	at = b.convRelu("pw2", conv(10, 1, 1, 0), at)
	at = b.add("gap", layer.AveragePool{Pool: layer.Pool{Global: true, Window: window(1, 1, 0)}}, at)
	at = b.add("last", conv(7, 1, 1, 0), at)
	return b.network("mobile", b.add("prob", layer.Softmax{Axis: 1}, at))
}

// segmentation has dilated and transposed convolutions, and ends in maps. Its picture has a frame.
func segmentation() network {
	b := newBuilder(14, 3, 1, 3, 29, 38)
	at := b.over("conv1/elu", layer.ELU{Alpha: 0.7}, b.add("conv1", conv(8, 3, 1, 1), "data"))
	skip := b.add("pool1", layer.MaxPool{Pool: layer.Pool{Window: window(2, 2, 0), Ceil: true}}, at)
	dilated := conv(10, 3, 1, 2)
	dilated.Dilation = [2]int{2, 2}
	at = b.convRelu("dilated", dilated, skip)
	at = b.convRelu("oblong", layer.Convolution{Window: layer.Window{Kernel: [2]int{3, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(1, 0)}, Outputs: 9, Groups: 1, Bias: true}, at)
	at = b.convRelu("down", conv(9, 3, 2, 1), at)
	at = b.convRelu("middle", conv(9, 3, 1, 1), at)
	b.add("up", layer.Deconvolution{Window: window(3, 2, 1), Outputs: 8, Groups: 1, Bias: true}, at)
	at = b.add("lateral", conv(8, 1, 1, 0), b.add("crop", layer.MaxPool{Pool: layer.Pool{Window: window(1, 1, 0)}}, skip))
	at = b.add("sum", layer.Eltwise{Coefficients: []float64{1, 0.5}}, "up", at)
	at = b.add("score", conv(5, 3, 1, 1), b.over("sum/relu", layer.ReLU{}, at))
	return b.network("segmentation", b.add("prob", layer.Softmax{Axis: 1}, at))
}

// lenet is fed grey pictures, and flattens maps.
func lenet() network {
	b := newBuilder(15, 0, 3, 1, 28, 34)
	at := b.add("conv1", conv(6, 5, 1, 0), "data")
	at = b.add("pool1", layer.MaxPool{Pool: layer.Pool{Window: window(2, 2, 0), Ceil: true}}, at)
	at = b.over("conv2/tanh", layer.Tanh{}, b.add("conv2", conv(7, 3, 1, 1), at))
	at = b.add("pool2", layer.AveragePool{Pool: layer.Pool{Window: window(3, 2, 1), Ceil: true, Clip: true}, Divisor: layer.PaddedCells}, at)
	at = b.over("ip1/relu", layer.ReLU{}, b.add("ip1", layer.InnerProduct{Outputs: 20, Bias: true}, at))
	at = b.over("ip1/drop", layer.Dropout{Ratio: 0.3}, at)
	at = b.over("ip2/sigmoid", layer.Sigmoid{}, b.add("ip2", layer.InnerProduct{Outputs: 20, Bias: true}, at))
	at = b.add("ip3", layer.InnerProduct{Outputs: 10, Bias: true}, at)
	return b.network("lenet", b.add("prob", layer.Softmax{Axis: 1}, at))
}

// within has what is rarer: normalisation within channels, fused batch normalisation, products and maxima, oblong pools.
func within() network {
	b := newBuilder(16, 0, 1, 4, 27, 30)
	at := b.add("conv1", conv(9, 3, 1, 1), "data")
	at = b.over("bn1/swish", layer.Swish{Beta: 1}, b.add("bn1", layer.FusedBatchNorm{Axis: 1, Epsilon: 1e-3}, at))
	at = b.add("norm1", layer.SpatialLRN{Size: 3, Alpha: 0.02, Beta: 0.75}, at)
	oblong := window(3, 2, 0)
	oblong.Kernel[1] = 2
	at = b.add("pool1", layer.AveragePool{Pool: layer.Pool{Window: oblong, Ceil: true}}, at)
	left := b.over("left/softplus", layer.Softplus{}, b.add("left", conv(6, 3, 1, 1), at))
	right := b.over("right/relu", layer.ReLU{}, b.add("right", conv(6, 1, 1, 0), at))
	third := b.add("third", conv(6, 3, 1, 1), at)
	most := b.add("most", layer.Eltwise{Combination: layer.EltwiseMaximum}, left, right)
	product := b.add("product", layer.Eltwise{Combination: layer.EltwiseProduct}, third, right)
	at = b.add("join", layer.Concat{Axis: 1}, most, product, third)
	at = b.add("valid", layer.AveragePool{Pool: layer.Pool{Window: window(3, 1, 1)}, Divisor: layer.ValidCells}, at)
	at = b.add("fc", layer.InnerProduct{Outputs: 8, Bias: true}, at)
	return b.network("within", b.add("prob", layer.Softmax{Axis: 1}, at))
}
