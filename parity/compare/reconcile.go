package compare

import (
	"context"
	"math"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity/align"
	"parity/parity/replay"
)

// reconcile runs the reference in float64 along the candidate's own tensors and finds which of them its values are.
//
// Every value is replayed from the candidate's tensors before it. If one of the candidate's tensors is within the bound, the
// value is confirmed to be that one, and it takes the replay's place for what follows: its pair by name or structure
// first, then any other of the same shape, so that it does not matter how the candidate is built. A value that is not
// confirmed is open: its replay flows on. What happens some layers later decides (settle.go): if the replay meets the
// candidate again, the two have only represented something differently, otherwise the layer is guilty, and its own tensor flows on.
type reconcile struct {
	*comparison
	drift     replay.Drift
	nodes     []*graph.Node
	index     map[string]int // of the node that writes a value; -1 for inputs
	consumers map[string][]*graph.Node
	// candConsumers are the candidate's nodes that read a value of its own.
	candConsumers map[string][]*graph.Node
	field
	state   map[string]state
	depth   map[string]int
	skipped map[string]bool
	version map[string]int
	seen    map[*graph.Node][]int // versions of the inputs when the node was last computed
	// crossed: the numbers gave a value to another tensor than its pair. Where that was recorded too, they may have been exchanged
	// in the recording, of which only the candidate's own graph knows.
	crossed bool
	// settled are open values that need no further decision.
	settled map[string]bool
}

// field holds what flows; known is the uncertainty of replayed values and absent for given ones.
type field struct {
	flow  map[string]*tensor.Tensor[float64]
	known map[string]replay.Uncertainty
}

func newField() field {
	return field{map[string]*tensor.Tensor[float64]{}, map[string]replay.Uncertainty{}}
}

type state int

const (
	open      state = iota // replayed; nothing of the candidate equals it
	confirmed              // one of the candidate's tensors equals it
	guilty                 // the candidate's own tensor differs and flows on
)

// ahead is how many layers an open value may be followed before it is decided: those of a module between two joins.
const ahead = 10

func (c *comparison) newReconcile() *reconcile {
	p := &reconcile{
		comparison: c, drift: c.drift(c.cand), nodes: c.ref.Graph.Nodes, consumers: c.ref.Graph.Consumers(), candConsumers: c.cand.Graph.Consumers(),
		field: newField(), index: map[string]int{}, state: map[string]state{}, depth: map[string]int{}, skipped: map[string]bool{},
		version: map[string]int{}, seen: map[*graph.Node][]int{}, settled: map[string]bool{},
	}
	for _, in := range c.ref.Graph.Inputs {
		p.index[in.Name] = -1
	}
	for i, n := range p.nodes {
		for _, v := range n.Outputs {
			p.index[v] = i
		}
	}
	return p
}

// run visits the nodes in order; a decision takes it back to the first node that it changes.
func (p *reconcile) run(ctx context.Context) error {
	for _, in := range p.ref.Graph.Inputs {
		p.input(in.Name)
	}
	for i := 0; i <= len(p.nodes); {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i == len(p.nodes) {
			back, changed, err := p.settle(p.openValues(nil))
			if err == nil && !changed {
				back, changed, err = p.goOn()
			}
			if err != nil {
				return err
			}
			if !changed {
				return nil
			}
			i = back + 1
			continue
		}
		if err := p.visit(p.nodes[i]); err != nil {
			return err
		}
		if p.crossed && p.canAsk() {
			return errTrouble
		}
		if v := p.tooDeep(p.nodes[i]); v != "" {
			back, changed, err := p.settle(p.openValues(&v))
			if err != nil {
				return err
			}
			if changed {
				i = back + 1
				continue
			}
		}
		i++
	}
	return nil
}

func (p *reconcile) tooDeep(n *graph.Node) string {
	for _, v := range n.Outputs {
		if p.depth[v] > ahead && p.depth[v]%4 == 0 {
			return v
		}
	}
	return ""
}

// input compares what the two sides are fed.
func (p *reconcile) input(v string) {
	x := tensor.As[float64](p.ref.Trace.Values[v])
	p.set(v, x, p.drift.Exact(), false)
	if e := p.paired(v); e != nil {
		if align.SameNumbers(e.t.Dims(), x.Shape) {
			j := judge(x, e.value().Reshaped(x.Shape...), p.stored(x), nil, p.opt.Threads)
			if j.Ratio.Within() {
				p.confirm(v, e, j, x, nil)
				return
			}
		}
	}
	// The port may normalise the input inside its graph.
	limit := p.fedLimit(x)
	if e, j := p.search(v, x, limit, nil); e != nil {
		p.confirm(v, e, j, x, limit)
		return
	}
	p.open(v, nil)
}

