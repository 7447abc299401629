package pickle

import (
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
)

// name is what a pickle calls a function or class by. It only stands for what is done here in its place.
type name string

// The names that are known: NumPy's arrays and element types, and how Python 3 writes bytes in the old protocols. NumPy 2 has
// moved some to other modules.
const (
	reconstruct name = "numpy.core.multiarray _reconstruct"
	ndarray     name = "numpy ndarray"
	dtype       name = "numpy dtype"
	encode      name = "_codecs encode"
	fromBuffer  name = "numpy.core.numeric _frombuffer"
)

var renamed = map[name]name{"numpy._core.multiarray _reconstruct": reconstruct, "numpy._core.numeric _frombuffer": fromBuffer}

// elementType is NumPy's dtype, such as f4, and its byte order.
type elementType struct{ order, code string }

func (m *machine) global() error {
	module, err := m.readLine()
	if err != nil {
		return err
	}
	member, err := m.readLine()
	if err != nil {
		return err
	}
	return m.named(module, member)
}

func (m *machine) stackGlobal() error {
	member, err := m.pop()
	if err != nil {
		return err
	}
	module, err := m.pop()
	if err != nil {
		return err
	}
	a, ok := module.(string)
	b, ok2 := member.(string)
	if !ok || !ok2 {
		return m.errorf("it names a function by what is no text")
	}
	return m.named(a, b)
}

func (m *machine) named(module, member string) error {
	n := name(module + " " + member)
	if to, ok := renamed[n]; ok {
		n = to
	}
	switch n {
	case reconstruct, ndarray, dtype, encode, fromBuffer:
		return m.push(n)
	}
	return m.errorf("it would call %s.%s; only dictionaries of NumPy's arrays are read, and nothing is ever called. If you trust the file, load it in Python and save plain arrays with numpy.savez", module, member)
}

// reduce makes what the call of a known function would.
func (m *machine) reduce() error {
	args, err := m.pop()
	if err != nil {
		return err
	}
	called, err := m.pop()
	if err != nil {
		return err
	}
	list, ok := args.(*List)
	if !ok {
		return m.errorf("it calls a function with what is no tuple")
	}
	switch called {
	case reconstruct:
		if len(list.Items) > 0 && list.Items[0] == ndarray {
			return m.push(&Array{})
		}
	case dtype:
		if code, ok := first(list).(string); ok {
			return m.push(&elementType{code: code})
		}
	case encode:
		return m.encoded(list)
	case fromBuffer:
		return m.buffered(list)
	}
	return m.errorf("it calls %v in a way that is not known", called)
}

func first(l *List) any {
	if len(l.Items) == 0 {
		return nil
	}
	return l.Items[0]
}

// encoded turns text into bytes, one for each character.
func (m *machine) encoded(args *List) error {
	text, ok := first(args).(string)
	if !ok || len(args.Items) != 2 || args.Items[1] != "latin1" && args.Items[1] != "latin-1" {
		return m.errorf("it encodes text in a way that is not known")
	}
	if err := m.spend(len(text)); err != nil {
		return err
	}
	out := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 255 {
			return m.errorf("it encodes a character beyond latin1")
		}
		out = append(out, byte(r))
	}
	return m.push(out)
}

// buffered makes an array of its elements, their type, its shape and the order of its indices: C or F.
func (m *machine) buffered(args *List) error {
	if len(args.Items) != 4 {
		return m.errorf("an array should be made of 4 values, found %d", len(args.Items))
	}
	a := &Array{}
	if err := m.fill(a, &List{[]any{int64(1), args.Items[2], args.Items[1], args.Items[3] == "F", args.Items[0]}}); err != nil {
		return err
	}
	return m.push(a)
}

// build sets the state of an array or element type.
func (m *machine) build() error {
	state, err := m.pop()
	if err != nil {
		return err
	}
	to, err := m.top()
	if err != nil {
		return err
	}
	list, ok := state.(*List)
	if !ok {
		return m.errorf("it sets a state that is no tuple")
	}
	switch to := to.(type) {
	case *elementType:
		if len(list.Items) >= 2 {
			if to.order, ok = list.Items[1].(string); ok {
				return nil
			}
		}
	case *Array:
		return m.fill(to, list)
	}
	return m.errorf("it sets a state that is not known")
}

// fill sets an array's state: version, shape, type of element, whether the first index runs fastest, elements.
func (m *machine) fill(a *Array, state *List) error {
	if len(state.Items) != 5 {
		return m.errorf("an array should have a state of 5 values, found %d", len(state.Items))
	}
	extents, ok1 := state.Items[1].(*List)
	kind, ok2 := state.Items[2].(*elementType)
	fortran, ok3 := state.Items[3].(bool)
	if n, ok := state.Items[3].(int64); ok {
		fortran, ok3 = n != 0, true
	}
	if !ok1 || !ok2 || !ok3 {
		return m.errorf("an array's state is not that of NumPy")
	}
	shape := tensor.Shape{}
	for _, v := range extents.Items {
		n, ok := v.(int64)
		if !ok {
			return m.errorf("an array's shape is not one of integers")
		}
		shape = append(shape, int(n))
	}
	a.Shape = shape
	if strings.HasPrefix(kind.code, "O") {
		return m.objects(a, state.Items[4])
	}
	elements, ok := state.Items[4].([]byte)
	if text, isText := state.Items[4].(string); isText { // as Python 2 writes bytes
		elements, ok = []byte(text), true
	}
	if !ok {
		return m.errorf("an array's elements should be bytes")
	}
	err := m.spend(len(elements))
	if err != nil {
		return err
	}
	if a.Value, err = npz.FromBytes(kind.order+kind.code, fortran, shape, elements); err != nil {
		return m.errorf("%v", err)
	}
	return nil
}

func (m *machine) objects(a *Array, elements any) error {
	list, ok := elements.(*List)
	n, whole := a.Shape.CheckedLen()
	if !ok || !whole || n != len(list.Items) {
		return m.errorf("an array of objects of shape %v should have as many", a.Shape)
	}
	a.Objects = list.Items
	return nil
}
