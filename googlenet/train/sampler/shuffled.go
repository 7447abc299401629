package sampler

import "fmt"

// Shuffled takes every row once in an epoch, each time in another order.
type Shuffled struct {
	seed        uint64
	rows, batch int
	partial     bool
	state       State
	order       []int
}

// NewShuffled takes batches of some size. What is left over at the end of an epoch is a smaller batch if partial, else it is
// left out.
func NewShuffled(rows, batch int, partial bool, seed uint64) (*Shuffled, error) {
	if rows < 1 || batch < 1 || batch > rows && !partial {
		return nil, fmt.Errorf("batches of %d rows of %d: expected at least one row, and one batch an epoch", batch, rows)
	}
	s := &Shuffled{seed: seed, rows: rows, batch: batch, partial: partial, state: State{Kind: "shuffled", Seed: seed, Rows: rows}}
	s.shuffle()
	return s, nil
}

// Batches is the number of batches in an epoch.
func (s *Shuffled) Batches() int {
	if s.partial {
		return (s.rows + s.batch - 1) / s.batch
	}
	return s.rows / s.batch
}

func (s *Shuffled) shuffle() {
	s.order = numbers(s.seed, streamRows, uint64(s.state.Epoch)).Perm(s.rows)
}

// Next returns the next batch.
func (s *Shuffled) Next() Batch {
	from := s.state.Batch * s.batch
	b := Batch{Rows: append([]int(nil), s.order[from:min(from+s.batch, s.rows)]...), Epoch: s.state.Epoch, First: s.state.Drawn}
	s.state.Drawn += uint64(len(b.Rows))
	s.state.Batch++
	if b.Last = s.state.Batch == s.Batches(); b.Last {
		s.state.Epoch, s.state.Batch = s.state.Epoch+1, 0
		s.shuffle()
	}
	return b
}

// State is where it is.
func (s *Shuffled) State() State { return s.state }

// Restore goes to a state.
func (s *Shuffled) Restore(to State) error {
	if err := to.check("shuffled", s.seed, s.rows); err != nil {
		return err
	}
	if to.Batch >= s.Batches() {
		return fmt.Errorf("the state is at batch %d of an epoch of %d; was it made with batches of another size?", to.Batch, s.Batches())
	}
	s.state = to
	s.shuffle()
	return nil
}