// fedLimit is what a few roundings of a picture's numbers make of an input: of the largest one, for a mean was subtracted.
func (p *reconcile) fedLimit(x *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	most := 255.0
	for _, v := range x.Data {
		most = max(most, math.Abs(v))
	}
	limit := tensor.New[float64](x.Shape...)
	for i := range limit.Data {
		limit.Data[i] = 4 * p.cand.Producer.U * most
	}
	return replay.Add(limit, p.stored(x))
}

// stored is what both sides' rounding may change in an input; nil for nothing.
func (p *reconcile) stored(x *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	return replay.Add(p.ref.Producer.Stored(x), p.cand.Producer.Stored(x))
}

func (p *reconcile) set(v string, t *tensor.Tensor[float64], u replay.Uncertainty, flows bool) {
	if p.flow[v] != t {
		p.version[v]++
	}
	p.flow[v] = t
	delete(p.known, v)
	if flows {
		p.known[v] = u
	}
}

func (p *reconcile) confirm(v string, e *evidence, j *judged, x, limit *tensor.Tensor[float64]) {
	p.release(v)
	e.owner = v
	p.state[v], p.depth[v] = confirmed, 0
	p.found[v], p.judgedBy[v] = e, j
	p.profile(j, x, e.value(), limit)
	u, flows := e.uncertainty(x.Shape)
	p.set(v, e.flows(x.Shape), u, flows)
}

// release takes a value's tensor from it.
func (p *reconcile) release(v string) {
	if e := p.found[v]; e != nil && e.owner == v {
		e.owner = ""
	}
	delete(p.found, v)
	delete(p.judgedBy, v)
}

// open lets the replay of a value flow on.
func (p *reconcile) open(v string, n *graph.Node) {
	p.release(v)
	p.state[v], p.depth[v] = open, 1
	if n != nil {
		for _, in := range n.Inputs {
			p.depth[v] = max(p.depth[v], p.depth[in]+1)
		}
	}
}

// visit computes one node, if what it reads has changed since it was last computed.
func (p *reconcile) visit(n *graph.Node) error {
	if p.current(n) {
		return nil
	}
	in, before, ok := p.inputsOf(n, field{})
	var out []*tensor.Tensor[float64]
	if ok {
		out = p.forward(n, in)
	}
	if out == nil {
		p.substitute(n)
		return nil
	}
	delete(p.skipped, n.Name)
	after, err := p.drift.Node(n, in, out, before)
	if err != nil {
		return err
	}
	flows := false
	for i, v := range n.Outputs {
		flows = p.place(v, n, in, out[i], after[i].Limit()) || flows
	}
	if !flows {
		return nil
	}
	if err := p.drift.Flow(n, in, out, after); err != nil {
		return err
	}
	for i, v := range n.Outputs {
		if p.state[v] == open {
			p.set(v, out[i], after[i], true)
		}
	}
	return nil
}

// current reports whether a node was computed from what its inputs are now.
func (p *reconcile) current(n *graph.Node) bool {
	now := make([]int, len(n.Inputs))
	for i, v := range n.Inputs {
		now[i] = p.version[v]
	}
	last, done := p.seen[n]
	p.seen[n] = now
	if !done {
		return false
	}
	for i := range now {
		if now[i] != last[i] {
			return false
		}
	}
	return true
}

// inputsOf returns what a node reads, from the overlay where it has it.
func (p *reconcile) inputsOf(n *graph.Node, over field) (in []*tensor.Tensor[float64], before []replay.Uncertainty, ok bool) {
	in, before = make([]*tensor.Tensor[float64], len(n.Inputs)), make([]replay.Uncertainty, len(n.Inputs))
	for i, v := range n.Inputs {
		from := p.field
		if over.flow[v] != nil {
			from = over
		}
		if in[i] = from.flow[v]; in[i] == nil {
			return nil, nil, false
		}
		var flows bool
		if before[i], flows = from.known[v]; !flows {
			before[i] = p.drift.Exact()
		}
	}
	return in, before, true
}

// forward is nil for an operation that cannot be computed, of what it is given or at all.
func (p *reconcile) forward(n *graph.Node, in []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	if unknown(n) {
		return nil
	}
	shapes, err := graph.ShapesOf(n, in)
	if err != nil {
		return nil
	}
	return engine.Forward(n, in, shapes, p.opt.Threads)
}

// substitute lets the candidate's own tensors take the place of a node that cannot be computed.
func (p *reconcile) substitute(n *graph.Node) {
	p.skipped[n.Name] = true
	for _, v := range n.Outputs {
		p.release(v)
		p.state[v], p.depth[v], p.settled[v] = open, 0, true
		e := p.paired(v)
		if e == nil {
			p.set(v, nil, replay.Uncertainty{}, false)
			continue
		}
		shape := p.refShapes[v]
		if shape == nil {
			shape = e.t.Dims()
		}
		p.set(v, e.flows(shape), replay.Uncertainty{}, false)
	}
}

