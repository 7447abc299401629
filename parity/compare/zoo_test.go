package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
)

// builder writes a network layer by layer.
type builder struct {
	graph.Graph
	shapes map[string]tensor.Shape
	r      *rand.Rand
}

func (b *builder) add(name string, l layer.Layer, inputs ...string) string {
	in := make([]tensor.Shape, len(inputs))
	for i, v := range inputs {
		in[i] = b.shapes[v]
	}
	out, err := l.Infer(in)
	if err != nil {
		panic(name + ": " + err.Error())
	}
	n := &graph.Node{Name: name, Layer: l, Inputs: inputs, Outputs: []string{name}}
	if p, ok := l.(layer.Parametric); ok {
		for i, s := range p.ParamShapes(in) {
			n.Params = append(n.Params, &graph.Param{Name: fmt.Sprintf("%s[%d]", name, i), Value: b.param(l, i, s)})
		}
	}
	b.Nodes = append(b.Nodes, n)
	b.shapes[name] = out[0]
	return name
}

func (b *builder) param(l layer.Layer, i int, s tensor.Shape) tensor.Any {
	t := tensor.New[float32](s...)
	for k := range t.Data {
		v := b.r.NormFloat64()
		switch l.(type) {
		case layer.BatchNorm:
			// sums of a thousand steps; variances from small to large
			v = []float64{v * 0.3 * 998, math.Pow(10, 2*b.r.Float64()-3) * 998, 998}[i]
		case layer.Scale:
			v = 1 + v*0.2 - float64(i)
		default:
			if i == 0 {
				v *= math.Sqrt(2 / float64(s[1:].Len()))
			} else {
				v *= 0.3
			}
		}
		t.Data[k] = float32(v)
	}
	return t
}

func window(kernel, stride, padding int) layer.Window {
	return layer.Window{Kernel: [2]int{kernel, kernel}, Stride: [2]int{stride, stride}, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(padding, padding)}
}

func conv(outputs, groups int, w layer.Window) layer.Convolution {
	return layer.Convolution{Window: w, Outputs: outputs, Groups: groups, Bias: true}
}

// zoo has a layer of every kind that a cause is about.
func zoo() (*graph.Graph, *tensor.Tensor[float32]) {
	b := &builder{shapes: map[string]tensor.Shape{"data": {1, 3, 39, 35}}, r: rand.New(rand.NewPCG(7, 7))}
	b.Inputs = []graph.Input{{Name: "data", Shape: tensor.Shape{1, 3, 39, 35}}}
	b.add("conv1", conv(8, 1, window(5, 2, 2)), "data")
	b.add("relu1", layer.ReLU{}, "conv1")
	b.add("pool1", layer.MaxPool{Pool: layer.Pool{Window: window(3, 2, 0), Ceil: true}}, "relu1")
	b.add("norm1", layer.LRN{Size: 5, Alpha: 0.02, Beta: 0.75, K: 1}, "pool1")
	c := conv(12, 1, window(3, 1, 1))
	c.Bias = false
	b.add("conv2", c, "norm1")
	b.add("bn2", layer.BatchNorm{Epsilon: 1e-5}, "conv2")
	b.add("scale2", layer.Scale{Axis: 1, Bias: true}, "bn2")
	b.add("relu2", layer.ReLU{Slope: float64(float32(0.1))}, "scale2")
	b.add("a", conv(6, 1, window(1, 1, 0)), "relu2")
	b.add("a/relu", layer.ReLU{}, "a")
	b.add("b_reduce", conv(6, 1, window(1, 1, 0)), "relu2")
	b.add("b", conv(6, 1, window(3, 1, 1)), "b_reduce")
	b.add("b/relu", layer.ReLU{}, "b")
	b.add("join", layer.Concat{Axis: 1}, "a/relu", "b/relu")
	b.add("sum", layer.Eltwise{}, "join", "relu2")
	b.add("grouped", conv(12, 3, window(3, 1, 1)), "sum")
	b.add("grouped/relu", layer.ReLU{}, "grouped")
	b.add("pool2", layer.AveragePool{Pool: layer.Pool{Window: window(3, 2, 1), Ceil: true, Clip: true}, Divisor: layer.PaddedCells}, "grouped/relu")
	b.add("fc1", layer.InnerProduct{Outputs: 20, Bias: true}, "pool2")
	b.add("fc1/relu", layer.ReLU{}, "fc1")
	b.add("fc1/drop", layer.Dropout{Ratio: 0.4}, "fc1/relu")
	b.add("fc2", layer.InnerProduct{Outputs: 20, Bias: true}, "fc1/drop")
	b.add("fc2/relu", layer.ReLU{}, "fc2")
	b.add("fc3", layer.InnerProduct{Outputs: 9, Bias: true}, "fc2/relu")
	b.add("prob", layer.Softmax{Axis: 1}, "fc3")
	b.Outputs = []string{"prob"}
	images := tensor.New[float32](1, 3, 39, 35)
	for i := range images.Data {
		images.Data[i] = float32(b.r.IntN(256)) - []float32{104, 117, 123}[i/(39*35)]
	}
	return &b.Graph, images
}
func without(name string) func(*graph.Graph, *tensor.Tensor[float32]) {
	return func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		n := g.Node(name)
		for _, other := range g.Nodes {
			for i, v := range other.Inputs {
				if v == n.Outputs[0] {
					other.Inputs[i] = n.Inputs[0]
				}
			}
		}
		for i, v := range g.Outputs {
			if v == n.Outputs[0] {
				g.Outputs[i] = n.Inputs[0]
			}
		}
		g.Nodes = slices.DeleteFunc(g.Nodes, func(o *graph.Node) bool { return o == n })
	}
}
func listOf(findings []parity.Finding) string {
	var list []string
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%s: %s %v %v", f.Layer, f.Cause, f.Indistinguishable, f.Parameters))
	}
	return strings.Join(list, "; ")
}
func setLayer[L layer.Layer](name string, change func(l *L)) func(*graph.Graph, *tensor.Tensor[float32]) {
	return func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		n := g.Node(name)
		l := n.Layer.(L)
		change(&l)
		n.Layer = l
	}
}
