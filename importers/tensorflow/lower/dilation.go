package lower

import "parity/googlenet/layer"

// dilation is Dilation2D: the largest sum of a cell and the filter's number for it, of every channel by itself.
func dilation(c *call) error {
	in, ok := c.operands(c.in)
	if !ok || len(in) != 2 || in[1].rank() != 3 {
		return c.unknown("its inputs' dimensions are not known")
	}
	x, err := c.featureMap(in[0], nhwc)
	if err != nil {
		return err
	}
	kernel := in[1].shape
	if min(kernel[0], kernel[1]) < 1 {
		return c.unknown("its filter's extents are not known")
	}
	w, _, why, err := c.geometry([2]int{kernel[0], kernel[1]})
	if err == nil && why == "" {
		w.Dilation, why, err = c.pair("rates", nhwc)
	}
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	filter := c.between("/CHW", layer.Permute{Axes: []int{2, 0, 1}}, in[1], false, "filter HWC to CHW")
	return c.emitIfFits(one{layer: layer.Dilation{Window: w}, in: []*value{x, filter}, nhwc: true, notes: uneven(w, x)})
}
