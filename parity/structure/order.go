package structure

import "slices"

// order is a layer that stands on the other side of a neighbour than its counterpart does.
type order struct {
	at, neighbour *Element // of the reference
	behind        bool     // in the reference it is behind the neighbour
}

// swap pairs layers that both sides lack only because they stand on different sides of a neighbour.
func (d *Diff) swap() {
	for _, r := range d.Reference {
		for _, c := range d.Candidate {
			if d.Counterpart[r] == nil && d.partner[c] == nil && r.class == c.class && len(differences(r, c)) == 0 {
				if o := d.swapped(r, c); o != nil {
					d.Counterpart[r], d.partner[c] = c, r
					d.orders = append(d.orders, *o)
				}
			}
		}
	}
}

func (d *Diff) swapped(r, c *Element) *order {
	if len(r.inputs) != 1 || len(c.inputs) != 1 {
		return nil
	}
	if before := r.inputs[0]; before != nil && d.Counterpart[before] != nil && slices.Contains(d.Counterpart[before].inputs, c) {
		return &order{r, before, true}
	}
	if before := c.inputs[0]; before != nil && d.partner[before] != nil && slices.Contains(d.partner[before].inputs, r) {
		return &order{r, d.partner[before], false}
	}
	return nil
}

// ordering reports whether elements only read each other's output because they were swapped.
func (d *Diff) ordering(elements ...*Element) bool {
	for _, e := range elements {
		if !slices.ContainsFunc(d.orders, func(o order) bool { return o.at == e || o.neighbour == e }) {
			return false
		}
	}
	return len(elements) > 0
}

// sides groups the layers that stand in another order.
func (d *Diff) sides() []Difference {
	var groups group
	for _, o := range d.orders {
		here, there := "behind", "before"
		if !o.behind {
			here, there = there, here
		}
		kind := kindOf(o.neighbour)
		diff := Difference{Cause: "structure.wiring", Fact: "place", Reference: here + " the " + kind, Candidate: there + " the " + kind}
		groups.add(kindOf(o.at)+"\x00"+diff.Reference, diff, Place{Reference: o.at, Candidate: d.Counterpart[o.at]})
	}
	return groups.list
}

// exchange mends pairs of siblings, layers that read the same: the branches that they begin decide which are paired, but
// where the other pairs agree in all facts, it is what follows that reads the other one.
func (d *Diff) exchange() {
	for i, r := range d.Reference {
		for _, other := range d.Reference[i+1:] {
			c, to := d.Counterpart[r], d.Counterpart[other]
			if c == nil || to == nil || r.class != other.class || !slices.Equal(r.inputs, other.inputs) || !slices.Equal(c.inputs, to.inputs) {
				continue
			}
			if len(differences(r, to)) == 0 && len(differences(other, c)) == 0 && len(differences(r, c)) > 0 {
				d.Counterpart[r], d.Counterpart[other], d.partner[c], d.partner[to] = to, c, other, r
			}
		}
	}
}
