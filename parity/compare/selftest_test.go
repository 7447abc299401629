package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/cause"
	"parity/parity/trace"
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

// mapNet ends in maps.
func mapNet() (*graph.Graph, *tensor.Tensor[float32]) {
	b := &builder{shapes: map[string]tensor.Shape{"data": {1, 3, 30, 33}}, r: rand.New(rand.NewPCG(5, 5))}
	b.Inputs = []graph.Input{{Name: "data", Shape: tensor.Shape{1, 3, 30, 33}}}
	b.add("conv1", conv(8, 1, window(5, 2, 2)), "data")
	b.add("relu1", layer.ReLU{}, "conv1")
	b.add("pool1", layer.MaxPool{Pool: layer.Pool{Window: window(2, 2, 0), Ceil: true}}, "relu1")
	b.add("conv2", conv(12, 1, window(3, 1, 1)), "pool1")
	b.add("relu2", layer.ReLU{}, "conv2")
	b.add("a", conv(6, 1, window(1, 1, 0)), "relu2")
	b.add("b", conv(6, 1, window(3, 1, 1)), "relu2")
	b.add("join", layer.Concat{Axis: 1}, "a", "b")
	b.add("relu3", layer.ReLU{}, "join")
	b.add("prob", layer.Softmax{Axis: 1}, "relu3")
	b.Outputs = []string{"prob"}
	images := tensor.New[float32](1, 3, 30, 33)
	for i := range images.Data {
		images.Data[i] = float32(b.r.NormFloat64())
	}
	return &b.Graph, images
}

// breaker breaks the zoo's network in the way of a cause.
type breaker struct {
	cause, layer string
	what         string
	port         func(g *graph.Graph, x *tensor.Tensor[float32])
	accept       []string // causes that are the same here
	graphOnly    bool     // the proof takes the candidate's own weights
	small        bool     // the output hardly changes
	maps         bool     // it breaks mapNet, whose layers take maps of any size
}

func setLayer[L layer.Layer](name string, change func(l *L)) func(*graph.Graph, *tensor.Tensor[float32]) {
	return func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		n := g.Node(name)
		l := n.Layer.(L)
		change(&l)
		n.Layer = l
	}
}

func become(name string, l layer.Layer) func(*graph.Graph, *tensor.Tensor[float32]) {
	return func(g *graph.Graph, _ *tensor.Tensor[float32]) { g.Node(name).Layer = l }
}

func values(g *graph.Graph, name string, param int) []float32 {
	return g.Node(name).Params[param].Value.(*tensor.Tensor[float32]).Data
}

func eachValue(name string, param int, f func(i int, v float64) float64) func(*graph.Graph, *tensor.Tensor[float32]) {
	return func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		w := values(g, name, param)
		for i, v := range w {
			w[i] = float32(f(i, float64(v)))
		}
	}
}

func permuted(name string, f func(w *tensor.Tensor[float32]) *tensor.Tensor[float32]) func(*graph.Graph, *tensor.Tensor[float32]) {
	return func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		w := g.Node(name).Params[0].Value.(*tensor.Tensor[float32])
		copy(w.Data, f(w).Data)
	}
}

func eachPixel(f func(c, y, x int, t *tensor.Tensor[float32]) float32) func(*graph.Graph, *tensor.Tensor[float32]) {
	return func(_ *graph.Graph, t *tensor.Tensor[float32]) {
		from := t.Clone()
		h, w := t.Shape[2], t.Shape[3]
		for at := range t.Data {
			t.Data[at] = f(at/(h*w), at/w%h, at%w, from)
		}
	}
}

func pixel(t *tensor.Tensor[float32], c, y, x int) float32 {
	return t.Data[(c*t.Shape[2]+y)*t.Shape[3]+x]
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

// behind puts a layer behind another one.
func behind(name string, l layer.Layer) func(*graph.Graph, *tensor.Tensor[float32]) {
	return func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		extra := &graph.Node{Name: name + "#more", Layer: l, Inputs: []string{name}, Outputs: []string{name + "#more"}}
		for _, other := range g.Nodes {
			for i, v := range other.Inputs {
				if v == name {
					other.Inputs[i] = extra.Name
				}
			}
		}
		i := slices.Index(g.Nodes, g.Node(name))
		g.Nodes = slices.Insert(g.Nodes, i+1, extra)
	}
}

