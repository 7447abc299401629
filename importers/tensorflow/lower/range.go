package lower

import (
	"math"

	"parity/googlenet/tensor"
)

// numberRange is Range: the numbers from a start by steps of delta to before a limit, all of them known while lowering.
func numberRange(c *call) error {
	if len(c.in) != 3 {
		return c.node.Errorf("it takes a start, a limit and a step, found %d inputs", len(c.in))
	}
	var v [3]int
	for i, o := range c.in {
		var ok bool
		if v[i], ok = c.number(o); !ok || v[i] == unknownExtent {
			return c.unknown("its bounds are not constant integers")
		}
	}
	start, limit, delta := v[0], v[1], v[2]
	if delta == 0 {
		return c.node.Errorf("its step should not be 0")
	}
	n := max(int(math.Ceil(float64(limit-start)/float64(delta))), 0)
	if n > maxKnown {
		return c.unknown("it has too many numbers")
	}
	t := tensor.New[float64](n)
	for i := range t.Data {
		t.Data[i] = float64(start + i*delta)
	}
	return c.numbers(t)
}