// place finds what the candidate has for a replayed value, and reports whether the replay flows on.
func (p *reconcile) place(v string, n *graph.Node, in []*tensor.Tensor[float64], x, limit *tensor.Tensor[float64]) bool {
	if p.state[v] == guilty {
		p.judgeGuilty(v, x, limit, in)
		return false
	}
	if e, j := p.match(v, n, x, limit, in); e != nil {
		p.confirm(v, e, j, x, limit)
		return false
	}
	p.open(v, n)
	return true
}

func (p *reconcile) judgeGuilty(v string, x, limit *tensor.Tensor[float64], in []*tensor.Tensor[float64]) {
	e := p.found[v]
	delete(p.judgedBy, v)
	if align.SameNumbers(e.t.Dims(), x.Shape) {
		p.judgedBy[v] = judge(x, e.value().Reshaped(x.Shape...), limit, in, p.opt.Threads)
		p.profile(p.judgedBy[v], x, e.value(), limit)
	}
	t := e.flows(x.Shape)
	if t == nil {
		t = x
	}
	if p.flow[v] == nil || !sameTensor(p.flow[v], t) {
		u, flows := e.uncertainty(t.Shape)
		p.set(v, t, u, flows)
	}
}

func sameTensor(a, b *tensor.Tensor[float64]) bool {
	return a.Shape.Equal(b.Shape) && len(a.Data) > 0 && &a.Data[0] == &b.Data[0]
}

// match returns the candidate's tensor that is within the bound of a value: its pair, or another one.
func (p *reconcile) match(v string, n *graph.Node, x, limit *tensor.Tensor[float64], in []*tensor.Tensor[float64]) (*evidence, *judged) {
	e := p.paired(v)
	if e != nil && (e.owner == "" || e.owner == v) && align.SameNumbers(e.t.Dims(), x.Shape) {
		if j := judge(x, e.value().Reshaped(x.Shape...), limit, in, p.opt.Threads); j.Ratio.Within() {
			return e, j
		}
	}
	if p.pairs[v].By == align.ByMap || n != nil && align.Plumbing(n) {
		return nil, nil
	}
	other, j := p.search(v, x, limit, in)
	if other != nil && e != nil && !e.native && other != e {
		p.crossed = true
	}
	return other, j
}

// paired is the candidate's tensor in the pair of a value or, where that was not recorded or has another shape, what nodes
// behind it that only rearrange numbers make of it.
func (p *reconcile) paired(v string) *evidence {
	pair, ok := p.pairs[v]
	if !ok {
		return nil
	}
	best := p.evidence[pair.Candidate]
	if pair.By == align.ByMap || p.flow[v] == nil {
		return best
	}
	fits := func(e *evidence) bool { return e != nil && align.SameNumbers(e.t.Dims(), p.flow[v].Shape) }
	for name := pair.Candidate; name != ""; name = p.rearranged(name) {
		e := p.evidence[name]
		if fits(e) && !e.native {
			return e
		}
		if fits(e) && !fits(best) {
			best = e
		}
	}
	return best
}

// rearranged is the value of the only node that reads a value of the candidate, if all that it does is to rearrange; else empty.
func (p *reconcile) rearranged(value string) string {
	readers := p.candConsumers[value]
	if len(readers) != 1 || !align.Plumbing(readers[0]) {
		return ""
	}
	return readers[0].Outputs[0]
}

// search looks for a tensor within the bound among all that no other value has been found to be.
func (p *reconcile) search(v string, x, limit *tensor.Tensor[float64], in []*tensor.Tensor[float64]) (*evidence, *judged) {
	for _, e := range p.byShape[shapeKey(x.Shape)] {
		if e.owner != "" && e.owner != v || !alike(x, e.value(), limit) || p.reserved(e, v) || p.own.stale[e.name] != nil {
			continue
		}
		if j := judge(x, e.value().Reshaped(x.Shape...), limit, in, p.opt.Threads); j.Ratio.Within() && !j.undecided {
			return e, j
		}
	}
	return nil, nil
}

// reserved reports whether the user has paired a tensor with another value.
func (p *reconcile) reserved(e *evidence, v string) bool {
	for other, pair := range p.pairs {
		if pair.Candidate == e.name && other != v && pair.By == align.ByMap {
			return true
		}
	}
	return false
}

// alike looks at a few elements.
func alike(x, y, limit *tensor.Tensor[float64]) bool {
	step := max(len(x.Data)/16, 1)
	for i := 0; i < len(x.Data); i += step {
		allowed := 0.0
		if limit != nil {
			allowed = limit.Data[i]
		}
		if !(replay.Distance(x.Data[i], y.Data[i]) <= allowed) {
			return false
		}
	}
	return true
}
