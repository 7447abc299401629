package structure

import "slices"

// sequence is a chain of items that follow each other.
type sequence []item

// item is an element or, where the network splits up and joins again, the branches in between. A shortcut is an empty branch.
type item struct {
	leaf     *Element // nil for branches
	branches []sequence
	weight   cost // of all elements in it
}

func leafOf(e *Element) item { return item{leaf: e, weight: e.weight()} }

func branchesOf(list []sequence) item {
	i := item{branches: list}
	for _, s := range list {
		i.weight += s.weight()
	}
	return i
}

func (s sequence) weight() (sum cost) {
	for _, i := range s {
		sum += i.weight
	}
	return sum
}

// elements lists all elements of a sequence, in order.
func (s sequence) elements() (list []*Element) {
	for _, i := range s {
		if i.leaf != nil {
			list = append(list, i.leaf)
		}
		for _, b := range i.branches {
			list = append(list, b.elements()...)
		}
	}
	return list
}

// region is a part of a network between one element, or the graph's inputs, and another, or the graph's output. All its
// elements lie on ways from there to here.
type region struct {
	elements []*Element // in the order of execution
	at       map[*Element]int
	readers  map[*Element][]*Element // in the whole network
}

// decompose writes a region as a sequence.
//
// An element that no edge passes by is on every way: these follow each other. What lies between two of them falls into parts
// that no edge connects: the branches. What falls into one part is taken as it stands, one element after the other.
func decompose(elements []*Element, readers map[*Element][]*Element) sequence {
	r := region{elements, map[*Element]int{}, readers}
	for i, e := range elements {
		r.at[e] = i
	}
	var s sequence
	var last *Element
	var between []*Element
	farthest := r.entered()
	for i, e := range elements {
		if farthest > i {
			between = append(between, e)
		} else {
			s = append(append(s, r.split(between, last, e)...), leafOf(e))
			last, between = e, nil
		}
		farthest = max(farthest, r.left(e))
	}
	return slices.Clip(append(s, r.split(between, last, nil)...))
}

// entered is the last place that reads something from outside.
func (r region) entered() int {
	last := 0
	for i, e := range r.elements {
		if r.readsOutside(e) {
			last = i
		}
	}
	return last
}

func (r region) readsOutside(e *Element) bool {
	for _, in := range e.inputs {
		if _, inside := r.at[in]; !inside {
			return true
		}
	}
	return false
}

// left is the last place that reads an element, the one behind the region for what others read, or nobody.
func (r region) left(e *Element) int {
	last := -1
	for _, reader := range r.readers[e] {
		i, inside := r.at[reader]
		if !inside {
			return len(r.elements)
		}
		last = max(last, i)
	}
	if last < 0 {
		return len(r.elements)
	}
	return last
}

// split makes branches of what lies between two elements; from or to is nil for the ends of the region.
func (r region) split(between []*Element, from, to *Element) sequence {
	if len(between) == 0 {
		return nil
	}
	parts := connected(between)
	if r.direct(from, to) {
		parts = append(parts, nil)
	}
	if len(parts) == 1 {
		var flat sequence
		for _, e := range between {
			flat = append(flat, leafOf(e))
		}
		return flat
	}
	var list []sequence
	for _, p := range parts {
		list = append(list, decompose(p, r.readers))
	}
	return sequence{branchesOf(list)}
}

// direct reports whether to reads from itself.
func (r region) direct(from, to *Element) bool {
	switch {
	case from == nil && to == nil:
		return false
	case from == nil:
		return r.readsOutside(to)
	case to == nil:
		return r.left(from) == len(r.elements)
	}
	for _, in := range to.inputs {
		if in == from {
			return true
		}
	}
	return false
}

// connected groups elements that edges connect, each group and the groups in the order of execution.
func connected(elements []*Element) [][]*Element {
	group := map[*Element]*Element{} // a parent in the tree of a group
	root := func(e *Element) *Element {
		for group[e] != e {
			e = group[e]
		}
		return e
	}
	for _, e := range elements {
		group[e] = e
		for _, in := range e.inputs {
			if _, inside := group[in]; inside {
				a, b := root(in), root(e)
				if a.place > b.place {
					a, b = b, a
				}
				group[b] = a
			}
		}
	}
	var list [][]*Element
	index := map[*Element]int{}
	for _, e := range elements {
		top := root(e)
		i, known := index[top]
		if !known {
			i = len(list)
			index[top], list = i, append(list, nil)
		}
		list[i] = append(list[i], e)
	}
	return list
}
