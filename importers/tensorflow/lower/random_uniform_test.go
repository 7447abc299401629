package lower

import (
	"testing"

	"parity/googlenet/tensor"
	. "parity/importers/tensorflow/tensorflowtest"
)

// What TensorFlow draws is an input, which nobody has to feed; what draws initial weights is left out.
func TestRandomNumbersAreInputs(t *testing.T) {
	g := lowerOK(t, Graph{
		x4, ints("s", 2, 8, 9, 6), Op("r", "RandomUniform", In("s")), Op("y", "Strange", In("x", "r")),
		Op("initial", "RandomUniform", In("s")), Op("v", "VariableV2", nil), Op("v/Assign", "Assign", In("v", "initial")),
	})
	if len(g.Inputs) != 2 || !g.Inputs[1].Drawn || g.Inputs[1].Name != "r" || !g.Inputs[1].Shape.Equal(tensor.Shape{2, 6, 8, 9}) {
		t.Errorf("got the inputs %v", g.Inputs)
	}
	if fed := g.Fed(); len(fed) != 1 || fed[0].Name != "x" {
		t.Errorf("got %v to be fed", fed)
	}
}
