package sampler

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var labels = []int{4, 4, 4, 4, 4, 4, 4, 1, 1, 1, 9, 9, 2, 2, 2, 2, 2}

func makers() map[string]func(seed uint64) (Sampler, error) {
	return map[string]func(seed uint64) (Sampler, error){
		"whole":    func(seed uint64) (Sampler, error) { return NewShuffled(17, 4, false, seed) },
		"partial":  func(seed uint64) (Sampler, error) { return NewShuffled(17, 4, true, seed) },
		"balanced": func(seed uint64) (Sampler, error) { return NewBalanced(labels, 3, 2, seed) },
	}
}

// TestResumed takes up a sampler after every number of batches, through JSON: what follows is the same.
func TestResumed(t *testing.T) {
	for name, newSampler := range makers() {
		s, err := newSampler(7)
		if err != nil {
			t.Fatal(err)
		}
		var states [][]byte
		var want []Batch
		for range 40 {
			data, err := json.Marshal(s.State())
			if err != nil {
				t.Fatal(err)
			}
			states, want = append(states, data), append(want, s.Next())
		}
		for i, data := range states {
			again, _ := newSampler(7)
			var state State
			if err := json.Unmarshal(data, &state); err != nil {
				t.Fatal(err)
			}
			if err := again.Restore(state); err != nil {
				t.Fatal(err)
			}
			for j := i; j < len(want); j++ {
				if got := again.Next(); !reflect.DeepEqual(got, want[j]) {
					t.Fatalf("%s, taken up at batch %d: batch %d is %+v, want %+v", name, i, j, got, want[j])
				}
			}
		}
		other, _ := newSampler(8)
		if reflect.DeepEqual(other.Next().Rows, want[0].Rows) {
			t.Errorf("%s: two seeds begin alike", name)
		}
	}
}

// TestEveryRowOnce counts the rows of epochs, and that their orders differ.
func TestEveryRowOnce(t *testing.T) {
	for _, tt := range []struct {
		partial         bool
		batches, perRun int
	}{{false, 4, 16}, {true, 5, 17}} {
		s, err := NewShuffled(17, 4, tt.partial, 3)
		if err != nil || s.Batches() != tt.batches {
			t.Fatal(s.Batches(), err)
		}
		var epochs [3][]int
		drawn := uint64(0)
		for epoch := range epochs {
			for i := range tt.batches {
				b := s.Next()
				if b.Epoch != epoch || b.Last != (i == tt.batches-1) || b.First != drawn {
					t.Errorf("epoch %d, batch %d: %+v", epoch, i, b)
				}
				drawn += uint64(len(b.Rows))
				epochs[epoch] = append(epochs[epoch], b.Rows...)
			}
			sorted := slices.Sorted(slices.Values(epochs[epoch]))
			if unique := slices.Compact(sorted); len(unique) != tt.perRun || len(epochs[epoch]) != tt.perRun {
				t.Errorf("epoch %d has %v", epoch, epochs[epoch])
			}
		}
		if slices.Equal(epochs[0], epochs[1]) || slices.Equal(epochs[1], epochs[2]) {
			t.Error("epochs have the same order")
		}
	}
}

// TestBalance counts classes in every batch, and turns in the long run.
func TestBalance(t *testing.T) {
	s, err := NewBalanced(labels, 3, 2, 5)
	if err != nil || s.Batches() != 2 {
		t.Fatal(s, err)
	}
	classes, rows := map[int]int{}, map[int]int{}
	const batches = 400
	for range batches {
		b := s.Next()
		seen := map[int]int{}
		for _, row := range b.Rows {
			seen[labels[row]]++
			rows[row]++
		}
		if len(seen) != 3 {
			t.Fatalf("%v has %d classes", b.Rows, len(seen))
		}
		for class, n := range seen {
			classes[class]++
			if n != 2 {
				t.Fatalf("%v has %d rows of class %d", b.Rows, n, class)
			}
		}
	}
	for class, n := range classes {
		if n != batches*3/4 {
			t.Errorf("class %d had %d turns, want %d", class, n, batches*3/4)
		}
	}
	for row, n := range rows {
		size := map[int]int{4: 7, 1: 3, 9: 2, 2: 5}[labels[row]]
		if want := batches * 3 / 4 * 2 / size; n < want-1 || n > want+1 {
			t.Errorf("row %d was taken %d times, want %d", row, n, want)
		}
	}
	if len(rows) != len(labels) {
		t.Errorf("%d rows of %d were taken", len(rows), len(labels))
	}
}

// TestTakesMoreThanThereAre: two rows, three wanted.
func TestTakesMoreThanThereAre(t *testing.T) {
	s, err := NewBalanced([]int{0, 0}, 1, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	got := append(s.Next().Rows, s.Next().Rows...)
	for turn := 0; turn < len(got); turn += 2 {
		if got[turn] == got[turn+1] {
			t.Errorf("%v: a row comes again before the other one came", got)
		}
	}
}

func TestRefusedStates(t *testing.T) {
	whole, _ := NewShuffled(17, 4, false, 7)
	balanced, _ := NewBalanced(labels, 3, 2, 7)
	for _, tt := range []struct {
		s      Sampler
		change func(s *State)
		want   string
	}{
		{whole, func(s *State) { s.Kind = "balanced" }, `a sampler "balanced", not of "shuffled"`},
		{whole, func(s *State) { s.Seed = 8 }, "the seed 8, not 7"},
		{whole, func(s *State) { s.Rows = 16 }, "16 rows, not 17"},
		{whole, func(s *State) { s.Batch = 4 }, "batch 4 of an epoch of 4"},
		{whole, func(s *State) { s.Epoch = -1 }, "negative"},
		{balanced, func(s *State) { s.Taken = s.Taken[1:] }, "3 classes"},
		{balanced, func(s *State) { s.Taken[0] = -1 }, "taken of each of 4"},
		{balanced, func(s *State) { s.Waiting = []int{4} }, "the class 4 waits"},
		{balanced, func(s *State) { s.Batch = 2 }, "batch 2 of an epoch of 2"},
	} {
		before := tt.s.State()
		state := tt.s.State()
		tt.change(&state)
		if err := tt.s.Restore(state); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
		if !reflect.DeepEqual(tt.s.State(), before) {
			t.Errorf("%s: the refused state changed something", tt.want)
		}
	}
	for _, err := range []error{second(NewShuffled(3, 4, false, 1)), second(NewShuffled(3, 0, true, 1)), second(NewBalanced(labels, 5, 2, 1)), second(NewBalanced(labels, 2, 0, 1))} {
		if err == nil {
			t.Error("an impossible batch is accepted")
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestRand: numbers of a row depend on the seed and its number alone, and on both.
func TestRand(t *testing.T) {
	a := Rand(1, 2).Uint64()
	if a != Rand(1, 2).Uint64() || a == Rand(1, 3).Uint64() || a == Rand(2, 2).Uint64() || a == numbers(1, streamRows, 2).Uint64() {
		t.Error("the random numbers of a row are not its own")
	}
}
