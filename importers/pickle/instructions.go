package pickle

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

const stop = '.'

// instructions are those of Python's pickletools that build plain data, in protocols 0 to 5.
var instructions = map[byte]func(*machine) error{
	0x80: func(m *machine) error { _, err := m.take(1); return err }, // PROTO
	0x95: func(m *machine) error { _, err := m.take(8); return err }, // FRAME

	'N':  func(m *machine) error { return m.push(nil) },
	0x88: func(m *machine) error { return m.push(true) },
	0x89: func(m *machine) error { return m.push(false) },
	'J':  func(m *machine) error { return m.number(4, true) },
	'K':  func(m *machine) error { return m.number(1, false) },
	'M':  func(m *machine) error { return m.number(2, false) },
	0x8a: (*machine).long,
	'G':  (*machine).float,
	'I':  (*machine).decimal,
	'L':  (*machine).decimal,

	'T':  func(m *machine) error { return m.text(4) }, // BINSTRING
	'U':  func(m *machine) error { return m.text(1) }, // SHORT_BINSTRING
	'X':  func(m *machine) error { return m.text(4) }, // BINUNICODE
	0x8c: func(m *machine) error { return m.text(1) }, // SHORT_BINUNICODE
	0x8d: func(m *machine) error { return m.text(8) }, // BINUNICODE8
	'V':  (*machine).line,                             // UNICODE
	'S':  (*machine).quoted,                           // STRING
	'B':  func(m *machine) error { return m.bytes(4) },
	'C':  func(m *machine) error { return m.bytes(1) },
	0x8e: func(m *machine) error { return m.bytes(8) }, // BINBYTES8
	0x96: func(m *machine) error { return m.bytes(8) }, // BYTEARRAY8

	'(':  func(m *machine) error { m.marks = append(m.marks, len(m.stack)); return nil },
	')':  func(m *machine) error { return m.push(&List{}) },
	']':  func(m *machine) error { return m.push(&List{}) },
	'}':  func(m *machine) error { return m.push(&Dict{}) },
	't':  (*machine).list, // TUPLE
	'l':  (*machine).list,
	'd':  (*machine).dict,
	0x85: func(m *machine) error { return m.tuple(1) },
	0x86: func(m *machine) error { return m.tuple(2) },
	0x87: func(m *machine) error { return m.tuple(3) },
	'a':  (*machine).appendOne,
	'e':  (*machine).appendGroup,
	's':  (*machine).setOne,
	'u':  (*machine).setGroup,
	'0':  func(m *machine) error { _, err := m.pop(); return err },

	'p':  (*machine).putLine,
	'g':  (*machine).getLine,
	'q':  func(m *machine) error { return m.put(1) },
	'r':  func(m *machine) error { return m.put(4) },
	'h':  func(m *machine) error { return m.get(1) },
	'j':  func(m *machine) error { return m.get(4) },
	0x94: func(m *machine) error { return m.remember(len(m.memo)) }, // MEMOIZE

	'c':  (*machine).global,
	0x93: (*machine).stackGlobal,
	'R':  (*machine).reduce,
	'b':  (*machine).build,
}

// others names the instructions that are refused, for messages.
var others = map[byte]string{
	'i': "INST", 'o': "OBJ", 0x81: "NEWOBJ", 0x92: "NEWOBJ_EX", 'P': "PERSID", 'Q': "BINPERSID", 0x82: "EXT1", 0x83: "EXT2", 0x84: "EXT4",
	0x8f: "EMPTY_SET", 0x90: "ADDITEMS", 0x91: "FROZENSET", 0x97: "NEXT_BUFFER", 0x98: "READONLY_BUFFER", '1': "POP_MARK", '2': "DUP", 'F': "FLOAT", 0x8b: "LONG4",
}

func nameOf(code byte) string {
	if name := others[code]; name != "" {
		return name
	}
	return strconv.QuoteRune(rune(code))
}

