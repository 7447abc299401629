package reports

import (
	"encoding/json"
	"io"

	"parity/parity"
)

func gateJSON(w io.Writer, g *parity.Gate, o Options) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if !o.Quiet {
		e.SetIndent("", " ")
	}
	return e.Encode(g)
}
