package tensor

import "testing"

// TestScratch: what is lent is long enough, what comes back is lent again for the same size only, and foreign memory is not kept.
func TestScratch(t *testing.T) {
	last := 0
	for n := 1; n < 5000; n++ {
		s := Scratch[float32](n)
		if len(s) != n || cap(s) < n+Slack || cap(s) > n+Slack+max(64, n/4) {
			t.Fatalf("%d elements: length %d, capacity %d", n, len(s), cap(s))
		}
		size, class := sizeClass(cap(s))
		if size != cap(s) || class < last || class > last+1 && n > 1 {
			t.Fatalf("%d elements: size %d, class %d after %d", n, size, class, last)
		}
		last = class
		Release(s)
	}
	Release(make([]float32, 17))
	Release[float64](nil)
	if s := Scratch[float32](1); cap(s) < 1+Slack {
		t.Errorf("capacity %d", cap(s))
	}
}
