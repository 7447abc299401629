package side

import (
	"fmt"

	"parity/parity"
	"parity/parity/compare"
)

// LoadStructures reads both sides' networks to look at: weights may be missing, nothing is computed, and recorded tensors
// are not read.
func LoadStructures(refSpec, candSpec Spec, refParts, candParts Overrides) (ref, cand compare.Side, err error) {
	if ref, err = loadStructure(refSpec, refParts); err != nil {
		return
	}
	cand, err = loadStructure(candSpec, candParts)
	return
}

func loadStructure(spec Spec, o Overrides) (compare.Side, error) {
	s := compare.Side{Info: parity.Side{Side: spec.Text, Source: "structure"}}
	p, err := find(spec)
	if err != nil {
		return s, err
	}
	o.apply(&p)
	if p.Model == "" {
		return s, fmt.Errorf("%s: has no model, of which the structure could be compared; name the model's file or folder", spec.Text)
	}
	p.Inputs, p.Tensors = "", ""
	m := &model{spec: spec, parts: p}
	if s.Graph, err = m.parts.readGraphToLookAt(); err != nil {
		return s, err
	}
	s.Info.Framework = m.parts.Framework
	s.Info.Files, err = m.files()
	return s, err
}
