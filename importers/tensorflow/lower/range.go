package lower

import (
	"math"
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// numberRange is Range: the numbers from a start by steps of delta to before a limit, all of them known while lowering.
func numberRange(c *call) error {
	if len(c.in) != 3 {
		return c.node.Errorf("it takes a start, a limit and a step, found %d inputs", len(c.in))
	}
	var v [3]float64
	whole := true
	for i, o := range c.in {
		if n, ok := c.number(o); ok && n != unknownExtent {
			v[i] = float64(n)
			continue
		}
		var ok bool
		if v[i], ok = scalar(o.constant); !ok {
			return c.unknown("its bounds are not constant")
		}
		whole = false
	}
	start, limit, delta := v[0], v[1], v[2]
	if delta == 0 {
		return c.node.Errorf("its step should not be 0")
	}
	n := max(math.Ceil((limit-start)/delta), 0)
	if !(n <= maxKnown) {
		return c.unknown("it has too many numbers")
	}
	if !whole {
		return c.steps(int(n), c.in[0], func(steps *value) (*value, bool) { return c.scaled(steps, c.in[2]) })
	}
	t := tensor.New[float64](int(n))
	for i := range t.Data {
		t.Data[i] = start + float64(i)*delta
	}
	return c.numbers(t)
}

// linSpace is LinSpace: so many numbers from a start to an end.
func linSpace(c *call) error {
	if len(c.in) != 3 {
		return c.node.Errorf("it takes a start, an end and a number, found %d inputs", len(c.in))
	}
	n, ok := c.number(c.in[2])
	ends, known := c.operands(c.in[:2])
	if !ok || !known || n < 1 || n > maxKnown {
		return c.unknown("how many numbers it has is not constant")
	}
	return c.steps(n, c.in[0], func(steps *value) (*value, bool) {
		whole := c.betweenAll("/whole", layer.Binary{Operation: layer.Difference}, []*value{ends[1], ends[0]}, false, "from the start to the end")
		parts := c.constantOf("/parts", single(float64(max(n-1, 1))), "how many steps there are")
		step := c.betweenAll("/step", layer.Binary{Operation: layer.Quotient}, []*value{whole, parts}, false, "one step")
		return c.betweenAll("/steps", layer.Binary{Operation: layer.Product}, []*value{steps, step}, false, "so many steps"), true
	})
}

// steps adds to a start what the numbers from 0 to below n come to. No gradient passes.
func (c *call) steps(n int, start operand, scale func(steps *value) (*value, bool)) error {
	from, ok := c.valueOf(start)
	count := tensor.New[float64](n)
	for i := range count.Data {
		count.Data[i] = float64(i)
	}
	moved, known := scale(c.constantOf("/count", count, "the numbers of the steps"))
	if !ok || !known {
		return c.unknown("its bounds are not known")
	}
	return c.emit(one{layer: layer.Binary{Operation: layer.Sum}, in: []*value{from, moved}, stop: true})
}

func (c *call) scaled(x *value, by operand) (*value, bool) {
	factor, ok := c.valueOf(by)
	if !ok {
		return nil, false
	}
	return c.betweenAll("/steps", layer.Binary{Operation: layer.Product}, []*value{x, factor}, false, "so many steps"), true
}

// invertPermutation is InvertPermutation of one that is known while lowering.
func invertPermutation(c *call) error {
	list, ok := c.integers(0)
	if !ok {
		return c.unknown("its permutation is not constant")
	}
	t := tensor.New[float64](len(list))
	for i := range list {
		at := slices.Index(list, i)
		if at < 0 {
			return c.node.Errorf("%v is no permutation", list)
		}
		t.Data[i] = float64(at)
	}
	return c.numbers(t)
}
