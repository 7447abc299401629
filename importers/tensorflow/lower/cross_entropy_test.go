package lower

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	. "parity/importers/tensorflow/tensorflowtest"
)

// One row of labels for all rows of logits; a class for each row; the second output is no result of the network.
func TestCrossEntropy(t *testing.T) {
	labels := Placeholder("labels", 1, 6)
	g := lowerOK(t, Graph{Placeholder("x", 5, 6), labels, Op("y", "SoftmaxCrossEntropyWithLogits", In("x", "labels"))})
	if got, want := kinds(g), []string{"y/repeated Broadcast", "y SoftmaxCrossEntropyDense"}; !cmp.Equal(got, want) || !cmp.Equal(g.Outputs, []string{"y"}) {
		t.Errorf("got %v with the outputs %v", got, g.Outputs)
	}
	g = lowerOK(t, Graph{Placeholder("x", 5, 6), Placeholder("labels", 5), Op("y", "SparseSoftmaxCrossEntropyWithLogits", In("x", "labels"))})
	if got, want := g.Node("y").Outputs, []string{"y", "y:1"}; !cmp.Equal(got, want) || !cmp.Equal(g.Outputs, []string{"y"}) {
		t.Errorf("got %v, and %v as the network's", got, g.Outputs)
	}
	_, err := Lower(parse(t, Graph{Placeholder("x", 5, 6), Placeholder("labels", 4, 6), Op("y", "SoftmaxCrossEntropyWithLogits", In("x", "labels"))}), nil)
	if err == nil {
		t.Error("a target of another batch was taken")
	}
}
