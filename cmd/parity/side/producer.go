package side

import (
	"fmt"
	"strings"

	"parity/fixtures"
	"parity/googlenet/bound"
)

// ProducerUsage explains --producer.
func ProducerUsage() string {
	return "--producer says who made a recording where its side.json does not: name=NAME, version=VERSION, device=cpu|cuda and math=MATH, " +
		"comma-separated; a word alone is the math. MATH is what rounds otherwise than plain float32, and the bounds follow from it, joined by +:\n" +
		bound.MathWords() + "."
}

// declare sets what the user says of a producer.
func declare(text string, p *fixtures.Producer) error {
	if text == "" {
		return nil
	}
	fields := map[string]*string{"name": &p.Name, "version": &p.Version, "device": &p.Device, "math": &p.Math}
	for _, part := range strings.Split(text, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			key, value = "math", key
		}
		field := fields[key]
		if field == nil || value == "" {
			return fmt.Errorf("--producer %q: expected name=, version=, device= or math= with a value, found %q", text, part)
		}
		*field = value
	}
	if _, err := bound.Declared("", "", p.Device, p.Math); err != nil {
		return fmt.Errorf("--producer: %w", err)
	}
	return nil
}

// described names a producer, with what it does otherwise than in plain float32 on a processor.
func described(p fixtures.Producer) string {
	text := strings.TrimSpace(p.Name + " " + p.Version)
	for _, detail := range []struct{ value, usual string }{{p.Device, "cpu"}, {p.Math, "float32"}} {
		if v := strings.ToLower(detail.value); v != "" && v != detail.usual {
			text = strings.TrimSpace(text + ", " + v)
		}
	}
	return strings.TrimPrefix(text, ", ")
}

// Recorded reports which sides' tensors are recorded.
func (p *Pair) Recorded() (ref, cand bool) {
	return p.ref.source() == Recorded, p.cand.source() == Recorded
}
