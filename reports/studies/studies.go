// Package studies writes the results of studies: as a table for people, as JSON and CSV for programs.
package studies

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"parity/parity/study"
)

// Format is a way to write a result.
type Format struct {
	Name, Ending string
	Write        func(io.Writer, *study.Result) error
}

// Formats lists them.
var Formats = []Format{
	{"terminal", "txt", Terminal},
	{"json", "json", JSON},
	{"csv", "csv", CSV},
}

// Names lists the formats.
func Names() (names []string) {
	for _, f := range Formats {
		names = append(names, f.Name)
	}
	return names
}

// Named returns a format.
func Named(name string) (Format, error) {
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, fmt.Errorf("--format %q: expected one of %s", name, strings.Join(Names(), ", "))
	}
	return Formats[i], nil
}

// File is a file that belongs to a result.
type File struct {
	Name  string
	Write func(io.Writer) error
}

// Files lists what is kept of a result.
func Files(r *study.Result) []File {
	var list []File
	for _, f := range Formats {
		list = append(list, File{r.Factor + "." + f.Ending, func(w io.Writer) error { return f.Write(w, r) }})
	}
	return list
}
