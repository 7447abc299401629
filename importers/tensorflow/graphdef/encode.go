package graphdef

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/importers/tensorflow/tensorproto"
	"parity/importers/wire"
)

// Encode writes a GraphDef with the graph's nodes, without functions.
func (g *Graph) Encode() []byte {
	var w wire.Writer
	for _, n := range g.Nodes {
		w.Message(1, n.encode)
	}
	w.Message(4, func(w *wire.Writer) { w.Varint(1, uint64(g.Producer)) })
	return w
}

func (n *Node) encode(w *wire.Writer) {
	w.String(1, n.Name)
	w.String(2, n.Op)
	for _, in := range n.Inputs {
		w.String(3, in)
	}
	for _, key := range slices.Sorted(maps.Keys(n.Attrs)) {
		w.Message(5, func(w *wire.Writer) {
			w.String(1, key)
			w.Message(2, n.Attrs[key].encode)
		})
	}
}

func (a *Attr) encode(w *wire.Writer) {
	if a.Field != "list" {
		a.encodeValue(w)
		return
	}
	w.Message(1, func(w *wire.Writer) {
		for _, e := range a.List {
			e.encodeValue(w)
		}
	})
}

// valueFields are the fields of AttrValue, which a list numbers alike.
var valueFields = map[string]protowire.Number{"s": 2, "i": 3, "f": 4, "b": 5, "type": 6, "shape": 7, "tensor": 8, "placeholder": 9}

func (a *Attr) encodeValue(w *wire.Writer) {
	number := valueFields[a.Field]
	switch a.Field {
	case "s", "placeholder":
		w.Bytes(number, a.Bytes)
	case "i":
		w.Varint(number, uint64(a.Int))
	case "f":
		w.Float(number, a.Float)
	case "b":
		w.Bool(number, a.Bool)
	case "type":
		w.Varint(number, uint64(a.Type))
	case "shape":
		w.Message(number, func(w *wire.Writer) { tensorproto.EncodeShape(w, a.Shape) })
	case "tensor":
		w.Message(number, a.Tensor.Encode)
	}
}

// CallsFunction reports whether a node refers to a function of the library.
func (n *Node) CallsFunction() bool {
	for _, a := range n.Attrs {
		if a.Field == "func" || slices.ContainsFunc(a.List, func(e *Attr) bool { return e.Field == "func" }) {
			return true
		}
	}
	return false
}
