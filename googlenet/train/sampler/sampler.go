// Package sampler says which rows of a data set make up the next batch.
//
// What is drawn depends on the seed and on how many batches there were, on nothing else: not on the number of threads, nor on
// whether a run was interrupted and taken up again from a State.
package sampler

import (
	"fmt"
	"math/rand/v2"
)

// Batch is some rows of a data set.
type Batch struct {
	Rows []int
	// Epoch counts from 0. Last says that the next batch begins another one.
	Epoch int
	Last  bool
	// First is the number of rows drawn before this batch. Row i of it is the (First + i)-th drawn: with a seed, that number
	// is all that random changes of the row may depend on.
	First uint64
}

// Sampler yields batches without end.
type Sampler interface {
	Next() Batch
	// State is where the sampler is: what follows is the same from any sampler of the same kind and settings that is set to it.
	State() State
	// Restore goes to a state. A state that does not fit is an error, and changes nothing.
	Restore(State) error
}

// State is the place of a sampler, for a file.
type State struct {
	Kind  string `json:"kind"`
	Seed  uint64 `json:"seed"`
	Rows  int    `json:"rows"` // of the data set
	Epoch int    `json:"epoch"`
	Batch int    `json:"batch"` // within the epoch
	Drawn uint64 `json:"drawn"`
	// Waiting are the classes that come next, and Taken is how many rows were taken of each.
	Waiting []int `json:"waiting,omitempty"`
	Taken   []int `json:"taken,omitempty"`
}

// check compares a state with the sampler that it is for.
func (s State) check(kind string, seed uint64, rows int) error {
	switch {
	case s.Kind != kind:
		return fmt.Errorf("the state is that of a sampler %q, not of %q", s.Kind, kind)
	case s.Seed != seed:
		return fmt.Errorf("the state was begun with the seed %d, not %d", s.Seed, seed)
	case s.Rows != rows:
		return fmt.Errorf("the state is of a data set of %d rows, not %d", s.Rows, rows)
	case s.Epoch < 0 || s.Batch < 0:
		return fmt.Errorf("the state is at epoch %d, batch %d; expected no negative numbers", s.Epoch, s.Batch)
	}
	return nil
}

// Streams of random numbers that begin with the same seed.
const (
	streamRows    = iota // the order of rows in an epoch
	streamClasses        // the order of classes
	streamWithin         // the order of a class's rows
	streamChanges        // random changes of a row
)

// Rand returns the random numbers for the changes of the n-th row drawn (Batch.First + i).
func Rand(seed, n uint64) *rand.Rand { return numbers(seed, streamChanges, n) }

// numbers are those of a stream, begun anew for every number of it.
func numbers(seed uint64, stream uint64, n uint64) *rand.Rand {
	return rand.New(rand.NewPCG(mixed(seed, stream), n))
}

// mixed is SplitMix64 of both, so that neighbouring seeds have nothing in common.
func mixed(seed, stream uint64) uint64 {
	z := seed + (stream+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
