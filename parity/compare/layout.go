package compare

import (
	"maps"

	"parity/googlenet/tensor"
	"parity/parity"
)

// readLayout turns the tensors of a dump to NCHW if nobody has said how they lie and their shapes fit the reference better
// so. The sides' own copy is left as it is.
func (c *comparison) readLayout() {
	if !c.cand.AnyLayout {
		return
	}
	known := map[string]bool{}
	for _, s := range c.refShapes {
		known[shapeKey(s)] = true
	}
	turned := maps.Clone(c.cand.Trace.Values)
	better := 0
	for name, t := range turned {
		if len(t.Dims()) != 4 {
			continue
		}
		turned[name] = tensor.PermuteAny(t, 0, 3, 1, 2)
		if known[shapeKey(turned[name].Dims())] {
			better++
		}
		if known[shapeKey(t.Dims())] {
			better--
		}
	}
	if better <= 0 {
		return
	}
	changed := *c.cand.Trace
	changed.Values = turned
	c.cand.Trace = &changed
	for name, t := range turned {
		c.candShape[name] = t.Dims()
	}
	c.findings = append(c.findings, parity.Finding{
		Cause: "recording.layout", Severity: parity.Note,
		Explanation: "the candidate does not say how its tensors are laid out; by their shapes they are NHWC and were read so",
		Fix:         `declare "layout": "NHWC" in its side.json`,
	})
}
