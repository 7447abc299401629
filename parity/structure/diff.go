package structure

import (
	"cmp"
	"slices"
	"strings"

	"parity/parity"
)

// Difference is one difference with the elements of both sides that show it; nil where a side has none.
type Difference struct {
	Cause string
	// Fact names the setting that differs; empty for layers that one side lacks, and for connections.
	Fact                 string
	Reference, Candidate string // the setting, where it is that of all
	At                   []Place
	Text                 string
}

// Place is an element of both sides, or of one, with the values of the setting. A piece of several elements that one side
// lacks is given by its first, with all of them in Piece.
type Place struct {
	Reference, Candidate           *Element
	ReferenceValue, CandidateValue string
	Piece                          []*Element
	Behind                         *Element // the reference's element before a piece; nil for none
}

// Differences lists what differs, that of most layers first.
func (d *Diff) Differences() []Difference {
	if d.Verdict() == parity.OtherNetwork {
		return nil
	}
	return d.differences()
}

func (d *Diff) differences() []Difference {
	list := slices.Concat(d.facts(), d.lacking(), d.sides(), d.connections())
	for i := range list {
		list[i].Text = d.sentence(list[i])
	}
	slices.SortStableFunc(list, func(a, b Difference) int { return cmp.Compare(len(b.At), len(a.At)) })
	return list
}

// facts groups the settings that differ by layer kind, setting and values.
func (d *Diff) facts() []Difference {
	var groups group
	for _, r := range d.Reference {
		c := d.Counterpart[r]
		if c == nil {
			continue
		}
		for _, name := range differences(r, c) {
			p := Place{Reference: r, Candidate: c, ReferenceValue: r.fact(name), CandidateValue: c.fact(name)}
			if name == outputs && d.last(r) {
				name = classes
			}
			key := strings.Join([]string{kindOf(r), name, p.ReferenceValue, p.CandidateValue}, "\x00")
			groups.add(key, Difference{Cause: causeOf(r, c, name), Fact: name, Reference: p.ReferenceValue, Candidate: p.CandidateValue}, p)
		}
	}
	return merged(groups.list)
}

// group collects places of the same difference in the order in which they are met.
type group struct {
	list []Difference
	at   map[string]int
}

func (g *group) add(key string, d Difference, p Place) {
	i, known := g.at[key]
	if !known {
		if g.at == nil {
			g.at = map[string]int{}
		}
		i = len(g.list)
		g.at[key], g.list = i, append(g.list, d)
	}
	g.list[i].At = append(g.list[i].At, p)
}

// few is how many pairs of values of one setting are told apart: beyond that, as between a network and a narrow one, each
// layer has its own.
const few = 4

// merged joins differences of one setting of one kind that have too many values to be told apart.
func merged(list []Difference) []Difference {
	key := func(d Difference) string { return kindOf(d.At[0].Reference) + "\x00" + d.Fact + "\x00" + d.Cause }
	count := map[string]int{}
	for _, d := range list {
		count[key(d)]++
	}
	var g group
	for _, d := range list {
		k := key(d)
		if count[k] <= few {
			k += "\x00" + d.Reference + "\x00" + d.Candidate
		} else {
			d.Reference, d.Candidate = "", ""
		}
		places := d.At
		d.At = nil
		for _, p := range places {
			g.add(k, d, p)
		}
	}
	for _, d := range g.list {
		slices.SortFunc(d.At, func(a, b Place) int { return a.Reference.place - b.Reference.place })
	}
	return g.list
}

// last reports whether an element is the last product: its outputs are the classes.
func (d *Diff) last(e *Element) bool {
	if e.class != products {
		return false
	}
	for i := len(d.Reference) - 1; i >= 0; i-- {
		if d.Reference[i].class == products {
			return d.Reference[i] == e
		}
	}
	return false
}

// lacking groups the pieces that one side lacks by what they consist of.
func (d *Diff) lacking() []Difference {
	var groups group
	for _, piece := range connected(only(d.Reference, func(e *Element) bool { return d.Counterpart[e] == nil })) {
		groups.add("-"+profile(piece), Difference{Cause: "structure.missing-layer"}, Place{Reference: piece[0], Piece: piece, Behind: nearest(piece[0], d.Counterpart)})
	}
	for _, piece := range connected(only(d.Candidate, func(e *Element) bool { return d.partner[e] == nil })) {
		groups.add("+"+profile(piece), Difference{Cause: "structure.extra-layer"}, Place{Candidate: piece[0], Piece: piece, Behind: d.behind(piece[0])})
	}
	return groups.list
}

