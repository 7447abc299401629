// Package source names places in the files that importers read, for errors and origins.
package source

import "fmt"

// Error is a fault in a file: what was expected, what was found, and where it helps how to mend it.
type Error struct {
	File     string
	Position string // "line:column" in text, "offset N" in binary files, empty for the whole file
	Message  string
}

func (e *Error) Error() string {
	if e.Position == "" {
		return e.File + ": " + e.Message
	}
	return e.File + ":" + e.Position + ": " + e.Message
}

// Errorf returns an Error for a position in a file.
func Errorf(file, position, format string, args ...any) error {
	return &Error{file, position, fmt.Sprintf(format, args...)}
}

// Offset is the position of a byte in a binary file.
func Offset(n int) string { return fmt.Sprintf("offset %d", n) }

// LineColumn is a position in a text file; both count from 1.
func LineColumn(line, column int) string { return fmt.Sprintf("%d:%d", line, column) }
