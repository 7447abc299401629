package lower

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"parity/importers/source"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/tensorproto"
)

// selection is the nodes that are lowered, and what was left out.
type selection struct {
	nodes []*graphdef.Node
	notes []string
}

// choose selects the nodes that a placeholder's data reaches and that do not only serve training or saving.
func (t *network) choose(order []*graphdef.Node, everything bool) (*selection, error) {
	saving := t.onlySaving(order)
	reached := t.reached(order, saving)
	if len(reached) == 0 {
		return nil, source.Errorf(t.def.File, "", "expected a graph with a Placeholder to feed, found %d nodes without one; export the network for inference", len(order))
	}
	kept, dropped := t.prune(order, reached)
	t.keepComputed(order, kept, everything)
	s := &selection{}
	orphans := 0
	for _, n := range order {
		switch {
		case kept[n]:
			s.nodes = append(s.nodes, n)
		case !reached[n] && t.orphan(n):
			orphans++
		}
	}
	if len(s.nodes) == 0 {
		return nil, source.Errorf(t.def.File, "", "expected a network, found only nodes that train or save one; export the network for inference")
	}
	if dropped > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%d node(s) that only serve training or saving were left out", dropped))
	}
	if orphans > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%d node(s) that no placeholder reaches and nothing reads were left out", orphans))
	}
	return s, nil
}

// keepComputed adds what those that are kept read and what is computed from constants, by operations that are known; with
// everything, also what nobody reads.
func (t *network) keepComputed(order []*graphdef.Node, kept map[*graphdef.Node]bool, everything bool) {
	training, computed := t.training(order), map[*graphdef.Node]bool{}
	for _, n := range order {
		computed[n] = !kept[n] && !training[n] && t.fromConstants(n, computed)
	}
	for _, n := range slices.Backward(order) {
		if !computed[n] {
			continue
		}
		kept[n] = everything || slices.ContainsFunc(t.readers[n], func(r *graphdef.Node) bool { return kept[r] })
	}
}

// fromConstants tells whether a node computes something from constants by a known operation.
func (t *network) fromConstants(n *graphdef.Node, computed map[*graphdef.Node]bool) bool {
	if operations[n.Op] == nil || isPlaceholder(n) && !t.isSwitch(n) {
		return false
	}
	for _, in := range t.inputs[n] {
		if _, ok := t.constant(in); !ok && !computed[in.node] {
			return false
		}
	}
	return len(t.inputs[n]) > 0
}

// orphan is a node that computes something out of constants for nobody.
func (t *network) orphan(n *graphdef.Node) bool {
	return len(t.readers[n]) == 0 && !constantOps[n.Op] && !bookkeeping(n) && len(t.inputs[n]) > 0
}

// bookkeepingOps are what trains, initialises, saves or reports; matched by the end or beginning of the operation.
var bookkeepingOps = regexp.MustCompile(`^(Assign|AssignAdd|AssignSub|Assign(Add|Sub)?VariableOp|Apply[A-Z].*|ResourceApply[A-Z].*|(Resource)?Sparse(Resource)?Apply.*|ResourceScatter.*|Scatter(Nd)?(Add|Sub|Mul|Div|Min|Max|Update)|` +
	`Save(V2|Slices)?|Restore(V2|Slice)?|MergeV2Checkpoints|ShardedFilename|NoOp|.*Summary(V2)?|IsVariableInitialized|VarIsInitializedOp|Assert)$`)

// gradientScope is where TensorFlow puts what tf.gradients and GradientTape make.
var gradientScope = regexp.MustCompile(`(^|/)(gradients(_[0-9]+)?|gradient_tape)/`)

func bookkeeping(n *graphdef.Node) bool { return bookkeepingOps.MatchString(n.Op) }

// onlySaving finds the placeholders that hold the path of a checkpoint.
func (t *network) onlySaving(order []*graphdef.Node) map[*graphdef.Node]bool {
	saving := map[*graphdef.Node]bool{}
	for i := len(order) - 1; i >= 0; i-- {
		n := order[i]
		for _, r := range t.readers[n] {
			saving[n] = saving[n] || saving[r] || strings.HasPrefix(r.Op, "Save") || strings.HasPrefix(r.Op, "Restore")
		}
	}
	for n := range saving {
		d, err := n.Type("dtype")
		saving[n] = saving[n] && isPlaceholder(n) && err == nil && d.Base() == tensorproto.String
	}
	return saving
}

func isPlaceholder(n *graphdef.Node) bool {
	return n.Op == "Placeholder" || n.Op == "PlaceholderV2" || n.Op == "PlaceholderWithDefault"
}

// reached is the nodes that data from a placeholder flows into.
func (t *network) reached(order []*graphdef.Node, saving map[*graphdef.Node]bool) map[*graphdef.Node]bool {
	reached := map[*graphdef.Node]bool{}
	for _, n := range order {
		if isPlaceholder(n) && !saving[n] && !t.isSwitch(n) || uniform[n.Op] {
			reached[n] = true
		}
		for _, in := range t.inputs[n] {
			if reached[in.node] && !isPlaceholder(n) {
				reached[n] = true
			}
		}
	}
	return reached
}

// isSwitch tells a placeholder that need not be fed, and is not, and holds a setting, such as is_training or keep_prob, not data.
func (t *network) isSwitch(n *graphdef.Node) bool {
	if n.Op != "PlaceholderWithDefault" || len(t.inputs[n]) != 1 {
		return false
	}
	_, ok := t.constant(ref{n, 0})
	return ok
}

// prune takes away, from the end, what trains or saves, and then whatever nothing but that reads. It returns what is
// kept and how many nodes were dropped.
func (t *network) prune(order []*graphdef.Node, reached map[*graphdef.Node]bool) (kept map[*graphdef.Node]bool, dropped int) {
	kept = map[*graphdef.Node]bool{}
	training := t.training(order)
	for i := len(order) - 1; i >= 0; i-- {
		n := order[i]
		if !reached[n] {
			continue
		}
		if training[n] || !t.serves(n, kept) {
			dropped++
			continue
		}
		kept[n] = true
	}
	return kept, dropped
}

// training is the nodes that train or save, and what reads their results.
func (t *network) training(order []*graphdef.Node) map[*graphdef.Node]bool {
	training := map[*graphdef.Node]bool{}
	for _, n := range order {
		training[n] = bookkeeping(n) || gradientScope.MatchString(n.Name)
		for _, in := range t.inputs[n] {
			training[n] = training[n] || training[in.node]
		}
	}
	return training
}

// serves tells whether a node is a result, or read by one that is kept. What gradients are taken of is a result too, unlike
// a learning rate, which only updates read.
func (t *network) serves(n *graphdef.Node, kept map[*graphdef.Node]bool) bool {
	for _, r := range t.readers[n] {
		if kept[r] || gradientScope.MatchString(r.Name) && !isPlaceholder(n) {
			return true
		}
	}
	return len(t.readers[n]) == 0
}
