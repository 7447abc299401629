package tensorproto

import "testing"

// A reference to a variable has the elements of the variable.
func TestReferences(t *testing.T) {
	for _, d := range []DType{Float, Half, Int64, String} {
		if r := d + reference; r.String() != d.String() || r.Size() != d.Size() || r.IsFloat() != d.IsFloat() {
			t.Errorf("%v: got %v of %d bytes, want %d", d, r, r.Size(), d.Size())
		}
	}
}
