package compare

import (
	"errors"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity/align"
	"parity/parity/replay"
)

// openValues lists, in order, the open and undecided values, all of them or those that one depends on.
func (p *reconcile) openValues(end *string) []string {
	var list []string
	if end == nil {
		for v := range p.index {
			if p.undecided(v) {
				list = append(list, v)
			}
		}
	} else {
		p.openBefore(*end, map[string]bool{}, &list)
	}
	slices.SortFunc(list, func(a, b string) int {
		if d := p.index[a] - p.index[b]; d != 0 {
			return d
		}
		return slices.Compare([]byte(a), []byte(b))
	})
	return list
}

func (p *reconcile) undecided(v string) bool {
	return p.state[v] == open && !p.settled[v] && p.flow[v] != nil
}

func (p *reconcile) openBefore(v string, seen map[string]bool, list *[]string) {
	if seen[v] || p.state[v] != open {
		return
	}
	seen[v] = true
	if p.undecided(v) {
		*list = append(*list, v)
	}
	if i := p.index[v]; i >= 0 {
		for _, in := range p.nodes[i].Inputs {
			p.openBefore(in, seen, list)
		}
	}
}

// settle decides what the first of the open values is that can be decided, and returns the place of the node that writes it if
// that changes what flows on.
func (p *reconcile) settle(values []string) (at int, changed bool, err error) {
	if p.canAsk() && p.trouble(values) {
		return 0, false, errTrouble
	}
	for _, v := range values {
		e := p.paired(v)
		if e == nil || e.owner != "" && e.owner != v {
			continue
		}
		if p.overwritten(v, e) {
			p.settled[v] = true
			delete(p.pairs, v)
			continue
		}
		if p.index[v] < 0 {
			if fed := p.fedAs(v, e); fed != nil {
				p.moved("", v, fed)
				e = fed
			}
		}
		other, err := p.otherwise(v, e)
		if err != nil {
			return 0, false, err
		}
		if other {
			p.settled[v] = true
			delete(p.pairs, v)
			continue
		}
		if u, before, err := p.discover(p.before(v, values)); err != nil {
			return 0, false, err
		} else if before != nil {
			p.moved("", u, before)
			return p.accept(u, before)
		}
		if u, after, err := p.behind(v); err != nil {
			return 0, false, err
		} else if after != nil {
			p.moved("", u, after)
			return p.accept(u, after)
		}
		if better, err := p.rightful(v, e, values); err != nil {
			return 0, false, err
		} else if better != "" {
			p.moved(v, better, e)
			return p.accept(better, e)
		}
		return p.accept(v, e)
	}
	if v, e, err := p.discover(values); err != nil || e != nil {
		if err != nil {
			return 0, false, err
		}
		p.moved("", v, e)
		return p.accept(v, e)
	}
	if v, e := p.lastOf(values); e != nil {
		p.moved("", v, e)
		return p.accept(v, e)
	}
	return 0, false, nil
}

// before lists those of the values that v depends on.
func (p *reconcile) before(v string, values []string) []string {
	var list []string
	p.openBefore(v, map[string]bool{}, &list)
	return slices.DeleteFunc(slices.Clone(values), func(u string) bool { return u == v || !slices.Contains(list, u) })
}

// errTrouble ends a first run: the candidate's own graph is to be asked.
var errTrouble = errors.New("the two sides differ")

func (p *reconcile) canAsk() bool {
	return !p.own.known && p.cand.recorded() && len(p.cand.Graph.Nodes) > 0
}

// trouble reports whether a value that the candidate has recorded differs, or an output was not found.
func (p *reconcile) trouble(values []string) bool {
	return slices.ContainsFunc(values, func(v string) bool {
		if slices.Contains(p.ref.Graph.Outputs, v) {
			return true
		}
		e := p.paired(v)
		return e != nil && (e.owner == "" || e.owner == v)
	})
}

// moved gives a tensor to another value than structure gave it to.
func (p *reconcile) moved(from, to string, e *evidence) {
	if from != "" {
		delete(p.pairs, from)
	}
	p.pairs[to] = align.Pair{Reference: to, Candidate: e.name, By: align.ByValues, Why: "what follows agrees if this is its counterpart"}
}

