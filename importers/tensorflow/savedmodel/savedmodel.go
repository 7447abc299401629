// Package savedmodel reads TensorFlow's SavedModels: a folder with a saved_model.pb, which holds one or more graphs with
// the signatures by which they are called, and a checkpoint of their variables.
//
//	saved_model.pb
//	variables/variables.index
//	variables/variables.data-00000-of-00001
package savedmodel

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parity/importers/source"
	"parity/importers/tensorflow/function"
	"parity/importers/tensorflow/graphdef"
)

// fileNames are those of a SavedModel's graph, in binary and in text.
var fileNames = []string{"saved_model.pb", "saved_model.pbtxt"}

// File finds the graph's file of a SavedModel in its folder; ok is false where the folder holds none.
func File(folder string) (path string, ok bool) {
	for _, name := range fileNames {
		path = filepath.Join(folder, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, true
		}
	}
	return "", false
}

// Variables is the prefix of the checkpoint beside a SavedModel's file; empty if there is none.
func Variables(file string) string {
	prefix := filepath.Join(filepath.Dir(file), "variables", "variables")
	if _, err := os.Stat(prefix + ".index"); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return prefix
}

// Parse reads a SavedModel's file and cuts the graph that serves down to what one signature computes. The functions that it
// calls are put in the place of the calls.
func Parse(file string, data []byte) (*graphdef.Graph, error) {
	list, err := graphdef.ReadSavedModel(file, data)
	if err != nil {
		return nil, err
	}
	meta, notes := chooseGraph(list)
	signature, more, err := chooseSignature(meta)
	if err != nil {
		return nil, err
	}
	g := *meta.Graph
	g.Notes = append(notes, more...)
	g.Weights = Variables(file)
	if err := nameSaved(meta); err != nil {
		return nil, err
	}
	if signature != nil {
		g.Feeds, g.Fetches = signature.Inputs, signature.Outputs
		if g.Nodes, err = needed(meta.Graph, signature); err != nil {
			return nil, err
		}
	}
	flat, err := function.Inline(&g)
	if err != nil {
		return nil, err
	}
	flat.Names = layers(flat)
	return flat, nil
}

// chooseGraph prefers the graph that serves on the CPU.
func chooseGraph(list []*graphdef.MetaGraph) (*graphdef.MetaGraph, []string) {
	if len(list) == 1 {
		return list[0], nil
	}
	best := list[0]
	for _, g := range list[1:] {
		if score(g) > score(best) {
			best = g
		}
	}
	var all []string
	for _, g := range list {
		all = append(all, tags(g))
	}
	return best, []string{fmt.Sprintf("of the SavedModel's %d graphs (%s) the one tagged %s was taken", len(list), strings.Join(all, "; "), tags(best))}
}

func tags(g *graphdef.MetaGraph) string { return strings.Join(g.Tags, ",") }

// score is 2 for the tag serve alone, 1 for serve among others.
func score(g *graphdef.MetaGraph) int {
	switch {
	case !slices.Contains(g.Tags, "serve"):
		return 0
	case len(g.Tags) > 1:
		return 1
	}
	return 2
}

// servingDefault is the signature that TensorFlow Serving calls unless told otherwise.
const servingDefault = "serving_default"

// chooseSignature returns the signature to read, nil for a graph without any, which is then read whole.
func chooseSignature(g *graphdef.MetaGraph) (*graphdef.Signature, []string, error) {
	var usable []*graphdef.Signature
	var names []string
	for _, s := range g.Signatures {
		if len(s.Inputs) > 0 && len(s.Outputs) > 0 {
			usable, names = append(usable, s), append(names, s.Name)
		}
	}
	if len(usable) == 0 && len(g.Functions) > 0 {
		return nil, nil, source.Errorf(g.File, "", "the SavedModel has no signature with inputs and outputs, so nothing says what to compute: save it with signatures=, or for a Keras model with model.export")
	}
	if len(usable) == 0 {
		return nil, []string{"the SavedModel has no signature; its graph was read whole"}, nil
	}
	chosen := usable[0]
	if i := slices.Index(names, servingDefault); i >= 0 {
		chosen = usable[i]
	}
	if len(usable) == 1 {
		return chosen, nil, nil
	}
	return chosen, []string{fmt.Sprintf("of the signatures %s the one named %s was taken", strings.Join(names, ", "), chosen.Name)}, nil
}

// needed selects the nodes that a signature's outputs depend on, up to its inputs.
func needed(g *graphdef.Graph, s *graphdef.Signature) ([]*graphdef.Node, error) {
	byName := map[string]bool{}
	for _, n := range g.Nodes {
		byName[n.Name] = true
	}
	for _, b := range slices.Concat(s.Inputs, s.Outputs) {
		if !byName[nodeOf(b.Tensor)] {
			return nil, source.Errorf(g.File, "", "the signature %s names the tensor %q as %s, which the graph does not have; only dense tensors are read", s.Name, b.Tensor, b.Name)
		}
	}
	return selected(g, nodes(s.Outputs), nodes(s.Inputs), false), nil
}

func nodes(list []graphdef.Binding) (names []string) {
	for _, b := range list {
		names = append(names, nodeOf(b.Tensor))
	}
	return names
}

// selected is the nodes that others depend on, down to where they stop; with order also those that they only wait for.
func selected(g *graphdef.Graph, from, stop []string, order bool) []*graphdef.Node {
	byName := map[string]*graphdef.Node{}
	for _, n := range g.Nodes {
		byName[n.Name] = n
	}
	wanted := map[string]bool{}
	for queue := from; len(queue) > 0; {
		name := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		n := byName[name]
		if n == nil || wanted[name] { // what does not exist is reported by who resolves it
			continue
		}
		wanted[name] = true
		if slices.Contains(stop, name) {
			continue
		}
		for _, in := range n.Inputs {
			if order || !strings.HasPrefix(in, "^") {
				queue = append(queue, nodeOf(in))
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(g.Nodes), func(n *graphdef.Node) bool { return !wanted[n.Name] })
}

// nodeOf is the node of a tensor's name, "node:number", or of an input.
func nodeOf(tensor string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(tensor, "^"), ":")
	return name
}
