package parity

import (
	"encoding/json"
	"fmt"
	"math"
)

// Number is a float64 whose JSON form can hold every value: those that JSON has no number for are the strings "NaN",
// "Infinity" and "-Infinity".
type Number float64

// MarshalJSON writes the shortest form that reads back as the same number.
func (n Number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	switch {
	case math.IsNaN(v):
		return []byte(`"NaN"`), nil
	case math.IsInf(v, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(v, -1):
		return []byte(`"-Infinity"`), nil
	}
	return json.Marshal(v)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (n *Number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"NaN"`:
		*n = Number(math.NaN())
	case `"Infinity"`:
		*n = Number(math.Inf(1))
	case `"-Infinity"`:
		*n = Number(math.Inf(-1))
	default:
		var v float64
		if err := json.Unmarshal(b, &v); err != nil {
			return fmt.Errorf(`expected a number, "NaN", "Infinity" or "-Infinity": %w`, err)
		}
		*n = Number(v)
	}
	return nil
}

// Within reports whether a ratio is within the limit. NaN is not.
func (n Number) Within() bool { return n <= 1 }
