package kernel

import "testing"

// TestPeak: what is measured is at least what an interpreter would reach.
func TestPeak(t *testing.T) {
	if got := Peak[float32](2); !(got > 1e6) {
		t.Errorf("got %g operations a second", got)
	}
}
