package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var poolDivisor = &Cause{
	ID:      "pool.divisor",
	Title:   "an average pool counts padded cells, or does not",
	Symptom: "The interior of the map is exact; the border is off by 9/6, corners by 9/4 (for a 3x3 window).",
	Why: "Caffe (and PyTorch by default) divides by all cells of the padded map that the window covers, TensorFlow by those inside the map, " +
		"ONNX as count_include_pad says.",
	Fix: Fixes{
		Caffe: "nothing: Caffe always counts the padding", TensorFlow: "tf.pad with zeros, then an average pool with padding='VALID'",
		Keras: "ZeroPadding2D, then AveragePooling2D with padding='valid'", PyTorch: "nn.AvgPool2d(..., count_include_pad=True)", ONNX: "count_include_pad=1",
	},
	Break: func(p *Port) []Fault {
		return remade(p, func(_ *graph.Node, l layer.AveragePool) []remake {
			if l.Global || l.Padding == (layer.Padding{}) {
				return nil
			}
			l.Divisor = layer.PaddedCells + layer.ValidCells - l.Divisor
			return []remake{{"the other", l}}
		})
	},
	Variants: func(s *Segment) []Variant {
		return settings(s, "the divisor", func(_ *graph.Node, l layer.AveragePool, _ tensor.Shape) []setting {
			words := map[layer.Divisor]string{layer.ValidCells: "the cells inside the map", layer.PaddedCells: "all cells, padding counted"}
			changed := l
			changed.Divisor = layer.PaddedCells
			if l.Divisor == layer.PaddedCells {
				changed.Divisor = layer.ValidCells
			}
			return []setting{{changed, words[l.Divisor], words[changed.Divisor], trial{}}}
		})
	},
}
