package caffe_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/importers/caffe"
)

// input is the beginning of most test networks.
const input = `layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 8 dim: 9 } } }
`

// parse reads a network in text that must be right.
func parse(t *testing.T, text string) *caffe.Net {
	t.Helper()
	n, err := caffe.ParseText("net.prototxt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// lower returns the graph of a network without weights.
func lower(t *testing.T, text string) *graph.Graph {
	t.Helper()
	g, err := caffe.Lower(parse(t, text), nil, caffe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// refused returns the error of a network that must not be accepted.
func refused(t *testing.T, text string, weights *caffe.Net) string {
	t.Helper()
	n, err := caffe.ParseText("net.prototxt", []byte(text))
	if err == nil {
		_, err = caffe.Lower(n, weights, caffe.Options{})
	}
	if err == nil {
		t.Fatalf("accepted:\n%s", text)
	}
	return err.Error()
}

// outline writes a graph as one line a node.
func outline(g *graph.Graph) string {
	var b strings.Builder
	for _, in := range g.Inputs {
		fmt.Fprintf(&b, "input %s %v\n", in.Name, []int(in.Shape))
	}
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "%s: %s -> %s\n", n.Name, describe(n), strings.Join(n.Outputs, " "))
	}
	fmt.Fprintf(&b, "outputs %s\n", strings.Join(g.Outputs, " "))
	return b.String()
}

// describe writes a node's kind, inputs and attributes.
func describe(n *graph.Node) string {
	s := n.Layer.Kind() + "(" + strings.Join(n.Inputs, " ") + ")"
	if d, ok := n.Layer.(layer.Described); ok {
		for _, a := range d.Attributes() {
			s += " " + a.Name + "=" + a.Value
		}
	}
	return s
}

// message builds protobuf bytes.
type message []byte

func (m message) text(n protowire.Number, s string) message {
	return protowire.AppendString(protowire.AppendTag(m, n, protowire.BytesType), s)
}

func (m message) sub(n protowire.Number, s message) message {
	return protowire.AppendBytes(protowire.AppendTag(m, n, protowire.BytesType), s)
}

func (m message) int(n protowire.Number, v int) message {
	return protowire.AppendVarint(protowire.AppendTag(m, n, protowire.VarintType), uint64(v))
}

func (m message) floats(n protowire.Number, values ...float32) message {
	var packed message
	for _, v := range values {
		packed = protowire.AppendFixed32(packed, math.Float32bits(v))
	}
	return m.sub(n, packed)
}

func (m message) unpacked(n protowire.Number, values ...float32) message {
	for _, v := range values {
		m = protowire.AppendFixed32(protowire.AppendTag(m, n, protowire.Fixed32Type), math.Float32bits(v))
	}
	return m
}

func (m message) doubles(n protowire.Number, values ...float64) message {
	var packed message
	for _, v := range values {
		packed = protowire.AppendFixed64(packed, math.Float64bits(v))
	}
	return m.sub(n, packed)
}

// shape is a BlobShape.
func shape(dims ...int) message {
	var packed message
	for _, d := range dims {
		packed = protowire.AppendVarint(packed, uint64(d))
	}
	return message(nil).sub(1, packed)
}

// blob is a BlobProto of the present form.
func blob(dims []int, values ...float32) message {
	return message(nil).sub(7, shape(dims...)).floats(5, values...)
}

// old is a BlobProto of the form before BlobShape.
func old(num, channels, height, width int, values ...float32) message {
	return message(nil).int(1, num).int(2, channels).int(3, height).int(4, width).floats(5, values...)
}

// count returns start, start+1, ...
func count(n int, start float32) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = start + float32(i)
	}
	return out
}

// weights is a caffemodel with one layer of blobs.
func weights(name string, blobs ...message) message {
	l := message(nil).text(1, name).text(2, "InnerProduct")
	for _, b := range blobs {
		l = l.sub(7, b)
	}
	return message(nil).sub(100, l)
}

// readBinary reads a caffemodel that must be right.
func readBinary(t *testing.T, m message) *caffe.Net {
	t.Helper()
	n, err := caffe.ParseBinary("w.caffemodel", m)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