func breakers() []breaker {
	var list []breaker
	add := func(id, layer, what string, port func(*graph.Graph, *tensor.Tensor[float32]), accept ...string) {
		list = append(list, breaker{cause: id, layer: layer, what: what, port: port, accept: accept})
	}
	withGraph := func(id, layer, what string, port func(*graph.Graph, *tensor.Tensor[float32]), accept ...string) {
		list = append(list, breaker{cause: id, layer: layer, what: what, port: port, accept: accept, graphOnly: true})
	}
	add("conv.padding", "conv1", "SAME", setLayer("conv1", func(l *layer.Convolution) {
		l.Padding = layer.Padding{Mode: layer.SameLower}
		l.Padding = layer.Padding{Top: 1, Left: 2, Bottom: 3, Right: 2}
	}))
	add("conv.padding", "b", "shifted", setLayer("b", func(l *layer.Convolution) { l.Padding = layer.Padding{Bottom: 2, Right: 2} }))
	add("conv.dilation", "b", "2", setLayer("b", func(l *layer.Convolution) { l.Dilation = [2]int{2, 2}; l.Padding = layer.Symmetric(2, 2) }))
	add("conv.groups", "grouped", "every third", func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		// the dense convolution that reads channel i*3+g as the i-th one of group g
		n := g.Node("grouped")
		w := n.Params[0].Value.(*tensor.Tensor[float32])
		dense := tensor.New[float32](12, 12, 3, 3)
		for o := range 12 {
			for i := range 4 {
				copy(dense.Data[(o*12+i*3+o/4)*9:][:9], w.Data[(o*4+i)*9:][:9])
			}
		}
		l := n.Layer.(layer.Convolution)
		l.Groups = 1
		n.Layer, n.Params[0] = l, &graph.Param{Name: "w", Value: dense}
	})
	add("pool.padding", "pool1", "SAME", setLayer("pool1", func(l *layer.MaxPool) {
		l.Padding = layer.Padding{Top: 1, Left: 1}
		l.Ceil = false
		l.Padding.Bottom, l.Padding.Right = 1, 1
	}))
	add("pool.divisor", "pool2", "inside", setLayer("pool2", func(l *layer.AveragePool) { l.Divisor = layer.ValidCells }))
	add("pool.kind", "pool2", "max", func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		n := g.Node("pool2")
		n.Layer = layer.MaxPool{Pool: n.Layer.(layer.AveragePool).Pool}
	})
	add("pool.window", "pool1", "2x2", setLayer("pool1", func(l *layer.MaxPool) { l.Kernel = [2]int{2, 2} }))
	add("lrn.alpha", "norm1", "times n", setLayer("norm1", func(l *layer.LRN) { l.Alpha *= 5 }))
	add("lrn.alpha", "norm1", "solved", setLayer("norm1", func(l *layer.LRN) { l.Alpha = 0.013 }))
	add("lrn.window", "norm1", "3", setLayer("norm1", func(l *layer.LRN) { l.Size = 3 }))
	add("lrn.bias", "norm1", "2", setLayer("norm1", func(l *layer.LRN) { l.K = 2 }))
	add("lrn.bias", "norm1", "1.5", setLayer("norm1", func(l *layer.LRN) { l.K = 1.5 }))
	add("lrn.beta", "norm1", "0.5", setLayer("norm1", func(l *layer.LRN) { l.Beta = 0.5 }))
	add("lrn.beta", "norm1", "0.8", setLayer("norm1", func(l *layer.LRN) { l.Beta = 0.8 }))
	add("lrn.region", "norm1", "within", become("norm1", layer.SpatialLRN{Size: 5, Alpha: 0.004, Beta: 0.75}))
	for _, e := range []float64{1e-3, 1e-6, 3e-4, 1e-2} {
		add("bn.epsilon", "bn2", number(e), setLayer("bn2", func(l *layer.BatchNorm) { l.Epsilon = e }))
	}
	add("bn.scale-factor", "bn2", "dropped", eachValue("bn2", 2, func(int, float64) float64 { return 1 }))
	add("bn.affine", "scale2", "gone", eachValueOfBoth("scale2", 1, 0), "structure.missing-layer")
	add("bn.affine", "scale2", "gamma 1", eachValue("scale2", 0, func(int, float64) float64 { return 1 }))
	add("bn.affine", "scale2", "beta 0", eachValue("scale2", 1, func(int, float64) float64 { return 0 }))
	add("bn.statistics", "bn2", "of the batch", setLayer("bn2", func(l *layer.BatchNorm) { l.Batch = true }))
	for _, m := range []float64{32, 289, 5000} {
		add("bn.variance", "bn2", number(m), eachValue("bn2", 1, func(_ int, v float64) float64 { return v * (m - 1) / m }))
		list[len(list)-1].small = m > 1000
	}
	add("weights.group-order", "grouped", "", permuted("grouped", func(w *tensor.Tensor[float32]) *tensor.Tensor[float32] {
		return tensor.Permute(tensor.From(w.Data, 3, 4, 36), 1, 0, 2)
	}))
	mask := func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		w := tensor.New[float32](20)
		for i := range w.Data {
			w.Data[i] = float32(min(i%5, 1)) / (1 - 0.4)
		}
		n := g.Node("fc1/drop")
		n.Layer, n.Params = layer.Scale{Axis: 1}, []*graph.Param{{Name: "mask", Value: w}}
	}
	add("dropout.active", "fc1/drop", "", mask)
	for _, c := range []struct {
		id, layer, what string
		port            func(*graph.Graph, *tensor.Tensor[float32])
	}{
		{"conv.stride", "conv2", "2", setLayer("conv2", func(l *layer.Convolution) { l.Stride = [2]int{2, 2} })},
		{"conv.stride", "conv1", "1", setLayer("conv1", func(l *layer.Convolution) { l.Stride = [2]int{1, 1} })},
		{"pool.rounding", "pool1", "down", setLayer("pool1", func(l *layer.MaxPool) { l.Ceil = false })},
		{"pool.stride", "pool1", "1", setLayer("pool1", func(l *layer.MaxPool) { l.Stride = [2]int{1, 1} })},
		{"concat.axis", "join", "2", become("join", layer.Concat{Axis: 2})},
		{"softmax.axis", "prob", "rows", become("prob", layer.Softmax{Axis: 2})},
		{"softmax.axis", "prob", "columns", become("prob", layer.Softmax{Axis: 3})},
	} {
		add(c.id, c.layer, c.what, c.port)
		list[len(list)-1].maps = true
	}
	add("act.missing", "b/relu", "", without("b/relu"))
	add("act.slope", "relu2", "0", become("relu2", layer.ReLU{}), "act.kind")
	add("act.slope", "relu2", "0.2", become("relu2", layer.ReLU{Slope: float64(float32(0.2))}))
	add("act.slope", "relu1", "0.013", become("relu1", layer.ReLU{Slope: float64(float32(0.013))}))
	add("act.clip", "relu1", "6", become("relu1", layer.Clip{Max: 6}))
	add("act.clip", "a/relu", "0.5", become("a/relu", layer.Clip{Max: 0.5}))
	for _, l := range []layer.Layer{layer.Tanh{}, layer.Sigmoid{}, layer.ELU{Alpha: 1}, layer.Softplus{}, layer.Swish{Beta: 1}} {
		add("act.kind", "fc2/relu", l.Kind(), become("fc2/relu", l))
	}
	add("act.extra", "b", "ReLU", behind("b_reduce", layer.ReLU{}))
	add("dropout.scale", "fc1/drop", "0.6", become("fc1/drop", layer.Power{Power: 1, Scale: 0.6}))
	add("dropout.scale", "fc1/drop", "1/0.6", become("fc1/drop", layer.Power{Power: 1, Scale: 1 / 0.6}))
	add("concat.order", "join", "", func(g *graph.Graph, _ *tensor.Tensor[float32]) { slices.Reverse(g.Node("join").Inputs) })
	add("eltwise.coeff", "sum", "difference", become("sum", layer.Eltwise{Coefficients: []float64{1, -1}}))
	add("eltwise.coeff", "sum", "0.3", become("sum", layer.Eltwise{Coefficients: []float64{1, 0.3}}))
	add("eltwise.op", "sum", "product", become("sum", layer.Eltwise{Combination: layer.EltwiseProduct}))
	add("eltwise.op", "sum", "maximum", become("sum", layer.Eltwise{Combination: layer.EltwiseMaximum}))
	add("softmax.temperature", "prob", "2", func(g *graph.Graph, x *tensor.Tensor[float32]) {
		behind("fc3", layer.Power{Power: 1, Scale: 0.5})(g, x)
	})
	withGraph("softmax.missing", "prob", "", without("prob"))
	withGraph("structure.extra-layer", "b", "pool", behind("b_reduce", layer.MaxPool{Pool: layer.Pool{Window: window(3, 1, 1)}}))
	add("structure.missing-layer", "norm1", "LRN", without("norm1"))
	add("structure.wiring", "b", "a", func(g *graph.Graph, _ *tensor.Tensor[float32]) { g.Node("b").Inputs[0] = "a" })
	add("structure.wiring", "sum", "before the ReLU", func(g *graph.Graph, _ *tensor.Tensor[float32]) { g.Node("sum").Inputs[1] = "scale2" })
	withGraph("structure.shape", "b", "5x5", func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		n := g.Node("b")
		n.Layer = conv(6, 1, window(5, 1, 2))
		w := tensor.New[float32](6, 6, 5, 5)
		for i := range w.Data {
			w.Data[i] = float32(i%7) - 3
		}
		n.Params[0] = &graph.Param{Name: "w", Value: w}
	})
	add("bias.missing", "b", "", eachValue("b", 1, func(int, float64) float64 { return 0 }))
	add("bias.different", "grouped", "one", eachValue("grouped", 1, func(i int, v float64) float64 {
		if i == 5 {
			return v + 0.25
		}
		return v
	}))
	withGraph("bias.different", "fc3", "all", eachValue("fc3", 1, func(i int, v float64) float64 { return v * 1.5 }))
	square := func(w *tensor.Tensor[float32]) *tensor.Tensor[float32] { return tensor.Permute(w, 0, 1, 3, 2) }
	add("weights.swap-hw", "b", "", permuted("b", square))
	add("weights.swap-hw", "conv1", "", permuted("conv1", square))
	add("weights.layout", "conv1", "", permuted("conv1", func(w *tensor.Tensor[float32]) *tensor.Tensor[float32] {
		return tensor.Permute(tensor.From(w.Data, 5, 5, 3, 8), 3, 2, 0, 1)
	}))
	flip := func(w *tensor.Tensor[float32]) *tensor.Tensor[float32] {
		out := w.Clone()
		for i := range out.Data {
			plane := w.Shape[2] * w.Shape[3]
			out.Data[i] = w.Data[i/plane*plane+plane-1-i%plane]
		}
		return out
	}
	add("weights.flip", "b", "", permuted("b", flip))
	add("weights.flip", "conv2", "", permuted("conv2", flip))
	add("weights.channel-order", "conv1", "", permuted("conv1", func(w *tensor.Tensor[float32]) *tensor.Tensor[float32] {
		out := w.Clone()
		for i := range out.Data {
			o, c, k := i/75, i/25%3, i%25
			out.Data[i] = w.Data[o*75+(2-c)*25+k]
		}
		return out
	}))
	add("weights.flatten-order", "fc1", "", permuted("fc1", func(w *tensor.Tensor[float32]) *tensor.Tensor[float32] {
		return tensor.Permute(tensor.From(w.Data, 20, 6, 5, 12), 0, 3, 1, 2)
	}))
	add("weights.transposed", "fc2", "", permuted("fc2", func(w *tensor.Tensor[float32]) *tensor.Tensor[float32] { return tensor.Permute(w, 1, 0) }))
	withGraph("weights.other-layer", "a", "", func(g *graph.Graph, _ *tensor.Tensor[float32]) { copy(values(g, "a", 0), values(g, "b_reduce", 0)) })
	withGraph("weights.different", "conv2", "one", eachValue("conv2", 0, func(i int, v float64) float64 {
		if i == 100 {
			return v + 0.5
		}
		return v
	}))
	withGraph("weights.different", "fc1", "1 %", eachValue("fc1", 0, func(_ int, v float64) float64 { return v * 1.01 }))
	withGraph("weights.uninitialised", "b", "zeros", eachValue("b", 0, func(int, float64) float64 { return 0 }))
	withGraph("weights.uninitialised", "fc2", "uniform", func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		r := rand.New(rand.NewPCG(3, 3))
		for i, w := 0, values(g, "fc2", 0); i < len(w); i++ {
			w[i] = float32((2*r.Float64() - 1) * math.Sqrt(6.0/40))
		}
		clear(values(g, "fc2", 1))
	})
	add("weights.precision", "conv2", "float16", eachValue("conv2", 0, half))
	add("input.channel-order", "data", "", eachPixel(func(c, y, x int, t *tensor.Tensor[float32]) float32 { return pixel(t, 2-c, y, x) }))
	add("input.mean", "data", "none", eachPixel(func(c, y, x int, t *tensor.Tensor[float32]) float32 {
		return pixel(t, c, y, x) + []float32{104, 117, 123}[c]
	}))
	add("input.mean", "data", "small", eachPixel(func(c, y, x int, t *tensor.Tensor[float32]) float32 {
		return pixel(t, c, y, x) + []float32{0.061, 0.221, -0.68}[c]
	}))
	add("input.mean-order", "data", "", eachPixel(func(c, y, x int, t *tensor.Tensor[float32]) float32 {
		return pixel(t, c, y, x) + []float32{-19, 0, 19}[c]
	}))
	for _, s := range []float32{1.0 / 255, 0.017, 1 / 127.5, 1.02, 255} {
		add("input.scale", "data", number(float64(s)), eachPixel(func(c, y, x int, t *tensor.Tensor[float32]) float32 { return s * pixel(t, c, y, x) }))
	}
	add("input.scale", "data", "per channel", eachPixel(func(c, y, x int, t *tensor.Tensor[float32]) float32 {
		return pixel(t, c, y, x) / []float32{57, 58, 59}[c]
	}))
	add("input.flip", "data", "", eachPixel(func(c, y, x int, t *tensor.Tensor[float32]) float32 { return pixel(t, c, y, 34-x) }))
	add("input.layout", "data", "", func(_ *graph.Graph, t *tensor.Tensor[float32]) {
		copy(t.Data, tensor.Permute(tensor.From(slices.Clone(t.Data), 1, 39, 35, 3), 0, 3, 1, 2).Data)
	})
	add("input.crop", "data", "", eachPixel(func(c, y, x int, t *tensor.Tensor[float32]) float32 {
		return pixel(t, c, min(y+1, 38), min(x+2, 34))
	}))
	add("input.decode", "data", "", eachPixel(func(c, y, x int, t *tensor.Tensor[float32]) float32 {
		return pixel(t, c, y, x) + float32((7*x+3*y+c)%3-1)
	}))
	return list
}

