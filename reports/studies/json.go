package studies

import (
	"encoding/json"
	"io"

	"parity/parity/study"
)

// JSON writes the whole result.
func JSON(w io.Writer, r *study.Result) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}
