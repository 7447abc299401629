package lower

import (
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/tensorproto"
)

// TensorFlow writes a condition as Switch and Merge: a Switch hands its input on to the output that a truth chooses, 0 for false and
// 1 for true, and nothing is computed from the other one; a Merge takes whichever of its inputs there is. Where the truth is
// known while lowering (is_training, or a comparison of extents) only the branch that is taken is lowered. Where it is fed, or computed,
// both are, and the Merge becomes a choice.

// branches is what is known of conditions.
type branches struct {
	// taken leads from what is handed on to where it comes from.
	taken map[ref]ref
	dead  map[ref]bool
	// selected are the Merges that have, as their last input, what chooses among the others.
	selected map[*graphdef.Node]bool
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
	dead, inputs := 0, l.net.inputs[n]
	if l.net.selected[n] {
		inputs = inputs[:len(inputs)-1]
	}
	for _, r := range inputs {
		if l.net.dead[r] {
			dead++
		}
	}
	if dead == 0 || isMerge(n) && dead < len(inputs) {
		return false
	}
	for i := range max(1, l.net.outputs[n]) {
		l.net.dead[ref{n, i}] = true
	}
	return true
}

func isMerge(n *graphdef.Node) bool { return n.Op == "Merge" || n.Op == "RefMerge" || n.Op == "_Merge" }

// isSwitch tells a node of whose outputs only one has a value.
func isSwitch(n *graphdef.Node) bool {
	return n.Op == "Switch" || n.Op == "RefSwitch" || n.Op == "_SwitchN"
}

// switching hands its input on to one of several branches, or to all where it is not known to which.
func switching(c *call) error {
	if len(c.in) != 2 {
		return c.node.Errorf("it takes 2 inputs, found %d", len(c.in))
	}
	if c.in[1].ref.node.Op == "LoopCond" {
		return c.unknown("it is part of a loop")
	}
	chosen, known := c.chosen(1)
	for i := range max(2, c.net.outputs[c.node]) {
		if known && i != chosen {
			c.net.dead[ref{c.node, i}] = true
			continue
		}
		c.handOn(ref{c.node, i}, c.in[0])
	}
	return nil
}

// merging takes the one input that is computed, or that a known number chooses; where neither is known it becomes a choice. A second
// output is the number of that input.
func merging(c *call) error {
	parts, chosen, known := c.in, 0, false
	if c.net.selected[c.node] {
		last := len(c.in) - 1
		parts = c.in[:last]
		chosen, known = c.chosen(last)
		chosen = min(chosen, last-1)
	}
	if err := c.checkCount("N", len(parts)); err != nil {
		return err
	}
	if !known {
		chosen, known = c.onlyLive(parts)
	}
	switch {
	case known:
		if c.numbered() {
			c.numberOf(chosen)
		}
		c.handOn(ref{c.node, 0}, parts[chosen])
		return nil
	case !c.net.selected[c.node]:
		return c.unknown("its branches are not known before something is fed")
	}
	return c.choice(parts, c.in[len(parts)])
}

// onlyLive is the place of the only operand that is computed.
func (c *call) onlyLive(parts []operand) (at int, only bool) {
	live := 0
	for i, o := range parts {
		if !c.net.dead[o.ref] {
			at = i
			live++
		}
	}
	return at, live == 1
}

// numbered tells whether the number of a Merge's branch is wanted.
func (c *call) numbered() bool {
	return c.net.outputs[c.node] > 1 || c.opts.Everything && c.node.Op != "_Merge"
}

// numberOf makes the second output a constant.
func (c *call) numberOf(branch int) {
	r := ref{c.node, 1}
	n, v := c.constantNode(r.name(), single(float64(branch)), "the number of the branch that is taken")
	c.add(r, v)
	c.folded[n] = true
}

// choice computes all branches and chooses one by a truth or a number.
func (c *call) choice(parts []operand, selector operand) error {
	values, ok := c.operands(parts)
	by, known := c.valueOf(selector)
	if !ok || !known || by.rank() != 0 && by.rank() != -1 || !alikeExtents(values) {
		return c.unknown("its branches are not known before something is fed, and are not values of one shape")
	}
	values, nhwc, ok := c.aligned(values)
	if !ok {
		return c.unknown("its branches' dimensions are not known")
	}
	if c.numbered() {
		if err := c.output(1, layer.Identity{}, by); err != nil {
			return err
		}
	}
	y := values[len(values)-1]
	for i := len(values) - 2; i >= 0; i-- {
		l, in := layer.Select{}, []*value{c.isBranch(by, i, len(values)), values[i], y}
		if i == 0 {
			return c.emit(one{layer: l, in: in, nhwc: nhwc, shape: y.shape})
		}
		y = c.betweenAll("/others", l, in, nhwc, "the branches from here on")
	}
	return c.node.Errorf("it has no branches")
}

// isBranch tells whether a selector chooses a branch; of two, 0 is false.
func (c *call) isBranch(by *value, branch, of int) *value {
	if of == 2 {
		return c.between("/no", layer.Unary{Function: layer.Not}, by, false, "whether the first branch is taken")
	}
	number := c.constantOf("/branch", single(float64(branch)), "the number of a branch")
	return c.betweenAll("/is", layer.Binary{Operation: layer.Equal}, []*value{by, number}, false, "whether it is taken")
}