func number(v float64) string { return fmt.Sprintf("%.4g", v) }

func half(_ int, v float64) float64 {
	_, e := math.Frexp(v)
	step := math.Ldexp(1, e-11)
	return math.RoundToEven(v/step) * step
}

func eachValueOfBoth(name string, first, second float32) func(*graph.Graph, *tensor.Tensor[float32]) {
	return func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		for i, v := range []float32{first, second} {
			for k := range values(g, name, i) {
				values(g, name, i)[k] = v
			}
		}
	}
}

// dump takes a side's graph away and gives its tensors names that say nothing.
func dump(s Side) Side {
	kept := map[string]tensor.Any{"data": s.Trace.Values["data"]}
	for i, n := range s.Graph.Nodes {
		for _, v := range n.Outputs {
			kept[fmt.Sprintf("t%d", (i*37)%101)] = s.Trace.Values[v]
		}
	}
	s.Graph, s.Trace = &graph.Graph{Inputs: s.Graph.Inputs}, &trace.Trace{Values: kept}
	return s
}

// Every cause breaks the network in its own ways, and must be found: with the candidate's graph and all tensors, with its
// graph and only its output, and with tensors alone.
func TestEveryCauseIsFound(t *testing.T) {
	covered := map[string]bool{}
	for _, b := range breakers() {
		covered[b.cause] = true
		for _, evidence := range []string{"graph", "output", "dump"} {
			t.Run(strings.ReplaceAll(strings.TrimSpace(b.cause+" "+b.layer+" "+b.what), "/", ":")+"/"+evidence, func(t *testing.T) {
				checkBreaker(t, b, evidence)
			})
		}
	}
	for _, c := range cause.Catalogue {
		if c.Variants != nil && !covered[c.ID] {
			t.Logf("no breaker for %s", c.ID)
		}
	}
}

