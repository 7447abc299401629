package lower

import "parity/googlenet/layer"

// maxPool takes the largest value of every window.
func maxPool(c *call) error {
	return c.pool(func(p layer.Pool, x *value) (layer.Layer, []string) {
		return layer.MaxPool{Pool: p}, uneven(p.Window, x)
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

func (c *call) pool(kind func(layer.Pool, *value) (layer.Layer, []string)) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	window, f, why, err := c.geometry([2]int{})
	if err == nil && why == "" {
		window.Kernel, why, err = c.pair("ksize", f)
	}
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	if x, err = c.featureMap(x, f); err != nil {
		return err
	}
	l, notes := kind(layer.Pool{Window: window}, x)
	return c.emit(one{layer: l, in: []*value{x}, nhwc: f == nhwc, notes: notes})
}
