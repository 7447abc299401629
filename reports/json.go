package reports

import (
	"encoding/json"
	"io"

	"parity/parity"
)

// JSON writes the whole result. With Quiet it stands on one line.
func JSON(w io.Writer, r *parity.Result, o Options) error {
	return encode(w, r, o)
}

// gateJSON writes all that a gate came to, likewise.
func gateJSON(w io.Writer, g *parity.Gate, o Options) error { return encode(w, g, o) }

func encode(w io.Writer, v any, o Options) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if !o.Quiet {
		e.SetIndent("", " ")
	}
	return e.Encode(v)
}