// accept takes the candidate's tensor for the value although it differs.
func (p *reconcile) accept(v string, e *evidence) (int, bool, error) {
	p.release(v)
	if e.owner == "" {
		e.owner = v
	}
	p.state[v], p.depth[v], p.found[v] = guilty, 0, e
	i := p.index[v]
	if i < 0 {
		x := p.flow[v]
		p.judgeGuilty(v, x, nil, nil)
		return -1, true, nil
	}
	delete(p.seen, p.nodes[i])
	return i - 1, true, nil
}

// otherwise reports whether an open value is only represented differently by the candidate: its replay leads back to
// numbers that the candidate has, the candidate's tensor in its place does not, and that tensor is really what the candidate
// has there. The last is known if its own graph reproduces it or the numbers are those of the replay, moved or scaled by channels.
func (p *reconcile) otherwise(v string, e *evidence) (bool, error) {
	meets := p.meetings(v)
	if len(meets) == 0 {
		return false, nil
	}
	if !p.genuine(v, e) {
		return false, nil
	}
	t := e.flows(p.flow[v].Shape)
	if t == nil {
		return true, nil
	}
	for _, w := range meets {
		met, err := p.meets(v, t, w)
		if err != nil {
			return false, err
		}
		if !met {
			return true, nil
		}
	}
	return false, nil
}

func (p *reconcile) genuine(v string, e *evidence) bool {
	if !allFinite([]*tensor.Tensor[float64]{p.flow[v], e.value()}) {
		return false
	}
	if p.own.known && p.own.stale[e.name] == nil && (e.native || p.index[v] >= 0 || p.readersAgree(e.name)) {
		return true
	}
	if !p.cand.recorded() {
		return true
	}
	t := e.flows(p.flow[v].Shape)
	return t != nil && rearranged(p.flow[v], t)
}

// readersAgree reports whether what the candidate's graph makes of an input is what was recorded.
func (p *reconcile) readersAgree(input string) bool {
	for _, n := range p.candConsumers[input] {
		for _, v := range n.Outputs {
			if p.own.stale[v] != nil {
				return false
			}
		}
	}
	return true
}

// meetings lists the confirmed values that depend on an open one by way of open ones.
func (p *reconcile) meetings(v string) []string {
	var list []string
	seen := map[string]bool{v: true}
	for queue := []string{v}; len(queue) > 0; queue = queue[1:] {
		for _, n := range p.consumers[queue[0]] {
			for _, w := range n.Outputs {
				if seen[w] {
					continue
				}
				seen[w] = true
				switch p.state[w] {
				case confirmed:
					list = append(list, w)
				case open:
					queue = append(queue, w)
				}
			}
		}
	}
	return list
}

// meets reports whether a confirmed value would still be right if t took an open one's place.
func (p *reconcile) meets(v string, t *tensor.Tensor[float64], w string) (bool, error) {
	over := newField()
	over.flow[v] = t
	for i := p.index[v] + 1; i <= p.index[w]; i++ {
		n := p.nodes[i]
		touched := slices.ContainsFunc(n.Inputs, func(in string) bool { return over.flow[in] != nil })
		if !touched || !slices.ContainsFunc(n.Outputs, func(out string) bool { return p.state[out] == open || out == w }) {
			continue
		}
		out, limits, err := p.step(n, over)
		if err != nil || out == nil {
			return false, err
		}
		for k, o := range n.Outputs {
			if o != w {
				continue
			}
			e := p.found[w]
			if !align.SameNumbers(e.t.Dims(), out[k].Shape) {
				return false, nil
			}
			return replay.Measure(out[k], e.value().Reshaped(out[k].Shape...), limits[k], p.opt.Threads).Ratio.Within(), nil
		}
	}
	return true, nil
}

