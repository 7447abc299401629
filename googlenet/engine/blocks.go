package engine

import (
	"parity/googlenet/graph"
	"parity/googlenet/kernel"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// value is a value of a run, as a tensor or as maps in blocks, whichever was written or has been asked for.
type value[T tensor.Float] struct {
	*layer.Maps[T]
	memory *memory[T] // of the blocks, where they share it with other values
}

// memory is what several values are written to.
type memory[T tensor.Float] struct {
	blocked *layer.Blocked[T]
	users   int
}

// drop gives back the memory of the blocks: nobody reads the value any more.
func (v *value[T]) drop() {
	b := v.Drop()
	switch {
	case v.memory != nil:
		v.memory.drop()
	case b != nil:
		b.Release()
	}
	v.memory = nil
}

func (m *memory[T]) drop() {
	if m.users--; m.users == 0 {
		m.blocked.Release()
	}
}

// inBlocks returns a node's layer if it computes these values in blocks.
func inBlocks[T tensor.Float](n *graph.Node, in []*value[T]) layer.Blockwise {
	shapes := make([]tensor.Shape, len(in))
	for i, v := range in {
		shapes[i] = v.Shape()
	}
	return blockwise(n, shapes, kernel.LineOf[T]())
}

// blockwise is inBlocks for known shapes.
func blockwise(n *graph.Node, in []tensor.Shape, line int) layer.Blockwise {
	l, ok := n.Layer.(layer.Blockwise)
	if !ok || !l.InBlocks(in, line) {
		return nil
	}
	return l
}

// computeBlocked executes a node in blocks, together with the ReLU that it absorbs.
func (r *run[T]) computeBlocked(n *graph.Node, l layer.Blockwise, in []*value[T]) ([]*value[T], error) {
	shapes := make([]tensor.Shape, len(in))
	for i, v := range in {
		shapes[i] = v.Shape()
	}
	shapes, err := n.ShapesFor(shapes)
	if err != nil {
		return nil, err
	}
	if shapes[0].Len() == 0 {
		return []*value[T]{{Maps: layer.PlainMaps(tensor.New[T](shapes[0]...))}}, nil
	}
	out := r.place(r.plan.outputs(n)[0], shapes[0])
	c := blockedCall(n, in, out.Blocked(1), r.opt.Threads)
	c.Floor, c.Packed = r.plan.floors[n] != nil, r.opt.Packed
	forwardBlocked(l, c)
	if n.Flush {
		flushBlocked(c.Out[0])
	}
	return []*value[T]{out}, nil
}

// place returns memory for a value: its place in the value that it is joined to with others, or its own.
func (r *run[T]) place(name string, shape tensor.Shape) *value[T] {
	if whole, ok := r.plan.joins[name]; ok {
		m := r.whole(name, whole)
		delete(r.joined, name) // from now on, it is this value's
		return &value[T]{layer.BlockedMaps(m.blocked), m}
	}
	if part, ok := r.plan.parts[name]; ok {
		m := r.whole(part.of, r.plan.joins[part.of])
		m.users++
		return &value[T]{layer.BlockedMaps(m.blocked.Channels(part.first, shape[1])), m}
	}
	return &value[T]{Maps: layer.BlockedMaps(layer.NewBlocked[T](shape))}
}

// whole returns the memory of a joined value, which is the run's until the value itself is computed.
func (r *run[T]) whole(name string, shape tensor.Shape) *memory[T] {
	m := r.joined[name]
	if m == nil {
		m = &memory[T]{layer.NewBlocked[T](shape), 1}
		r.joined[name] = m
	}
	return m
}

func blockedCall[T tensor.Float](n *graph.Node, in []*value[T], out *layer.Blocked[T], threads int) *layer.BlockedCall[T] {
	c := &layer.BlockedCall[T]{Params: weights[T](n), Out: []*layer.Blocked[T]{out}, Workers: threads}
	for _, v := range in {
		c.In = append(c.In, v.Maps)
	}
	return c
}

func forwardBlocked[T tensor.Float](l layer.Blockwise, c *layer.BlockedCall[T]) {
	switch c := any(c).(type) {
	case *layer.BlockedCall[float32]:
		l.ForwardBlocked32(c)
	case *layer.BlockedCall[float64]:
		l.ForwardBlocked64(c)
	}
}
