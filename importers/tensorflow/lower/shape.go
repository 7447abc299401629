package lower

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// shape is Shape: the extents of a value. Where they are known while lowering those who read them use that.
func shape(c *call) error { return c.shapes(1) }

// shapeN is ShapeN: those of several.
func shapeN(c *call) error { return c.shapes(len(c.in)) }

func (c *call) shapes(n int) error {
	if len(c.in) != n {
		return c.node.Errorf("it takes %d inputs, found %d", n, len(c.in))
	}
	for i := range c.in {
		x, ok := c.operand(i)
		if !ok || x.rank() < 0 {
			return c.unknown("its input's dimensions are not known")
		}
		if err := c.output(i, layer.Shape{Axes: x.storedOrder()}, x); err != nil {
			return err
		}
	}
	return nil
}

// output appends a layer for one output of a node that has a layer for each.
func (c *call) output(i int, l layer.Layer, x *value) error {
	r := ref{c.node, i}
	n := &graph.Node{
		Name: r.name(), Layer: l, Inputs: []string{x.name}, Outputs: []string{r.name()},
		Origin: graph.Origin{File: c.def.File, Position: c.node.Position, Nodes: []string{c.node.Name}},
	}
	c.out.Nodes = append(c.out.Nodes, n)
	v := c.add(r, &value{name: r.name(), shape: graph.InferOpen(l, []tensor.Shape{x.shape})})
	if l, ok := l.(layer.Shape); ok {
		v.known = extentsOf(x, l.Axes)
		c.fold(n)
	}
	return nil
}

// extentsOf lists the extents of some common axes, NaN for unknown ones.
func extentsOf(x *value, axes []int) *tensor.Tensor[float64] {
	t := tensor.New[float64](len(axes))
	for i, a := range axes {
		t.Data[i] = float64(x.shape[a])
		if x.shape[a] < 0 {
			t.Data[i] = math.NaN()
		}
	}
	return t
}

// size is the number of elements of a value, and is known where its extents are.
func size(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	n := 1.0
	for _, v := range extentsOf(x, x.storedOrder()).Data {
		n *= v
	}
	if math.IsNaN(n) {
		return c.unknown("its input's extents are not known")
	}
	return c.numbers(tensor.From([]float64{n}))
}

// rank is the number of a value's dimensions.
func rank(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	return c.numbers(tensor.From([]float64{float64(x.rank())}))
}

// numbers makes the node a constant of numbers that were found out while lowering.
func (c *call) numbers(t *tensor.Tensor[float64]) error {
	n, v := c.constantNode(c.node.Name, t, "found out from shapes")
	c.add(ref{c.node, 0}, v)
	c.fold(n)
	return nil
}

// constantOf appends a constant that has no node of its own in TensorFlow.
func (c *call) constantOf(suffix string, t *tensor.Tensor[float64], why string) *value {
	n, v := c.constantNode(c.unused(c.node.Name+suffix), t, why)
	c.folded[n] = true
	return v
}

func (c *call) constantNode(name string, t *tensor.Tensor[float64], why string) (*graph.Node, *value) {
	n := &graph.Node{
		Name: name, Layer: layer.Constant{Shape: append(tensor.Shape{}, t.Shape...)}, Outputs: []string{name},
		Params: []*graph.Param{{Name: name, Value: t, Multipliers: &graph.Multipliers{}}},
		Origin: graph.Origin{File: c.def.File, Position: c.node.Position, Nodes: []string{c.node.Name}, Transforms: []string{why}},
	}
	c.out.Nodes = append(c.out.Nodes, n)
	return n, &value{name: name, shape: append(tensor.Shape{}, t.Shape...), known: t}
}
