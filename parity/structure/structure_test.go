package structure

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/googlenettest"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
)

// net writes a network layer by layer.
type net struct {
	graph.Graph
	shapes map[string]tensor.Shape
}

func newNet() *net {
	n := &net{shapes: map[string]tensor.Shape{"data": {1, 3, 32, 40}}}
	n.Inputs = []graph.Input{{Name: "data", Shape: tensor.Shape{1, 3, 32, 40}}}
	return n
}

// add appends a layer and returns the name of its output.
func (n *net) add(name string, l layer.Layer, inputs ...string) string {
	var in []tensor.Shape
	for _, v := range inputs {
		in = append(in, n.shapes[v])
	}
	out, err := l.Infer(in)
	if err != nil {
		panic(name + ": " + err.Error())
	}
	node := &graph.Node{Name: name, Layer: l, Inputs: inputs, Outputs: []string{name}}
	n.Nodes = append(n.Nodes, node)
	n.shapes[name], n.Outputs = out[0], []string{name}
	return name
}

func (n *net) side() Side { return Side{&n.Graph, n.shapes} }

func conv(outputs, kernel int) layer.Convolution {
	return layer.Convolution{Window: window(kernel, 1, kernel/2), Outputs: outputs, Groups: 1, Bias: true}
}

func window(kernel, stride, pad int) layer.Window {
	return layer.Window{Kernel: [2]int{kernel, kernel}, Stride: [2]int{stride, stride}, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(pad, pad)}
}

func maxPool(kernel int) layer.MaxPool {
	return layer.MaxPool{Pool: layer.Pool{Window: window(kernel, 2, 0), Ceil: true}}
}

var (
	lrn    = layer.LRN{Size: 5, Alpha: 2e-5, Beta: 0.75, K: 1}
	concat = layer.Concat{Axis: 1}
)

// googLeNet is the narrow one, changed, with the shapes of its values.
func googLeNet(t *testing.T, change func(g *graph.Graph)) Side {
	t.Helper()
	g, images := googlenettest.Narrow(1)
	change(g)
	shapes := map[string]tensor.Shape{"data": images.Shape}
	for _, n := range g.Nodes {
		var in []tensor.Shape
		for _, v := range n.Inputs {
			in = append(in, shapes[v])
		}
		out, err := n.Layer.Infer(in)
		if err != nil {
			t.Fatal(n.Name, err)
		}
		shapes[n.Outputs[0]] = out[0]
	}
	return Side{g, shapes}
}

func unchanged(*graph.Graph) {}

// remove takes a node out: what read it reads its input.
func remove(g *graph.Graph, name string) {
	gone := g.Node(name)
	for _, n := range g.Nodes {
		for i, v := range n.Inputs {
			if v == gone.Outputs[0] {
				n.Inputs = slices.Clone(n.Inputs)
				n.Inputs[i] = gone.Inputs[0]
			}
		}
	}
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *graph.Node) bool { return n == gone })
}

// told writes the differences as "cause: text [layers]".
func told(d *Diff) string {
	var lines []string
	for _, x := range d.Result().Differences {
		var names []string
		for _, l := range x.Layers {
			names = append(names, strings.Trim(l.Reference+"="+l.Candidate, "="))
		}
		lines = append(lines, fmt.Sprintf("%s: %s [%s]", x.Cause, x.Text, strings.Join(names, " ")))
	}
	return strings.Join(lines, "\n")
}

func check(t *testing.T, ref, cand Side, want string) *Diff {
	t.Helper()
	d := Compare(ref, cand, nil)
	if diff := cmp.Diff(strings.TrimSpace(want), told(d)); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	return d
}

func TestTheSameNetwork(t *testing.T) {
	d := check(t, googLeNet(t, unchanged), googLeNet(t, unchanged), "")
	if d.Verdict() != parity.SameStructure || d.Likeness() != 1 || len(d.Counterpart) != 141 {
		t.Errorf("got %s, likeness %v, %d pairs", d.Verdict(), d.Likeness(), len(d.Counterpart))
	}
	for r, c := range d.Counterpart {
		if r.Name() != c.Name() {
			t.Errorf("%s was paired with %s", r.Name(), c.Name())
		}
	}
}

