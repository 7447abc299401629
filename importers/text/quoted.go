package text

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// quoted takes a string in either kind of quotes and undoes its escapes. Bytes that are not ASCII are written in octal
// by protobuf's own printer.
func (l *lexer) quoted(quote byte) ([]byte, error) {
	rest := l.data[l.at+1:]
	n := bytes.IndexAny(rest, string(quote)+"\\\n")
	if n >= 0 && rest[n] == quote { // nothing to undo
		l.at += n + 2
		return rest[:n:n], nil
	}
	l.at++
	var out []byte
	for l.at < len(l.data) {
		c := l.data[l.at]
		switch c {
		case quote:
			l.at++
			return out, nil
		case '\n':
			return nil, l.errorf("expected the string's closing %c on its line", quote)
		case '\\':
			var err error
			if out, err = l.escape(out); err != nil {
				return nil, err
			}
		default:
			out = append(out, c)
			l.at++
		}
	}
	return nil, l.errorf("expected the string's closing %c, found the end of the file", quote)
}

var simpleEscapes = map[byte]byte{
	'n': '\n', 'r': '\r', 't': '\t', 'a': '\a', 'b': '\b', 'f': '\f', 'v': '\v',
	'\\': '\\', '\'': '\'', '"': '"', '?': '?',
}

// escape appends what a backslash and the characters after it stand for.
func (l *lexer) escape(out []byte) ([]byte, error) {
	if l.at+1 == len(l.data) {
		return nil, l.errorf("expected a character after the backslash, found the end of the file")
	}
	c := l.data[l.at+1]
	if plain, ok := simpleEscapes[c]; ok {
		l.at += 2
		return append(out, plain), nil
	}
	switch {
	case '0' <= c && c <= '7':
		return l.numeric(out, 1, 8, 1, 3)
	case c == 'x' || c == 'X':
		return l.numeric(out, 2, 16, 1, 2)
	case c == 'u':
		return l.numeric(out, 2, 16, 4, 4)
	case c == 'U':
		return l.numeric(out, 2, 16, 8, 8)
	}
	return nil, l.errorf("\\%c is no escape of the text format", c)
}

// numeric undoes an escape of between least and most digits: a byte, or with 4 or 8 digits a character.
func (l *lexer) numeric(out []byte, skip, base, least, most int) ([]byte, error) {
	from := l.at + skip
	to := from
	for to < min(from+most, len(l.data)) && isDigitOf(l.data[to], base) {
		to++
	}
	v, err := strconv.ParseUint(string(l.data[from:to]), base, 32)
	if err != nil || to-from < least || most <= 3 && v > 255 || v > utf8.MaxRune {
		return nil, l.errorf("the escape %q stands for no byte or character", l.data[l.at:to])
	}
	l.at = to
	if most > 3 {
		return utf8.AppendRune(out, rune(v)), nil
	}
	return append(out, byte(v)), nil
}

func isDigitOf(c byte, base int) bool {
	if base == 8 {
		return '0' <= c && c <= '7'
	}
	return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f'
}
