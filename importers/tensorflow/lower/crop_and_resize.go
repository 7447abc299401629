package lower

import "parity/googlenet/layer"

// cropAndResize cuts boxes out of maps; the boxes, and which maps they are of, may be fed.
func cropAndResize(c *call) error {
	if len(c.in) != 4 {
		return c.node.Errorf("it takes maps, boxes, their maps' places and a size, found %d inputs", len(c.in))
	}
	var in []*value
	for i := range 3 {
		v, ok := c.operand(i)
		if !ok {
			return c.unknown("its inputs' dimensions are not known")
		}
		in = append(in, v)
	}
	l, err := c.cropping()
	if err != nil {
		return err
	}
	size, why, err := c.size(3)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	l.Size = size
	if in[0], err = c.featureMap(in[0], nhwc); err != nil {
		return err
	}
	return c.emitIfFits(one{layer: l, in: in, nhwc: true})
}

// cropping reads the attributes. Without blending TensorFlow has boxes learn as if there were.
func (c *call) cropping() (l layer.CropAndResize, err error) {
	method, err := c.node.Text("method", "bilinear")
	if err != nil {
		return l, err
	}
	switch method {
	case "bilinear":
	case "nearest":
		l.Nearest, l.Smooth = true, true
	default:
		return l, c.node.Errorf("the attribute method should be bilinear or nearest, found %q", method)
	}
	l.Outside, err = c.node.Float("extrapolation_value", 0)
	return l, err
}
