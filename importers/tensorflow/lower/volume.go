package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// volumeOutputsFirst turns the axes of a filter, depth, height, width, inputs, outputs, into outputs, inputs, depth, height, width.
var volumeOutputsFirst = []int{4, 3, 0, 1, 2}

// convolution3D is Conv3D.
func convolution3D(c *call) error {
	x, k, why, err := c.volumeInputs(0, 1)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	w, why, err := c.volumeWindow(k)
	if err == nil && why == "" {
		w.Before, w.After, why, err = c.paddingND(x, w)
	}
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	x = c.channelsFirst(x)
	inputs, outputs := k.shape[3], k.shape[4]
	if n := x.extent(1); n >= 0 && n != inputs {
		return c.node.Errorf("its filter %v takes %d channels, found %d", k.shape, inputs, n)
	}
	return c.emitVolume(one{layer: layer.ConvolutionND{WindowND: w, Axis: 1, Outputs: outputs, Groups: 1}, in: []*value{x}, params: []weight{volumeFilter(k)}})
}

// deconvolution3D is Conv3DBackpropInputV2, the gradient of a convolution, as a transposed convolution.
func deconvolution3D(c *call) error {
	x, k, why, err := c.volumeInputs(2, 1)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	size, ok := c.integers(0)
	if !ok || len(size) != 5 || slices.Contains(size[1:], unknownExtent) {
		return c.unknown("the shape of its output is not known")
	}
	if err := c.sameBatch(x); err != nil {
		return err
	}
	w, why, err := c.volumeWindow(k)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	first, channels := c.spatialPlaces(3)
	extents := size[first : first+3]
	text, err := c.node.Text("padding", "")
	if err != nil {
		return err
	}
	if w.Before, w.After, why, err = c.padded(text, extents, w); err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	x = c.channelsFirst(x)
	l := layer.DeconvolutionND{WindowND: w, Axis: 1, Outputs: size[channels], Groups: 1}
	for a, n := range extents {
		reach, cells := (w.Kernel[a]-1)*w.Dilation[a]+1, x.extent(2+a)
		room := n + w.Before[a] + w.After[a] - reach
		if cells < 0 {
			return c.unknown("its input's extents are not known")
		}
		if room < 0 || room/w.Stride[a]+1 != cells {
			return c.node.Errorf("an output of extents %v does not belong to an input of shape %v", extents, x.stored())
		}
		l.Extra = append(l.Extra, room-w.Stride[a]*(cells-1))
	}
	if k.shape[3] != l.Outputs || x.extent(1) >= 0 && x.extent(1) != k.shape[4] {
		return c.node.Errorf("its filter %v does not fit its input %v and its output %v", k.shape, x.stored(), size)
	}
	return c.emitVolume(one{layer: l, in: []*value{x}, params: []weight{volumeFilter(k)}})
}

// volumeInputs returns the data and the filter of a convolution over three dimensions.
func (c *call) volumeInputs(data, filter int) (x *value, k *constant, why string, err error) {
	x, ok := c.operand(data)
	k, constant := c.weights(filter)
	if !ok || !constant || len(k.shape) != 5 {
		return nil, nil, "its filter is not constant", nil
	}
	if x = c.ranked(x, 5); x.rank() != 5 {
		return nil, nil, "", c.node.Errorf("its input should have 5 dimensions, found the shape %v", x.stored())
	}
	return x, k, "", nil
}

// volumeWindow is a window as large as a filter, without its padding.
func (c *call) volumeWindow(k *constant) (w layer.WindowND, why string, err error) {
	w.Kernel = k.shape[:3].Clone()
	if w.Stride, why, err = c.along("strides", 3); err != nil || why != "" {
		return
	}
	w.Dilation, why, err = c.along("dilations", 3)
	return w, why, err
}

// volumeFilter is a filter as a parameter in the layer's order.
func volumeFilter(k *constant) weight {
	return weight{
		constant: k, stored: graph.Stored{ToCommon: slices.Clone(volumeOutputsFirst)},
		transform: func(t tensor.Any) tensor.Any { return permuteAny(t, volumeOutputsFirst) },
	}
}

func permuteAny(t tensor.Any, axes []int) tensor.Any {
	if t, ok := t.(*tensor.Tensor[float64]); ok {
		return tensor.Permute(t, axes...)
	}
	return tensor.Permute(tensor.As[float32](t), axes...)
}

// emitVolume appends a layer that works on channels behind the batch, and what brings them back to the end.
func (c *call) emitVolume(o one) error {
	if first, _ := c.spatialPlaces(3); first == 2 {
		return c.emit(o)
	}
	origin := graph.Origin{File: c.def.File, Position: c.node.Position, Nodes: []string{c.node.Name}, Transforms: []string{"channels behind the batch"}}
	n, y := c.insert(c.node.Name+"/volume", o.layer, o.in, false, origin)
	n.Flush = !moving[c.node.Op]
	if err := c.attach(n, o.params); err != nil {
		return err
	}
	if y.shape == nil {
		y.shape = tensor.Shape{-1, -1, -1, -1, -1}
	}
	return c.emit(one{layer: layer.Permute{Axes: channelsLastOrder(5)}, in: []*value{y}, transforms: []string{"channels last again"}})
}

// maxPool3D is MaxPool3D.
func maxPool3D(c *call) error {
	return c.pool3D(func(p layer.PoolND) layer.Layer { return layer.MaxPoolND{PoolND: p} })
}

// averagePool3D is AvgPool3D, which divides by the cells inside the map.
func averagePool3D(c *call) error {
	return c.pool3D(func(p layer.PoolND) layer.Layer { return layer.AveragePoolND{PoolND: p} })
}

func (c *call) pool3D(kind func(layer.PoolND) layer.Layer) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is not known")
	}
	if x = c.ranked(x, 5); x.rank() != 5 {
		return c.node.Errorf("its input should have 5 dimensions, found the shape %v", x.stored())
	}
	w, why, err := c.windowND(x, "ksize", "")
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	return c.emitVolume(one{layer: kind(layer.PoolND{WindowND: w, Axis: 1}), in: []*value{c.channelsFirst(x)}})
}
