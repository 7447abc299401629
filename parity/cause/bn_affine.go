package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var bnAffine = &Cause{
	ID:      "bn.affine",
	Title:   "the scale and shift behind the batch normalisation are lost",
	Symptom: "Every channel is off by a factor and a constant, and exactly so: y = a x + b.",
	Why:     "In Caffe they are a layer of their own, Scale, that is easily left out; in TF-slim gamma is absent by default.",
	Fix: Fixes{
		Caffe: "a Scale layer with bias_term: true behind BatchNorm", TensorFlow: "scale and offset of tf.nn.batch_normalization", Keras: "BatchNormalization(scale=True, center=True)",
		PyTorch: "nn.BatchNorm2d(affine=True)", ONNX: "scale and B of BatchNormalization",
	},
	Variants: func(s *Segment) []Variant {
		return s.normalisations(func(b normalisation) []Variant {
			if b.scale == nil {
				return nil
			}
			ones := tensor.New[float64](b.scale.Params[0].Value.Dims()...)
			for i := range ones.Data {
				ones.Data[i] = 1
			}
			list := []Variant{b.variant(s.without(b.scale), "scale and shift", "applied", "left out")}
			if len(b.scale.Params) == 2 {
				zero := tensor.New[float64](b.scale.Params[1].Value.Dims()...)
				list = append(list,
					b.variant(s.withParams(b.scale, ones, nil), "the scale (gamma)", "applied", "left out"),
					b.variant(s.withParams(b.scale, nil, zero), "the shift (beta)", "applied", "left out"))
			}
			return list
		})
	},
}

// withParams returns the segment's nodes with other parameters in n; nil leaves one.
func (s *Segment) withParams(n *graph.Node, params ...*tensor.Tensor[float64]) []*graph.Node {
	changed := *n
	changed.Params = nil
	for i, p := range n.Params {
		if params[i] != nil {
			p = &graph.Param{Name: p.Name, Value: params[i]}
		}
		changed.Params = append(changed.Params, p)
	}
	return s.With(n, &changed)
}
