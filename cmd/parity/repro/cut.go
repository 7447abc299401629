package repro

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"parity/cmd/parity/side"
	"parity/fixtures"
	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/piece"
	"parity/parity/align"
	"parity/parity/compare"
	"parity/parity/trace"
)

// reproduction is one that is ready to be written.
type reproduction struct {
	compare.Reproduction
	sides    [2]sideFiles // reference and candidate
	expected *npz.Tensors
	script   script
	notes    []string
}

// sideFiles are the files of one side's folder.
type sideFiles struct {
	folder          string
	files           map[string][]byte
	inputs, tensors *npz.Tensors
	json            map[string]any
	piece           *piece.Piece // nil for tensors alone
	output          string       // what the value at fault is called
}

// cut cuts both pieces out.
func (w *Writer) cut(r compare.Reproduction) (*reproduction, error) {
	c := &reproduction{Reproduction: r}
	producer := fixtures.Producer{Name: "parity", Version: w.version, Math: "float64"}
	if r.OfReference {
		producer = w.ref.Producer()
	}
	ref, err := cutSide("ref", w.ref, r.Reference, producer)
	if err != nil {
		return nil, fmt.Errorf("the reference's layer cannot be cut out: %w", err)
	}
	c.sides = [2]sideFiles{ref, c.candidate(w, r, ref)}
	c.expect(w)
	c.script = w.scriptFor(c)
	return c, nil
}

// candidate cuts out the candidate's piece. Where that is not possible its tensors have to do.
func (c *reproduction) candidate(w *Writer, r compare.Reproduction, ref sideFiles) sideFiles {
	if r.OfReference {
		return dumpOf(ref, r, fixtures.Producer{Name: "parity", Version: w.version, Math: "float64"})
	}
	if len(r.Candidate.Nodes) > 0 {
		s, err := cutSide("cand", w.cand, r.Candidate, w.cand.Producer())
		if err == nil {
			return s
		}
		c.notes = append(c.notes, fmt.Sprintf("the candidate's layer cannot be cut out of its files, only its tensors are here: %v", err))
	}
	return dumpOf(ref, r, w.cand.Producer())
}

// cutSide cuts a piece out of a side's files, with its tensors.
func cutSide(folder string, from side.Source, p compare.Piece, producer fixtures.Producer) (sideFiles, error) {
	s := sideFiles{folder: folder, files: map[string][]byte{}, inputs: &npz.Tensors{}, tensors: &npz.Tensors{}}
	cut := piece.Cut{Outputs: append(sortedKeys(p.Outputs), p.Also...)}
	for _, v := range sortedKeys(p.Inputs) {
		stored := trace.Stored(from.Graph(), v, p.Inputs[v])
		cut.Inputs = append(cut.Inputs, piece.Input{Name: v, Shape: stored.Dims()})
	}
	if len(cut.Outputs) == 0 { // an input with the layer that reads it
		for _, n := range p.Nodes {
			cut.Outputs = append(cut.Outputs, n.Outputs...)
		}
	}
	var err error
	if s.piece, err = from.Cut(cut); err != nil {
		return s, err
	}
	for _, v := range sortedKeys(p.Inputs) {
		s.inputs.Set(s.piece.Name(v), smallest(trace.Stored(from.Graph(), v, p.Inputs[v])))
	}
	for _, v := range sortedKeys(p.Outputs) {
		s.tensors.Set(s.piece.Name(v), smallest(trace.Stored(from.Graph(), v, p.Outputs[v])))
	}
	s.json = map[string]any{"framework": from.Framework(), "producer": producer, "inputs": "inputs.npz"}
	if s.tensors.Len() > 0 {
		s.json["tensors"] = "tensors.npz"
	}
	for _, f := range s.piece.Files {
		s.files[f.Name], s.json[f.Part] = f.Data, f.Name
	}
	return s, nil
}

