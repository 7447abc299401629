package lower

import (
	"fmt"

	"parity/googlenet/layer"
)

// lrn works along the last axis, whatever it is. Its radius r stands for a window of 2r+1 channels, and its alpha multiplies
// the plain sum of squares, as that of the common layer.
func lrn(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	radius, err := c.node.Int("depth_radius", 5)
	if err != nil {
		return err
	}
	if radius < 0 {
		return c.node.Errorf("the attribute depth_radius should not be negative, found %d", radius)
	}
	l := layer.LRN{Size: 2*radius + 1}
	for _, a := range []struct {
		name     string
		fallback float32
		to       *float64
	}{{"bias", 1, &l.K}, {"alpha", 1, &l.Alpha}, {"beta", 0.5, &l.Beta}} {
		if *a.to, err = c.node.Float(a.name, a.fallback); err != nil {
			return err
		}
	}
	if x, err = c.featureMap(x, nhwc); err != nil {
		return err
	}
	note := fmt.Sprintf("alpha %g multiplies the plain sum of squares: it is not divided by the %d channels of the window", float32(l.Alpha), l.Size)
	return c.emit(one{layer: l, in: []*value{x}, nhwc: true, notes: []string{note}})
}
