package lower

import "parity/googlenet/layer"

// adjustContrast moves every channel of an image away from its mean by a factor.
func adjustContrast(c *call) error {
	in, ok := c.operands(c.in)
	if !ok || len(in) != 2 || in[0].rank() < 3 {
		return c.unknown("its inputs' dimensions are not known")
	}
	x := in[0]
	var axes []int
	for _, a := range []int{-3, -2} {
		axis, _ := x.axis(a)
		axes = append(axes, axis)
	}
	mean := c.between("/mean", layer.Reduce{Reducer: layer.ReduceMean, Axes: axes, Keep: true}, x, x.nhwc, "the mean of each channel")
	distance := c.betweenAll("/distance", layer.Binary{Operation: layer.Difference}, []*value{x, mean}, x.nhwc, "the distance from it")
	farther := c.betweenAll("/farther", layer.Binary{Operation: layer.Product}, []*value{distance, in[1]}, x.nhwc, "times the factor")
	return c.emit(one{layer: layer.Binary{Operation: layer.Sum}, in: []*value{farther, mean}, nhwc: x.nhwc, shape: x.shape})
}
