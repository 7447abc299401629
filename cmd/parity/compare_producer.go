package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"parity/cmd/parity/side"
)

// addProducers adds --producer, which says how a recording was made.
func (f *compareFlags) addProducers(c *cobra.Command) {
	for _, o := range f.producers() {
		c.Flags().StringVar(o.of, o.prefix+"producer", "", "`WHO` recorded the tensors "+o.whose+", as in math=tf32,device=cuda; above")
	}
}

type producerFlag struct {
	prefix, whose string
	of            *string
}

func (f *compareFlags) producers() []producerFlag {
	return []producerFlag{{"", "of both sides", &f.both.Producer}, {"ref.", "of the reference", &f.ref.Producer}, {"cand.", "of the candidate", &f.cand.Producer}}
}

// checkProducers refuses to declare how something was recorded that is computed here.
func (f *compareFlags) checkProducers(pair *side.Pair) error {
	ref, cand := pair.Recorded()
	for i, recorded := range []bool{ref || cand, ref, cand} {
		if o := f.producers()[i]; *o.of != "" && !recorded {
			return fmt.Errorf("--%sproducer %s: nothing is recorded %s, its tensors are computed here", o.prefix, *o.of, o.whose)
		}
	}
	return nil
}
