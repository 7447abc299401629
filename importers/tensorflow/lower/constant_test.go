package lower

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
	. "parity/importers/tensorflow/tensorflowtest"
	"parity/importers/tensorflow/tensorproto"
)

// A number that may be fed, such as keep_prob, is a constant unless it is known to be fed; a batch with a default is data.
func TestPlaceholdersWithDefaults(t *testing.T) {
	keep := Op("keep", "PlaceholderWithDefault", In("one"), "dtype", tensorproto.Float, "shape", tensor.Shape{})
	g := Graph{x4, Const("one", Floats(tensor.Shape{}, 1)), keep, Op("y", "Strange", In("x", "keep"))}
	for _, row := range []struct {
		opts Options
		want []string
	}{
		{Options{}, []string{"x"}},
		{Options{Inputs: map[string]tensor.Shape{"x": {2, 8, 9, 6}, "keep": nil}}, []string{"x", "keep"}},
	} {
		out, err := LowerWith(parse(t, g), nil, row.opts)
		if err != nil {
			t.Fatal(err)
		}
		if got := out.Node("y").Inputs; !cmp.Equal(got, row.want) {
			t.Errorf("fed %v: got %v, want %v", row.opts.Inputs, got, row.want)
		}
	}
	batch := Op("x", "PlaceholderWithDefault", In("w"), "dtype", tensorproto.Float, "shape", tensor.Shape{-1, 6})
	if got := lowerOK(t, Graph{w(3, 6), batch, Op("y", "Relu", In("x"))}).Inputs; len(got) != 1 || got[0].Name != "x" {
		t.Errorf("got the inputs %v", got)
	}
}
