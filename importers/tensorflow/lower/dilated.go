package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// dilated is a dilated convolution in three nodes: SpaceToBatch, a convolution of each part, BatchToSpace. The parts are what
// the dilated kernel sees of the map, and the dilation is the block.
type dilated struct {
	cut, convolution *graph.Node
	layer            layer.Layer
}

// dilated finds the other two nodes for a BatchToSpace of x.
func (c *call) dilated(x *value, join layer.BatchToSpace) (d dilated, ok bool) {
	if d.convolution = c.out.Node(x.name); d.convolution == nil {
		return d, false
	}
	if d.cut = c.out.Node(d.convolution.Inputs[0]); d.cut == nil {
		return d, false
	}
	cut, ok := d.cut.Layer.(layer.SpaceToBatch)
	if !ok || cut.Axis != 2 || join.Axis != 2 || len(cut.Block) != 2 || !slices.Equal(cut.Block, join.Block) {
		return d, false
	}
	switch l := d.convolution.Layer.(type) {
	case layer.Convolution:
		ok = dilate(&l.Window, cut, join)
		d.layer = l
	case layer.ConvolutionBy:
		ok = dilate(&l.Of.Window, cut, join)
		d.layer = l
	default:
		ok = false
	}
	return d, ok
}

// dilate turns the window over a part into that over the map. Cells that are cut off the result need no padding.
func dilate(w *layer.Window, cut layer.SpaceToBatch, join layer.BatchToSpace) bool {
	one := [2]int{1, 1}
	if w.Stride != one || w.Dilation != one || w.Padding != (layer.Padding{}) {
		return false
	}
	w.Dilation = [2]int(cut.Block)
	w.Padding = layer.Padding{
		Top: cut.Before[0] - join.Before[0], Left: cut.Before[1] - join.Before[1],
		Bottom: cut.After[0] - join.After[0], Right: cut.After[1] - join.After[1],
	}
	p := w.Padding
	return min(p.Top, p.Left, p.Bottom, p.Right) >= 0
}

// emitDilated appends the one layer. The other two nodes go where nothing else reads them.
func (c *call) emitDilated(d dilated, shape tensor.Shape) error {
	n := &graph.Node{
		Name: c.node.Name, Layer: d.layer, Inputs: slices.Concat(d.cut.Inputs, d.convolution.Inputs[1:]), Outputs: []string{c.node.Name},
		Params: d.convolution.Params,
		Origin: graph.Origin{
			File: c.def.File, Position: c.node.Position, Nodes: []string{d.cut.Name, d.convolution.Name, c.node.Name},
			Transforms: append(slices.Clone(d.convolution.Origin.Transforms), "SpaceToBatch, convolution and BatchToSpace to one dilated convolution"),
		},
	}
	c.out.Nodes = append(c.out.Nodes, n)
	c.folded[d.cut], c.folded[d.convolution] = true, true
	c.add(ref{c.node, 0}, &value{name: n.Name, shape: shape, nhwc: true})
	return nil
}
