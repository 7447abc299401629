package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Unknown stands for an operation that an importer has read but that cannot be computed here. It keeps its
// place in the graph, so that the rest can be inspected and compared.
type Unknown struct {
	Op      string // as the framework calls it
	Details []Attribute
}

// Kind is the framework's name for the operation with a question mark, as in "?NonMaxSuppression".
func (l Unknown) Kind() string { return "?" + l.Op }

// Infer always fails: what an unknown operation does to shapes is unknown too.
func (l Unknown) Infer([]tensor.Shape) ([]tensor.Shape, error) {
	return nil, fmt.Errorf("the operation %s is not supported", l.Op)
}

func (l Unknown) Forward32(*Call[float32]) { panic("layer: an unknown operation cannot be computed") }
func (l Unknown) Forward64(*Call[float64]) { panic("layer: an unknown operation cannot be computed") }

// Attributes lists what the file says.
func (l Unknown) Attributes() []Attribute { return l.Details }
