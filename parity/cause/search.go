package cause

import (
	"cmp"
	"context"
	"math"
	"slices"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
)

// Explanation is what trying the catalogue on a segment came to.
type Explanation struct {
	// Proof is nil where nothing is proven.
	Proof *Proof
	// Excluded are the causes that were tried and do not reproduce the numbers; Weak those that do, where the numbers are too
	// few to tell that from chance.
	Excluded, Weak []string
	// Untried says that the segment was too long to try anything.
	Untried bool
}

// Proof is what brings a segment inside the bound: one variant, or two at once where one alone does not.
type Proof struct {
	Steps  []Step
	After  parity.Difference
	Weight Weight
	nodes  []*graph.Node // of the segment
	output string
}

// Step is a variant of a cause.
type Step struct {
	Cause   *Cause
	Variant Variant
	// Others are causes that reproduce the same numbers here, Layers those at which one of all these does, if there are several.
	Others, Layers []string
}

// Hypotheses multiply with the layers of a segment, and each is a replay of what follows it. Beyond longest layers nothing is
// tried; beyond longestSmall, only where all replays together take no more than so many products; pairs of causes only up to
// longestPairs layers, and as many as take no more than pairProducts. These keep the time in bounds. They may
// leave a cause unnamed that could have been proven, and never name a wrong one.
const (
	longest      = 48
	longestSmall = 8
	longestPairs = 3
	products     = 4e9
	perLayer     = 20   // hypotheses, about
	pairProducts = 2e10 // for the pairs of one segment
)

// tooLong reports whether the segment is beyond what is tried.
func (s *Segment) tooLong() bool {
	n := float64(len(s.Nodes))
	if len(s.Nodes) <= longestSmall || n > longest {
		return n > longest
	}
	return s.work()*n*perLayer > products
}

// work is the number of products of one replay.
func (s *Segment) work() float64 {
	work := 0.0
	for _, node := range s.Nodes {
		for _, v := range node.Outputs {
			each := 1
			if t := s.own[v]; t != nil && len(node.Params) > 0 {
				each = perOutput(node.Params[0].Value.Dims())
			}
			if t := s.own[v]; t != nil {
				work += float64(len(t.Data) * each)
			}
		}
	}
	return work
}

// perOutput is how many weights one output has.
func perOutput(weights tensor.Shape) int {
	if len(weights) == 0 {
		return 1
	}
	return max(weights[1:].Len(), 1)
}

// Explain tries the whole catalogue on a segment, first singly, then in pairs.
func Explain(ctx context.Context, s *Segment) (Explanation, error) {
	s.begin()
	if s.tooLong() {
		return Explanation{Untried: true}, nil
	}
	tried, err := s.single(ctx)
	if err != nil {
		return Explanation{}, err
	}
	e := s.conclude(tried)
	if e.Proof != nil || len(e.Weak) > 0 || len(s.Nodes) > longestPairs {
		return e, nil
	}
	e.Proof, err = s.pairs(ctx, tried)
	return e, err
}

// hypothesis is a variant that was tried.
type hypothesis struct {
	cause   *Cause
	variant Variant
	after   parity.Difference
}

func (h hypothesis) fits() bool { return h.after.Ratio.Within() }

// single tries every variant alone; of a cause that holds at a layer, only as far as the first one.
func (s *Segment) single(ctx context.Context) (tried []hypothesis, err error) {
	for _, c := range Catalogue {
		if c.Variants == nil {
			continue
		}
		holds := map[*graph.Node]bool{}
		for _, v := range c.Variants(s) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if holds[v.Layer] || s.vouched(v.Layer) {
				continue
			}
			if after, ok := s.try(v); ok {
				h := hypothesis{c, v, after}
				tried, holds[v.Layer] = append(tried, h), h.fits()
			}
		}
	}
	return tried, nil
}

// conclude sorts what was tried. What holds and is told from chance is proven: the first is the proof, and the others are
// named with it.
func (s *Segment) conclude(tried []hypothesis) Explanation {
	var e Explanation
	var holding []hypothesis
	for _, h := range tried {
		switch {
		case h.fits() && s.weigh(h.variant).tells(len(tried)):
			holding = append(holding, h)
		case h.fits():
			e.Weak = union(e.Weak, h.cause.ID)
		default:
			e.Excluded = union(e.Excluded, h.cause.ID)
		}
	}
	holding = decisive(holding)
	if len(holding) == 0 {
		return e
	}
	step := Step{Cause: holding[0].cause, Variant: holding[0].variant}
	for _, h := range holding {
		if h.cause != step.Cause {
			step.Others = union(step.Others, h.cause.ID)
		}
		step.Layers = union(step.Layers, h.layer())
	}
	if len(step.Layers) == 1 {
		step.Layers = nil
	}
	if wider(step.Variant) {
		step.Others = union(step.Others, "recording.stale", "weights.different")
	}
	e.Proof, e.Weak = &Proof{[]Step{step}, holding[0].after, s.weigh(step.Variant), s.Nodes, s.Output}, nil
	return e
}

