package sampler

import (
	"fmt"
	"slices"
)

// Balanced takes as many rows of each of several classes for a batch. Classes come in turn, in an order that is drawn anew
// when each has had its turn, never twice in a batch; and so do the rows of a class, so that in the long run none is left out.
// A class with fewer rows than are to be taken of it gives some of them more than once.
type Balanced struct {
	seed         uint64
	rows         int
	classes      [][]int // rows of each
	take, groups int
	state        State
}

// NewBalanced takes batches of groups classes with take rows each. Labels has a class for every row, from 0; a class may be
// without rows.
func NewBalanced(labels []int, groups, take int, seed uint64) (*Balanced, error) {
	s := &Balanced{seed: seed, rows: len(labels), groups: groups, take: take}
	byLabel := map[int][]int{}
	for row, label := range labels {
		byLabel[label] = append(byLabel[label], row)
	}
	var names []int
	for label := range byLabel {
		names = append(names, label)
	}
	slices.Sort(names)
	for _, label := range names {
		s.classes = append(s.classes, byLabel[label])
	}
	if groups < 1 || take < 1 || groups > len(s.classes) {
		return nil, fmt.Errorf("batches of %d classes with %d rows each, of %d classes: expected at least one of either, and no more classes than there are", groups, take, len(s.classes))
	}
	s.state = State{Kind: "balanced", Seed: seed, Rows: len(labels), Taken: make([]int, len(s.classes))}
	return s, nil
}

// Batches is the number of batches in an epoch: as many rows as there are, but for what is left over.
func (s *Balanced) Batches() int { return max(1, s.rows/(s.groups*s.take)) }

// Next returns the next batch, its rows class by class.
func (s *Balanced) Next() Batch {
	b := Batch{Epoch: s.state.Epoch, First: s.state.Drawn}
	for _, class := range s.nextClasses() {
		for range s.take {
			b.Rows = append(b.Rows, s.nextRow(class))
		}
	}
	s.state.Drawn += uint64(len(b.Rows))
	s.state.Batch++
	if b.Last = s.state.Batch == s.Batches(); b.Last {
		s.state.Epoch, s.state.Batch = s.state.Epoch+1, 0
	}
	return b
}

// nextClasses takes the first classes that wait, each once. Those that are passed over stay in front.
func (s *Balanced) nextClasses() []int {
	var list []int
	for at := 0; len(list) < s.groups; {
		if at == len(s.state.Waiting) {
			turn := numbers(s.seed, streamClasses, s.state.Drawn).Perm(len(s.classes))
			s.state.Waiting = append(s.state.Waiting, turn...)
		}
		if class := s.state.Waiting[at]; !slices.Contains(list, class) {
			list = append(list, class)
			s.state.Waiting = slices.Delete(s.state.Waiting, at, at+1)
		} else {
			at++
		}
	}
	return list
}

// nextRow takes the rows of a class in an order that is drawn anew when all were taken.
func (s *Balanced) nextRow(class int) int {
	rows, taken := s.classes[class], s.state.Taken[class]
	s.state.Taken[class]++
	turn := uint64(taken / len(rows))
	order := numbers(s.seed, streamWithin, turn*uint64(len(s.classes))+uint64(class)).Perm(len(rows))
	return rows[order[taken%len(rows)]]
}

// State is where it is.
func (s *Balanced) State() State {
	out := s.state
	out.Waiting, out.Taken = slices.Clone(out.Waiting), slices.Clone(out.Taken)
	return out
}

// Restore goes to a state.
func (s *Balanced) Restore(to State) error {
	if err := to.check("balanced", s.seed, s.rows); err != nil {
		return err
	}
	if len(to.Taken) != len(s.classes) || slices.ContainsFunc(to.Taken, func(n int) bool { return n < 0 }) {
		return fmt.Errorf("the state has %d classes; expected how many rows were taken of each of %d", len(to.Taken), len(s.classes))
	}
	for _, class := range to.Waiting {
		if class < 0 || class >= len(s.classes) {
			return fmt.Errorf("in the state the class %d waits; expected one of %d", class, len(s.classes))
		}
	}
	if to.Batch >= s.Batches() {
		return fmt.Errorf("the state is at batch %d of an epoch of %d; was it made with batches of another size?", to.Batch, s.Batches())
	}
	to.Waiting, to.Taken = slices.Clone(to.Waiting), slices.Clone(to.Taken)
	s.state = to
	return nil
}
