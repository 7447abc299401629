package model

import (
	"maps"
	"slices"

	"parity/importers/element"
	"parity/importers/wire"
)

// Encode writes the model. Tensors that lie in other files are put into it.
func (m *Model) Encode() ([]byte, error) {
	var w wire.Writer
	var e encoder
	w.Varint(1, uint64(max(m.IR, firstWithOpsets)))
	w.String(2, m.Producer)
	w.Message(7, func(w *wire.Writer) { e.graph(w, m.Graph) })
	for _, domain := range slices.Sorted(maps.Keys(m.opsets())) {
		w.Message(8, func(w *wire.Writer) {
			w.String(1, domain)
			w.Varint(2, uint64(m.opsets()[domain]))
		})
	}
	for _, f := range m.Functions {
		w.Message(25, func(w *wire.Writer) { e.function(w, m, f) })
	}
	return w, e.err
}

// opsets are the versions of the operations, ONNX's own among them.
func (m *Model) opsets() map[string]int {
	if len(m.Opsets) > 0 {
		return m.Opsets
	}
	return map[string]int{"": m.Opset()}
}

// encoder keeps the first error.
type encoder struct{ err error }

func (e *encoder) graph(w *wire.Writer, g *Graph) {
	for _, n := range g.Nodes {
		w.Message(1, func(w *wire.Writer) { e.node(w, n) })
	}
	w.String(2, g.Name)
	for _, t := range g.Initializers {
		w.Message(5, func(w *wire.Writer) { e.tensor(w, t) })
	}
	for _, v := range g.Inputs {
		w.Message(11, v.encode)
	}
	for _, v := range g.Outputs {
		w.Message(12, v.encode)
	}
	for _, v := range g.Values {
		w.Message(13, v.encode)
	}
}

func (e *encoder) node(w *wire.Writer, n *Node) {
	for _, v := range n.Inputs {
		w.Bytes(1, []byte(v)) // an empty name is an input that is left out
	}
	for _, v := range n.Outputs {
		w.Bytes(2, []byte(v))
	}
	w.String(3, n.Name)
	w.String(4, n.Op)
	for _, key := range slices.Sorted(maps.Keys(n.Attrs)) {
		w.Message(5, func(w *wire.Writer) { e.attr(w, n.Attrs[key]) })
	}
	w.String(7, n.Domain)
	w.String(8, n.Overload)
}

func (e *encoder) attr(w *wire.Writer, a *Attr) {
	w.String(1, a.Name)
	w.Varint(20, uint64(slices.IndexFunc(attrTypes, func(t struct{ name, field string }) bool { return t.field == a.Field })))
	w.String(21, a.Ref)
	switch {
	case a.Ref != "":
	case a.Field == "f":
		w.Float(2, a.Float)
	case a.Field == "i":
		w.Varint(3, uint64(a.Int))
	case a.Field == "s":
		w.Bytes(4, a.Bytes)
	case a.Field == "t":
		w.Message(5, func(w *wire.Writer) { e.tensor(w, a.Tensor) })
	case a.Field == "g":
		w.Message(6, func(w *wire.Writer) { e.graph(w, a.Graph) })
	}
	for _, v := range a.Floats {
		w.Float(7, v)
	}
	for _, v := range a.Ints {
		w.Varint(8, uint64(v))
	}
	for _, v := range a.Strings {
		w.Bytes(9, []byte(v))
	}
}

func (e *encoder) tensor(w *wire.Writer, t *Tensor) {
	for _, d := range t.Shape {
		w.Varint(1, uint64(d))
	}
	w.Varint(2, uint64(t.DType))
	raw, has := t.Raw, t.HasRaw
	if t.External != nil && t.External.used {
		n, err := element.Count(t.DType.Element(), t.Shape)
		if err == nil {
			raw, err = t.external(n * t.DType.Element().Size())
		}
		if has = true; err != nil && e.err == nil {
			e.err = err
		}
	}
	for _, v := range t.Floats {
		w.Float(4, v)
	}
	for _, v := range t.Ints {
		switch t.DType {
		case Int64:
			w.Varint(7, uint64(v))
		case Uint32, Uint64:
			w.Varint(11, uint64(v))
		default:
			w.Varint(5, uint64(v))
		}
	}
	w.String(8, t.Name)
	if has {
		w.Bytes(9, raw)
	}
	for _, v := range t.Doubles {
		w.Double(10, v)
	}
}

func (v *Value) encode(w *wire.Writer) {
	w.String(1, v.Name)
	if v.Type == 0 {
		return
	}
	w.Message(2, func(w *wire.Writer) {
		w.Message(1, func(w *wire.Writer) {
			w.Varint(1, uint64(v.Type))
			if v.Shape == nil {
				return
			}
			w.Message(2, func(w *wire.Writer) {
				for _, d := range v.Shape {
					w.Message(1, func(w *wire.Writer) {
						if d >= 0 {
							w.Varint(1, uint64(d))
						}
					})
				}
			})
		})
	})
}

func (e *encoder) function(w *wire.Writer, m *Model, f *Function) {
	w.String(1, f.Name)
	for _, v := range f.Inputs {
		w.String(4, v)
	}
	for _, v := range f.Outputs {
		w.String(5, v)
	}
	for _, n := range f.Nodes {
		w.Message(7, func(w *wire.Writer) { e.node(w, n) })
	}
	for _, domain := range slices.Sorted(maps.Keys(m.opsets())) {
		w.Message(9, func(w *wire.Writer) {
			w.String(1, domain)
			w.Varint(2, uint64(m.opsets()[domain]))
		})
	}
	w.String(10, f.Domain)
	for _, key := range slices.Sorted(maps.Keys(f.Defaults)) {
		w.Message(11, func(w *wire.Writer) { e.attr(w, f.Defaults[key]) })
	}
	w.String(13, f.Overload)
}
