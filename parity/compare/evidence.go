package compare

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/tensor"
	"parity/parity/align"
	"parity/parity/replay"
)

// evidence is one tensor of the candidate, recorded or computed from its own graph.
type evidence struct {
	name string
	t    tensor.Any
	// owner is the reference's value that it was found to be; empty for none.
	owner string
	// judged is what is held against the reference, in float64; flow what later layers read. They are one, but for a recorded
	// tensor whose inputs were not recorded or that its own graph does not reproduce.
	judged, flow *tensor.Tensor[float64]
	// native: it was not recorded. What the candidate had computed is within limit of it.
	native bool
	limit  *tensor.Tensor[float64]
}

func (e *evidence) value() *tensor.Tensor[float64] {
	if e.judged == nil {
		e.judged = tensor.As[float64](e.t)
	}
	return e.judged
}

// uncertainty is how far from what flows the candidate's own numbers may be; ok is false where they are exact.
func (e *evidence) uncertainty(shape tensor.Shape) (u replay.Uncertainty, ok bool) {
	if e.limit == nil || !align.SameNumbers(e.limit.Shape, shape) {
		return u, false
	}
	return replay.Uncertainty{Bounds: []*tensor.Tensor[float64]{e.limit.Reshaped(shape...)}}, true
}

// flows returns what later layers read, in a shape; nil where it has another rank.
func (e *evidence) flows(shape tensor.Shape) *tensor.Tensor[float64] {
	t := e.flow
	if t == nil {
		t = e.value()
	}
	switch {
	case align.SameNumbers(t.Shape, shape):
		return t.Reshaped(shape...)
	case len(t.Shape) == len(shape):
		return t
	}
	return nil
}

// evidenceOf lists the candidate's tensors, by name.
func (c *comparison) evidenceOf() {
	c.evidence, c.byShape = map[string]*evidence{}, map[string][]*evidence{}
	add := func(e *evidence) {
		c.evidence[e.name] = e
		key := shapeKey(e.t.Dims())
		c.byShape[key] = append(c.byShape[key], e)
	}
	for _, name := range sortedNames(c.cand.Trace.Values) {
		add(&evidence{name: name, t: c.cand.Trace.Values[name]})
	}
	for _, name := range sortedNames(c.own.filled) {
		add(&evidence{name: name, t: c.own.filled[name], native: true, limit: c.own.limits[name]})
	}
	for name, t := range c.own.replayed {
		c.evidence[name].judged, c.evidence[name].flow = t, tensor.As[float64](c.cand.Trace.Values[name])
	}
	for name, t := range c.own.corrected {
		c.evidence[name].flow = t
	}
}

func sortedNames[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// shapeKey is equal for shapes of the same numbers.
func shapeKey(s tensor.Shape) string { return fmt.Sprint(align.Squeezed(s)) }

// tells reports whether equality with x says anything: a constant tensor equals too many others.
func tells(x *tensor.Tensor[float64]) bool {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range x.Data {
		lo, hi = min(lo, v), max(hi, v)
	}
	return len(x.Data) > 1 && hi > lo
}