// step computes a node in an overlay.
func (p *reconcile) step(n *graph.Node, over field) (out, limits []*tensor.Tensor[float64], err error) {
	in, before, ok := p.inputsOf(n, over)
	if !ok {
		return nil, nil, nil
	}
	if out = p.forward(n, in); out == nil {
		return nil, nil, nil
	}
	after, err := p.drift.Node(n, in, out, before)
	if err == nil {
		err = p.drift.Flow(n, in, out, after)
	}
	if err != nil {
		return nil, nil, err
	}
	for i, v := range n.Outputs {
		over.flow[v], over.known[v] = out[i], after[i]
		limits = append(limits, after[i].Limit())
	}
	return out, limits, nil
}

// reach is how many layers a tensor in the place of a value is followed to see whether the candidate has what comes of it.
const reach = 8

// verify puts a tensor in the place of a value and returns after how many layers something of the candidate is met, 0 for
// none.
func (p *reconcile) verify(v string, e *evidence) (int, error) {
	t := e.flows(p.flow[v].Shape)
	if t == nil {
		return 0, nil
	}
	over, level := newField(), map[string]int{v: 0}
	over.flow[v] = t
	for i := p.index[v] + 1; i < len(p.nodes) && len(level) < 40; i++ {
		n := p.nodes[i]
		deepest, reads := 0, false
		for _, in := range n.Inputs {
			if l, ok := level[in]; ok {
				deepest, reads = max(deepest, l), true
			}
		}
		if !reads || deepest >= reach {
			continue
		}
		out, limits, err := p.step(n, over)
		if err != nil {
			return 0, err
		}
		for k, o := range n.Outputs {
			if out == nil || align.Plumbing(n) && p.paired(o) == nil {
				level[o] = deepest
				continue
			}
			if level[o] = deepest + 1; p.met(o, e, out[k], limits[k]) {
				return level[o], nil
			}
		}
	}
	return 0, nil
}

// met reports whether the candidate has recorded a tensor other than e within the bound.
func (p *reconcile) met(v string, e *evidence, x, limit *tensor.Tensor[float64]) bool {
	if !tells(x) {
		return false
	}
	for _, other := range p.byShape[shapeKey(x.Shape)] {
		if other == e || other.native || other.owner != "" && other.owner != v || !alike(x, other.value(), limit) {
			continue
		}
		if replay.Measure(x, other.value().Reshaped(x.Shape...), limit, p.opt.Threads).Ratio.Within() && !slices.Equal(other.value().Data, e.value().Data) {
			return true
		}
	}
	return false
}

// rightful returns a later value to which a tensor belongs if it does not belong to v: what follows agrees there.
func (p *reconcile) rightful(v string, e *evidence, values []string) (string, error) {
	if p.pairs[v].By == align.ByMap {
		return "", nil
	}
	depth, err := p.verify(v, e)
	if err != nil || depth > 0 {
		return "", err
	}
	for _, w := range values {
		if p.settled[w] || p.index[w] <= p.index[v] || !align.SameNumbers(p.flow[w].Shape, e.t.Dims()) {
			continue
		}
		if other := p.paired(w); other != nil && other != e {
			continue // that has a tensor of its own
		}
		if depth, err := p.verify(w, e); err != nil || depth > 0 {
			return w, err
		}
	}
	return "", nil
}

// behind looks for a tensor that the candidate has computed from a confirmed input of a value, and that all its readers have
// really read: the input was right, and then something was done to it.
func (p *reconcile) behind(v string) (string, *evidence, error) {
	if p.index[v] < 0 {
		return "", nil, nil
	}
	if _, softmax := p.nodes[p.index[v]].Layer.(layer.Softmax); softmax {
		return "", nil, nil // a temperature is the softmax's own
	}
	for _, u := range p.nodes[p.index[v]].Inputs {
		if p.state[u] != confirmed || p.index[u] < 0 || p.pairs[u].By == align.ByMap {
			continue
		}
		for _, e := range p.byShape[shapeKey(p.flow[u].Shape)] {
			if e.owner != "" || e.native && !p.own.known || !tells(e.value()) || !e.value().Shape.Equal(p.flow[u].Shape) {
				continue
			}
			all, err := p.allRead(u, e)
			if err != nil || all {
				return u, e, err
			}
		}
	}
	return "", nil, nil
}