// decisive leaves out what better evidence decides against: causes that say no more than that numbers differ, where another says
// why they are these; and where the candidate's own files have what a hypothesis supposes, those that merely fit.
func decisive(holding []hypothesis) []hypothesis {
	stated := map[*graph.Node]bool{} // layers of which another cause explains what the files have
	kept := slices.DeleteFunc(slices.Clone(holding), func(general hypothesis) bool {
		explained := general.cause.General && slices.ContainsFunc(holding, func(h hypothesis) bool {
			return !h.cause.General && h.variant.Layer == general.variant.Layer && (general.cause == structureShape || !general.variant.Stated || sameParams(h.variant, general.variant))
		})
		if explained {
			stated[general.variant.Layer] = general.variant.Stated
		}
		return explained
	})
	merely := func(h hypothesis) bool { return !h.variant.Stated && !stated[h.variant.Layer] }
	if decided := slices.DeleteFunc(slices.Clone(kept), merely); len(decided) > 0 {
		kept = decided
	}
	slices.SortStableFunc(kept, func(a, b hypothesis) int { return rank(a) - rank(b) })
	return kept
}

// rank puts causes that say no more than that numbers differ behind the others.
func rank(h hypothesis) int {
	if h.cause.General {
		return 1
	}
	return 0
}

// sameParams reports whether two variants have the same parameters in a layer, up to the rounding of one product.
func sameParams(a, b Variant) bool {
	find := func(v Variant) *graph.Node {
		i := slices.IndexFunc(v.Nodes, func(n *graph.Node) bool { return n.Name == b.Layer.Name })
		if i < 0 {
			return nil
		}
		return v.Nodes[i]
	}
	n, m := find(a), find(b)
	if n == nil || m == nil || len(n.Params) != len(m.Params) || a.Layer != b.Layer {
		return false
	}
	for i := range n.Params {
		x, y := tensor.As[float64](n.Params[i].Value).Data, tensor.As[float64](m.Params[i].Value).Data
		if !slices.EqualFunc(x, y, func(p, q float64) bool { return math.Abs(p-q) <= 4*bound.U32*math.Abs(q) }) {
			return false
		}
	}
	return true
}

func (h hypothesis) layer() string {
	if h.variant.Layer == nil {
		return ""
	}
	return h.variant.Layer.Name
}

func union(list []string, more ...string) []string {
	for _, v := range more {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// pairs tries a second cause on top of those variants that brought the numbers closest.
func (s *Segment) pairs(ctx context.Context, tried []hypothesis) (*Proof, error) {
	spent, each := 0.0, s.work()
	for _, h := range s.closest(tried) {
		changed := *s
		changed.Nodes, changed.Inputs = h.variant.Nodes, s.inputs(h.variant)
		changed.begin()
		for _, c := range Catalogue {
			if c.Variants == nil || c == h.cause || h.general() {
				continue
			}
			for _, v := range c.Variants(&changed) {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				layer := s.node(v.Layer)
				if v.Layer != nil && layer == nil {
					continue // it is about what the first one has put in
				}
				if (hypothesis{cause: c, variant: v}).general() {
					continue
				}
				if spent += each; spent > pairProducts {
					return nil, nil
				}
				v.Layer = layer
				after, ok := changed.try(v)
				if !ok || !after.Ratio.Within() {
					continue
				}
				both := v
				both.Unknowns += h.variant.Unknowns
				if w := s.weigh(both); w.tells(len(tried) * len(tried)) {
					return &Proof{[]Step{{Cause: h.cause, Variant: h.variant}, {Cause: c, Variant: v}}, after, w, s.Nodes, s.Output}, nil
				}
			}
		}
	}
	return nil, nil
}

// general reports whether a hypothesis fits by itself to any numbers, also to those that another change has left.
func (h hypothesis) general() bool { return h.cause.General && !h.variant.Stated }

// closest are the variants that alone bring the numbers closer, the closest first. Of two faults that are independent of each other,
// mending either does; how much depends on which of them is the larger.
func (s *Segment) closest(tried []hypothesis) []hypothesis {
	list := slices.DeleteFunc(slices.Clone(tried), func(h hypothesis) bool { return !(h.after.RMS < s.before.RMS) })
	slices.SortStableFunc(list, func(a, b hypothesis) int { return cmp.Compare(a.after.RMS, b.after.RMS) })
	return list
}

// vouched reports whether a layer is known to be right.
func (s *Segment) vouched(n *graph.Node) bool { return n != nil && s.Vouched != nil && s.Vouched(n) }

// node is the segment's own node that a changed one stands for.
func (s *Segment) node(n *graph.Node) *graph.Node {
	if n == nil {
		return nil
	}
	if i := slices.IndexFunc(s.Nodes, func(o *graph.Node) bool { return o.Name == n.Name }); i >= 0 {
		return s.Nodes[i]
	}
	return s.Reference.Node(n.Name)
}
