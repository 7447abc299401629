package gate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"parity/parity"
)

// BaselineSchema is the version of the baseline's file.
const BaselineSchema = "parity.baseline/1"

// Baseline is what the comparisons came to when somebody last looked.
type Baseline struct {
	Schema      string  `json:"schema"`
	Comparisons []Entry `json:"comparisons"`
}

// Key names a comparison: the bundle's folder, from that of the baseline, and both sides as its manifest names them.
type Key struct {
	Bundle    string `json:"bundle"`
	Reference string `json:"reference"`
	Candidate string `json:"candidate"`
}

func (k Key) String() string { return k.Bundle + ": " + k.Reference + " and " + k.Candidate }

// Entry is one comparison of the baseline.
type Entry struct {
	Key
	// Files are the manifests of the bundles that the comparison reads, with their hashes; through them all files of these.
	Files      []parity.File  `json:"files"`
	Verdict    parity.Verdict `json:"verdict"`
	WorstRatio parity.Number  `json:"worst_ratio"`
	WorstLayer string         `json:"worst_layer"`
	Layers     []Layer        `json:"layers"`
}

// Layer is one row, in order. The ratios are to be looked at.
type Layer struct {
	Name    string         `json:"name"`
	Verdict parity.Verdict `json:"verdict"`
	Alone   *parity.Number `json:"alone,omitempty"`
	Chained *parity.Number `json:"chained,omitempty"`
}

// NewEntry is a result as the baseline keeps it.
func NewEntry(k Key, files []parity.File, r *parity.Result) Entry {
	e := Entry{Key: k, Files: files, Verdict: r.Verdict, WorstRatio: rounded(r.Summary.WorstRatio), WorstLayer: r.Summary.WorstLayer, Layers: []Layer{}}
	for _, l := range r.Layers {
		e.Layers = append(e.Layers, Layer{l.Name, l.Verdict, ratioOf(l.Isolated), ratioOf(l.Chained)})
	}
	return e
}

func ratioOf(d *parity.Difference) *parity.Number {
	if d == nil {
		return nil
	}
	n := rounded(d.Ratio)
	return &n
}

// rounded keeps two digits: what is only to be looked at should not change with every processor.
func rounded(n parity.Number) parity.Number {
	v, err := strconv.ParseFloat(strconv.FormatFloat(float64(n), 'g', 2, 64), 64)
	if err != nil {
		return n
	}
	return parity.Number(v)
}

// find returns the entry of a comparison, nil for none.
func (b *Baseline) find(k Key) *Entry {
	if i := slices.IndexFunc(b.Comparisons, func(e Entry) bool { return e.Key == k }); i >= 0 {
		return &b.Comparisons[i]
	}
	return nil
}

// ReadBaseline reads a baseline's file.
func ReadBaseline(file string) (*Baseline, error) {
	b := &Baseline{}
	if err := read(file, b); err != nil {
		return nil, err
	}
	if b.Schema != BaselineSchema {
		return nil, fmt.Errorf("%s: expected the schema %q, found %q", file, BaselineSchema, b.Schema)
	}
	for i, e := range b.Comparisons {
		if b.find(e.Key) != &b.Comparisons[i] {
			return nil, fmt.Errorf("%s: has two entries for %s; delete one", file, e.Key)
		}
	}
	return b, nil
}

// read decodes a file of JSON that must hold nothing unknown: a misspelt key would be a setting that does nothing.
func read(file string, into any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the file ends too soon")
		}
		return fmt.Errorf("%s:%d: %w", file, line(data, d.InputOffset()), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s:%d: more follows than one object", file, line(data, d.InputOffset()))
	}
	return nil
}

func line(data []byte, offset int64) int {
	return bytes.Count(data[:min(int(offset), len(data))], []byte("\n")) + 1
}

// Write writes a baseline with a layer a line, so that a change of it can be read.
func (b *Baseline) Write(w io.Writer) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n \"schema\": %s,\n \"comparisons\": [", quoted(b.Schema))
	for i, e := range b.Comparisons {
		fmt.Fprintf(&out, "%s\n  {\"bundle\": %s, \"reference\": %s, \"candidate\": %s,", comma(i), quoted(e.Bundle), quoted(e.Reference), quoted(e.Candidate))
		list(&out, "files", e.Files)
		fmt.Fprintf(&out, ",\n   \"verdict\": %s, \"worst_ratio\": %s, \"worst_layer\": %s,", quoted(e.Verdict), quoted(e.WorstRatio), quoted(e.WorstLayer))
		list(&out, "layers", e.Layers)
		fmt.Fprint(&out, "}")
	}
	fmt.Fprint(&out, "\n ]\n}\n")
	_, err := w.Write(out.Bytes())
	return err
}

func list[T any](out *bytes.Buffer, name string, items []T) {
	fmt.Fprintf(out, "\n   \"%s\": [", name)
	for i, item := range items {
		fmt.Fprintf(out, "%s\n    %s", comma(i), quoted(item))
	}
	fmt.Fprint(out, "]")
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// quoted is a value as JSON on one line. What a baseline holds can all be written so.
func quoted(v any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return string(bytes.TrimSpace(out.Bytes()))
}
