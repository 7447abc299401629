package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"parity/cmd/parity/side"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/onnx/export"
)

// exportFlags are the options of export.
type exportFlags struct {
	parts              side.Overrides
	out, format, shape string
}

func newExport() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export SIDE -o PATH",
		Short: "write a network and its weights for another framework",
		Long: `Write a network as another framework reads it, with the semantics of the one that it comes from. A layer that the other
framework cannot express is an error that names the layer and says why; nothing is written then.

` + exportHelp(),
		Example: `  parity export caffe -o googlenet.onnx
  parity export deploy.prototxt --weights net.caffemodel --shape 1x3x224x224 -o model.onnx`,
		Args: exactly("export", "SIDE"),
		RunE: func(_ *cobra.Command, args []string) error { return f.run(args[0]) },
	}
	flags := c.Flags()
	flags.StringVarP(&f.out, "out", "o", "", "`PATH` to write: a file, or a folder for formats of several files")
	flags.StringVar(&f.format, "format", "", "what to write: "+strings.Join(exportNames(), ", ")+" (default: onnx for a name that ends so)")
	flags.StringVar(&f.shape, "shape", "", "input `SHAPE` such as 1x3x224x224, in place of the declared one")
	flags.StringVar(&f.parts.Weights, "weights", "", "weights `FILE`, where it lies apart from the model")
	flags.BoolVar(&f.parts.MovingAverages, "moving-averages", false, "take the moving averages in the TensorFlow checkpoint")
	return c
}

// exporter writes a network in one format.
type exporter struct {
	name, about string
	write       func(g *graph.Graph, shapes map[string]tensor.Shape, path string) error
}

var exporters = []exporter{
	{"onnx", "a file: ONNX, operations of version 13, padding explicit, any rounding of pools as padding", exportONNX},
}

func exportNames() []string {
	var names []string
	for _, e := range exporters {
		names = append(names, e.name)
	}
	return names
}

func exportHelp() string {
	var b strings.Builder
	b.WriteString("Formats:\n\n")
	for _, e := range exporters {
		fmt.Fprintf(&b, "  %-9s %s\n", e.name, e.about)
	}
	return strings.TrimRight(b.String(), "\n")
}

func (f *exportFlags) run(text string) error {
	e, err := f.chosen()
	if err != nil {
		return err
	}
	var shape tensor.Shape
	if f.shape != "" {
		if shape, err = parseShape(f.shape); err != nil {
			return err
		}
	}
	spec, err := side.Parse(text)
	if err != nil {
		return err
	}
	if spec.Source != "" {
		return fmt.Errorf("%s: export writes the network, whoever runs it; leave @%s out", text, spec.Source)
	}
	g, shapes, err := side.Network(spec, f.parts, shape)
	if err != nil {
		return err
	}
	return e.write(g, shapes, f.out)
}

// chosen is the format that was asked for, or that the name of the file says.
func (f *exportFlags) chosen() (*exporter, error) {
	if f.out == "" {
		return nil, errors.New("export: say where to write with -o PATH")
	}
	name := f.format
	if name == "" && strings.HasSuffix(strings.ToLower(f.out), ".onnx") {
		name = "onnx"
	}
	for i := range exporters {
		if exporters[i].name == name {
			return &exporters[i], nil
		}
	}
	return nil, fmt.Errorf("export: -o %s --format %q: expected one of the formats %s", f.out, f.format, strings.Join(exportNames(), ", "))
}

func exportONNX(g *graph.Graph, shapes map[string]tensor.Shape, path string) error {
	m, err := export.Export(g, shapes)
	if err != nil {
		return err
	}
	data, err := m.Encode()
	if err != nil {
		return err
	}
	return writeFile(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
