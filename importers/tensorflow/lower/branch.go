package lower

import (
	"math"

	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/tensorproto"
)

// TensorFlow writes a condition as Switch and Merge: a Switch hands its input on to the output that a truth chooses, 0 for false and
// 1 for true, and nothing is computed from the other one; a Merge takes whichever of its inputs there is. Where the truth is
// known while lowering (is_training, or a comparison of extents) only the branch that is taken is lowered.

// branches is what is known of conditions.
type branches struct {
	// taken leads from what is handed on to where it comes from.
	taken map[ref]ref
	dead  map[ref]bool
}

// follow goes back through conditions that are decided to where a value comes from.
func (b *branches) follow(r ref) ref {
	for range len(b.taken) + 1 {
		from, ok := b.taken[r]
		if !ok {
			break
		}
		r = from
	}
	return r
}

// isDead tells whether a node stands in a branch that is not taken, and notes its outputs, which then do so too.
func (l *lowering) isDead(n *graphdef.Node) bool {
	dead := 0
	for _, r := range l.net.inputs[n] {
		if l.net.dead[r] {
			dead++
		}
	}
	if dead == 0 || isMerge(n) && dead < len(l.net.inputs[n]) {
		return false
	}
	for i := range max(1, l.net.outputs[n]) {
		l.net.dead[ref{n, i}] = true
	}
	return true
}

func isMerge(n *graphdef.Node) bool { return n.Op == "Merge" || n.Op == "RefMerge" }

// switching hands its input on to one of two branches.
func switching(c *call) error {
	if len(c.in) != 2 {
		return c.node.Errorf("it takes 2 inputs, found %d", len(c.in))
	}
	truth, known := c.truth(1)
	if !known {
		return c.unknown("its condition is not known before something is fed")
	}
	taken := ref{c.node, 0}
	other := ref{c.node, 1}
	if truth {
		taken, other = other, taken
	}
	c.net.dead[other] = true
	c.handOn(taken, c.in[0])
	return nil
}

// merging takes the one input that is computed.
func merging(c *call) error {
	var live []operand
	for _, o := range c.in {
		if !c.net.dead[o.ref] {
			live = append(live, o)
		}
	}
	if len(live) != 1 {
		return c.unknown("its branches are not known before something is fed")
	}
	if c.net.outputs[c.node] > 1 {
		return c.unknown("the number of its branch is read")
	}
	c.handOn(ref{c.node, 0}, live[0])
	return nil
}

// handOn makes an output another name of an operand.
func (c *call) handOn(to ref, o operand) {
	c.net.taken[to] = o.ref
	if o.value != nil {
		c.values[to] = o.value
		c.out.Aliases[to.name()] = o.value.name
	}
}

// truth returns input i as a truth that is known while lowering.
func (c *call) truth(i int) (truth, known bool) {
	switch o := c.in[i]; {
	case o.constant != nil && !o.constant.variable() && o.constant.tensor.DType.Base() == tensorproto.Bool:
		v, err := o.constant.tensor.Value()
		if err != nil || v.Dims().Len() != 1 {
			return false, false
		}
		return tensor.As[float64](v).Data[0] != 0, true
	case o.value != nil && o.value.known != nil && len(o.value.known.Data) == 1:
		v := o.value.known.Data[0]
		return v != 0, !math.IsNaN(v)
	}
	return false, false
}