// alikeExtents tells whether values have one shape, as far as their extents are known.
func alikeExtents(values []*value) bool {
	for _, v := range values {
		if v.rank() != values[0].rank() || v.rank() < 0 {
			return false
		}
		for i, d := range v.stored() {
			if first := values[0].stored()[i]; d >= 0 && first >= 0 && d != first {
				return false
			}
		}
	}
	return len(values) > 1
}

// handOn makes an output another name of an operand.
func (c *call) handOn(to ref, o operand) {
	c.net.taken[to] = o.ref
	v := o.value
	if v == nil && c.opts.Everything {
		v, _ = c.valueOf(o)
	}
	if v != nil {
		c.values[to] = v
		c.out.Aliases[to.name()] = v.name
	}
}

// chosen returns input i as the number of a branch that is known while lowering: 1 for true.
func (c *call) chosen(i int) (branch int, known bool) {
	if n, ok := c.number(c.in[i]); ok && n != unknownExtent {
		return max(n, 0), true
	}
	truth, known := c.truth(c.in[i])
	if truth {
		return 1, known
	}
	return 0, known
}

// truth returns an operand as a truth that is known while lowering.
func (c *call) truth(o operand) (truth, known bool) {
	switch {
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

// addSelectors gives the Merges of conditions, as their last input, the truth that their branches depend on.
func (t *network) addSelectors() {
	for _, n := range t.def.Nodes {
		if n.Op == "_Merge" {
			t.selected[n] = true
			continue
		}
		inputs := t.inputs[n]
		if !isMerge(n) || len(inputs) != 2 || t.ofLoop(n) {
			continue
		}
		truth, branch, ok := t.selectorOf(inputs[0])
		if !ok {
			if truth, branch, ok = t.selectorOf(inputs[1]); ok {
				branch = 1 - branch
			}
		}
		if !ok {
			continue
		}
		if branch == 1 { // the first input is the branch for true
			inputs = []ref{inputs[1], inputs[0]}
		}
		t.selected[n] = true
		t.inputs[n] = append(slices.Clone(inputs), truth)
		t.readers[truth.node] = append(t.readers[truth.node], n)
		t.outputs[truth.node] = max(t.outputs[truth.node], truth.output+1)
	}
}

// ofLoop tells whether a Merge is where the values of a loop come round again.
func (t *network) ofLoop(n *graphdef.Node) bool {
	return slices.ContainsFunc(t.inputs[n], func(r ref) bool { return r.node.Op == "NextIteration" || r.node.Op == "Enter" })
}

// maxBranch is how many nodes of a branch are looked through.
const maxBranch = 1 << 14

// nested is a place within so many conditions more than where a search began.
type nested struct {
	ref
	depth int
}

// selectorOf finds the Switch at the beginning of the branch that a value comes from: the truth that it reads, and which of its outputs
// the branch begins with. Conditions within the branch are passed through.
func (t *network) selectorOf(r ref) (truth ref, branch int, ok bool) {
	queue, seen := []nested{{r, 0}}, map[nested]bool{}
	for i := 0; i < len(queue) && i < maxBranch; i++ {
		at, n := queue[i], queue[i].node
		depth := at.depth
		switch {
		case n.Op == "Enter" || n.Op == "Exit" || isMerge(n) && t.ofLoop(n) || isSwitch(n) && len(t.inputs[n]) != 2:
			continue
		case isSwitch(n) && depth == 0:
			return t.inputs[n][1], at.output, at.output < 2 && n.Op != "_SwitchN"
		case isSwitch(n):
			depth--
		case isMerge(n):
			depth++
		}
		for _, in := range slices.Concat(t.inputs[n], t.controls(n)) {
			if next := (nested{in, depth}); !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return ref{}, 0, false
}

// controls are the nodes that must run before another one.
func (t *network) controls(n *graphdef.Node) []ref {
	var list []ref
	for _, in := range n.Inputs {
		if len(in) > 0 && in[0] == '^' && t.byName[in[1:]] != nil {
			list = append(list, ref{t.byName[in[1:]], 0})
		}
	}
	return list
}

// forgetBranches takes away what is computed from constants alone for nodes of branches that are not taken.
func (l *lowering) forgetBranches(needed map[*graph.Node]bool) {
	if len(l.net.dead) == 0 {
		return
	}
	fed, read := map[string]bool{}, map[string]bool{}
	for _, in := range l.out.Inputs {
		fed[in.Name] = true
	}
	for _, n := range l.out.Nodes {
		if slices.ContainsFunc(n.Inputs, func(v string) bool { return fed[v] }) {
			for _, v := range n.Outputs {
				fed[v] = true
			}
		}
	}
	for _, b := range l.def.Fetches {
		read[l.valueOf(b.Tensor)] = true
	}
	for _, n := range slices.Backward(l.out.Nodes) {
		wanted := func(v string) bool { return fed[v] || read[v] }
		if needed[n] = needed[n] && slices.ContainsFunc(n.Outputs, wanted); !needed[n] {
			continue
		}
		for _, v := range n.Inputs {
			read[v] = true
		}
	}
}
