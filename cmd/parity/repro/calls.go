package repro

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// changed is the function that computes as the candidate does.
const changed = "changed"

// calls writes the reference's layers, and these as the cause changes them, as functions of Python, with their weights.
func (c *reproduction) calls() (string, *npz.Tensors, error) {
	w := &caller{c: c, weights: &npz.Tensors{}, seen: map[tensor.Any]string{}}
	type run struct {
		name, what, asCandidate string
		nodes                   []*graph.Node
	}
	runs := []run{{"reference", "as the reference has it", "False", c.Reference.Nodes}}
	if c.Proven != nil && (len(c.More) > 0 || !slices.Equal(c.Proven, c.Reference.Nodes)) {
		runs = append(runs, run{changed, "as the cause says that the candidate does", "True", c.Proven})
	}
	var b strings.Builder
	var list []string
	for _, r := range runs {
		if err := w.function(&b, r.name, r.nodes); err != nil {
			return "", nil, err
		}
		list = append(list, fmt.Sprintf("(FRAMEWORK + \" runs \" + LAYER + %s, %s, %s)", quoted(" "+r.what), r.name, r.asCandidate))
	}
	fmt.Fprintf(&b, "main(%s)\n", strings.Join(list, ", "))
	return b.String(), w.weights, nil
}

// caller writes calls and collects what they need.
type caller struct {
	c       *reproduction
	weights *npz.Tensors
	seen    map[tensor.Any]string
	shapes  map[string]tensor.Shape
}

// function writes one function that runs nodes.
func (w *caller) function(b *strings.Builder, name string, nodes []*graph.Node) error {
	w.shapes = map[string]tensor.Shape{}
	fmt.Fprintf(b, "def %s():\n    t = {k: tensor(v) for k, v in load(\"cand\", \"tensors.npz\").items()}\n    w = {k: tensor(v) for k, v in load(\"weights.npz\").items()}\n", name)
	for _, v := range sortedKeys(w.c.Reference.Inputs) {
		w.shapes[v] = w.c.Reference.Inputs[v].Dims()
		if as := w.c.sides[0].piece.Name(v); as != v {
			fmt.Fprintf(b, "    t[%s] = t[%s]\n", quoted(v), quoted(as))
		}
	}
	for _, v := range sortedKeys(w.c.More) {
		if name == changed {
			w.shapes[v] = w.c.More[v].Shape
			fmt.Fprintf(b, "    t[%s] = %s\n", quoted(v), w.array(w.c.More[v]))
		}
	}
	for _, n := range nodes {
		shapes, err := n.Shapes(w.shapes)
		if err != nil {
			return err
		}
		call, err := w.call(n)
		if err != nil {
			return err
		}
		w.shapes[n.Outputs[0]] = shapes[0]
		fmt.Fprintf(b, "    t[%s] = %s\n", quoted(n.Outputs[0]), call)
	}
	_, last := output(w.c.Reference.Outputs, "")
	fmt.Fprintf(b, "    return array(t[%s])\n\n\n", quoted(last))
	return nil
}

// array names an array of weights.npz.
func (w *caller) array(t tensor.Any) string {
	if w.seen[t] == "" {
		w.seen[t] = strconv.Itoa(w.weights.Len())
		w.weights.Set(w.seen[t], smallest(t))
	}
	return fmt.Sprintf("w[%s]", quoted(w.seen[t]))
}

func (w *caller) in(n *graph.Node, i int) string { return "t[" + quoted(n.Inputs[i]) + "]" }

func (w *caller) params(n *graph.Node) []string {
	var list []string
	for _, p := range n.Params {
		list = append(list, w.array(p.Value))
	}
	return list
}

// invoke writes a call: its tensors, then settings such as "stride=(2, 2)".
func invoke(name string, tensors []string, settings ...string) string {
	return name + "(" + strings.Join(append(slices.Clone(tensors), settings...), ", ") + ")"
}

