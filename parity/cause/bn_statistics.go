package cause

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var bnStatistics = &Cause{
	ID:      "bn.statistics",
	Title:   "the statistics of the batch are used instead of the stored ones",
	Symptom: "Every channel has mean 0 and variance 1 before its scale; the output of one image depends on the others beside it.",
	Why:     "The network was run in training mode, is_training=True was exported, or Caffe's use_global_stats was set to false.",
	Fix: Fixes{
		Caffe: "batch_norm_param { use_global_stats: true } or phase TEST", TensorFlow: "is_training=False", Keras: "model(x, training=False)", PyTorch: "model.eval()",
		ONNX: "training_mode=0",
	},
	Break: func(p *Port) []Fault {
		return append(breakNodes(p, func(n *graph.Node, l layer.BatchNorm) []Fault {
			to := l
			to.Batch = !l.Batch
			return []Fault{{Layer: n.Name, What: "of the batch", Make: func(p *Port, _ float64) { p.Graph.Node(n.Name).Layer = to }}}
		}), breakNodes(p, func(n *graph.Node, l layer.FusedBatchNorm) []Fault {
			to := l
			to.Batch, to.Factor = !l.Batch, 0.1
			return []Fault{{Layer: n.Name, What: "of the batch", Make: func(p *Port, _ float64) { p.Graph.Node(n.Name).Layer = to }}}
		})...)
	},
	Variants: func(s *Segment) []Variant {
		return s.normalisations(func(b normalisation) []Variant {
			if b.mean == nil {
				return nil // there are none but those of the batch
			}
			changed := b
			changed.batch = !b.batch
			words := map[bool]string{false: "stored", true: "of the batch"}
			list := []Variant{b.variant(changed.with(nil, nil), "mean and variance", words[b.batch], words[changed.batch])}
			if b.batch {
				return list
			}
			return append(list, b.mixedStatistics()...)
		})
	},
}

// mixedStatistics are those where only one of mean and variance is of the batch.
func (b normalisation) mixedStatistics() []Variant {
	x := b.input()
	if x == nil {
		return nil
	}
	mean, variance := b.mean.Clone(), b.variance.Clone()
	for c := range mean.Data {
		var m, v, n float64
		group := b.channel(x.Shape, c)
		for at := range group.All() {
			m, n = m+x.Data[at], n+1
		}
		m /= n
		for at := range group.All() {
			v += math.Pow(x.Data[at]-m, 2)
		}
		mean.Data[c], variance.Data[c] = m*b.factor, v/n*b.factor
	}
	return []Variant{
		b.variant(b.with(mean, nil), "the mean", "stored", "of the batch"),
		b.variant(b.with(nil, variance), "the variance", "stored", "of the batch"),
	}
}
