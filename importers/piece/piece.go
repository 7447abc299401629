// Package piece says which piece of a network to cut out, and holds the files of what was cut.
package piece

import (
	"slices"

	"parity/googlenet/tensor"
)

// Cut keeps what computes Outputs from Inputs. Both are values by the framework's own names.
type Cut struct {
	Inputs  []Input
	Outputs []string
}

// Input is a value that is fed in the piece, in the shape in which the framework holds it.
type Input struct {
	Name  string
	Shape tensor.Shape
}

// Has reports whether a value is fed.
func (c Cut) Has(name string) bool {
	return slices.ContainsFunc(c.Inputs, func(in Input) bool { return in.Name == name })
}

// Piece is what was cut: its files, and what its values are called in it where that is something else.
type Piece struct {
	Files []File
	Names map[string]string
}

// Name is what a value is called in the piece.
func (p *Piece) Name(value string) string {
	if name, ok := p.Names[value]; ok {
		return name
	}
	return value
}

// File is one file of a piece.
type File struct {
	Part string // model or weights
	Name string
	Data []byte
}
