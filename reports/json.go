package reports

import (
	"encoding/json"
	"io"

	"parity/parity"
)

// JSON writes the whole result. With Quiet it stands on one line.
func JSON(w io.Writer, r *parity.Result, o Options) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if !o.Quiet {
		e.SetIndent("", " ")
	}
	return e.Encode(r)
}
