package tensorproto

import (
	"parity/googlenet/tensor"
	"parity/importers/element"
)

// Elements turns the little-endian elements of a tensor into numbers; see element.Decode.
func Elements(d DType, shape tensor.Shape, data []byte) (tensor.Any, error) {
	return element.Decode(d.element(), shape, data)
}