// dumpOf are the candidate's tensors alone, as NCHW, under the names that the reference's piece has for them.
func dumpOf(ref sideFiles, r compare.Reproduction, producer fixtures.Producer) sideFiles {
	s := sideFiles{folder: "cand", files: map[string][]byte{}, inputs: &npz.Tensors{}, tensors: &npz.Tensors{}}
	for _, v := range sortedKeys(r.Candidate.Inputs) {
		s.tensors.Set(ref.piece.Name(v), smallest(r.Candidate.Inputs[v]))
	}
	if t, _ := output(r.Candidate.Outputs, r.Findings[0].Candidate); t != nil {
		name := r.Findings[0].Candidate
		for v := range r.Reference.Outputs {
			name = ref.piece.Name(v)
		}
		s.tensors.Set(name, smallest(t))
	}
	s.json = map[string]any{"framework": side.Dump, "producer": producer, "tensors": "tensors.npz", "layout": "NCHW"}
	return s
}

// smallest returns float64 numbers that are float32 ones as these.
func smallest(t tensor.Any) tensor.Any {
	d, ok := t.(*tensor.Tensor[float64])
	if !ok || slices.ContainsFunc(d.Data, func(v float64) bool { return float64(float32(v)) != v && v == v }) {
		return t
	}
	return tensor.As[float32](d)
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// expect collects what the script holds its results against: both outputs and the bound, as the candidate stores them.
func (c *reproduction) expect(w *Writer) {
	c.expected = &npz.Tensors{}
	ref, _ := output(c.Reference.Outputs, "")
	cand, name := output(c.Candidate.Outputs, c.Findings[0].Candidate)
	at := w.cand.Graph()
	if c.OfReference {
		at = w.ref.Graph()
	}
	for i, s := range c.sides {
		of := []map[string]tensor.Any{c.Reference.Outputs, c.Candidate.Outputs}[i]
		if _, v := output(of, c.Findings[0].Candidate); s.piece != nil && len(of) > 0 {
			c.sides[i].output = s.piece.Name(v)
		}
	}
	if cand != nil {
		c.expected.Set("candidate", stored(at, name, cand))
	}
	if c.ProvenBound != nil && cand != nil && align.SameNumbers(c.ProvenBound.Shape, cand.Dims()) {
		c.expected.Set("candidate_bound", stored(at, name, fit(c.ProvenBound, cand)))
	}
	if ref == nil {
		return
	}
	reference, bound := fit(ref, cand), fit(c.Bound, cand)
	c.expected.Set("reference", stored(at, name, reference))
	if c.Bound != nil && cand != nil && align.SameNumbers(c.Bound.Shape, cand.Dims()) {
		c.expected.Set("bound", stored(at, name, bound))
	}
}

func output(list map[string]tensor.Any, name string) (tensor.Any, string) {
	if t := list[name]; t != nil {
		return t, name
	}
	for _, v := range sortedKeys(list) {
		return list[v], v
	}
	return nil, name
}

// fit gives a tensor the shape of another one of the same numbers.
func fit(t, to tensor.Any) tensor.Any {
	if x, ok := t.(*tensor.Tensor[float64]); ok && x != nil && to != nil && align.SameNumbers(x.Shape, to.Dims()) {
		return x.Reshaped(to.Dims()...)
	}
	return t
}

func stored(g *graph.Graph, name string, t tensor.Any) tensor.Any {
	if axes := g.Values[name].ToCommon; len(axes) != len(t.Dims()) {
		return t
	}
	return trace.Stored(g, name, t)
}

// write writes a reproduction's folder.
func (c *reproduction) write(dir string) error {
	if err := writeAll(dir, map[string][]byte{c.script.name: c.script.text}); err != nil {
		return err
	}
	for _, s := range c.sides {
		if err := s.write(filepath.Join(dir, s.folder)); err != nil {
			return err
		}
	}
	if c.script.weights != nil {
		if err := npz.Write(filepath.Join(dir, "weights.npz"), c.script.weights); err != nil {
			return err
		}
	}
	if err := npz.Write(filepath.Join(dir, "expected.npz"), c.expected); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, "finding.json"), map[string]any{"layer": c.Layer, "findings": c.Findings, "notes": c.notes})
}

func (s sideFiles) write(dir string) error {
	if err := writeAll(dir, s.files); err != nil {
		return err
	}
	for name, t := range map[string]*npz.Tensors{"inputs.npz": s.inputs, "tensors.npz": s.tensors} {
		if t.Len() == 0 {
			continue
		}
		if err := npz.Write(filepath.Join(dir, name), t); err != nil {
			return err
		}
	}
	return writeJSON(filepath.Join(dir, fixtures.SideName), s.json)
}
