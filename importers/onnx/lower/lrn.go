package lower

import (
	"fmt"

	"parity/googlenet/layer"
)

// lrn works across channels. ONNX multiplies the mean of the squares by alpha, layer.LRN their sum.
func lrn(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	size, err := c.node.Int("size", 0)
	if err != nil {
		return err
	}
	if size < 1 {
		return c.node.Errorf("expected the attribute size, the number of channels that are looked at, found %d", size)
	}
	l := layer.LRN{Size: size}
	for _, a := range []struct {
		name     string
		fallback float32
		to       *float64
	}{{"alpha", 1e-4, &l.Alpha}, {"beta", 0.75, &l.Beta}, {"bias", 1, &l.K}} {
		if *a.to, err = c.node.Float(a.name, a.fallback); err != nil {
			return err
		}
	}
	if _, ok := spatialDimensions(c.ranked(x, 4).rank()); !ok {
		return c.unknown("its input has neither one nor two dimensions besides batch and channels")
	}
	note := fmt.Sprintf("alpha %v is divided by size %d; other frameworks may multiply the plain sum by theirs", float32(l.Alpha), size)
	l.Alpha /= float64(size)
	return c.emitPlanar(one{layer: l, in: []*value{c.as(x, false)}, notes: []string{note}})
}