// allRead reports whether everything that reads a value is right if it has read e.
func (p *reconcile) allRead(u string, e *evidence) (bool, error) {
	for _, n := range p.consumers[u] {
		over := newField()
		over.flow[u] = e.flows(p.flow[u].Shape)
		out, limits, err := p.step(n, over)
		if err != nil {
			return false, err
		}
		for k, o := range n.Outputs {
			if out == nil || moves(n) {
				return false, nil
			}
			own := p.found[o]
			if own == nil {
				own = p.paired(o)
			}
			if own == nil || own == e || slices.Equal(own.value().Data, e.value().Data) || !align.SameNumbers(own.t.Dims(), out[k].Shape) ||
				!replay.Measure(out[k], own.value().Reshaped(out[k].Shape...), limits[k], p.opt.Threads).Ratio.Within() {
				return false, nil
			}
		}
	}
	return true, nil
}

// discover looks for a tensor without a name that fits one of the open values: what follows agrees with it.
func (p *reconcile) discover(values []string) (string, *evidence, error) {
	const most = 24
	tries := 0
	for _, v := range values {
		if p.settled[v] || p.paired(v) != nil || p.index[v] >= 0 && moves(p.nodes[p.index[v]]) {
			continue
		}
		var best *evidence
		nearest := reach + 1
		for _, e := range p.possible(v) {
			if e.owner != "" || tries >= most || !tells(e.value()) || p.weighed(e, v) {
				continue
			}
			if p.overwritten(v, e) {
				continue
			}
			tries++
			depth, err := p.verify(v, e)
			if err != nil {
				return "", nil, err
			}
			if depth == 0 || depth >= nearest {
				continue
			}
			if at, err := p.fitsElsewhere(v, e); err != nil || at {
				if err != nil {
					return "", nil, err
				}
				continue
			}
			best, nearest = e, depth
		}
		if best == nil {
			continue
		}
		other, err := p.otherwise(v, best)
		if err != nil {
			return "", nil, err
		}
		if !other {
			return p.furthest(v, best), best, nil
		}
		p.settled[v] = true
	}
	return "", nil, nil
}

// weighed reports whether a tensor is another value's because it was computed with that layer's very weights.
func (p *reconcile) weighed(e *evidence, v string) bool {
	for other, pair := range p.pairs {
		if pair.Candidate == e.name {
			return other != v && pair.By == align.ByWeights
		}
	}
	return false
}

// fitsElsewhere reports whether a tensor is paired with another open value, and what follows agrees there as well: what a
// ReLU has left passes through it once more.
func (p *reconcile) fitsElsewhere(v string, e *evidence) (bool, error) {
	for w, pair := range p.pairs {
		if pair.Candidate == e.name && w != v && p.undecided(w) {
			depth, err := p.verify(w, e)
			return depth > 0, err
		}
	}
	return false, nil
}

// furthest is the last value that a tensor may be if it may be v: behind layers that do not change it, as a ReLU does not change
// what it has made.
func (p *reconcile) furthest(v string, e *evidence) string {
	t := e.flows(p.flow[v].Shape)
	for t != nil && len(p.consumers[v]) == 1 {
		n := p.consumers[v][0]
		if len(n.Inputs) != 1 || len(n.Outputs) != 1 || moves(n) {
			break
		}
		w := n.Outputs[0]
		out := p.forward(n, []*tensor.Tensor[float64]{t})
		if p.state[w] != open || p.paired(w) != nil || out == nil || !slices.Equal(out[0].Data, t.Data) {
			break
		}
		v = w
	}
	return v
}

// possible lists the tensors that may be a value's: those of its shape and, where there is no graph to tell, those of as
// many dimensions that no value of the reference has the shape of.
func (p *reconcile) possible(v string) []*evidence {
	shape := p.flow[v].Shape
	list := slices.Clone(p.byShape[shapeKey(shape)])
	if len(p.cand.Graph.Nodes) > 0 || len(shape) != 4 {
		return list
	}
	known := map[string]bool{}
	for _, s := range p.refShapes {
		known[shapeKey(s)] = true
	}
	for _, name := range sortedNames(p.evidence) {
		if d := p.evidence[name].t.Dims(); len(d) == 4 && d[0] == shape[0] && !known[shapeKey(d)] {
			list = append(list, p.evidence[name])
		}
	}
	return list
}

