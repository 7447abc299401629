package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
)

// written is a network with whatever ports write otherwise, and an image of whole numbers for it.
func written() (*graph.Graph, *tensor.Tensor[float32]) {
	b := &builder{shapes: map[string]tensor.Shape{"data": {1, 3, 12, 10}}, r: rand.New(rand.NewPCG(8, 8))}
	b.Inputs = []graph.Input{{Name: "data", Shape: tensor.Shape{1, 3, 12, 10}}}
	c := conv(6, 1, window(3, 2, 1))
	c.Bias = false
	b.add("conv1", c, "data")
	b.add("bn1", layer.BatchNorm{Epsilon: 1e-5}, "conv1")
	b.add("scale1", layer.Scale{Axis: 1, Bias: true}, "bn1")
	b.add("relu1", layer.ReLU{}, "scale1")
	b.add("norm1", layer.LRN{Size: 3, Alpha: 0.02, Beta: 0.75, K: 1}, "relu1")
	b.add("a", conv(4, 1, window(1, 1, 0)), "norm1")
	b.add("b", conv(5, 1, window(3, 1, 1)), "norm1")
	b.add("join", layer.Concat{Axis: 1}, "a", "b")
	b.add("conv2", conv(8, 1, window(3, 1, 1)), "join")
	b.add("relu2", layer.ReLU{}, "conv2")
	b.add("conv3", conv(7, 1, window(1, 1, 0)), "relu2")
	b.add("relu3", layer.ReLU{}, "conv3")
	b.add("fc1", layer.InnerProduct{Outputs: 11, Bias: true}, "relu3")
	b.add("fc2", layer.InnerProduct{Outputs: 9, Bias: true}, "fc1")
	b.add("prob", layer.Softmax{Axis: 1}, "fc2")
	b.Outputs = []string{"prob"}
	images := tensor.New[float32](1, 3, 12, 10)
	for i := range images.Data {
		images.Data[i] = float32(b.r.IntN(200) - 100)
	}
	return &b.Graph, images
}

func floats(g *graph.Graph, node string, param int) []float32 {
	return g.Node(node).Params[param].Value.(*tensor.Tensor[float32]).Data
}

// insert puts a node behind another one.
func insert(g *graph.Graph, behind string, nodes ...*graph.Node) {
	i := slices.IndexFunc(g.Nodes, func(n *graph.Node) bool { return n.Name == behind })
	g.Nodes = slices.Insert(g.Nodes, i+1, nodes...)
}

func param(values []float32, shape ...int) *graph.Param {
	return &graph.Param{Name: "p", Value: tensor.From(values, shape...)}
}

// foldNormalisation writes conv1, bn1 and scale1 as one convolution with a bias.
func foldNormalisation(g *graph.Graph, _ *tensor.Tensor[float32]) {
	n := g.Node("conv1")
	w, bias := floats(g, "conv1", 0), make([]float32, 6)
	mean, variance, factor := floats(g, "bn1", 0), floats(g, "bn1", 1), floats(g, "bn1", 2)[0]
	gamma, beta := floats(g, "scale1", 0), floats(g, "scale1", 1)
	for o := range bias {
		k := float64(gamma[o]) / math.Sqrt(float64(variance[o])/float64(factor)+1e-5)
		for i := range w[o*27 : o*27+27] {
			w[o*27+i] = float32(float64(w[o*27+i]) * k)
		}
		bias[o] = float32(float64(beta[o]) - float64(mean[o])/float64(factor)*k)
	}
	l := n.Layer.(layer.Convolution)
	l.Bias = true
	n.Layer, n.Params = l, append(n.Params, param(bias, 6))
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *graph.Node) bool { return n.Name == "bn1" || n.Name == "scale1" })
	g.Node("relu1").Inputs = []string{"conv1"}
}

// padApart pads before b with a node of its own.
func padApart(g *graph.Graph, _ *tensor.Tensor[float32]) {
	n := g.Node("b")
	l := n.Layer.(layer.Convolution)
	l.Padding = layer.Padding{}
	n.Layer, n.Inputs = l, []string{"padded"}
	insert(g, "a", &graph.Node{Name: "pad", Layer: layer.Pad{Before: []int{0, 0, 1, 1}, After: []int{0, 0, 1, 1}}, Inputs: []string{"norm1"}, Outputs: []string{"padded"}})
}

// otherBranches joins b and a, and lets conv2 take its channels so.
func otherBranches(g *graph.Graph, _ *tensor.Tensor[float32]) {
	g.Node("join").Inputs = []string{"b", "a"}
	w := floats(g, "conv2", 0)
	for o := range 8 {
		row := w[o*9*9 : (o+1)*9*9]
		copy(row, slices.Concat(row[4*9:], row[:4*9]))
	}
}

