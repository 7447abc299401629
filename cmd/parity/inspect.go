package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"parity/cmd/parity/side"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

func newInspect() *cobra.Command {
	var inputs string
	c := &cobra.Command{
		Use:   "inspect FILE|DIR",
		Short: "show what a model, its weights or a recording holds",
		Long: `Show a model's layers with shapes, parameters, attributes and where each comes from, and what its framework does silently;
or the contents of a checkpoint, a caffemodel or a .npz file.`,
		Example: `  parity inspect fixtures/bvlc_googlenet/caffe
  parity inspect deploy.prototxt
  parity inspect model.ckpt.index
  parity inspect tensors.npz`,
		Args: exactly("inspect", "FILE or DIR"),
		RunE: func(c *cobra.Command, args []string) error { return inspect(c.OutOrStdout(), args[0], inputs) },
	}
	c.Flags().StringVar(&inputs, "shape", "", "input `SHAPE` such as 1x3x224x224, where the model leaves it open; data=1x3x224x224,size=2 for several inputs")
	return c
}

func inspect(w io.Writer, path, shape string) error {
	c, err := side.Inspect(path)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if c.Graph == nil {
		writeArrays(t, c.Arrays)
		return t.Flush()
	}
	if err := writeGraph(t, c.Graph, shape); err != nil {
		return err
	}
	return t.Flush()
}

func writeArrays(w io.Writer, arrays []side.Array) {
	fmt.Fprintln(w, "name\ttype\tshape")
	elements, training := 0, 0
	for _, a := range arrays {
		fmt.Fprintf(w, "%s\t%s\t%v", a.Name, a.Type, a.Shape)
		if a.Role != "" {
			training++
			fmt.Fprintf(w, "\t%s", a.Role)
		}
		fmt.Fprintln(w)
		elements += a.Shape.Len()
	}
	fmt.Fprintf(w, "\n%d arrays, %d elements\n", len(arrays), elements)
	if training > 0 {
		fmt.Fprintf(w, "%d of the arrays are weights, %d are what training and saving keep beside them\n", len(arrays)-training, training)
	}
}

func writeGraph(w io.Writer, g *graph.Graph, shape string) error {
	shapes, err := knownShapes(g, shape)
	if err != nil {
		return err
	}
	for _, in := range g.Inputs {
		fmt.Fprintf(w, "input %s\t%s\n", in.Name, shapeText(in.Shape))
	}
	fmt.Fprintln(w, "\nlayer\tkind\toutput\tparameters\tattributes | origin")
	total := 0
	for _, n := range g.Nodes {
		params := parameters(n)
		total += params
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s| %s\n", n.Name, n.Layer.Kind(), shapeText(shapes[n.Outputs[0]]), count(params), attributeText(n.Layer), n.Origin)
	}
	fmt.Fprintf(w, "\n%d layers, %d parameters, outputs %s\n", len(g.Nodes), total, strings.Join(g.Outputs, ", "))
	writeNotes(w, g)
	return nil
}

// writeNotes lists what the framework does silently.
func writeNotes(w io.Writer, g *graph.Graph) {
	for _, note := range g.Notes {
		fmt.Fprintf(w, "note: %s\n", note)
	}
	for _, n := range g.Nodes {
		for _, note := range n.Notes {
			fmt.Fprintf(w, "note: %s: %s\n", n.Name, note)
		}
	}
}

// knownShapes infers what can be inferred from the declared inputs; an open batch counts as 1.
func knownShapes(g *graph.Graph, text string) (map[string]tensor.Shape, error) {
	known, err := parseShapes(g, text)
	if err != nil {
		return nil, err
	}
	for _, in := range g.Inputs {
		if known[in.Name] == nil {
			known[in.Name] = in.Shape.Clone()
		}
		if s := known[in.Name]; len(s) > 0 && s[0] < 0 {
			s[0] = 1
		}
	}
	for _, n := range g.Nodes {
		if out := inferred(n, known); out != nil {
			for i, v := range n.Outputs {
				known[v] = out[i]
			}
		}
	}
	return known, nil
}

// parseShapes reads one shape for the only input, or NAME=SHAPE,NAME=SHAPE.
func parseShapes(g *graph.Graph, text string) (map[string]tensor.Shape, error) {
	list := map[string]tensor.Shape{}
	if text == "" {
		return list, nil
	}
	names := inputNames(g)
	for _, part := range strings.Split(text, ",") {
		name, shape, named := strings.Cut(part, "=")
		if !named {
			name, shape = "", part
		}
		if !named && len(names) == 1 {
			name = names[0]
		}
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("--shape %q: expected NAME=SHAPE for one of the inputs %s", part, strings.Join(names, ", "))
		}
		var err error
		if list[name], err = parseShape(shape); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func inputNames(g *graph.Graph) []string {
	var names []string
	for _, in := range g.Inputs {
		names = append(names, in.Name)
	}
	return names
}

// inferred returns nil where a shape before the node, or what the node does to it, is not known.
func inferred(n *graph.Node, known map[string]tensor.Shape) []tensor.Shape {
	var in []tensor.Shape
	for _, v := range n.Inputs {
		s, ok := known[v]
		if !ok || s == nil {
			return nil
		}
		for _, d := range s {
			if d < 0 {
				return nil
			}
		}
		in = append(in, s)
	}
	out, err := n.Layer.Infer(in)
	if err != nil || len(out) != len(n.Outputs) {
		return nil
	}
	return out
}

func parseShape(text string) (tensor.Shape, error) {
	var s tensor.Shape
	for _, part := range strings.Split(text, "x") {
		var d int
		if _, err := fmt.Sscanf(part, "%d", &d); err != nil || d < 1 || fmt.Sprint(d) != part {
			return nil, fmt.Errorf("--shape %q: expected positive numbers such as 1x3x224x224", text)
		}
		s = append(s, d)
	}
	return s, nil
}

func parameters(n *graph.Node) int {
	total := 0
	for _, p := range n.Params {
		total += p.Value.Dims().Len()
	}
	return total
}

func shapeText(s tensor.Shape) string {
	if s == nil {
		return "?"
	}
	return s.String()
}

func count(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

// attributeText ends in a space if it is not empty: it stands in one column with the origin, since either may be long.
func attributeText(l layer.Layer) string {
	d, ok := l.(layer.Described)
	if !ok {
		return ""
	}
	var parts []string
	for _, a := range d.Attributes() {
		parts = append(parts, a.Name+" "+a.Value)
	}
	if parts == nil {
		return ""
	}
	return strings.Join(parts, ", ") + " "
}
