package lower

import "parity/importers/tensorflow/tensorproto"

// unknownExtent stands for an extent that is not known before something is fed. It differs from the -1 that a
// Reshape is given.
const unknownExtent = -1 << 40

// steering is an operation on shapes. It is kept as unknown; where those who read it can tell its result while lowering, it
// is dropped in the end.
func steering(c *call) error {
	if err := c.unknown(""); err != nil {
		return err
	}
	_, known := c.evaluate(ref{c.node, 0}, 0)
	if known && len(c.net.readers[c.node]) > 0 {
		c.folded[c.node.Name] = true
	}
	return nil
}

// integers returns input i as integers that are known while lowering.
func (c *call) integers(i int) ([]int, bool) {
	if i >= len(c.in) {
		return nil, false
	}
	return c.evaluate(c.in[i].ref, 0)
}

// number returns an operand that is one integer.
func (c *call) number(o operand) (int, bool) {
	list, ok := c.evaluate(o.ref, 0)
	if !ok || len(list) != 1 {
		return 0, false
	}
	return list[0], true
}

// maxFolding is how deep a computation of shapes is followed.
const maxFolding = 20

// evaluate computes integers from constants and known shapes, each output of a node only once: a file can make one the input
// of many others.
func (l *lowering) evaluate(r ref, depth int) ([]int, bool) {
	if e, done := l.evaluated[r]; done {
		return e.list, e.ok
	}
	list, ok := l.compute(r, depth)
	l.evaluated[r] = evaluation{list, ok}
	return list, ok
}

// evaluation is a result, or that there is none.
type evaluation struct {
	list []int
	ok   bool
}

func (l *lowering) compute(r ref, depth int) ([]int, bool) {
	if k, ok := l.net.constant(r); ok {
		return k.integers()
	}
	inputs := l.net.inputs[r.node]
	if depth > maxFolding || r.output != 0 || len(inputs) == 0 {
		return nil, false
	}
	switch op := r.node.Op; {
	case aliasOps[op], op == "Cast":
		return l.evaluate(inputs[0], depth+1)
	case op == "Shape":
		return l.shapeOf(inputs[0])
	case op == "Pack":
		return l.packed(inputs, depth)
	case op == "StridedSlice":
		return l.sliced(r, inputs, depth)
	}
	return nil, false
}

func (k *constant) integers() ([]int, bool) {
	if k.variable() || k.tensor.DType.Base() == tensorproto.Bool {
		return nil, false
	}
	list, err := k.tensor.Integers()
	return list, err == nil
}

func (l *lowering) shapeOf(r ref) ([]int, bool) {
	v := l.values[r]
	if v == nil || v.shape == nil {
		return nil, false
	}
	list := append([]int{}, v.stored()...)
	for i, d := range list {
		if d < 0 {
			list[i] = unknownExtent
		}
	}
	return list, true
}

// packed makes a vector of numbers.
func (l *lowering) packed(inputs []ref, depth int) ([]int, bool) {
	var out []int
	for _, in := range inputs {
		v, ok := l.evaluate(in, depth+1)
		if !ok || len(v) != 1 {
			return nil, false
		}
		out = append(out, v...)
	}
	return out, true
}

// sliced takes one element, or those between two places, out of a vector.
func (l *lowering) sliced(r ref, inputs []ref, depth int) ([]int, bool) {
	if len(inputs) != 4 {
		return nil, false
	}
	list, ok := l.evaluate(inputs[0], depth+1)
	if !ok {
		return nil, false
	}
	var at [3]int // begin, end, stride
	for i := range at {
		v, ok := l.evaluate(inputs[i+1], depth+1)
		if !ok || len(v) != 1 {
			return nil, false
		}
		at[i] = v[0]
	}
	begin, end, ok := l.bounds(r, at, len(list))
	if !ok || at[2] != 1 {
		return nil, false
	}
	return list[begin:end], true
}

// bounds resolves places that count from the end, and masks that leave a bound open or take a single element.
func (l *lowering) bounds(r ref, at [3]int, n int) (begin, end int, ok bool) {
	masks := map[string]int{}
	for _, name := range []string{"begin_mask", "end_mask", "shrink_axis_mask", "ellipsis_mask", "new_axis_mask"} {
		m, err := r.node.Int(name, 0)
		if err != nil {
			return 0, 0, false
		}
		masks[name] = m
	}
	begin, end = at[0], at[1]
	for _, p := range []*int{&begin, &end} {
		if *p < 0 {
			*p += n
		}
		*p = min(*p, n)
	}
	if masks["begin_mask"]&1 != 0 {
		begin = 0
	}
	switch {
	case masks["shrink_axis_mask"]&1 != 0:
		end = begin + 1
	case masks["end_mask"]&1 != 0:
		end = n
	}
	return begin, end, masks["ellipsis_mask"]|masks["new_axis_mask"] == 0 && 0 <= begin && begin <= end && end <= n
}