// otherChannels turns the channels between conv2 and conv3 round.
func otherChannels(g *graph.Graph, _ *tensor.Tensor[float32]) {
	w, bias := floats(g, "conv2", 0), floats(g, "conv2", 1)
	turned := make([]float32, 0, len(w))
	for o := 7; o >= 0; o-- {
		turned = append(turned, w[o*81:(o+1)*81]...)
	}
	copy(w, turned)
	slices.Reverse(bias)
	next := floats(g, "conv3", 0)
	for o := range 7 {
		slices.Reverse(next[o*8 : (o+1)*8])
	}
}

// asConvolution writes fc1 as a convolution over the whole map.
func asConvolution(g *graph.Graph, _ *tensor.Tensor[float32]) {
	n := g.Node("fc1")
	n.Layer = layer.Convolution{Window: layer.Window{Kernel: [2]int{6, 5}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}, Outputs: 11, Groups: 1, Bias: true}
	n.Params = []*graph.Param{param(floats(g, "fc1", 0), 11, 7, 6, 5), n.Params[1]}
}

// otherFlattening lets fc1 read its map with the channels last.
func otherFlattening(g *graph.Graph, _ *tensor.Tensor[float32]) {
	n := g.Node("fc1")
	w := tensor.From(floats(g, "fc1", 0), 11, 7, 6, 5)
	n.Params = []*graph.Param{{Name: "w", Value: tensor.Permute(w, 0, 2, 3, 1).Reshaped(11, 210)}, n.Params[1]}
	n.Inputs = []string{"nhwc"}
	insert(g, "relu3", &graph.Node{Name: "turn", Layer: layer.Permute{Axes: []int{0, 2, 3, 1}}, Inputs: []string{"relu3"}, Outputs: []string{"nhwc"}})
}

// lrnInSteps writes norm1 as the operations of its formula.
func lrnInSteps(g *graph.Graph, _ *tensor.Tensor[float32]) {
	band := make([]float32, 36)
	for o := range 6 {
		for i := max(o-1, 0); i <= min(o+1, 5); i++ {
			band[o*6+i] = 0.02
		}
	}
	sum := conv(6, 1, window(1, 1, 0))
	sum.Bias = false
	insert(g, "relu1",
		&graph.Node{Name: "square", Layer: layer.Unary{Function: layer.Square}, Inputs: []string{"relu1"}, Outputs: []string{"square"}},
		&graph.Node{Name: "sum", Layer: sum, Inputs: []string{"square"}, Outputs: []string{"sum"}, Params: []*graph.Param{param(band, 6, 6, 1, 1)}},
		&graph.Node{Name: "power", Layer: layer.Power{Power: -0.75, Scale: 1, Shift: 1}, Inputs: []string{"sum"}, Outputs: []string{"power"}},
		&graph.Node{Name: "times", Layer: layer.Eltwise{Combination: layer.EltwiseProduct}, Inputs: []string{"relu1", "power"}, Outputs: []string{"norm1"}})
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *graph.Node) bool { return n.Name == "norm1" })
}

// meanInside subtracts the mean inside the graph.
func meanInside(g *graph.Graph, images *tensor.Tensor[float32]) {
	mean := []float32{-104, -117, -123}
	for i := range images.Data {
		images.Data[i] -= mean[i/120]
	}
	for _, n := range g.Nodes {
		if n.Inputs[0] == "data" {
			n.Inputs = []string{"prepared"}
		}
	}
	g.Inputs[0].Name = "image"
	g.Nodes = slices.Insert(g.Nodes, 0, &graph.Node{Name: "sub_mean", Layer: layer.Bias{Axis: 1}, Inputs: []string{"image"}, Outputs: []string{"prepared"}, Params: []*graph.Param{param(mean, 3)}})
}

// temperature halves the scores and doubles them again.
func temperature(g *graph.Graph, _ *tensor.Tensor[float32]) {
	for i := range 2 {
		for k := range floats(g, "fc2", i) {
			floats(g, "fc2", i)[k] /= 2
		}
	}
	g.Node("prob").Inputs = []string{"times"}
	insert(g, "fc2", &graph.Node{Name: "times", Layer: layer.Power{Power: 1, Scale: 2}, Inputs: []string{"fc2"}, Outputs: []string{"times"}})
}

// fusedReLU says that the framework has conv2 and relu2 as one operation.
func fusedReLU(g *graph.Graph, _ *tensor.Tensor[float32]) {
	g.Node("conv2").Origin.Nodes, g.Node("relu2").Origin.Nodes = []string{"conv2_fused"}, []string{"conv2_fused"}
}

