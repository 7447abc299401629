package structure

// cost is how much has to be changed to make one network of another: facts first; then pairs that nothing else speaks for,
// such as names or weights; then branches out of order.
type cost int64

const (
	anOrder cost = 1
	aHint   cost = 1 << 16
	aFact   cost = 1 << 32
)

// matcher finds the cheapest way to make one network of another: elements of one class are changed fact by fact, others are
// left out or put in. Chains are aligned as by Needleman and Wunsch (1970), branches assigned to branches in any order. Where
// one side has branches and the other a chain, one of the branches is held against a piece of the chain.
type matcher struct {
	hinted func(r, c *Element) bool
	tables map[[2]*item]*table // of chains, by their first items
	spans  map[spanKey]*table
	blocks map[[2]*item]*assigned // of items with branches
}

// pairing is an element of each side; nil where the other has no counterpart.
type pairing struct{ ref, cand *Element }

// move is the last step on the cheapest way to a cell of a table.
type move struct {
	kind   moveKind
	branch int // that is unwrapped
	span   int // how many items of the chain it is held against
}

type moveKind int

const (
	leaveOut   moveKind = iota // an item of the reference
	putIn                      // one of the candidate
	both                       // one of each
	unwrapRef                  // branches of the reference against a piece of the candidate
	unwrapCand                 // and the reverse
)

// table holds the cost of making b[:j] of a[:i] for all i and j.
type table struct {
	a, b  sequence
	costs []cost
	moves []move
}

func (t *table) at(i, j int) int { return i*(len(t.b)+1) + j }

func (t *table) cost(i, j int) cost { return t.costs[t.at(i, j)] }

// whole is the table of two chains.
func (m *matcher) whole(a, b sequence) *table {
	if len(a) == 0 || len(b) == 0 {
		return m.fill(a, b)
	}
	key := [2]*item{&a[0], &b[0]}
	t := m.tables[key]
	if t == nil {
		t = m.fill(a, b)
		m.tables[key] = t
	}
	return t
}

// spanKey is the first item of a branch, that of the other side's chain, and whose the branch is.
type spanKey struct {
	branch, chain *item
	ofRef         bool
}

// span is the table of a branch and what follows in the other side's chain, as far as that may stand for the branch.
func (m *matcher) span(branch, chain sequence, ofRef bool) *table {
	rest := chain[:cap(chain)] // where the chain is a piece itself, the table serves longer ones too
	rest = rest[:min(len(rest), 2*len(branch)+8)]
	key := spanKey{&branch[0], &rest[0], ofRef}
	t := m.spans[key]
	if t == nil {
		if ofRef {
			t = m.fill(branch, rest)
		} else {
			t = m.fill(rest, branch)
		}
		m.spans[key] = t
	}
	return t
}

func (m *matcher) fill(a, b sequence) *table {
	size := (len(a) + 1) * (len(b) + 1)
	t := &table{a, b, make([]cost, size), make([]move, size)}
	for k := 1; k < size; k++ {
		t.costs[k] = -1
	}
	width := max(len(a)-len(b), len(b)-len(a)) + margin
	for i := 0; i <= len(a); i++ {
		for j := max(0, i-width); j <= min(len(b), i+width); j++ {
			m.leave(t, i, j)
		}
	}
	return t
}

// margin is how many items longer than the difference of the chains' lengths a piece may be that one side has and the other,
// further on, does not: those of several modules.
const margin = 24