// What TensorFlow's published network does otherwise than Caffe's.
func TestVersionsOfGoogLeNet(t *testing.T) {
	port := googLeNet(t, func(g *graph.Graph) {
		for _, n := range slices.Clone(g.Nodes) {
			switch l := n.Layer.(type) {
			case layer.Convolution:
				if l.Bias = false; l.Kernel[0] == 5 {
					l.Window = window(3, 1, 1)
				}
				n.Layer = l
				normalise(g, n)
			case layer.LRN:
				remove(g, n.Name)
			}
			n.Name = "scope/" + strings.ReplaceAll(n.Name, "inception_", "mixed")
		}
		g.Node("scope/pool4/3x3_s2").Layer = maxPool(2)
		g.Node("scope/loss3/classifier").Layer = layer.InnerProduct{Outputs: 8, Bias: true}
	})
	d := Compare(googLeNet(t, unchanged), port, nil)
	var texts []string
	for _, x := range d.Differences() {
		texts = append(texts, x.Cause+": "+x.Text)
	}
	want := []string{
		"structure.extra-layer: all 57 convolutions end in a bias in the reference, in batch normalisation in the candidate",
		"structure.shape: 9 convolutions have the kernel 5x5 in the reference, 3x3 in the candidate",
		"structure.missing-layer: the candidate lacks 2 LRN layers",
		"pool.window: pool4/3x3_s2 (max pool) has the kernel 3x3 in the reference, 2x2 in the candidate",
		"structure.shape: loss3/classifier (fully connected layer) has 7 outputs in the reference, 8 in the candidate, as where one side has a class for the background",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Error(diff)
	}
	if d.Verdict() != parity.OtherStructure || len(d.Counterpart) != 139 {
		t.Errorf("got %s with %d pairs", d.Verdict(), len(d.Counterpart))
	}
	for _, x := range d.Differences()[1].At {
		if !strings.HasSuffix(x.Reference.Name(), "/5x5") || "scope/"+strings.ReplaceAll(x.Reference.Name(), "inception_", "mixed") != x.Candidate.Name() {
			t.Errorf("%s was paired with %s", x.Reference.Name(), x.Candidate.Name())
		}
	}
}

// normalise puts a batch normalisation behind a node.
func normalise(g *graph.Graph, n *graph.Node) {
	value := n.Outputs[0]
	n.Outputs = []string{value + "#"}
	i := slices.Index(g.Nodes, n)
	g.Nodes = slices.Insert(g.Nodes, i+1, &graph.Node{Name: n.Name + "/bn", Layer: layer.BatchNorm{Epsilon: 1e-3}, Inputs: n.Outputs, Outputs: []string{value}})
}

// module is a stem and a module of three branches, in an order, with some changes.
func module(order string, kernel int) Side {
	n := newNet()
	n.add("stem", conv(8, 3), "data")
	n.add("relu", layer.ReLU{}, "stem")
	branches := map[rune]func() string{
		'a': func() string { return n.add("a", conv(5, 1), "relu") },
		'b': func() string { return n.add("b", conv(6, kernel), n.add("b_reduce", conv(4, 1), "relu")) },
		'c': func() string {
			return n.add("c", conv(7, 1), n.add("c_pool", layer.MaxPool{Pool: layer.Pool{Window: window(3, 1, 1)}}, "relu"))
		},
	}
	var ends []string
	for _, branch := range order {
		ends = append(ends, branches[branch]())
	}
	n.add("prob", layer.Softmax{Axis: 1}, n.add("fc", layer.InnerProduct{Outputs: 9, Bias: true}, n.add("join", concat, ends...)))
	return n.side()
}

