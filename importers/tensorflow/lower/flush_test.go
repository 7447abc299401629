package lower

import (
	"testing"

	. "parity/importers/tensorflow/tensorflowtest"
)

// What computes flushes denormal numbers, what moves elements does not, whatever layers it takes.
func TestFlush(t *testing.T) {
	g := lowerOK(t, Graph{
		x4, Op("square", "Square", In("x")), ints("m", 1, 2), Op("mean", "Mean", In("square", "m")), Op("sign", "Neg", In("mean")), ints("s", 6, -1), Op("y", "Reshape", In("sign", "s")),
	})
	for name, want := range map[string]bool{"square": true, "mean/pool": true, "mean": true, "sign": false, "y": false} {
		if got := g.Node(name).Flush; got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}
