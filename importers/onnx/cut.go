package onnx

import (
	"slices"

	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
	"parity/importers/piece"
	"parity/importers/source"
)

// Cut writes a model with the nodes that compute some values from others, and the weights that they read.
func Cut(m *model.Model, cut piece.Cut) (*piece.Piece, error) {
	c := &cutter{model: m, cut: cut, writers: map[string]*model.Node{}, kept: map[*model.Node]bool{}, weights: map[string]bool{}}
	for _, n := range m.Graph.Nodes {
		for _, v := range n.Outputs {
			if v != "" {
				c.writers[v] = n
			}
		}
	}
	for _, out := range cut.Outputs {
		if err := c.keep(out, "the piece"); err != nil {
			return nil, err
		}
	}
	own := *m
	own.Graph = c.graph()
	data, err := own.Encode()
	return &piece.Piece{Files: []piece.File{{Part: "model", Name: "model.onnx", Data: data}}}, err
}

type cutter struct {
	model   *model.Model
	cut     piece.Cut
	writers map[string]*model.Node
	kept    map[*model.Node]bool
	weights map[string]bool
}

// keep keeps what computes a value; who reads it.
func (c *cutter) keep(value, who string) error {
	if value == "" || c.cut.Has(value) {
		return nil
	}
	n := c.writers[value]
	if n == nil {
		if slices.ContainsFunc(c.model.Graph.Initializers, func(t *model.Tensor) bool { return t.Name == value }) {
			c.weights[value] = true
			return nil
		}
		return source.Errorf(c.model.File, "", "%s reads %q, of which nothing is known", who, value)
	}
	if c.kept[n] {
		return nil
	}
	c.kept[n] = true
	for _, in := range append(slices.Clone(n.Inputs), captured(n)...) {
		if err := c.keep(in, n.Title()); err != nil {
			return err
		}
	}
	return nil
}

// captured lists the values of the outer graph that a node's bodies read.
func captured(n *model.Node) []string {
	var list []string
	for _, a := range n.Attrs {
		if a.Graph == nil {
			continue
		}
		own := map[string]bool{}
		for _, v := range a.Graph.Inputs {
			own[v.Name] = true
		}
		for _, t := range a.Graph.Initializers {
			own[t.Name] = true
		}
		for _, inner := range a.Graph.Nodes {
			for _, in := range append(slices.Clone(inner.Inputs), captured(inner)...) {
				if !own[in] && in != "" {
					list = append(list, in)
				}
			}
			for _, v := range inner.Outputs {
				own[v] = true
			}
		}
	}
	return list
}

func (c *cutter) graph() *model.Graph {
	g := &model.Graph{Name: c.model.Graph.Name}
	for _, n := range c.model.Graph.Nodes {
		if c.kept[n] {
			g.Nodes = append(g.Nodes, n)
		}
	}
	for _, t := range c.model.Graph.Initializers {
		if c.weights[t.Name] {
			g.Initializers = append(g.Initializers, t)
		}
	}
	for _, in := range c.cut.Inputs {
		g.Inputs = append(g.Inputs, &model.Value{Name: in.Name, Type: c.typeOf(in.Name), Shape: in.Shape})
	}
	for _, out := range c.cut.Outputs {
		g.Outputs = append(g.Outputs, &model.Value{Name: out, Type: c.typeOf(out), Shape: shapeOf(c.model.Graph, out)})
	}
	return g
}

// typeOf is a value's element type as far as the file says; float otherwise.
func (c *cutter) typeOf(name string) model.DType {
	if v := valueOf(c.model.Graph, name); v != nil && v.Type != 0 {
		return v.Type
	}
	return model.Float
}

func shapeOf(g *model.Graph, name string) tensor.Shape {
	if v := valueOf(g, name); v != nil {
		return v.Shape
	}
	return nil
}

func valueOf(g *model.Graph, name string) *model.Value {
	for _, v := range slices.Concat(g.Inputs, g.Outputs, g.Values) {
		if v.Name == name {
			return v
		}
	}
	return nil
}
