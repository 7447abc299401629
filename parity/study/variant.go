package study

import (
	"errors"
	"fmt"
	"slices"

	"parity/googlenet/graph"
)

// Variant is one way to do what a factor is about.
type Variant struct {
	ID    string
	Title string
	// Graph changes the network, and says which layers; nil leaves it as it is. An Absent error says that there is nothing to
	// change.
	Graph func(m *Model) (*graph.Graph, []string, error)
	// Prepare changes how a photo becomes the input; nil leaves that as it is.
	Prepare func(base Preparation) (Preparation, error)
	// Embed says what retrieval makes of the features; empty for their direction.
	Embed Embedding
}

// Absent says why a variant has nothing to change in a network, or in how it is fed.
type Absent string

func (a Absent) Error() string { return string(a) }

// Factor is one choice and the list of ways to make it. The first variant is the base: nothing is changed.
type Factor struct {
	Name     string
	About    string
	Variants []Variant
}

// Factors lists what can be studied.
var Factors = []Factor{padding, preprocessing, normalization}

// FactorNamed returns the factor of a name.
func FactorNamed(name string) (Factor, error) {
	i := slices.IndexFunc(Factors, func(f Factor) bool { return f.Name == name })
	if i < 0 {
		var names []string
		for _, f := range Factors {
			names = append(names, f.Name)
		}
		return Factor{}, fmt.Errorf("there is no factor %q to study: expected one of %v, or all", name, names)
	}
	return Factors[i], nil
}

// Only keeps the base and the variants of some names.
func (f Factor) Only(ids []string) (Factor, error) {
	if len(ids) == 0 {
		return f, nil
	}
	all := f.Variants
	for _, id := range ids {
		if !slices.ContainsFunc(all, func(v Variant) bool { return v.ID == id }) {
			return f, fmt.Errorf("%s has no variant %q; 'parity study %s --list' lists them", f.Name, id, f.Name)
		}
	}
	f.Variants = slices.DeleteFunc(slices.Clone(all), func(v Variant) bool { return v.ID != all[0].ID && !slices.Contains(ids, v.ID) })
	return f, nil
}

// applied is a variant for a model.
type applied struct {
	Variant
	graph   *graph.Graph
	changed []string
	words   string
	absent  string // why there is nothing to compute
}

// apply makes a variant of the model and of how it is fed.
func (v Variant) apply(m *Model, base Preparation) (applied, error) {
	a := applied{Variant: v, graph: m.Graph, words: base.String()}
	var err error
	if v.Graph != nil {
		a.graph, a.changed, err = v.Graph(m)
		if err == nil && len(a.changed) == 0 {
			err = Absent("the network has no layer that this changes")
		}
	}
	if err == nil && v.Prepare != nil {
		var p Preparation
		p, err = v.Prepare(base)
		a.words = p.String()
	}
	if reason := Absent(""); errors.As(err, &reason) {
		a.absent, err = string(reason), nil
	}
	if err != nil {
		return a, fmt.Errorf("variant %s: %w", v.ID, err)
	}
	return a, nil
}
