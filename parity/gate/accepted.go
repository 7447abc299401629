package gate

import (
	"cmp"
	"fmt"
	"time"

	"parity/parity"
)

// AcceptedSchema is the version of the file of accepted differences.
const AcceptedSchema = "parity.accepted/1"

// Accepted lists the differences that a team has decided to live with.
type Accepted struct {
	Schema      string       `json:"schema"`
	Differences []Difference `json:"differences"`
}

// Difference is one of them, in one comparison. Limit may be left out where a layer has no ratio, being missing or incomparable.
type Difference struct {
	Key
	Layer  string        `json:"layer"`
	Cause  string        `json:"cause"`
	Limit  parity.Number `json:"limit"`
	Reason string        `json:"reason"`
	Review string        `json:"review"`
}

// day is how dates are written.
const day = time.DateOnly

// ReadAccepted reads a file of accepted differences.
func ReadAccepted(file string) (*Accepted, error) {
	a := &Accepted{}
	if err := read(file, a); err != nil {
		return nil, err
	}
	if a.Schema != AcceptedSchema {
		return nil, fmt.Errorf("%s: expected the schema %q, found %q", file, AcceptedSchema, a.Schema)
	}
	seen := map[string]bool{}
	for i, d := range a.Differences {
		if err := d.check(); err != nil {
			return nil, fmt.Errorf("%s: difference %d (%s): %w", file, i+1, cmp.Or(d.Layer, "no layer"), err)
		}
		if id := fmt.Sprint(d.Key, "\x00", d.Layer, "\x00", d.Cause); seen[id] {
			return nil, fmt.Errorf("%s: difference %d (%s): %s is accepted twice in %s; delete one", file, i+1, d.Layer, d.Cause, d.Key)
		} else {
			seen[id] = true
		}
	}
	return a, nil
}

func (d Difference) check() error {
	for _, field := range []struct{ name, value string }{
		{"bundle", d.Bundle}, {"reference", d.Reference}, {"candidate", d.Candidate}, {"layer", d.Layer}, {"cause", d.Cause}, {"reason", d.Reason},
	} {
		if field.value == "" {
			return fmt.Errorf("expected a %q", field.name)
		}
	}
	if _, err := time.Parse(day, d.Review); err != nil {
		return fmt.Errorf(`"review": expected the day by which somebody has to look again, as in "2027-01-31", found %q`, d.Review)
	}
	if d.Limit != 0 && !(d.Limit > 1) {
		return fmt.Errorf(`"limit": expected a number above 1, for 1 is the rounding bound, found %g`, float64(d.Limit))
	}
	return nil
}

// of lists the differences of one comparison.
func (a *Accepted) of(k Key) []Difference {
	var list []Difference
	if a != nil {
		for _, d := range a.Differences {
			if d.Key == k {
				list = append(list, d)
			}
		}
	}
	return list
}
