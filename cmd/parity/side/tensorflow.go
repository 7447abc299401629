package side

import (
	"slices"

	"parity/fixtures/npz"
	"parity/importers/piece"
	"parity/importers/tensorflow"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/lower"
)

// readTensorFlow reads a graph with its weights, from what is fed to it on.
func (p *parts) readTensorFlow() (*graphdef.Graph, lower.Variables, error) {
	def, err := tensorflow.Read(p.Model)
	if err != nil {
		return nil, nil, err
	}
	fed, err := p.fedWithin(def)
	if err != nil {
		return nil, nil, err
	}
	if fed != nil {
		def = tensorflow.Feed(def, fed)
	}
	open := tensorflow.OpenWeights
	if p.averages {
		open = tensorflow.OpenAverages
	}
	vars, err := tensorflow.Variables(def, p.Weights, open)
	return def, vars, err
}

// fedWithin lists the values within a graph that the inputs are for: those named like values that nodes compute, where a
// placeholder has no tensor. Their batch is open, as that of a placeholder usually is.
func (p *parts) fedWithin(def *graphdef.Graph) ([]piece.Input, error) {
	if p.Inputs == "" {
		return nil, nil
	}
	arrays, err := npz.List(p.Inputs)
	if err != nil {
		return nil, err
	}
	var fed []piece.Input
	for _, a := range arrays {
		if tensorflow.Feedable(def, a.Name) {
			in := piece.Input{Name: a.Name, Shape: a.Shape.Clone()}
			if len(in.Shape) > 1 {
				in.Shape[0] = -1
			}
			fed = append(fed, in)
		}
	}
	everything := !slices.ContainsFunc(def.Nodes, func(n *graphdef.Node) bool {
		return n.Op == "Placeholder" && !slices.ContainsFunc(arrays, func(a npz.Info) bool { return a.Name == n.Name })
	})
	if everything {
		return nil, nil
	}
	return fed, nil
}