func TestBranches(t *testing.T) {
	for _, order := range []string{"abc", "acb", "bac", "bca", "cab", "cba"} {
		check(t, module("abc", 3), module(order, 3), "")
		check(t, module("abc", 3), module(order, 5), "structure.shape: b (convolution) has the kernel 3x3 in the reference, 5x5 in the candidate [b=b]")
	}
	check(t, module("abc", 3), module("ca", 3), "structure.missing-layer: the candidate lacks a piece of 2 layers: convolution and convolution [b_reduce b]")
	check(t, module("ba", 3), module("abc", 3),
		"structure.extra-layer: the candidate has a piece of 2 layers: max pool and convolution that the reference lacks, behind the counterpart of relu [c_pool c]")
	check(t, module("ab", 3), module("b", 3), "structure.missing-layer: the candidate lacks 1 convolution [a]")
}

// residual has blocks with a shortcut, as many as there are letters: of s it lacks the shortcut, of p it has a projection
// on it, of d it is a layer deeper.
func residual(blocks string) Side {
	n := newNet()
	x := n.add("stem", conv(8, 3), "data")
	for i, kind := range blocks {
		name := func(part string) string { return fmt.Sprintf("%d/%s", i, part) }
		y := n.add(name("a"), conv(8, 3), x)
		y = n.add(name("relu"), layer.ReLU{}, y)
		if kind == 'd' {
			y = n.add(name("relu2"), layer.ReLU{}, n.add(name("deep"), conv(8, 3), y))
		}
		y = n.add(name("b"), conv(8, 1), y)
		switch kind {
		case 'p':
			y = n.add(name("sum"), layer.Eltwise{}, y, n.add(name("skip"), conv(8, 1), x))
		case '-', 'd':
			y = n.add(name("sum"), layer.Eltwise{}, y, x)
		}
		x = n.add(name("out"), layer.ReLU{}, y)
	}
	n.add("fc", layer.InnerProduct{Outputs: 9, Bias: true}, x)
	return n.side()
}

func TestShortcuts(t *testing.T) {
	check(t, residual("---"), residual("---"), "")
	check(t, residual("---"), residual("-s-"), "structure.missing-layer: the candidate lacks 1 elementwise sum [1/sum]")
	check(t, residual("-s-"), residual("---"), "structure.extra-layer: the candidate has 1 elementwise sum that the reference lacks, behind the counterpart of 1/b [1/sum]")
	check(t, residual("-p-"), residual("---"), "structure.missing-layer: the candidate lacks 1 convolution [1/skip]")
	check(t, residual("-d-"), residual("---"), "structure.missing-layer: the candidate lacks a piece of 2 layers: convolution and ReLU layer [1/deep 1/relu2]")
	check(t, residual("----"), residual("---"),
		"structure.missing-layer: the candidate lacks a piece of 5 layers: 2 ReLU layers, 2 convolutions, 1 elementwise sum [3/a 3/relu 3/b 3/sum 3/out]")
}

// plain is a chain of convolutions with ReLUs, pools at each p, LRNs at each n.
func plain(layers string) Side {
	n := newNet()
	x := "data"
	for i, kind := range layers {
		name := fmt.Sprintf("%d", i)
		switch kind {
		case 'p':
			x = n.add(name+"p", maxPool(2), x)
		case 'n':
			x = n.add(name+"n", lrn, x)
		default:
			x = n.add(name+"relu", layer.ReLU{}, n.add(name, conv(int(kind-'0')*4, 3), x))
		}
	}
	return n.side()
}

func TestDepthAndOrder(t *testing.T) {
	check(t, plain("11p222p333"), plain("11p22p33"),
		"structure.missing-layer: the candidate lacks 2 pieces of 2 layers each: convolution and ReLU layer [5 5relu 9 9relu]")
	check(t, plain("1np2np3"), plain("1pn2pn3"),
		"structure.wiring: all 2 max pools stand behind the LRN layer in the reference, before the LRN layer in the candidate [2p=1p 5p=4p]")
	check(t, plain("1pn2"), plain("1np2"),
		"structure.wiring: 1p (max pool) stands before the LRN layer in the reference, behind the LRN layer in the candidate [1p=2p]")
}

