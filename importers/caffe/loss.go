package caffe

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// lossTypes are the layers whose first top is a term of the objective unless loss_weight says otherwise.
var lossTypes = []string{
	"ContrastiveLoss", "EuclideanLoss", "HingeLoss", "InfogainLoss", "MultinomialLogisticLoss", "SigmoidCrossEntropyLoss", "SoftmaxWithLoss",
}

// weigh notes the weights with which the values of a layer's tops are terms of the objective.
func (l *lowerer) weigh(x *Layer, out []string) error {
	weights := list[float32](x.Settings, "loss_weight")
	if len(weights) == 0 && slices.Contains(lossTypes, x.Type) {
		weights = []float32{1}
		l.unstated = append(l.unstated, out[0])
	}
	if len(weights) > 0 && len(weights) != len(out) {
		return x.Settings.Errorf("loss_weight", "layer %q (%s): loss_weight must be stated once for each of the %d tops, found %d (a loss layer without any has one, of 1)",
			x.Name, x.Type, len(out), len(weights))
	}
	for i, w := range weights {
		if w != 0 {
			l.g.LossWeights[out[i]] += float64(w)
		}
	}
	return nil
}

// dropOverwritten removes the weights that Caffe loses: where a loss layer states none, its 1 is written into the gradient
// of its top once, and a layer that reads the top writes its own gradient over it. A stated loss_weight is added to that.
func (l *lowerer) dropOverwritten() {
	overwritten := l.passedGradients()
	for _, v := range l.unstated {
		if overwritten[v] {
			delete(l.g.LossWeights, v)
			l.g.Notes = append(l.g.Notes, fmt.Sprintf("the layer that reads the loss %s writes its gradient over the loss's own weight of 1; state loss_weight to have both", v))
		}
	}
}

// passedGradients are the values that some reader gives a gradient: one that a term of the objective depends on, or with
// force_backward any.
func (l *lowerer) passedGradients() map[string]bool {
	passed, under := map[string]bool{}, map[string]bool{}
	for _, n := range slices.Backward(l.g.Nodes) {
		counts := slices.ContainsFunc(n.Outputs, func(v string) bool { return under[v] || l.g.LossWeights[v] != 0 })
		_, differentiable := n.Layer.(layer.Differentiable)
		for i, v := range n.Inputs {
			under[v] = under[v] || counts
			stopped := n.Stop != nil && n.Stop[i]
			passed[v] = passed[v] || differentiable && !stopped && (counts || l.net.ForceBackward)
		}
	}
	return passed
}

// stop cuts the gradients of the bottoms, whose values are in, that get none by the layer's propagate_down.
func (l *lowerer) stop(s *step, in []string, nodes []*graph.Node) error {
	down, err := l.propagates(s)
	if err != nil || down == nil {
		return err
	}
	for _, n := range nodes {
		for i, v := range n.Inputs {
			if bottom := slices.Index(in[:len(down)], v); bottom >= 0 && !down[bottom] {
				if n.Stop == nil {
					n.Stop = make([]bool, len(n.Inputs))
				}
				n.Stop[i] = true
			}
		}
	}
	return nil
}

// propagates returns the layer's propagate_down, an entry for each bottom; nil if nothing is cut.
func (l *lowerer) propagates(s *step) ([]bool, error) {
	down := list[bool](s.Settings, "propagate_down")
	if len(down) == 0 || !slices.Contains(down, false) && len(down) == len(s.Bottom) {
		return nil, nil
	}
	if len(down) != len(s.Bottom) {
		return nil, s.bad(s.Settings, "propagate_down", "propagate_down must be stated once for each of the %d bottoms, found %d", len(s.Bottom), len(down))
	}
	if l.net.ForceBackward {
		l.g.Notes = append(l.g.Notes, fmt.Sprintf("force_backward makes Caffe ignore propagate_down: false of the layer %s", s.Name))
		return nil, nil
	}
	return down, nil
}

// ignored reads the label that a layer leaves out.
func ignored(p *Message) layer.Labels {
	return layer.Labels{Ignore: p.Has("ignore_label"), Ignored: p.Int("ignore_label", 0)}
}

var normalizations = map[string]layer.Normalization{
	"FULL": layer.ByAll, "VALID": layer.ByCounted, "BATCH_SIZE": layer.ByOuter, "NONE": layer.ByOne,
}

// normalization reads what a loss is divided by. The older field normalize counts where normalization is not stated.
func (s *step) normalization(otherwise string) layer.Normalization {
	p := s.Settings.Sub("loss_param")
	if p.Has("normalization") || !p.Has("normalize") {
		if p.Has("normalize") {
			s.note("normalize is ignored, because normalization is stated")
		}
		return normalizations[p.Text("normalization", otherwise)]
	}
	if p.Bool("normalize", false) {
		return layer.ByCounted
	}
	return layer.ByOuter
}

// old returns the extents num, channels, height and width of a bottom, 1 for those that it has not; false if its shape is
// not known. Layers that go by these names refuse more than four axes.
func (s *step) old(bottom int) (extents [4]int, known bool, err error) {
	shape := s.in[bottom]
	if len(shape) > len(extents) {
		return extents, false, s.Errorf("takes at most 4 axes, named num, channels, height and width; the bottom %q has %d: %v", s.Bottom[bottom], len(shape), shape)
	}
	for i := range extents {
		extents[i] = 1
	}
	copy(extents[:], shape)
	return extents, shape != nil, nil
}

// flat refuses a bottom whose extents from the given one on, counted from num, are not all 1.
func (s *step) flat(bottom, from int) error {
	extents, known, err := s.old(bottom)
	if err == nil && known && slices.ContainsFunc(extents[from:], func(d int) bool { return d != 1 }) {
		names := []string{"num", "channels", "height", "width"}
		err = s.Errorf("takes a bottom %q whose %v are 1, found %v", s.Bottom[bottom], names[from:], tensor.Shape(extents[:]))
	}
	return err
}
