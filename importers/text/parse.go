package text

import (
	"bytes"

	"parity/importers/source"
)

// Parse reads a whole file.
func Parse(file string, data []byte) (*Message, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	p := &parser{lexer: lexer{file: file, data: data, line: 1}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	m := &Message{File: file, Line: 1, Column: 1}
	return m, p.fields(m, 0, 0)
}

type parser struct {
	lexer
	token // the one to be looked at
}

func (p *parser) advance() (err error) {
	p.token, err = p.lexer.next()
	return
}

// expected is the error at the current token.
func (p *parser) expected(what string) error {
	return source.Errorf(p.file, source.LineColumn(p.token.line, p.token.column), "expected %s, found %v", what, p.token)
}

// fields reads up to the closing mark, which it leaves; 0 stands for the end of the file.
func (p *parser) fields(m *Message, closing byte, depth int) error {
	if depth > MaxDepth {
		return m.Errorf("messages are nested more than %d deep", MaxDepth)
	}
	for {
		switch {
		case p.kind == end && closing == 0, p.kind == punctuation && p.is(closing):
			return nil
		case p.kind == end:
			return m.Errorf("expected the %c that closes this message, found the end of the file", closing)
		}
		if err := p.field(m, closing, depth); err != nil {
			return err
		}
		if p.is(',') || p.is(';') {
			if err := p.advance(); err != nil {
				return err
			}
		}
	}
}

func (p *parser) field(m *Message, closing byte, depth int) error {
	f := Field{Line: p.token.line, Column: p.token.column, file: p.file}
	var err error
	if f.Name, err = p.name(closing); err != nil {
		return err
	}
	colon := p.is(':')
	if colon {
		if err := p.advance(); err != nil {
			return err
		}
	}
	if p.is('[') {
		return p.list(m, f, depth)
	}
	if !colon && !p.is('{') && !p.is('<') {
		return p.expected("':' or '{' after " + f.Name)
	}
	return p.value(m, f, depth)
}

// name reads a field's name, or an extension's in brackets.
func (p *parser) name(closing byte) (string, error) {
	if p.kind == identifier {
		name := string(p.text)
		return name, p.advance()
	}
	if !p.is('[') {
		what := "a field's name"
		if closing != 0 {
			what += " or '" + string(closing) + "'"
		}
		return "", p.expected(what)
	}
	var name []byte
	for !p.is(']') {
		if p.kind != identifier && p.kind != number && !p.is('[') && !p.is('/') {
			return "", p.expected("an extension's name in brackets")
		}
		name = append(name, p.text...)
		if err := p.advance(); err != nil {
			return "", err
		}
	}
	return string(name) + "]", p.advance()
}

// list reads `[a, b]` as one field for each element.
func (p *parser) list(m *Message, f Field, depth int) error {
	if err := p.advance(); err != nil {
		return err
	}
	for first := true; !p.is(']'); first = false {
		if !first {
			if !p.is(',') {
				return p.expected("',' or ']' in the list of " + f.Name)
			}
			if err := p.advance(); err != nil {
				return err
			}
			f.Line, f.Column = p.token.line, p.token.column
		}
		if err := p.value(m, f, depth); err != nil {
			return err
		}
	}
	return p.advance()
}

// value reads one value and appends the field to the message.
func (p *parser) value(m *Message, f Field, depth int) error {
	m.Fields = append(m.Fields, &f)
	switch {
	case p.is('{'), p.is('<'):
		closing := byte('}')
		if p.is('<') {
			closing = '>'
		}
		f.Message = &Message{File: p.file, Line: p.token.line, Column: p.token.column}
		if err := p.advance(); err != nil {
			return err
		}
		if err := p.fields(f.Message, closing, depth+1); err != nil {
			return err
		}
	case p.kind == quoted:
		return p.strings(&f)
	case p.kind == identifier, p.kind == number:
		f.value = p.token
	default:
		return p.expected("a value for " + f.Name)
	}
	return p.advance()
}

// strings joins adjacent strings into one, as in C.
func (p *parser) strings(f *Field) error {
	f.value = p.token
	for {
		if err := p.advance(); err != nil {
			return err
		}
		if p.kind != quoted {
			return nil
		}
		f.value.text = append(f.value.text, p.text...)
	}
}