// A name decides which of two equal layers is the one that is missing.
func TestHintsDecideBetweenEqualLayers(t *testing.T) {
	ref, cand := plain("1p222p3"), plain("1p22p3")
	for _, missing := range []string{"2", "3", "4"} {
		hints, k := map[string]string{}, 2
		for _, name := range []string{"2", "3", "4"} {
			if name != missing {
				hints[name] = fmt.Sprint(k)
				k++
			}
		}
		d := Compare(ref, cand, hints)
		if got := d.Differences()[0].At[0].Reference.Name(); got != missing {
			t.Errorf("%s was said to be missing, not %s", got, missing)
		}
	}
}

func TestWiring(t *testing.T) {
	build := func(from string) Side {
		n := newNet()
		n.add("stem", conv(8, 3), "data")
		n.add("left", conv(8, 3), "stem")
		n.add("right", conv(8, 1), "stem")
		n.add("deep", conv(8, 5), from)
		n.add("join", concat, "left", "right", "deep")
		return n.side()
	}
	check(t, build("left"), build("right"), "structure.wiring: deep reads left in the reference, the counterpart of right in the candidate [deep=deep]")
}

// A part of the network that is neither a chain nor branches is aligned as it stands.
func TestCrossedBranches(t *testing.T) {
	build := func(kernel int) Side {
		n := newNet()
		n.add("stem", conv(8, 3), "data")
		n.add("a", conv(8, 1), "stem")
		n.add("b", conv(8, 3), "stem")
		n.add("c", layer.Eltwise{}, "a", "b")
		n.add("d", layer.Eltwise{Combination: layer.EltwiseProduct}, "a", "b")
		n.add("e", conv(6, kernel), "c")
		n.add("f", conv(7, 1), "d")
		n.add("join", concat, "e", "f")
		return n.side()
	}
	check(t, build(3), build(3), "")
	check(t, build(3), build(5), "structure.shape: e (convolution) has the kernel 3x3 in the reference, 5x5 in the candidate [e=e]")
}

func TestFactsThatAreOtherwiseWritten(t *testing.T) {
	fc, fcAsConv := newNet(), newNet()
	fc.add("fc", layer.InnerProduct{Outputs: 9}, "data")
	whole := layer.Convolution{Window: layer.Window{Kernel: [2]int{32, 40}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}, Outputs: 9, Groups: 1}
	fcAsConv.add("conv", whole, "data")
	check(t, fc.side(), fcAsConv.side(), "")

	turned := newNet()
	turned.add("fc", layer.InnerProduct{Outputs: 9}, turned.add("flat", layer.Reshape{Shape: []int{0, -1}}, turned.add("nhwc", layer.Permute{Axes: []int{0, 2, 3, 1}}, "data")))
	check(t, fc.side(), turned.side(), "")

	global, mean := newNet(), newNet()
	global.add("pool", layer.AveragePool{Pool: layer.Pool{Window: layer.Window{Kernel: [2]int{32, 40}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}}}, "data")
	mean.add("mean", layer.Reduce{Reducer: layer.ReduceMean, Axes: []int{2, 3}}, "data")
	check(t, global.side(), mean.side(), "")

	padded, split := newNet(), newNet()
	padded.add("conv", conv(8, 3), "data")
	l := conv(8, 3)
	l.Padding, l.Bias = layer.Padding{}, false
	split.add("bias", layer.Bias{Axis: 1}, split.add("conv", l, split.add("pad", layer.Pad{Before: []int{0, 0, 1, 1}, After: []int{0, 0, 1, 1}}, "data")))
	d := check(t, padded.side(), split.side(), "")
	if e := d.Candidate[0]; len(d.Candidate) != 1 || len(e.Nodes) != 3 || e.Output != "bias" || e.Name() != "conv" {
		t.Errorf("%d elements, the first of %d nodes, with the output %s and the name %s", len(d.Candidate), len(e.Nodes), e.Output, e.Name())
	}
}