func tuple(list ...int) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = strconv.Itoa(v)
	}
	if len(parts) == 1 {
		return "(" + parts[0] + ",)"
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func number(v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return fmt.Sprintf("float(%q)", strconv.FormatFloat(v, 'g', -1, 64))
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// call writes one node.
func (w *caller) call(n *graph.Node) (string, error) {
	if len(n.Inputs) == 0 {
		return "", fmt.Errorf("%s (%s) has no input", n.Name, n.Layer.Kind())
	}
	x := []string{w.in(n, 0)}
	all := make([]string, len(n.Inputs))
	for i := range n.Inputs {
		all[i] = w.in(n, i)
	}
	shape := w.shapes[n.Inputs[0]]
	switch l := n.Layer.(type) {
	case layer.Convolution:
		top, left, bottom, right := l.Padding.For(shape[2], shape[3], l.Window)
		return invoke("convolution", append(x, w.params(n)...), "stride="+tuple(l.Stride[:]...), "pad="+tuple(top, left, bottom, right),
			"dilation="+tuple(l.Dilation[:]...), "groups="+strconv.Itoa(l.Groups)), nil
	case layer.InnerProduct:
		return invoke("inner_product", append(x, w.params(n)...)), nil
	case layer.MaxPool:
		return w.pool("max_pool", n, l.Pool, x)
	case layer.AveragePool:
		cells, err := w.cells(n, l)
		if err != nil {
			return "", err
		}
		return w.pool("average_pool", n, l.Pool, append(x, w.array(cells)))
	case layer.LRN:
		return invoke("lrn", x, "size="+strconv.Itoa(l.Size), "alpha="+number(l.Alpha), "beta="+number(l.Beta), "k="+number(l.K)), nil
	case layer.BatchNorm:
		return invoke("batch_norm", append(x, w.statistics(n, l)...), "epsilon="+number(l.Epsilon)), nil
	case layer.Scale:
		return invoke("affine", append(x, w.along(n, l.Axis)...)), nil
	case layer.Bias:
		return invoke("affine", x, "offset="+w.along(n, l.Axis)[0]), nil
	case layer.ReLU:
		return invoke("relu", x, "slope="+number(l.Slope)), nil
	case layer.PReLU:
		return invoke("prelu", append(x, w.along(n, 1)...)), nil
	case layer.Clip:
		return invoke("clip", x, "least="+number(l.Min), "most="+number(l.Max)), nil
	case layer.ELU:
		return invoke("elu", x, "alpha="+number(l.Alpha)), nil
	case layer.Sigmoid:
		return invoke("sigmoid", x), nil
	case layer.Tanh:
		return invoke("tanh", x), nil
	case layer.Softmax:
		return invoke("softmax", x, "axis="+strconv.Itoa(l.Axis)), nil
	case layer.Concat:
		return invoke("concat", all, "axis="+strconv.Itoa(l.Axis)), nil
	case layer.Eltwise:
		return w.eltwise(all, l)
	case layer.Power:
		return invoke("power", x, "power="+number(l.Power), "scale="+number(l.Scale), "shift="+number(l.Shift)), nil
	case layer.Reshape, layer.Permute, layer.Pad, layer.Identity, layer.Dropout:
		return w.move(n, x)
	}
	return "", fmt.Errorf("a %s is not written in scripts", n.Layer.Kind())
}

// move writes what only moves numbers.
func (w *caller) move(n *graph.Node, x []string) (string, error) {
	switch l := n.Layer.(type) {
	case layer.Reshape:
		shapes, err := n.Shapes(w.shapes)
		if err != nil {
			return "", err
		}
		return invoke("reshape", x, tuple(shapes[0]...)), nil
	case layer.Permute:
		return invoke("permute", x, tuple(l.Axes...)), nil
	case layer.Pad:
		return invoke("pad", x, "before="+tuple(l.Before...), "after="+tuple(l.After...), "value="+number(l.Value)), nil
	case layer.Dropout:
		if l.Active {
			return "", fmt.Errorf("a Dropout that draws is not written in scripts")
		}
	}
	return x[0], nil
}

func (w *caller) eltwise(all []string, l layer.Eltwise) (string, error) {
	switch l.Combination {
	case layer.EltwiseMaximum:
		return invoke("maximum", all), nil
	case layer.EltwiseProduct:
		return strings.Join(all, " * "), nil
	}
	for i, f := range l.Coefficients {
		if f != 1 {
			all[i] = number(f) + " * " + all[i]
		}
	}
	return strings.Join(all, " + "), nil
}

// pool writes a pool with the padding that makes every window whole.
func (w *caller) pool(name string, n *graph.Node, p layer.Pool, tensors []string) (string, error) {
	kernel, stride, pad, err := w.window(n, p)
	if err != nil {
		return "", err
	}
	return invoke(name, tensors, "kernel="+tuple(kernel[:]...), "stride="+tuple(stride[:]...), "pad="+tuple(pad[:]...)), nil
}

func (w *caller) window(n *graph.Node, p layer.Pool) (kernel, stride [2]int, pad [4]int, err error) {
	shape := w.shapes[n.Inputs[0]]
	if p.Global {
		return [2]int{shape[2], shape[3]}, [2]int{1, 1}, pad, nil
	}
	if p.Dilation[0] > 1 || p.Dilation[1] > 1 {
		return kernel, stride, pad, fmt.Errorf("a pool with dilation is not written in scripts")
	}
	out, err := n.Shapes(w.shapes)
	if err != nil {
		return kernel, stride, pad, err
	}
	top, left, _, _ := p.Padding.For(shape[2], shape[3], p.Window)
	pad = [4]int{top, left}
	for axis := range 2 {
		whole := (out[0][2+axis]-1)*p.Stride[axis] + p.Kernel[axis]
		pad[2+axis] = max(whole-shape[2+axis]-pad[axis], 0)
	}
	return p.Kernel, p.Stride, pad, nil
}

// cells is by how many an average divides the sum of every window: what it makes of ones, and how many of these are inside.
func (w *caller) cells(n *graph.Node, l layer.AveragePool) (tensor.Any, error) {
	shape := w.shapes[n.Inputs[0]]
	kernel, stride, pad, err := w.window(n, l.Pool)
	if err != nil {
		return nil, err
	}
	out, err := n.Shapes(w.shapes)
	if err != nil {
		return nil, err
	}
	ones := tensor.New[float64](1, 1, shape[2], shape[3])
	for i := range ones.Data {
		ones.Data[i] = 1
	}
	means := tensor.New[float64](1, 1, out[0][2], out[0][3])
	l.Forward64(&layer.Call[float64]{In: []*tensor.Tensor[float64]{ones}, Out: []*tensor.Tensor[float64]{means}, Workers: 1})
	for i, mean := range means.Data {
		y, x := i/out[0][3]*stride[0]-pad[0], i%out[0][3]*stride[1]-pad[1]
		inside := (min(y+kernel[0], shape[2]) - max(y, 0)) * (min(x+kernel[1], shape[3]) - max(x, 0))
		means.Data[i] = float64(inside) / mean
	}
	return means, nil
}

// statistics are a normalisation's stored mean and variance.
func (w *caller) statistics(n *graph.Node, l layer.BatchNorm) []string {
	if l.Batch {
		return nil
	}
	factor := tensor.As[float64](n.Params[2].Value).Data[0]
	var list []string
	for _, p := range n.Params[:2] {
		v := tensor.As[float64](p.Value)
		shape := append(tensor.Shape{1, v.Shape.Len()}, make([]int, len(w.shapes[n.Inputs[0]])-2)...)
		for i := 2; i < len(shape); i++ {
			shape[i] = 1
		}
		out := tensor.New[float64](shape...)
		for i, x := range v.Data {
			if factor != 0 {
				out.Data[i] = x / factor
			}
		}
		list = append(list, w.array(out))
	}
	return list
}

// along are parameters in a shape that goes with the input's axes from one on.
func (w *caller) along(n *graph.Node, axis int) []string {
	rank := len(w.shapes[n.Inputs[0]])
	var list []string
	for _, p := range n.Params {
		v := tensor.As[float64](p.Value)
		shape := make([]int, rank)
		for i := range shape {
			shape[i] = 1
		}
		for i, d := range v.Shape {
			if axis+i < rank {
				shape[axis+i] = d
			}
		}
		if tensor.Shape(shape).Len() != v.Shape.Len() {
			shape = []int{v.Shape.Len()}
		}
		list = append(list, w.array(v.Reshaped(shape...)))
	}
	return list
}