// behind is the reference's counterpart of the nearest element before one of the candidate that has one.
func (d *Diff) behind(e *Element) *Element { return d.partner[nearest(e, d.partner)] }

// nearest is the first element before one that has a counterpart, nil for none.
func nearest(e *Element, counterpart map[*Element]*Element) *Element {
	if list := paired(e, counterpart); len(list) > 0 {
		return list[0]
	}
	return nil
}

// connections lists the layers that read another one's output than their counterpart does: each reads something that the
// other does not. What only one side reads belongs to a layer that the other lacks.
func (d *Diff) connections() (list []Difference) {
	for _, r := range d.Reference {
		c := d.Counterpart[r]
		if c == nil {
			continue
		}
		var own, other []*Element
		for _, e := range paired(c, d.partner) {
			other = append(other, d.partner[e])
		}
		reads := paired(r, d.Counterpart)
		own = only(reads, func(e *Element) bool { return !slices.Contains(other, e) })
		other = only(other, func(e *Element) bool { return !slices.Contains(reads, e) })
		if len(own) > 0 && len(other) > 0 && !d.ordering(r) && !d.ordering(append(own, other...)...) {
			list = append(list, Difference{
				Cause: "structure.wiring", Reference: names(own), Candidate: names(other), At: []Place{{Reference: r, Candidate: c}},
			})
		}
	}
	return list
}

// paired lists the nearest elements before one that have a counterpart, in order; those without are passed over.
func paired(e *Element, counterpart map[*Element]*Element) (list []*Element) {
	seen := map[*Element]bool{}
	for queue := slices.Clone(e.inputs); len(queue) > 0; queue = queue[1:] {
		in := queue[0]
		switch {
		case in == nil || seen[in]:
		case counterpart[in] != nil:
			list = append(list, in)
		default:
			queue = append(queue, in.inputs...)
		}
		seen[in] = true
	}
	return list
}

func names(list []*Element) string {
	var all []string
	for _, e := range list {
		all = append(all, e.Name())
	}
	return strings.Join(all, ", ")
}

// Result is the difference as it is reported.
func (d *Diff) Result() *parity.Structure {
	s := &parity.Structure{
		Verdict: d.Verdict(), Likeness: parity.Number(d.Likeness()), Paired: len(d.Counterpart),
		Reference: census(d.Reference), Candidate: census(d.Candidate), Differences: []parity.StructureDifference{},
	}
	for _, diff := range d.Differences() {
		s.Differences = append(s.Differences, diff.Result())
	}
	return s
}

// Result lists the layers by name.
func (diff Difference) Result() parity.StructureDifference {
	out := parity.StructureDifference{Cause: diff.Cause, Reference: diff.Reference, Candidate: diff.Candidate, Text: diff.Text, Layers: []parity.LayerPair{}}
	for _, p := range diff.At {
		switch {
		case p.Piece == nil:
			pair := parity.LayerPair{Reference: p.Reference.Name(), Candidate: p.Candidate.Name()}
			if diff.Reference == "" && diff.Candidate == "" {
				pair.ReferenceValue, pair.CandidateValue = p.ReferenceValue, p.CandidateValue
			}
			out.Layers = append(out.Layers, pair)
		case p.Reference != nil:
			for _, e := range p.Piece {
				out.Layers = append(out.Layers, parity.LayerPair{Reference: e.Name()})
			}
		default:
			for _, e := range p.Piece {
				out.Layers = append(out.Layers, parity.LayerPair{Candidate: e.Name()})
			}
		}
	}
	return out
}

// Foldable reports whether layers only end in another factor and offset for every channel, which the candidate's can express.
func (diff Difference) Foldable() bool {
	return diff.Fact == normalisation && diff.Cause != "bias.missing"
}

// Differs reports whether a setting of an element is another one than its counterpart's.
func (d *Diff) Differs(r *Element) bool { return len(differences(r, d.Counterpart[r])) > 0 }

// EdgeCause is the catalogue's entry for an element that deals otherwise with the edges of its map.
func (e *Element) EdgeCause() string {
	switch {
	case e.class == pools:
		return "pool.rounding"
	case e.class == products:
		return "conv.padding"
	}
	return "structure.shape"
}
