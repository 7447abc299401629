package lower

import "parity/googlenet/layer"

// maxPool takes the largest value of every window.
func maxPool(c *call) error {
	return c.pool(func(p layer.Pool, x *value) (layer.Layer, []string) {
		return layer.MaxPool{Pool: p}, uneven(p.Window, x)
	})
}

// maxPoolWithArgmax is MaxPool with a second output: the place of each largest value in its image, or in the whole batch.
func maxPoolWithArgmax(c *call) error {
	batch, err := c.node.Bool("include_batch_in_index")
	if err != nil {
		return err
	}
	places := layer.InImageByChannel
	if batch {
		places = layer.InTensorByChannel
	}
	return c.pool(func(p layer.Pool, x *value) (layer.Layer, []string) {
		return layer.MaxPool{Pool: p, Mask: true, Places: places}, uneven(p.Window, x)
	})
}

// averagePool divides by the cells of the window that lie inside the map.
func averagePool(c *call) error {
	return c.pool(func(p layer.Pool, x *value) (layer.Layer, []string) {
		notes := uneven(p.Window, x)
		if p.Padding != (layer.Padding{}) {
			notes = append(notes, "cells outside the map do not count in the divisor")
		}
		return layer.AveragePool{Pool: p, Divisor: layer.ValidCells}, notes
	})
}

// windowed is how a pool makes a layer of its window.
type windowed func(layer.Pool, *value) (layer.Layer, []string)

func (c *call) pool(kind windowed) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is not known")
	}
	window, f, why, err := c.geometry([2]int{})
	if err == nil && why == "" {
		window.Kernel, why, err = c.pair("ksize", f)
	}
	if err == nil && why != "" {
		return c.poolChannels(x, f, kind, why)
	}
	if err != nil {
		return err
	}
	if x, err = c.featureMap(x, f); err != nil {
		return err
	}
	l, notes := kind(layer.Pool{Window: window}, x)
	return c.emit(one{layer: l, in: []*value{x}, nhwc: f == nhwc, notes: notes, more: places(l)})
}

// places is the number of outputs of a pool beyond the first.
func places(l layer.Layer) int {
	if m, ok := l.(layer.MaxPool); ok && m.Mask {
		return 1
	}
	return 0
}

// poolChannels is a pool whose windows lie along the channels, which are last: a pool over the map that the last two axes are.
// TensorFlow does this without overlap only.
func (c *call) poolChannels(x *value, f format, kind windowed, why string) error {
	size, err := c.listed("ksize")
	if err != nil {
		return err
	}
	step, err := c.listed("strides")
	if err != nil {
		return err
	}
	alone := func(v []int) bool { return v[0] == 1 && v[1] == 1 && v[2] == 1 }
	if f != nhwc || x.rank() != 4 || !alone(size) || !alone(step) || size[3] != step[3] || size[3] < 1 {
		return c.unknown(why)
	}
	x = c.as(x, false)
	w := layer.Window{Kernel: [2]int{1, size[3]}, Stride: [2]int{1, step[3]}, Dilation: [2]int{1, 1}}
	l, notes := kind(layer.Pool{Window: w}, x)
	return c.emit(one{layer: l, in: []*value{x}, notes: notes})
}
