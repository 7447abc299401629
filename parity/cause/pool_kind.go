package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var poolKind = &Cause{
	ID:      "pool.kind",
	Title:   "a maximum is taken for an average, or the reverse",
	Symptom: "One branch or the whole map is larger (maximum) or smaller by a margin that varies with the texture.",
	Why:     "Converters default to max pooling; some released networks have one pool of the other kind on purpose.",
	Fix: Fixes{
		Caffe: "pooling_param { pool: MAX } or AVE", TensorFlow: "tf.nn.max_pool2d or tf.nn.avg_pool2d", Keras: "MaxPooling2D or AveragePooling2D",
		PyTorch: "nn.MaxPool2d or nn.AvgPool2d", ONNX: "MaxPool or AveragePool",
	},
	Break: func(p *Port) []Fault {
		return append(
			remade(p, func(_ *graph.Node, l layer.MaxPool) []remake {
				return []remake{{"average", layer.AveragePool{Pool: l.Pool}}, {"average, padding counted", layer.AveragePool{Pool: l.Pool, Divisor: layer.PaddedCells}}}
			}),
			remade(p, func(_ *graph.Node, l layer.AveragePool) []remake {
				return []remake{{"maximum", layer.MaxPool{Pool: l.Pool}}}
			})...)
	},
	Variants: func(s *Segment) []Variant {
		return append(
			settings(s, "the pool", func(_ *graph.Node, l layer.MaxPool, _ tensor.Shape) []setting {
				return []setting{
					{layer.AveragePool{Pool: l.Pool, Divisor: layer.ValidCells}, "a maximum", "an average", trial{}},
					{layer.AveragePool{Pool: l.Pool, Divisor: layer.PaddedCells}, "a maximum", "an average that counts the padding", trial{}},
				}
			}),
			settings(s, "the pool", func(_ *graph.Node, l layer.AveragePool, _ tensor.Shape) []setting {
				return []setting{{layer.MaxPool{Pool: l.Pool}, "an average", "a maximum", trial{}}}
			})...,
		)
	},
}