// moves reports whether a node can do nothing to the numbers that it passes on; dropout can.
func moves(n *graph.Node) bool {
	_, drops := n.Layer.(layer.Dropout)
	return align.Plumbing(n) && !drops
}

// lastOf pairs an output of the reference that nothing of the candidate equals: with its only tensor of that shape that is
// left or, where its graph ends in one, with its own output.
func (p *reconcile) lastOf(values []string) (string, *evidence) {
	for i, v := range p.ref.Graph.Outputs {
		if !slices.Contains(values, v) || p.settled[v] || p.paired(v) != nil {
			continue
		}
		if outs := p.cand.Graph.Outputs; len(outs) == len(p.ref.Graph.Outputs) && p.evidence[outs[i]] != nil {
			return v, p.evidence[outs[i]]
		}
		var left []*evidence
		for _, e := range p.byShape[shapeKey(p.flow[v].Shape)] {
			if e.owner == "" && !e.native {
				left = append(left, e)
			}
		}
		if len(left) > 0 {
			return v, nearest(p.flow[v], left)
		}
		if e := p.endOfDump(v, values); e != nil {
			return v, e
		}
	}
	return "", nil
}

// endOfDump is what a dump ends in if the output is all that it lacks: the tensor that the last layer reads.
func (p *reconcile) endOfDump(v string, values []string) *evidence {
	n := p.nodes[max(p.index[v], 0)]
	if len(p.cand.Graph.Nodes) > 0 || p.index[v] < 0 || len(n.Inputs) != 1 || slices.ContainsFunc(values, func(u string) bool { return u != v && !p.settled[u] }) {
		return nil
	}
	e := p.found[n.Inputs[0]]
	if e == nil || !align.SameNumbers(e.t.Dims(), p.flow[v].Shape) {
		return nil
	}
	return e
}

// nearest is the tensor with the largest correlation.
func nearest(x *tensor.Tensor[float64], list []*evidence) *evidence {
	best, most := list[0], math.Inf(-1)
	for _, e := range list {
		if r := correlation(x.Data, e.value().Data); r > most {
			best, most = e, r
		}
	}
	return best
}

func correlation(a, b []float64) float64 {
	var ab, aa, bb float64
	for i, x := range a {
		ab, aa, bb = ab+x*b[i], aa+x*x, bb+b[i]*b[i]
	}
	return ab / math.Sqrt(aa*bb)
}

// rearranged reports whether t has x's channels in another order, each perhaps scaled and shifted.
func rearranged(x, t *tensor.Tensor[float64]) bool {
	if !x.Shape.Equal(t.Shape) || len(x.Shape) < 2 {
		return false
	}
	channels, cells := x.Shape[1], x.Shape[2:].Len()
	if x.Shape[0] != 1 || cells < 4 {
		return false
	}
	used := make([]bool, channels)
next:
	for c := range channels {
		for d := range channels {
			if !used[d] && affine(x.Data[d*cells:][:cells], t.Data[c*cells:][:cells]) {
				used[d] = true
				continue next
			}
		}
		return false
	}
	return true
}

// affine reports whether b is a times x plus a constant, up to rounding.
func affine(x, b []float64) bool {
	n := float64(len(x))
	var mx, mb, xx, xb, bb float64
	for i, v := range x {
		mx, mb = mx+v/n, mb+b[i]/n
	}
	for i, v := range x {
		xx, xb, bb = xx+(v-mx)*(v-mx), xb+(v-mx)*(b[i]-mb), bb+(b[i]-mb)*(b[i]-mb)
	}
	if xx == 0 || bb == 0 {
		return xx == bb
	}
	slope := xb / xx
	scale := math.Sqrt(bb/n) + math.Abs(mb)
	for i, v := range x {
		if !(math.Abs(mb+slope*(v-mx)-b[i]) <= 1e-5*scale) {
			return false
		}
	}
	return true
}
