package lower

import (
	"fmt"
	"slices"

	"parity/googlenet/tensor"
)

// foldTranspose reorders the axes of weights.
func foldTranspose(c *call) (*constant, error) {
	k, v, err := c.known(0)
	if err != nil {
		return nil, err
	}
	perm, err := c.permutation(len(k.shape))
	if err != nil {
		return nil, err
	}
	if err := c.spend(v.Dims().Len()); err != nil {
		return nil, err
	}
	return c.derived(k, tensor.PermuteAny(v, perm...), fmt.Sprintf("axes reordered as %v", perm)), nil
}

// permutation reads the attribute perm, by default the reverse order.
func (c *call) permutation(rank int) ([]int, error) {
	var reverse []int
	for i := range rank {
		reverse = append(reverse, rank-1-i)
	}
	perm, err := c.node.Ints("perm", reverse...)
	if err != nil {
		return nil, err
	}
	sorted := slices.Sorted(slices.Values(perm))
	for i, a := range sorted {
		if i != a {
			return nil, c.node.Errorf("the attribute perm should order %d axes, found %v", rank, perm)
		}
	}
	if len(perm) != rank {
		return nil, c.node.Errorf("the attribute perm should order %d axes, found %v", rank, perm)
	}
	return perm, nil
}

// reshaped is the same elements under another shape, in which at most one extent is -1.
func (c *call) reshaped(shape tensor.Shape) (*constant, error) {
	k, v, err := c.known(0)
	if err != nil {
		return nil, err
	}
	n, rest := k.shape.Len(), 1
	free := -1
	for i, d := range shape {
		if d < 0 {
			free = i
		} else {
			rest *= max(d, 1)
		}
		if rest > max(n, 1) {
			return nil, c.node.Errorf("%v does not hold the %d elements of %v", shape, n, k.shape)
		}
	}
	if free >= 0 {
		shape = shape.Clone()
		shape[free] = n / rest
	}
	if slices.Contains(shape, -1) || shape.Len() != n {
		return nil, c.node.Errorf("%v does not hold the %d elements of %v", shape, n, k.shape)
	}
	return c.derived(k, tensor.ReshapeAny(v, shape...), ""), nil
}

func foldReshape(c *call) (*constant, error) {
	shape, ok, err := c.targetShape()
	if err != nil || !ok || len(c.in) == 0 {
		return nil, err
	}
	from := c.in[0].constant.shape
	for i, d := range shape {
		switch {
		case d == 0 && i < len(from):
			shape[i] = from[i]
		case d < -1:
			return nil, nil
		}
	}
	return c.reshaped(shape)
}

func foldFlatten(c *call) (*constant, error) {
	if len(c.in) != 1 {
		return nil, c.node.Errorf("it takes one input, found %d", len(c.in))
	}
	shape := c.in[0].constant.shape
	axis, err := c.flattenAxis(len(shape))
	if err != nil {
		return nil, err
	}
	return c.reshaped(tensor.Shape{shape[:axis].Len(), -1})
}

func foldSqueeze(c *call) (*constant, error) {
	if len(c.in) == 0 {
		return nil, c.node.Errorf("it takes an input, found none")
	}
	shape := c.in[0].constant.shape
	drop, ok, err := c.dropped(shape)
	if err != nil || !ok {
		return nil, err
	}
	return c.reshaped(without(shape, drop))
}

func foldUnsqueeze(c *call) (*constant, error) {
	if len(c.in) == 0 {
		return nil, c.node.Errorf("it takes an input, found none")
	}
	target, ok, err := c.unsqueezed(c.in[0].constant.shape)
	if err != nil || !ok {
		return nil, err
	}
	return c.reshaped(target)
}
