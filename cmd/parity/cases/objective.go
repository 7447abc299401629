package cases

import (
	"fmt"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// objective is what a run minimises: a graph that ends in the value "loss".
type objective struct {
	graph *graph.Graph
	names []string // the variables
	// params holds those variables that are weights of the graph; the others are inputs of it.
	params map[string]*graph.Param
	given  map[string]tensor.Any // inputs of every step
	// batches holds inputs with a row for each step.
	batches map[string]tensor.Any
}

// newObjective builds what case.json describes in words.
func newObjective(net string, init *npz.Tensors) (*objective, error) {
	o := &objective{graph: &graph.Graph{Name: net, Framework: "tensorflow", Outputs: []string{"loss"}},
		params: map[string]*graph.Param{}, given: map[string]tensor.Any{}, batches: map[string]tensor.Any{}}
	for _, name := range init.Names() {
		if name != "x" && name != "y" && !strings.HasPrefix(name, "scale/") && !strings.HasPrefix(name, "target/") {
			o.names = append(o.names, name)
		}
	}
	switch {
	case net == "quadratic":
		return o, o.quadratic(init)
	case strings.HasPrefix(net, "conv("):
		return o, o.network(init)
	}
	return nil, fmt.Errorf("the net %q is not known", net)
}

// quadratic is 0.5 sum(scale (a - target)^2), over all variables a.
func (o *objective) quadratic(init *npz.Tensors) error {
	var terms []string
	for _, a := range o.names {
		for _, name := range []string{"scale/" + a, "target/" + a} {
			t, ok := init.Get(name)
			if !ok {
				return fmt.Errorf("init.npz has no %s", name)
			}
			o.given[name] = t
			o.input(name, t.Dims())
		}
		shape, _ := init.Get(a)
		o.input(a, shape.Dims())
		o.add("off/"+a, layer.Eltwise{Combination: layer.EltwiseSum, Coefficients: []float64{1, -1}}, a, "target/"+a)
		o.add("term/"+a, layer.Eltwise{Combination: layer.EltwiseProduct}, "scale/"+a, "off/"+a, "off/"+a)
		o.add("sum/"+a, layer.Reduction{Statistic: layer.ReductionSum, Factor: 0.5}, "term/"+a)
		terms = append(terms, "sum/"+a)
	}
	o.add("loss", layer.Eltwise{Combination: layer.EltwiseSum}, terms...)
	return nil
}

// network is "conv(3x2,SAME)+bias, relu, flatten (HWC), fully connected, mean sparse softmax cross entropy".
func (o *objective) network(init *npz.Tensors) error {
	shapes := map[string]tensor.Shape{}
	for _, name := range []string{"x", "y", "conv/w", "conv/b", "fc/w", "fc/b"} {
		t, ok := init.Get(name)
		if !ok {
			return fmt.Errorf("init.npz has no %s", name)
		}
		shapes[name] = t.Dims()
	}
	x, w, classes := shapes["x"], shapes["conv/w"], shapes["fc/b"].Len()
	if len(x) != 5 || len(w) != 4 || len(shapes["fc/w"]) != 2 {
		return fmt.Errorf("the shapes %v of x, %v of conv/w and %v of fc/w do not fit the net", x, w, shapes["fc/w"])
	}
	o.batches["x"], _ = init.Get("x")
	o.batches["y"], _ = init.Get("y")
	o.input("x", x[1:])
	o.input("y", shapes["y"][1:])
	o.add("nchw", layer.Permute{Axes: []int{0, 3, 1, 2}}, "x")
	conv := layer.Convolution{Outputs: w[3], Groups: 1, Bias: true}
	conv.Kernel, conv.Stride, conv.Dilation = [2]int{w[0], w[1]}, [2]int{1, 1}, [2]int{1, 1}
	conv.Padding.Mode = layer.SameUpper
	o.add("conv", conv, "nchw").Params = []*graph.Param{o.param("conv/w", init, 3, 2, 0, 1), o.param("conv/b", init)}
	o.add("relu", layer.ReLU{}, "conv")
	o.add("nhwc", layer.Permute{Axes: []int{0, 2, 3, 1}}, "relu")
	o.add("fc", layer.InnerProduct{Outputs: classes, Bias: true}, "nhwc").Params = []*graph.Param{o.param("fc/w", init, 1, 0), o.param("fc/b", init)}
	o.add("loss", layer.SoftmaxCrossEntropy{Axis: 1}, "fc", "y")
	return nil
}

func (o *objective) input(name string, s tensor.Shape) {
	o.graph.Inputs = append(o.graph.Inputs, graph.Input{Name: name, Shape: s})
}

func (o *objective) add(name string, l layer.Layer, in ...string) *graph.Node {
	n := &graph.Node{Name: name, Layer: l, Inputs: in, Outputs: []string{name}}
	o.graph.Nodes = append(o.graph.Nodes, n)
	return n
}

// param is a weight that TensorFlow stores with its axes in another order.
func (o *objective) param(name string, init *npz.Tensors, toCommon ...int) *graph.Param {
	t, _ := init.Get(name)
	p := &graph.Param{Name: name, Stored: graph.Stored{ToCommon: toCommon}, Value: tensor.PermuteAny(t, order(toCommon, len(t.Dims()))...)}
	o.params[name] = p
	return p
}

// order is the permutation, or the one that changes nothing.
func order(axes []int, n int) []int {
	if axes != nil {
		return axes
	}
	for i := range n {
		axes = append(axes, i)
	}
	return axes
}

// at sets the variables, and returns the inputs of a step.
func (o *objective) at(step int, variables map[string]tensor.Any) map[string]tensor.Any {
	in := map[string]tensor.Any{}
	for name, t := range o.given {
		in[name] = t
	}
	for name, t := range o.batches {
		in[name] = row(t, step)
	}
	for name, t := range variables {
		if p := o.params[name]; p != nil {
			p.Value = tensor.PermuteAny(t, order(p.Stored.ToCommon, len(t.Dims()))...)
		} else {
			in[name] = t
		}
	}
	return in
}

// row is one of a tensor's first axis.
func row(t tensor.Any, i int) tensor.Any {
	all := tensor.As[float64](t)
	n := all.Shape[1:].Len()
	return tensor.From(all.Data[i*n:(i+1)*n], all.Shape[1:]...)
}
