package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"parity/parity"
	"parity/reports"
)

func newReport() *cobra.Command {
	var f reportFlags
	c := &cobra.Command{
		Use:   "report RESULT.json",
		Short: "render a stored result again",
		Long: `Render a result that 'parity compare --format json' or 'parity gate --format json' has written, in any format: byte for byte what
the comparison or the gate itself would have printed. The exit status is theirs.`,
		Example: `  parity compare caffe tf --format json -o result.json
  parity report result.json --format markdown`,
		Args: exactly("report", "RESULT.json"),
		RunE: func(c *cobra.Command, args []string) error {
			format, err := f.chosen()
			if err != nil {
				return err
			}
			return f.again(format, args[0], c.OutOrStdout())
		},
	}
	f.add(c)
	return c
}

// reportFlags say how a result is written and where to.
type reportFlags struct {
	format, output string
	quiet          bool
}

func (f *reportFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.format, "format", "terminal", "`FORMAT` of the report: "+formatNames())
	flags.StringVarP(&f.output, "output", "o", "", "write the report to `FILE` instead of standard output")
	flags.BoolVar(&f.quiet, "quiet", false, "one line only")
}

// chosen is the format that was asked for; an unknown one is refused before anything is computed.
func (f *reportFlags) chosen() (reports.Format, error) {
	format, err := reports.ByName(f.format)
	if err != nil {
		return format, fmt.Errorf("--format: %w", err)
	}
	return format, nil
}

// write renders a result and returns its exit status.
func (f *reportFlags) write(format reports.Format, r *parity.Result, stdout io.Writer) error {
	if err := f.render(format, r, stdout); err != nil {
		return err
	}
	if code := r.ExitCode(); code != exitDone {
		return status(code)
	}
	return nil
}

func (f *reportFlags) render(format reports.Format, r *parity.Result, stdout io.Writer) error {
	return f.to(stdout, func(w io.Writer, o reports.Options) error { return format.Write(w, r, o) })
}

// to writes to the file that was asked for, or to standard output.
func (f *reportFlags) to(stdout io.Writer, write func(io.Writer, reports.Options) error) error {
	o := reports.Options{Quiet: f.quiet}
	if f.output != "" {
		return writeFile(f.output, func(w io.Writer) error { return write(w, o) })
	}
	o.Width, o.Color = terminal(stdout)
	return write(stdout, o)
}

// again renders what is stored in a file: a comparison or a gate.
func (f *reportFlags) again(format reports.Format, path string, stdout io.Writer) error {
	var kind struct{ Schema string }
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if json.Unmarshal(data, &kind) == nil && kind.Schema == parity.GateSchema {
		g, err := decoded[parity.Gate](path, data)
		if err != nil {
			return err
		}
		if err := gateFormat(format); err != nil {
			return err
		}
		return f.writeGate(format, g, stdout)
	}
	r, err := decoded[parity.Result](path, data)
	if err != nil {
		return err
	}
	if r.Schema != parity.Schema {
		return fmt.Errorf("%s: expected a result of schema %q, found %q; compare again with this version", path, parity.Schema, r.Schema)
	}
	return f.write(format, r, stdout)
}

// decoded reads what the json format has written; it must hold nothing unknown.
func decoded[T any](path string, data []byte) (*T, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	r := new(T)
	if err := d.Decode(r); err != nil {
		return nil, fmt.Errorf("%s: expected a result as 'parity compare --format json' writes it: %w", path, eofMeansCutOff(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: more follows the result at byte %d", path, d.InputOffset())
	}
	return r, nil
}

func eofMeansCutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends too soon")
	}
	return err
}