func TestWidths(t *testing.T) {
	double := plain("123456")
	for _, n := range double.Graph.Nodes {
		if l, ok := n.Layer.(layer.Convolution); ok {
			l.Outputs *= 2
			n.Layer = l
		}
	}
	d := Compare(plain("123456"), double, nil)
	if got := d.Differences(); len(got) != 2 || got[0].Text != "5 convolutions have another number of outputs: 2 times as many in the candidate" ||
		got[1].Text != "5 (convolution) has 24 outputs in the reference, 48 in the candidate" {
		t.Errorf("got %q", told(d))
	}
}

func TestOtherNetworks(t *testing.T) {
	for name, cand := range map[string]Side{"a chain": plain("123p456"), "blocks": residual("----")} {
		d := Compare(googLeNet(t, unchanged), cand, nil)
		if d.Verdict() != parity.OtherNetwork || len(d.Differences()) != 0 || !(d.Likeness() < 0.3) {
			t.Errorf("%s: %s, likeness %v", name, d.Verdict(), d.Likeness())
		}
	}
}

func TestSideHeadsAreNoPartOfTheTrunk(t *testing.T) {
	build := func(heads int) Side {
		n := newNet()
		x := n.add("stem", conv(8, 3), "data")
		var outputs []string
		for i := range 3 {
			x = n.add(fmt.Sprintf("body%d", i), conv(8, 3), x)
			if i < heads {
				outputs = append(outputs, n.add(fmt.Sprintf("head%d", i), layer.InnerProduct{Outputs: 5, Bias: true}, x))
			}
		}
		n.Outputs = append(outputs, n.add("fc", layer.InnerProduct{Outputs: 9, Bias: true}, x))
		return n.side()
	}
	check(t, build(2), build(0), "structure.missing-layer: the candidate lacks 2 fully connected layers [head0 head1]")
	check(t, build(2), build(2), "")
}

func TestNothingToCompare(t *testing.T) {
	if d := Compare(newNet().side(), plain("1"), nil); d != nil {
		t.Error("a network without layers was compared")
	}
}

// The method must find the cheapest assignment, which trying all of them finds too.
func TestAssignmentIsTheCheapest(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		n := 1 + r.IntN(6)
		costs := make([][]cost, n)
		for i := range costs {
			costs[i] = make([]cost, n)
			for j := range costs[i] {
				costs[i][j] = cost(r.IntN(20))
			}
		}
		var got cost
		seen := map[int]bool{}
		for i, j := range assignment(costs) {
			got += costs[i][j]
			seen[j] = true
		}
		if want := cheapest(costs, 0, 0); got != want || len(seen) != n {
			t.Fatalf("%v: got %d with %d columns, the cheapest is %d", costs, got, len(seen), want)
		}
	}
}

func cheapest(costs [][]cost, row int, taken uint) cost {
	if row == len(costs) {
		return 0
	}
	best := cost(1 << 40)
	for j := range costs {
		if taken&(1<<j) == 0 {
			best = min(best, costs[row][j]+cheapest(costs, row+1, taken|1<<j))
		}
	}
	return best
}

// Changing one network into another costs as much as the way back, and layers are paired one to one.
func TestPairsAreOneToOneAndSymmetric(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		a, b := residual(drawn(r)), residual(drawn(r))
		d, back := Compare(a, b, nil), Compare(b, a, nil)
		if d.Likeness() != back.Likeness() {
			t.Errorf("likeness %v one way, %v the other", d.Likeness(), back.Likeness())
		}
		seen := map[*Element]bool{}
		for r, c := range d.Counterpart {
			if seen[c] || d.partner[c] != r || r.class != c.class {
				t.Errorf("%s and %s", r.Name(), c.Name())
			}
			seen[c] = true
		}
	}
}

func drawn(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		b.WriteByte("-spd"[r.IntN(4)])
	}
	return b.String()
}