// equivalentPorts are ports with the same numbers, and what is said of them: the layer, what was recognised, and a part of the
// text.
var equivalentPorts = map[string]struct {
	port func(g *graph.Graph, images *tensor.Tensor[float32])
	says [][3]string
}{
	"folded normalisation": {foldNormalisation, [][3]string{{"conv1", "folded normalisation", "conv1 (convolution) ends in batch normalisation in the reference, in a bias in the candidate; it is folded into the weights"}}},
	"explicit padding":     {padApart, [][3]string{{"b", "explicit padding", "the candidate pads the input of b with an operation of its own"}}},
	"permuted branches": {otherBranches, [][3]string{
		{"join", "permuted branches", "joins the branches in another order"}, {"conv2", "permuted channels", "the input channels are in another order"},
	}},
	"permuted channels": {otherChannels, [][3]string{
		{"conv2", "permuted channels", "the output channels are in another order"}, {"conv3", "permuted channels", "the input channels are in another order"},
	}},
	"fully connected": {asConvolution, [][3]string{{"fc1", "fully connected as convolution", "a convolution over the whole map"}}},
	"flattened":       {otherFlattening, [][3]string{{"fc1", "permuted channels", "flattens the map before it in another order"}}},
	"lrn":             {lrnInSteps, [][3]string{{"norm1", "other layers", "norm1: in the candidate other layers compute it (x^2, Convolution, Power, Eltwise)"}}},
	"mean":            {meanInside, [][3]string{{"data", "normalisation inside the graph", "prepares its input inside its graph (Bias)"}}},
	"temperature":     {temperature, [][3]string{{"fc2", "folded factor", "the weights of fc2 are 0.5 times the reference's"}, {"fc2", "other structure", "the candidate has 1 Power layer that the reference lacks"}}},
	"fused":           {fusedReLU, [][3]string{{"relu2", "fused activations", "in one operation with the layer before"}}},
}

// portedSides runs the reference and a port of it, which may have faults too.
func portedSides(t *testing.T, changes ...func(g *graph.Graph, images *tensor.Tensor[float32])) (ref, cand Side) {
	t.Helper()
	g, images := written()
	ref = native(t, g, images)
	other, fed := written()
	for _, change := range changes {
		change(other, fed)
	}
	return ref, native(t, other, fed)
}

func TestEquivalentPortsAreRecognised(t *testing.T) {
	for name, c := range equivalentPorts {
		ref, cand := portedSides(t, c.port)
		r := compared(t, ref, cand, Options{})
		if r.Verdict != parity.Parity {
			t.Errorf("%s: %s with %v", name, r.Verdict, blamed(r.Findings))
			continue
		}
		if len(r.Findings) != len(c.says) {
			t.Errorf("%s: notes %+v", name, r.Findings)
			continue
		}
		for _, says := range c.says {
			if !slices.ContainsFunc(r.Findings, func(f parity.Finding) bool {
				return f.Cause == "structure.equivalent" && f.Severity == parity.Note && f.Layer == says[0] && f.Parameters["recognised"] == says[1] && strings.Contains(f.Explanation, says[2])
			}) {
				t.Errorf("%s: nothing says %v: %+v", name, says, r.Findings)
			}
		}
		for _, d := range r.Structure.Differences {
			if !d.Equivalent {
				t.Errorf("%s: %s is not said to come to the same", name, d.Text)
			}
		}
	}
	ref, cand := portedSides(t)
	if r := compared(t, ref, cand, Options{}); len(r.Findings) != 0 {
		t.Errorf("the same network: %v", blamed(r.Findings))
	}
}

// Where the numbers are wrong nothing is said to come to the same, however it is written.
func TestFaultsAreNotEquivalent(t *testing.T) {
	fault := func(node string, param int) func(g *graph.Graph, _ *tensor.Tensor[float32]) {
		return func(g *graph.Graph, _ *tensor.Tensor[float32]) {
			for i := range floats(g, node, param) {
				floats(g, node, param)[i] += 0.1 * float32(i%5+1)
			}
		}
	}
	for name, c := range map[string]struct {
		node, layer string
		param       int
	}{"folded normalisation": {"conv1", "conv1", 1}, "explicit padding": {"b", "b", 1}, "fully connected": {"fc1", "fc1", 1}, "lrn": {"sum", "norm1", 0}} {
		ref, cand := portedSides(t, equivalentPorts[name].port, fault(c.node, c.param))
		r := compared(t, ref, cand, Options{})
		wrong := slices.ContainsFunc(r.Findings, func(f parity.Finding) bool { return f.Severity == parity.Error })
		noted := slices.ContainsFunc(r.Findings, func(f parity.Finding) bool { return f.Cause == "structure.equivalent" && f.Layer == c.layer })
		if r.Verdict != parity.Diverged || !wrong || noted {
			t.Errorf("%s: %s with %v", name, r.Verdict, blamed(r.Findings))
		}
	}
}