// unsigned reads a number of so many bytes.
func (m *machine) unsigned(size int) (int, error) {
	b, err := m.take(size)
	if err != nil {
		return 0, err
	}
	var word [8]byte
	copy(word[:], b)
	v := binary.LittleEndian.Uint64(word[:])
	if v > math.MaxInt64 {
		return 0, m.errorf("it claims a length of %d", v)
	}
	return int(v), nil
}

func (m *machine) number(size int, signed bool) error {
	v, err := m.unsigned(size)
	if signed {
		v = int(int32(v))
	}
	if err != nil {
		return err
	}
	return m.push(int64(v))
}

// long reads an integer of any length, of which those of 64 bits are understood.
func (m *machine) long() error {
	n, err := m.unsigned(1)
	if err != nil {
		return err
	}
	b, err := m.take(n)
	if err != nil {
		return err
	}
	if n > 8 {
		return m.errorf("an integer of %d bytes is beyond what data needs", n)
	}
	var word [8]byte
	if n > 0 && b[n-1] >= 0x80 {
		word = [8]byte{255, 255, 255, 255, 255, 255, 255, 255}
	}
	copy(word[:], b)
	return m.push(int64(binary.LittleEndian.Uint64(word[:])))
}

func (m *machine) float() error {
	b, err := m.take(8)
	if err != nil {
		return err
	}
	return m.push(math.Float64frombits(binary.BigEndian.Uint64(b)))
}

func (m *machine) readLine() (string, error) {
	n := bytes.IndexByte(m.data[m.next:], '\n')
	if n < 0 {
		return "", m.errorf("expected a line, found no end of it: the file is cut off")
	}
	b, err := m.take(n + 1)
	return string(b[:n]), err
}

func (m *machine) decimal() error {
	line, err := m.readLine()
	if err != nil {
		return err
	}
	if line == "00" || line == "01" {
		return m.push(line == "01")
	}
	v, err := strconv.ParseInt(string(bytes.TrimSuffix([]byte(line), []byte("L"))), 10, 64)
	if err != nil {
		return m.errorf("expected an integer, found %q", line)
	}
	return m.push(v)
}

func (m *machine) counted(size int) ([]byte, error) {
	n, err := m.unsigned(size)
	if err != nil {
		return nil, err
	}
	return m.take(n)
}

func (m *machine) text(size int) error {
	b, err := m.counted(size)
	if err != nil {
		return err
	}
	return m.push(string(b))
}

func (m *machine) bytes(size int) error {
	b, err := m.counted(size)
	if err != nil {
		return err
	}
	return m.push(b)
}

// line reads text of one line: a byte a character, and others as \u and four hexadecimal digits.
func (m *machine) line() error {
	s, err := m.readLine()
	if err != nil {
		return err
	}
	var text []rune
	for s != "" {
		if code, escaped := strings.CutPrefix(s, `\u`); escaped && len(code) >= 4 {
			if v, err := strconv.ParseUint(code[:4], 16, 16); err == nil {
				text, s = append(text, rune(v)), code[4:]
				continue
			}
		}
		text, s = append(text, rune(s[0])), s[1:]
	}
	return m.push(string(text))
}

// quoted reads text of Python 2 in quotation marks of either kind.
func (m *machine) quoted() error {
	line, err := m.readLine()
	if err != nil {
		return err
	}
	if n := len(line); n < 2 || line[0] != line[n-1] || line[0] != '\'' && line[0] != '"' {
		return m.errorf("expected text in quotation marks, found %q", line)
	}
	s, err := unescape(line[1 : len(line)-1])
	if err != nil {
		return m.errorf("expected text in quotation marks, found %q", line)
	}
	return m.push(s)
}

func unescape(s string) (string, error) {
	var out []byte
	for s != "" {
		if s[0] != '\\' {
			out, s = append(out, s[0]), s[1:]
			continue
		}
		if len(s) > 1 && (s[1] == '\'' || s[1] == '"') {
			out, s = append(out, s[1]), s[2:]
			continue
		}
		r, multibyte, rest, err := strconv.UnquoteChar(s, 0)
		if err != nil {
			return "", err
		}
		if multibyte {
			out = append(out, string(r)...)
		} else {
			out = append(out, byte(r))
		}
		s = rest
	}
	return string(out), nil
}
