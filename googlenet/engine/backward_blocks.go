package engine

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// blocked computes a node's gradients on maps in blocks.
func (b *backward[T]) blocked(n *graph.Node, l layer.Blockwise, g *layer.Gradient[T], in, out, outGrad []*value[T]) error {
	d := &layer.BlockedGradient[T]{Params: g.Params, ParamGrad: g.ParamGrad, Workers: b.opt.Threads}
	inGrad := b.room(n, in, outGrad[0])
	for i, v := range in {
		d.In = append(d.In, v.Maps)
		var to *layer.Blocked[T]
		if inGrad[i] != nil {
			to = inGrad[i].Blocked(1)
		}
		d.InGrad = append(d.InGrad, to)
	}
	for i, v := range out {
		if v == nil {
			v = outGrad[i] // of the same shape, and not looked at
		}
		d.Out, d.OutGrad = append(d.Out, v.Maps), append(d.OutGrad, outGrad[i].Maps)
	}
	switch d := any(d).(type) {
	case *layer.BlockedGradient[float32]:
		l.(layer.BlockwiseDifferentiable).BackwardBlocked32(d)
	case *layer.BlockedGradient[float64]:
		l.(layer.BlockwiseDifferentiable).BackwardBlocked64(d)
	}
	if b.opt.Hook != nil {
		b.fill(g, in, out, outGrad)
		for i, v := range inGrad {
			if v != nil {
				g.InGrad[i] = v.Plain(b.opt.Threads)
			}
		}
	}
	return b.pass(n, g, inGrad)
}

// room makes room for the gradients of a node's inputs; those of a concatenation are parts of its output's gradient.
func (b *backward[T]) room(n *graph.Node, in []*value[T], outGrad *value[T]) []*value[T] {
	list := make([]*value[T], len(in))
	_, joins := n.Layer.(layer.Concat)
	first := 0
	for i, v := range in {
		shape := v.Shape()
		switch {
		case !b.passes(n, i):
		case joins:
			list[i] = outGrad.part(first, shape[1], b.opt.Threads)
		default:
			list[i] = &value[T]{Maps: layer.BlockedMaps(layer.NewBlocked[T](shape))}
		}
		if joins {
			first += shape[1]
		}
	}
	return list
}

// part returns some channels of a value, in the same memory.
func (v *value[T]) part(first, count, workers int) *value[T] {
	b := v.Blocked(workers)
	if v.memory == nil {
		v.memory = &memory[T]{b, 1}
	}
	v.memory.users++
	return &value[T]{layer.BlockedMaps(b.Channels(first, count)), v.memory}
}
