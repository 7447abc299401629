package text

import (
	"bytes"
	"fmt"

	"parity/importers/source"
)

// kind says what a token is.
type kind int

const (
	end        kind = iota
	identifier      // a field's name, an enum's value, true, inf
	number          // with its sign
	quoted          // a string, unescaped
	punctuation
)

// token is one word of the file. The text of a string is what it stands for, of all others what is written.
type token struct {
	kind         kind
	text         []byte
	line, column int
}

func (t token) is(mark byte) bool { return t.kind == punctuation && t.text[0] == mark }

// String describes the token for a message.
func (t token) String() string {
	switch t.kind {
	case end:
		return "the end of the file"
	case quoted:
		return "a string"
	}
	const most = 40
	if len(t.text) > most {
		return fmt.Sprintf("%q...", t.text[:most])
	}
	return fmt.Sprintf("%q", t.text)
}

// lexer cuts a file into tokens.
type lexer struct {
	file      string
	data      []byte
	at        int
	line      int
	lineStart int // offset of the line's first byte
}

func (l *lexer) column() int { return l.at - l.lineStart + 1 }

func (l *lexer) errorf(format string, args ...any) error {
	return source.Errorf(l.file, source.LineColumn(l.line, l.column()), format, args...)
}

// skip passes over white space and comments, which run from # to the end of the line.
func (l *lexer) skip() {
	for l.at < len(l.data) {
		switch l.data[l.at] {
		case '\n':
			l.at++
			l.line++
			l.lineStart = l.at
		case ' ', '\t', '\r', '\v', '\f':
			l.at++
		case '#':
			if n := bytes.IndexByte(l.data[l.at:], '\n'); n >= 0 {
				l.at += n
			} else {
				l.at = len(l.data)
			}
		default:
			return
		}
	}
}

func (l *lexer) next() (token, error) {
	l.skip()
	t := token{line: l.line, column: l.column()}
	if l.at == len(l.data) {
		return t, nil
	}
	switch c := l.data[l.at]; {
	case isLetter(c):
		t.kind, t.text = identifier, l.take(func(c byte) bool { return isLetter(c) || isDigit(c) })
	case isDigit(c), c == '.', c == '-', c == '+':
		return l.number(t)
	case c == '"', c == '\'':
		t.kind = quoted
		var err error
		t.text, err = l.quoted(c)
		return t, err
	case bytes.IndexByte([]byte("{}<>[]:,;/"), c) >= 0:
		t.kind, t.text = punctuation, l.data[l.at:l.at+1]
		l.at++
	default:
		return t, l.errorf("expected a field, found the character %q; is this a text file?", c)
	}
	return t, nil
}

// number takes a number with its sign, between which there may be space: `- 1`. A signed word, as in -inf, is one too.
func (l *lexer) number(t token) (token, error) {
	t.kind = number
	var sign []byte
	if c := l.data[l.at]; c == '-' || c == '+' {
		sign = l.data[l.at : l.at+1]
		l.at++
		l.skip()
	}
	digits := l.take(func(c byte) bool { return isLetter(c) || isDigit(c) || c == '.' || exponentSign(l.data, l.at) })
	if len(digits) == 0 {
		return t, l.errorf("expected a number after %q", sign)
	}
	t.text = digits
	if len(sign) > 0 {
		t.text = append(sign[:1:1], digits...)
	}
	return t, nil
}

// exponentSign tells whether the byte at an offset is the sign in 1e-5.
func exponentSign(data []byte, at int) bool {
	return at > 0 && (data[at] == '-' || data[at] == '+') && (data[at-1] == 'e' || data[at-1] == 'E')
}

func (l *lexer) take(belongs func(c byte) bool) []byte {
	from := l.at
	for l.at < len(l.data) && belongs(l.data[l.at]) {
		l.at++
	}
	return l.data[from:l.at]
}

func isLetter(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
