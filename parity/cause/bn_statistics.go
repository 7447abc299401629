package cause

import "math"

var bnStatistics = &Cause{
	ID:      "bn.statistics",
	Title:   "the statistics of the batch are used instead of the stored ones",
	Symptom: "Every channel has mean 0 and variance 1 before its scale; the output of one image depends on the others beside it.",
	Why:     "The network was run in training mode, is_training=True was exported, or Caffe's use_global_stats was set to false.",
	Fix: Fixes{
		Caffe: "batch_norm_param { use_global_stats: true } or phase TEST", TensorFlow: "is_training=False", Keras: "model(x, training=False)", PyTorch: "model.eval()",
		ONNX: "training_mode=0",
	},
	Variants: func(s *Segment) []Variant {
		return s.normalisations(func(b normalisation) []Variant {
			changed := b.layer
			changed.Batch = !b.layer.Batch
			words := map[bool]string{false: "stored", true: "of the batch"}
			list := []Variant{b.variant(b.with(changed), "mean and variance", words[b.layer.Batch], words[changed.Batch])}
			if b.layer.Batch {
				return list
			}
			return append(list, b.mixedStatistics()...)
		})
	},
}

// mixedStatistics are those where only one of mean and variance is of the batch.
func (b normalisation) mixedStatistics() []Variant {
	x := b.valueOf(b.node.Inputs[0])
	if x == nil || len(x.Shape) < 2 {
		return nil
	}
	factor := b.param(2).Data[0]
	mean, variance := b.param(0), b.param(1)
	for c := range x.Shape[1] {
		var m, v, n float64
		group := b.layer.Channel(x.Shape, c)
		for at := range group.All() {
			m, n = m+x.Data[at], n+1
		}
		m /= n
		for at := range group.All() {
			v += math.Pow(x.Data[at]-m, 2)
		}
		mean.Data[c], variance.Data[c] = m*factor, v/n*factor
	}
	return []Variant{
		b.variant(b.with(b.layer, mean), "the mean", "stored", "of the batch"),
		b.variant(b.with(b.layer, nil, variance), "the variance", "stored", "of the batch"),
	}
}
