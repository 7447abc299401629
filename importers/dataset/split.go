package dataset

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// SplitOptions say how to part a set by classes.
type SplitOptions struct {
	// Train is the number of classes for training, the others are for the test; 0: half of them, rounded down.
	Train int
	// Shuffle draws the classes, with Seed; otherwise the first ones, by label, are for training. That is how CUB-200-2011 and
	// Cars196 are split in the literature.
	Shuffle bool
	Seed    uint64
}

// Split parts a set by classes: what is tested was never trained (zero-shot). Labels of either part are counted from 0 anew, in
// the order of the classes in the set. The authors' own parts are not looked at: see Parts.
func (s *Set) Split(o SplitOptions) (train, test *Set, err error) {
	n := len(s.Classes)
	if o.Train == 0 {
		o.Train = n / 2
	}
	if o.Train < 1 || o.Train >= n {
		return nil, nil, fmt.Errorf("%d classes of %d for training: expected at least one, and one that is left for the test", o.Train, n)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	if o.Shuffle {
		rand.New(rand.NewPCG(o.Seed, 0)).Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	chosen := order[:o.Train]
	train = s.where(func(item Item) bool { return slices.Contains(chosen, item.Label) }).compact()
	test = s.where(func(item Item) bool { return !slices.Contains(chosen, item.Label) }).compact()
	return train, test, nil
}

// Official parts a set as its authors did: training, and test or queries and gallery. Classes are counted anew in each.
func (s *Set) Official() (train, test *Set, err error) {
	train, test = s.Parts(Train).compact(), s.Parts(Test, Query, Gallery).compact()
	if len(train.Items) == 0 || len(test.Items) == 0 {
		return nil, nil, fmt.Errorf("%s: the data set (%s) has no parts of its own; split it by classes", s.Root, s.Layout)
	}
	return train, test, nil
}
