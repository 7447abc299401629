package caffe

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/source"
)

// lowerer builds the graph, layer by layer in the file's order, which is the order of execution.
type lowerer struct {
	g       *graph.Graph
	net     *Net
	weights *weights
	state   state

	blobs    map[string]string       // the value that a blob holds now
	shapes   map[string]tensor.Shape // of values; with the declared batch, so that the reshapes that name it fit
	readers  map[string]string       // a layer that reads a value
	excluded map[string]string       // the layer, left out by its rules, that would write a blob
	names    map[string]int          // of nodes, with how often each was asked for
	splits   map[string]bool         // blobs that are outputs of Split layers, which share memory
	brought  map[string]bool         // graph inputs that a data layer reads from elsewhere
	silent   map[string]bool         // values of anonymous tops, which are no outputs of the net

	unweighted []*Layer // that need weights, when none were given
	unstated   []string // values of loss layers that state no loss_weight
}

func lower(net, from *Net, o Options) (*lowerer, error) {
	l := &lowerer{
		g:   &graph.Graph{Name: net.Name, Framework: "caffe", Stages: map[string][]string{}, Aliases: map[string]string{}, LossWeights: map[string]float64{}},
		net: net, state: net.state(o), blobs: map[string]string{}, shapes: map[string]tensor.Shape{}, readers: map[string]string{},
		excluded: map[string]string{}, names: map[string]int{}, splits: map[string]bool{}, brought: map[string]bool{}, silent: map[string]bool{},
	}
	kept, err := l.filter()
	if err != nil {
		return nil, err
	}
	l.g.Notes = append(l.g.Notes, net.Notes...)
	l.weights = l.match(kept, from)
	for _, x := range kept {
		if err := l.add(x); err != nil {
			return nil, err
		}
	}
	l.finish()
	return l, l.g.Check()
}

// filter leaves out the layers whose rules do not hold.
func (l *lowerer) filter() ([]*Layer, error) {
	var kept []*Layer
	for _, x := range l.net.Layers {
		in, err := l.state.includes(x)
		if err == nil && in && x.Type == "" {
			err = x.Settings.Errorf("", "layer %q has no type", x.Name)
		}
		if err != nil {
			return nil, err
		}
		if in {
			kept = append(kept, x)
			continue
		}
		for _, t := range x.Top {
			l.excluded[t] = x.Name
		}
	}
	if len(kept) == 0 {
		return nil, source.Errorf(l.net.File, "", "the network has no layers in phase %s", l.state.phase)
	}
	return kept, nil
}

func (l *lowerer) add(x *Layer) error {
	if shapes, ok := inputLayers[x.Type]; ok {
		return l.addInputs(x, shapes)
	}
	in, err := l.read(x)
	switch {
	case err != nil:
		return err
	case x.Type == "Split":
		return l.addSplit(x, in)
	}
	if bottoms, ok := sinks[x.Type]; ok {
		return l.addSink(x, bottoms)
	}
	return l.addLayer(x, in)
}

// addSink leaves out a layer that only consumes.
func (l *lowerer) addSink(x *Layer, bottoms [2]int) error {
	s := &step{Layer: x}
	if err := s.checkArity(lowering{bottoms: bottoms}); err != nil {
		return err
	}
	l.g.Notes = append(l.g.Notes, fmt.Sprintf("the layer %s (%s) writes no blob and is left out", x.Name, x.Type))
	return nil
}

// addLayer lowers a layer that computes.
func (l *lowerer) addLayer(x *Layer, in []string) error {
	s := &step{Layer: x, binary: l.net.binary, phase: l.phase(x)}
	for _, v := range in {
		s.in = append(s.in, l.shapes[v])
	}
	chain, err := s.lower()
	if err != nil {
		return err
	}
	s.noteFillers()
	name := l.unique(x)
	in = append(in, l.draws(s, name)...)
	out := l.outputs(x, name)
	own := out[:len(out)-len(s.beside)]
	nodes, shapes, err := l.chain(s, chain, name, in, own)
	if err != nil {
		return err
	}
	if err := l.stop(s, in, nodes); err != nil {
		return err
	}
	side, sideShapes, err := l.sideNodes(s, name, in, out[len(own):], len(chain))
	if err != nil {
		return err
	}
	l.g.Nodes, shapes = append(append(l.g.Nodes, nodes...), side...), append(shapes, sideShapes...)
	if err := l.weigh(x, out); err != nil {
		return err
	}
	for i, t := range x.Top {
		if err := l.write(x, t, out[i], shapes[i]); err != nil {
			return err
		}
	}
	return nil
}

// draws makes the inputs of the graph that hold a layer's random numbers.
func (l *lowerer) draws(s *step, name string) []string {
	var names []string
	for _, d := range s.drawn {
		d.Name = name + ":" + d.Name
		l.shapes[d.Name] = d.Shape
		names, s.in = append(names, d.Name), append(s.in, d.Shape)
		l.g.Inputs = append(l.g.Inputs, graph.Input{Name: d.Name, Shape: anyBatch(d.Shape)})
	}
	return names
}

// finish finds the outputs, and drops inputs that a data layer brings but nothing reads.
func (l *lowerer) finish() {
	reread(l.g)
	l.dropOverwritten()
	consumers := l.g.Consumers()
	for _, n := range l.g.Nodes {
		for _, v := range n.Outputs {
			if _, read := l.readers[v]; !read && consumers[v] == nil && !l.silent[v] {
				l.g.Outputs = append(l.g.Outputs, v)
			}
		}
	}
	l.g.Inputs = slices.DeleteFunc(l.g.Inputs, func(in graph.Input) bool {
		_, read := l.readers[in.Name]
		drop := l.brought[in.Name] && !read
		if drop {
			l.g.Notes = append(l.g.Notes, fmt.Sprintf("nothing reads the blob %q of a data layer; it is left out", in.Name))
		}
		return drop
	})
}
