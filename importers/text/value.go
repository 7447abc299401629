package text

import (
	"math"
	"strconv"
	"strings"
)

// String returns a string, with its escapes undone.
func (f *Field) String() (string, error) {
	b, err := f.Bytes()
	return string(b), err
}

// Bytes returns a string as bytes.
func (f *Field) Bytes() ([]byte, error) {
	if f.value.kind != quoted {
		return nil, f.wrong("a string in quotes")
	}
	return f.value.text, nil
}

// Enum returns the name of an enum's value as it is written.
func (f *Field) Enum() (string, error) {
	if f.value.kind != identifier {
		return "", f.wrong("a name such as DT_FLOAT")
	}
	return string(f.value.text), nil
}

// IsNumber tells whether the value is written as a number, which enums may be too.
func (f *Field) IsNumber() bool { return f.value.kind == number }

// Bool returns true or false, which may be written t, f, 1, 0.
func (f *Field) Bool() (bool, error) {
	switch string(f.value.text) {
	case "true", "True", "t", "1":
		return true, nil
	case "false", "False", "f", "0":
		return false, nil
	}
	return false, f.wrong("true or false")
}

// Int returns an integer: decimal, octal (0...) or hexadecimal (0x...).
func (f *Field) Int() (int64, error) {
	word := string(f.value.text)
	if f.value.kind == number && !strings.ContainsAny(word, "_oObB") || strings.Contains(word, "0x") {
		if v, err := strconv.ParseInt(word, 0, 64); err == nil {
			return v, nil
		}
		if v, err := strconv.ParseUint(word, 0, 64); err == nil {
			return int64(v), nil // a 64-bit pattern without sign
		}
	}
	return 0, f.wrong("an integer")
}

// Float returns a number in single precision.
func (f *Field) Float() (float32, error) {
	v, err := f.float(32)
	return float32(v), err
}

// Double returns a number in double precision.
func (f *Field) Double() (float64, error) { return f.float(64) }

func (f *Field) float(bits int) (float64, error) {
	word := strings.ToLower(string(f.value.text))
	if f.value.kind == number || f.value.kind == identifier {
		switch strings.TrimPrefix(word, "-") {
		case "inf", "infinity", "nan":
			return strconv.ParseFloat(word, bits)
		}
	}
	if f.value.kind == number && !strings.Contains(word, "_") {
		v, err := strconv.ParseFloat(strings.TrimSuffix(word, "f"), bits)
		if err == nil || math.IsInf(v, 0) { // beyond the range is infinity, as protobuf reads it
			return v, nil
		}
	}
	return 0, f.wrong("a number")
}

// wrong is the error of a value that is not what it should be.
func (f *Field) wrong(what string) error {
	if f.Message != nil {
		return f.Errorf("%s should hold %s, found a message", f.Name, what)
	}
	return f.Errorf("%s should hold %s, found %v", f.Name, what, f.value)
}
