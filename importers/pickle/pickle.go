// Package pickle reads the few kinds of Python's pickles that hold nothing but data: numbers, text, bytes, tuples, lists,
// dictionaries and NumPy's arrays.
//
// A pickle is a program that builds a value, and may name any function of Python to be called. Here nothing is ever called:
// the names that stand for NumPy's arrays are known, any other is an error, and so is every instruction that data
// does not need.
package pickle

import (
	"parity/googlenet/tensor"
	"parity/importers/source"
)

// Dict is a dictionary in the order of its items.
type Dict struct{ Items []Item }

// Item is one entry of a dictionary.
type Item struct{ Key, Value any }

// List is a list or a tuple.
type List struct{ Items []any }

// Array is NumPy's ndarray. Of an array of Python objects, which Objects has, there is no Value.
type Array struct {
	Shape   tensor.Shape
	Value   tensor.Any
	Objects []any
}

// Load reads one pickle: nil, bool, int64, float64, string, []byte, *List, *Dict or *Array. Positions in errors count from
// the place of the data in the file.
func Load(file string, data []byte, at int) (any, error) {
	m := &machine{file: file, data: data, base: at, memo: map[int]any{}}
	for {
		m.start = m.next
		code, err := m.byte()
		if err != nil {
			return nil, err
		}
		if code == stop {
			return m.result()
		}
		run, known := instructions[code]
		if !known {
			return nil, m.errorf("the instruction %s is not one that plain data needs; it is not carried out", nameOf(code))
		}
		if err := run(m); err != nil {
			return nil, err
		}
	}
}

// machine carries out a pickle's instructions on a stack.
type machine struct {
	file        string
	data        []byte
	base        int
	start, next int // of the present instruction, and what is to be read
	stack       []any
	marks       []int // where groups of values begin in the stack
	memo        map[int]any
	decoded     int // bytes of elements so far
}

// spend counts bytes of elements. A file that uses the same ones again and again could fill all memory.
func (m *machine) spend(n int) error {
	const most = 4 // an honest file has every byte decoded twice at most
	if m.decoded += n; m.decoded > most*len(m.data) {
		return m.errorf("its arrays have more elements than the file")
	}
	return nil
}

func (m *machine) errorf(format string, args ...any) error {
	return source.Errorf(m.file, source.Offset(m.base+m.start), "pickle: "+format, args...)
}

func (m *machine) result() (any, error) {
	if len(m.stack) != 1 {
		return nil, m.errorf("expected one value at the end, found %d", len(m.stack))
	}
	return m.stack[0], nil
}

func (m *machine) byte() (byte, error) {
	b, err := m.take(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

// take reads bytes that are there.
func (m *machine) take(n int) ([]byte, error) {
	if n < 0 || n > len(m.data)-m.next {
		return nil, m.errorf("expected %d bytes, found %d: the file is cut off", n, len(m.data)-m.next)
	}
	b := m.data[m.next : m.next+n]
	m.next += n
	return b, nil
}

func (m *machine) push(v any) error {
	m.stack = append(m.stack, v)
	return nil
}

// floor is where the present group begins.
func (m *machine) floor() int {
	if len(m.marks) == 0 {
		return 0
	}
	return m.marks[len(m.marks)-1]
}

func (m *machine) pop() (any, error) {
	if len(m.stack) <= m.floor() {
		return nil, m.errorf("it takes a value from an empty stack")
	}
	v := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return v, nil
}

func (m *machine) top() (any, error) {
	v, err := m.pop()
	if err == nil {
		m.stack = m.stack[:len(m.stack)+1]
	}
	return v, err
}

// group takes the values since the last mark.
func (m *machine) group() ([]any, error) {
	if len(m.marks) == 0 {
		return nil, m.errorf("it ends a group that was not begun")
	}
	from := m.floor()
	m.marks = m.marks[:len(m.marks)-1]
	values := append([]any{}, m.stack[from:]...)
	m.stack = m.stack[:from]
	return values, nil
}
