package text_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"parity/importers/text"
)

const sample = `# a comment
name: "net" 'work'  # adjacent strings
layer { type: CONV; dim: [1, -2, 0x1F], }
param < decay: 1.5e-3 deep: { on: true off: f } >
layer {}
octal: "\001\377\"\n\x41\u00e9"
far: -inf
pair: [{ a: 010 }, { a: - 7 }]
[type.googleapis.com/some.Thing]: 3f
`

func parse(t *testing.T, s string) *text.Message {
	t.Helper()
	m, err := text.Parse("net.prototxt", []byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// outline writes a message on one line, with the place of each field.
func outline(m *text.Message) string {
	var b strings.Builder
	for _, f := range m.Fields {
		fmt.Fprintf(&b, "%s@%s", f.Name, f.Position())
		if f.Message != nil {
			fmt.Fprintf(&b, "{%s}", outline(f.Message))
		}
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}

func TestParse(t *testing.T) {
	got := outline(parse(t, sample))
	want := "name@2:1 layer@3:1{type@3:9 dim@3:21 dim@3:30 dim@3:34} param@4:1{decay@4:9 deep@4:23{on@4:31 off@4:40}} " +
		"layer@5:1{} octal@6:1 far@7:1 pair@8:1{a@8:10} pair@8:20{a@8:22} [type.googleapis.com/some.Thing]@9:1"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestValues(t *testing.T) {
	m := parse(t, sample)
	layer, param := m.Fields[1].Message.Fields, m.Fields[2].Message.Fields
	for _, row := range []struct {
		name string
		got  func() (any, error)
		want any
	}{
		{"adjacent strings", func() (any, error) { return m.Fields[0].String() }, "network"},
		{"enum", func() (any, error) { return layer[0].Enum() }, "CONV"},
		{"integer", func() (any, error) { return layer[1].Int() }, int64(1)},
		{"negative integer", func() (any, error) { return layer[2].Int() }, int64(-2)},
		{"hexadecimal", func() (any, error) { return layer[3].Int() }, int64(31)},
		{"float32", func() (any, error) { return param[0].Float() }, float32(1.5e-3)},
		{"float64", func() (any, error) { return param[0].Double() }, 1.5e-3},
		{"true", func() (any, error) { return param[1].Message.Fields[0].Bool() }, true},
		{"f for false", func() (any, error) { return param[1].Message.Fields[1].Bool() }, false},
		{"escapes", func() (any, error) { return m.Fields[4].String() }, "\x01\xff\"\nA\u00e9"},
		{"infinity", func() (any, error) { return m.Fields[5].Double() }, math.Inf(-1)},
		{"octal", func() (any, error) { return m.Fields[6].Message.Fields[0].Int() }, int64(8)},
		{"sign apart", func() (any, error) { return m.Fields[7].Message.Fields[0].Int() }, int64(-7)},
		{"suffix f", func() (any, error) { return m.Fields[8].Float() }, float32(3)},
	} {
		got, err := row.got()
		if err != nil || got != row.want {
			t.Errorf("%s: got %v (%v), want %v", row.name, got, err, row.want)
		}
	}
}

func TestErrorsSayWhere(t *testing.T) {
	for _, row := range []struct{ name, in, want string }{
		{"unclosed message", "a {\n b: 1", "f:1:3: expected the } that closes this message"},
		{"wrong brace", "a {\n b: 1 >", "f:2:7: expected a field's name or '}', found \">\""},
		{"stray brace", "}", "f:1:1: expected a field's name"},
		{"no colon", "a 1", "f:1:3: expected ':' or '{' after a"},
		{"no value", "a:\n\n}", "f:3:1: expected a value for a"},
		{"open string", "a: \"xyz\nb: 1", "f:1:8: expected the string's closing \""},
		{"bad escape", `a: "\q"`, `f:1:5: \q is no escape`},
		{"octal beyond a byte", `a: "\777"`, "f:1:5: the escape"},
		{"backslash at the end", `a: "\`, "f:1:5: expected a character after the backslash"},
		{"binary", "\x0a\x05\x80", "f:2:1: expected a field, found the character"},
		{"list without comma", "a: [1 2]", "f:1:7: expected ',' or ']'"},
		{"sign alone", "a: -", "f:1:5: expected a number"},
	} {
		_, err := text.Parse("f", []byte(row.in))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got error %v, want %q", row.name, err, row.want)
		}
	}
}

func TestValuesOfAnotherKindAreErrors(t *testing.T) {
	m := parse(t, `s: "x" n: 1.5 e: WORD m {} u: 1_0`)
	s, n, e, msg, u := m.Fields[0], m.Fields[1], m.Fields[2], m.Fields[3], m.Fields[4]
	for name, f := range map[string]func() error{
		"string as integer":       func() error { _, err := s.Int(); return err },
		"string as number":        func() error { _, err := s.Double(); return err },
		"string as enum":          func() error { _, err := s.Enum(); return err },
		"fraction as integer":     func() error { _, err := n.Int(); return err },
		"number as string":        func() error { _, err := n.Bytes(); return err },
		"word as number":          func() error { _, err := e.Float(); return err },
		"word as truth":           func() error { _, err := e.Bool(); return err },
		"message as string":       func() error { _, err := msg.String(); return err },
		"message as integer":      func() error { _, err := msg.Int(); return err },
		"underscore in a number":  func() error { _, err := u.Int(); return err },
		"underscore in a float":   func() error { _, err := u.Float(); return err },
		"message as truth":        func() error { _, err := msg.Bool(); return err },
		"message as enum":         func() error { _, err := msg.Enum(); return err },
		"message as double value": func() error { _, err := msg.Double(); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), "should hold") {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

func TestNestingIsLimited(t *testing.T) {
	for depth, fails := range map[int]bool{text.MaxDepth: false, text.MaxDepth + 1: true, 1 << 20: true} {
		_, err := text.Parse("f", []byte(strings.Repeat("a{", depth)+strings.Repeat("}", depth)))
		if fails != (err != nil) {
			t.Errorf("depth %d: got error %v", depth, err)
		}
	}
}

func TestEveryTruncationReturns(t *testing.T) {
	for n := range len(sample) {
		m, err := text.Parse("f", []byte(sample[:n]))
		if err == nil && strings.Count(sample[:n], "{") != strings.Count(sample[:n], "}") {
			t.Errorf("cut at %d inside a message: read as %s", n, outline(m))
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := text.Parse("f", data)
		if err != nil {
			return
		}
		for _, field := range m.Fields {
			field.Int()
			field.Double()
			field.Bytes()
		}
	})
}
