package lower

import (
	"slices"

	"parity/googlenet/layer"
)

var numbers = []layer.Number{
	layer.Float16, layer.BFloat16, layer.Float32, layer.Float64, layer.Bool,
	layer.Int8, layer.Int16, layer.Int32, layer.Int64, layer.Uint8, layer.Uint16, layer.Uint32, layer.Uint64,
}

// cast turns elements into another type.
func cast(c *call) error {
	from, err := c.node.Type("SrcT")
	if err != nil {
		return err
	}
	to, err := c.node.Type("DstT")
	if err != nil {
		return err
	}
	truncate, err := c.node.Bool("Truncate")
	if err != nil {
		return err
	}
	l := layer.Cast{To: layer.Number(to.String()), From: layer.Number(from.String()), Truncate: truncate}
	if !slices.Contains(numbers, l.To) || !slices.Contains(numbers, l.From) {
		return c.unknown("one of its types is none of numbers")
	}
	return c.elementwise(l)
}
