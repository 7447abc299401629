package caffe

import (
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/importers/piece"
	"parity/importers/source"
)

// Cut writes a network with the layers that compute some values from others, which become inputs, and their weights. g is what
// the network was lowered to. A blob that is changed in place is fed, and computed, under its own name.
func Cut(n *Net, g *graph.Graph, cut piece.Cut, o Options) (*piece.Piece, error) {
	positions, err := layersOf(n, g, cut)
	if err != nil {
		return nil, err
	}
	own := &Net{File: n.File, Name: n.Name, State: n.State}
	names, blobs := map[string]string{}, map[string]bool{}
	for _, in := range cut.Inputs {
		blob, _, _ := strings.Cut(in.Name, "@")
		if blobs[blob] {
			return nil, source.Errorf(n.File, "", "the blob %q is read at two stages, which one network cannot be fed", blob)
		}
		names[in.Name], blobs[blob] = blob, true
		own.Layers = append(own.Layers, inputLayer(blob, in))
	}
	for _, l := range n.Layers {
		if positions[l.Settings.Position] {
			own.Layers = append(own.Layers, l)
		}
	}
	p := &piece.Piece{Names: names, Files: []piece.File{{Part: "model", Name: "net.prototxt", Data: []byte(own.text())}}}
	if !slices.ContainsFunc(own.Layers, func(l *Layer) bool { return weighted(g, l) }) {
		return p, nil
	}
	weights, err := EncodeModel(own, g, o)
	p.Files = append(p.Files, piece.File{Part: "weights", Name: "net.caffemodel", Data: weights})
	return p, err
}

func weighted(g *graph.Graph, l *Layer) bool {
	for _, node := range g.Nodes {
		if node.Origin.Position == l.Settings.Position && len(node.Params) > 0 {
			return true
		}
	}
	return false
}

// layersOf returns the places of the layers between the values.
func layersOf(n *Net, g *graph.Graph, cut piece.Cut) (map[string]bool, error) {
	writers, places := g.Producers(), map[string]bool{}
	seen := map[string]bool{}
	var visit func(v string) error
	visit = func(v string) error {
		if seen[v] || cut.Has(v) {
			return nil
		}
		seen[v] = true
		node := writers[v]
		if node == nil {
			return source.Errorf(n.File, "", "nothing is known of the blob %q, which the piece reads", v)
		}
		places[node.Origin.Position] = true
		for _, in := range node.Inputs {
			if err := visit(in); err != nil {
				return err
			}
		}
		return nil
	}
	for _, v := range cut.Outputs {
		if err := visit(v); err != nil {
			return nil, err
		}
	}
	return places, nil
}

// inputLayer is an Input layer for a blob.
func inputLayer(blob string, in piece.Input) *Layer {
	m := &Message{Type: "LayerParameter"}
	m.set("name", "", blob+"/input")
	m.set("type", "", "Input")
	m.set("top", "", blob)
	shape := m.sub("input_param", "").sub("shape", "")
	for _, d := range in.Shape {
		shape.set("dim", "", int64(d))
	}
	return newLayer(m)
}

// text writes the network as a prototxt file.
func (n *Net) text() string {
	var b strings.Builder
	if n.Name != "" {
		b.WriteString("name: " + quoted(n.Name) + "\n")
	}
	for _, l := range n.Layers {
		b.WriteString("layer {\n")
		l.message().writeText(&b, "  ")
		b.WriteString("}\n")
	}
	return b.String()
}
