package lower

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// unknownScalar is the version of the graph format before which a placeholder without a shape had that of a scalar.
const unknownScalar = 24

// placeholder becomes an input. One of four dimensions whose format nothing tells is taken for NHWC, TensorFlow's default.
func placeholder(c *call) error {
	if c.net.isSwitch(c.node) {
		return c.alias()
	}
	shape, err := c.node.Shape("shape")
	if err != nil {
		return err
	}
	if len(shape) == 0 && c.def.Producer < unknownScalar {
		shape = nil
	}
	if fed, ok := c.opts.Inputs[c.node.Name]; ok && compatible(fed, shape) {
		shape = append(tensor.Shape{}, fed...) // of a number too: nil would be an unknown rank
	}
	v := c.fed(shape)
	c.out.Inputs = append(c.out.Inputs, graph.Input{Name: v.name, Shape: v.shape.Clone()})
	c.note(v.shape == nil, "the placeholder %s does not say how many dimensions it has", v.name)
	return nil
}

// fed adds the node's output as a value that comes from outside. The operations behind tell its format.
func (c *call) fed(shape tensor.Shape) *value {
	format, told := c.net.formatRead(c.node)
	if shape == nil && told {
		shape = tensor.Shape{-1, -1, -1, -1}
	}
	v := &value{name: c.node.Name, shape: shape, nhwc: len(shape) == 4 && (!told || format == nhwc)}
	if v.nhwc {
		v.shape = permuteShape(shape, toCommon)
	}
	return c.add(ref{c.node, 0}, v)
}

// compatible tells whether a tensor of a known shape may be fed where a graph expects another, in which extents are open.
func compatible(fed, expected tensor.Shape) bool {
	if expected == nil {
		return true
	}
	if len(fed) != len(expected) {
		return false
	}
	for i, d := range expected {
		if d >= 0 && fed[i] != d {
			return false
		}
	}
	return true
}
