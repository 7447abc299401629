package selftest

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Sweep runs every case on every kind of evidence that it fits; outcomes are in that order.
func Sweep(ctx context.Context, cases []Case, kinds []Evidence, workers int) ([]Outcome, error) {
	var list []Outcome
	var evidence []Evidence
	for _, c := range cases {
		for _, e := range kinds {
			if e.shows(c) {
				list, evidence = append(list, Outcome{Case: c}), append(evidence, e)
			}
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	for i := range list {
		g.Go(func() error {
			o, err := Run(ctx, list[i].Case, evidence[i])
			list[i] = o
			return err
		})
	}
	return list, g.Wait()
}
