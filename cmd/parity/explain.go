package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"parity/parity/cause"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CAUSE]",
		Short: "what a cause is, how it shows and how to mend it",
		Long: `Print the catalogue's entry of a cause: what it looks like, how people come to it and how each framework writes it
right. Without an argument, list all causes.`,
		Example: `  parity explain
  parity explain conv.padding`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listCauses(c.OutOrStdout())
			}
			return explainCause(c.OutOrStdout(), args[0])
		},
	}
}

func listCauses(w io.Writer) error {
	widest := 0
	for _, c := range cause.Catalogue {
		widest = max(widest, len(c.ID))
	}
	for _, c := range cause.Catalogue {
		if _, err := fmt.Fprintf(w, "%-*s  %s\n", widest, c.ID, c.Title); err != nil {
			return err
		}
	}
	return nil
}

func explainCause(w io.Writer, id string) error {
	c := cause.ByID(id)
	if c == nil {
		return fmt.Errorf("no cause %q%s; 'parity explain' lists them all", id, nearCauses(id))
	}
	text := fmt.Sprintf("%s: %s\n\nsymptom     %s\nwhy         %s\n", c.ID, c.Title, c.Symptom, c.Why)
	for _, f := range []struct{ name, fix string }{
		{"caffe", c.Fix.Caffe}, {"tensorflow", c.Fix.TensorFlow}, {"keras", c.Fix.Keras}, {"pytorch", c.Fix.PyTorch}, {"onnx", c.Fix.ONNX},
	} {
		if f.fix != "" {
			text += fmt.Sprintf("%-10s  %s\n", f.name, f.fix)
		}
	}
	_, err := io.WriteString(w, text)
	return err
}

// nearCauses suggests causes that share a part of the name.
func nearCauses(id string) string {
	var list []string
	for _, c := range cause.Catalogue {
		family, name, _ := strings.Cut(c.ID, ".")
		if len(list) < 5 && (strings.Contains(id, name) || strings.Contains(id, family)) {
			list = append(list, c.ID)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return ", did you mean " + strings.Join(list, ", ") + "?"
}
