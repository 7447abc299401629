package bound

import "parity/googlenet/layer"

// tileGradient adds up the gradients of all copies.
func tileGradient(c *GradientCall) GradientBounds { return c.sums(c.Layer.(layer.Tile).Tiles) }
