package side

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parity/fixtures"
	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity/sketch"
	"parity/parity/trace"
)

// Here is the producer of what this program computed.
const Here = "parity"

// mathOf is the arithmetic of a source that is computed here, as a side.json calls it.
var mathOf = map[string]string{Native: "float32", Native64: "float64"}

// Recording is everything that a side consists of: its files and its tensors, under its framework's own names and in its layout.
type Recording struct {
	Side            fixtures.Side
	Inputs, Tensors *npz.Tensors
	// Graph is nil for tensors without a model.
	Graph *graph.Graph
	files []string
	// Files that hold the inputs and the tensors as they are; empty where these were made here.
	inputsFile, tensorsFile string
}

// Record reads a side to be recorded. What is not recorded yet is computed here; version is that of this program.
func Record(ctx context.Context, s Spec, o Overrides, version string, threads int) (*Recording, error) {
	if o.MovingAverages {
		return nil, errors.New("--moving-averages: a side.json cannot say so; save the averages as the variables, and record those")
	}
	m, err := read(s, o)
	if err != nil {
		return nil, err
	}
	r := &Recording{Side: m.parts.Side, Graph: m.graph}
	if m.graph == nil {
		return r, r.readDump(m)
	}
	if m.source() != Recorded {
		m.exposeAll()
	}
	if err := r.compute(ctx, m, o.Image, version, threads); err != nil {
		return nil, err
	}
	r.files = slices.Concat([]string{m.parts.Model}, expand(m.parts.Weights), m.parts.data)
	r.files = slices.DeleteFunc(r.files, func(f string) bool { return f == "" })
	return r, nil
}

// readDump takes tensors as they lie.
func (r *Recording) readDump(m *model) (err error) {
	r.inputsFile, r.tensorsFile = m.parts.Inputs, m.parts.Tensors
	r.Tensors, err = readTensors(m.parts.Tensors)
	return err
}

func (r *Recording) compute(ctx context.Context, m *model, photo, version string, threads int) error {
	s, err := m.finish(ctx, threads)
	if err != nil {
		return err
	}
	if photo == "" {
		r.inputsFile = m.parts.Inputs
	}
	if r.inputsFile == "" {
		r.Inputs = &npz.Tensors{}
		for _, in := range m.graph.Inputs {
			if t := m.inputs[in.Name]; t != nil {
				r.Inputs.Set(in.Name, trace.Stored(m.graph, in.Name, t))
			}
		}
	}
	if m.source() == Recorded {
		r.tensorsFile = m.parts.Tensors
		r.Tensors, err = readTensors(r.tensorsFile)
		return err
	}
	r.Tensors = Tensors(s.Graph, s.Trace)
	r.Side.Producer = fixtures.Producer{Name: Here, Version: version, Device: "cpu", Math: mathOf[m.source()]}
	return nil
}

// Tensors are the values that a run computed, in the order of computation, as the framework would record them. Inputs are not.
func Tensors(g *graph.Graph, t *trace.Trace) *npz.Tensors {
	out := &npz.Tensors{}
	for _, n := range g.Nodes {
		for _, name := range n.Outputs {
			if v := t.Values[name]; v != nil {
				out.Set(name, trace.Stored(g, name, v))
			}
		}
	}
	return out
}

// Write puts the model's files and the tensors into a folder, and says what its side.json is to hold.
func (r *Recording) Write(dir string) (*fixtures.Side, error) {
	s := r.Side
	placed := map[string]string{}
	for _, file := range r.files {
		name := r.place(file)
		if other, taken := placed[name]; taken {
			return nil, fmt.Errorf("%s and %s would both become %s; rename one", other, file, name)
		}
		placed[name] = file
		if err := copyFile(file, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return nil, err
		}
	}
	s.Model, s.Weights, s.Inputs, s.Tensors = r.place(s.Model), r.place(s.Weights), "", ""
	if err := put(dir, "inputs.npz", r.inputsFile, r.Inputs, &s.Inputs); err != nil {
		return nil, err
	}
	return &s, put(dir, "tensors.npz", r.tensorsFile, r.Tensors, &s.Tensors)
}

// Keep drops the tensors that are not chosen.
func (r *Recording) Keep(chosen func(name string) bool) {
	out := &npz.Tensors{}
	for _, name := range r.Tensors.Names() {
		if chosen(name) {
			v, _ := r.Tensors.Get(name)
			out.Set(name, v)
		}
	}
	r.Tensors, r.tensorsFile = out, ""
}

// Sketch puts sketches in the place of the tensors that are chosen, with one number for about size elements. It returns those that
// have none and why, by name: they stay whole.
func (r *Recording) Sketch(chosen func(name string, elements int) bool, size int, seed uint64) map[string]error {
	out, whole := &npz.Tensors{}, map[string]error{}
	for _, name := range r.Tensors.Names() {
		v, _ := r.Tensors.Get(name)
		if sketch.IsPart(name) || !chosen(name, v.Dims().Len()) {
			out.Set(name, v)
			continue
		}
		s, err := sketch.Of(name, v, r.channelAxis(name, v), size, seed)
		if err == nil && 2*s.Numbers() > v.Dims().Len() {
			err = errors.New("is so small that a sketch would be half of its size or more")
		}
		if err != nil {
			whole[name] = err
			out.Set(name, v)
			continue
		}
		s.Arrays(name, out.Set)
	}
	r.Tensors, r.tensorsFile = out, ""
	return whole
}

// channelAxis is where the channels of a tensor lie as it was recorded: where its model says, or after the images.
func (r *Recording) channelAxis(name string, t tensor.Any) int {
	value := strings.TrimSuffix(name, ":0")
	if alias, ok := r.Graph.Aliases[value]; ok {
		value = alias
	}
	if axes := r.Graph.Values[value].ToCommon; len(axes) == len(t.Dims()) && len(axes) > 1 {
		return axes[1]
	}
	return 1
}

// put copies a file of tensors or, without one, writes them; name is where, and is noted where there are any.
func put(dir, name, file string, t *npz.Tensors, note *string) error {
	to := filepath.Join(dir, name)
	switch {
	case file != "":
		*note = name
		return copyFile(file, to)
	case t == nil || t.Len() == 0:
		return nil
	}
	*note = name
	return npz.Write(to, t)
}

// place is where in the bundle a file belongs: where it lies from the model's folder, for a model may look for it there, or else
// beside the model.
func (r *Recording) place(file string) string {
	if file == "" {
		return ""
	}
	rel, err := filepath.Rel(filepath.Dir(r.Side.Model), file)
	if err != nil || !filepath.IsLocal(rel) {
		rel = filepath.Base(file)
	}
	return filepath.ToSlash(rel)
}

func copyFile(from, to string) error {
	if slices.Contains([]string{fixtures.SideName, fixtures.ManifestName}, filepath.Base(to)) {
		return fmt.Errorf("%s: a bundle has a file of its own by this name; rename it", from)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// Names lists the tensors, sorted.
func (r *Recording) Names() []string {
	names := map[string]tensor.Any{}
	if r.Tensors != nil {
		names = asMap(r.Tensors)
	}
	return slices.Sorted(maps.Keys(names))
}