// leave takes all steps from a cell. Of equal ways the last of several equal items is left out.
func (m *matcher) leave(t *table, i, j int) {
	from := t.cost(i, j)
	if from < 0 {
		return
	}
	reach := func(k, l int, c cost, mv move) {
		if at := t.at(k, l); t.costs[at] < 0 || from+c < t.costs[at] || from+c == t.costs[at] && mv.kind < t.moves[at].kind {
			t.costs[at], t.moves[at] = from+c, mv
		}
	}
	if i < len(t.a) && j < len(t.b) {
		if c, ok := m.change(&t.a[i], &t.b[j]); ok {
			reach(i+1, j+1, c, move{kind: both})
		}
	}
	if i < len(t.a) {
		reach(i+1, j, t.a[i].weight, move{kind: leaveOut})
	}
	if j < len(t.b) {
		reach(i, j+1, t.b[j].weight, move{kind: putIn})
	}
	if i < len(t.a) && j < len(t.b) {
		m.unwrap(t.a[i], t.b[j:], true, func(c cost, mv move) { reach(i+1, j+mv.span, c, mv) })
		m.unwrap(t.b[j], t.a[i:], false, func(c cost, mv move) { reach(i+mv.span, j+1, c, mv) })
	}
}

// unwrap holds each branch of an item against pieces of the other side's chain; the other branches are left out, or put in.
func (m *matcher) unwrap(of item, chain sequence, ofRef bool, reach func(cost, move)) {
	for x, branch := range of.branches {
		if len(branch) == 0 {
			continue
		}
		t := m.span(branch, chain, ofRef)
		others := of.weight - branch.weight()
		for k := 1; k <= len(chain); k++ {
			i, j, kind := len(branch), k, unwrapRef
			if !ofRef {
				i, j, kind = k, len(branch), unwrapCand
			}
			if i > len(t.a) || j > len(t.b) {
				break
			}
			reach(t.cost(i, j)+others, move{kind, x, k})
		}
	}
}

// change is the cost of making one item of another; false where it cannot be done.
func (m *matcher) change(a, b *item) (cost, bool) {
	switch {
	case a.leaf != nil && b.leaf != nil:
		return m.changeLeaf(a.leaf, b.leaf)
	case a.leaf == nil && b.leaf == nil:
		return m.block(a, b).cost, true
	}
	return 0, false
}

func (m *matcher) changeLeaf(r, c *Element) (cost, bool) {
	if r.class != c.class {
		return 0, false
	}
	sum := aFact * cost(len(differences(r, c)))
	if r.level != c.level {
		sum += aFact
	}
	if !m.hinted(r, c) {
		sum += aHint
	}
	return sum, true
}

// differences lists the names of the facts that are not the same of both. Other functions have other settings.
func differences(r, c *Element) (names []string) {
	if r.fact("function") != c.fact("function") {
		return []string{"function"}
	}
	for _, f := range r.facts {
		if !same(f, c.told(f.name)) {
			names = append(names, f.name)
		}
	}
	for _, f := range c.facts {
		if r.fact(f.name) == "" {
			names = append(names, f.name)
		}
	}
	return names
}

// pairs follows the cheapest way back from a cell.
func (m *matcher) pairs(t *table, i, j int) (list []pairing) {
	for i > 0 || j > 0 {
		mv := t.moves[t.at(i, j)]
		switch mv.kind {
		case both:
			i, j = i-1, j-1
			list = append(list, m.pairsOf(&t.a[i], &t.b[j])...)
		case leaveOut:
			i--
		case putIn:
			j--
		case unwrapRef:
			i, j = i-1, j-mv.span
			branch := t.a[i].branches[mv.branch]
			list = append(list, m.pairs(m.span(branch, t.b[j:], true), len(branch), mv.span)...)
		case unwrapCand:
			i, j = i-mv.span, j-1
			branch := t.b[j].branches[mv.branch]
			list = append(list, m.pairs(m.span(branch, t.a[i:], false), mv.span, len(branch))...)
		}
	}
	return list
}

func (m *matcher) pairsOf(a, b *item) []pairing {
	if a.leaf != nil {
		return []pairing{{a.leaf, b.leaf}}
	}
	var list []pairing
	for x, y := range m.block(a, b).to {
		if y >= 0 {
			p, q := a.branches[x], b.branches[y]
			list = append(list, m.pairs(m.whole(p, q), len(p), len(q))...)
		}
	}
	return list
}
