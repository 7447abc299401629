// Package reports renders a parity.Result, one file for each format.
package reports

import (
	"fmt"
	"io"
	"strings"

	"parity/parity"
)

// Options say for what kind of output to render.
type Options struct {
	// Width is the number of columns; 0 means as many as are needed.
	Width int
	// Color allows colours; their meaning is always in words as well.
	Color bool
	// Quiet reduces the report to one line.
	Quiet bool
}

// Format is one kind of report.
type Format struct {
	Name, Description string
	// Profiles: it shows, or keeps for a format that does, where in each layer the differences lie.
	Profiles bool
	Write    func(w io.Writer, r *parity.Result, o Options) error
	// Gate writes what a gate came to; nil for a format that has no form of that.
	Gate func(w io.Writer, g *parity.Gate, o Options) error
}

// Formats lists all of them; the first is the default.
var Formats = []Format{
	{"terminal", "a table, a line a layer, the findings and a summary in words", false, Terminal, gateTerminal},
	{"json", "the whole result, as in result.schema.json", true, JSON, gateJSON},
	{"html", "one self-contained page: findings, the network as a graph, where each layer differs", true, HTML, nil},
	{"markdown", "for a pull request: verdict, findings and a folded table", false, Markdown, gateMarkdown},
	{"junit", "JUnit XML for CI systems, a test case a layer", false, JUnit, gateJUnit},
	{"sarif", "SARIF 2.1.0 for code scanning, a result a finding", false, SARIF, gateSARIF},
}

// ByName returns the format of that name, or an error that lists the names there are.
func ByName(name string) (Format, error) {
	var names []string
	for _, f := range Formats {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("format %q is not known (%s)", name, strings.Join(names, ", "))
}