func checkBreaker(t *testing.T, b breaker, evidence string) {
	net := zoo
	if b.maps {
		net = mapNet
	}
	g, images := net()
	ref := native(t, g, images)
	port, fed := net()
	b.port(port, fed)
	cand := native(t, port, fed)
	switch evidence {
	case "output":
		cand = only(cand, port.Outputs...)
	case "dump":
		cand = dump(cand)
	}
	r := compared(t, ref, cand, Options{})
	if r.Verdict == parity.Parity && evidence == "output" && b.small {
		return // the rounding of all layers hides it
	}
	if r.Verdict != parity.Diverged {
		t.Fatalf("got %s", r.Verdict)
	}
	errors := slices.DeleteFunc(r.Findings, func(f parity.Finding) bool { return f.Severity != parity.Error })
	if len(errors) != 1 {
		t.Fatalf("findings %s", listOf(errors))
	}
	f := errors[0]
	if evidence == "dump" && b.graphOnly && (f.Cause == parity.Unexplained || f.Layer == b.layer) {
		return
	}
	if f.Layer != b.layer && !(b.layer == "b" && f.Layer == "b_reduce") || f.Cause != b.cause && !slices.Contains(b.accept, f.Cause) {
		t.Errorf("got %s", listOf(errors))
	}
}

func listOf(findings []parity.Finding) string {
	var list []string
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%s: %s %v %v", f.Layer, f.Cause, f.Indistinguishable, f.Parameters))
	}
	return strings.Join(list, "; ")
}
