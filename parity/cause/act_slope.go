package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var actSlope = &Cause{
	ID:      "act.slope",
	Title:   "the slope of a leaky ReLU is another one",
	Symptom: "Positive values are exact, negative ones off by one factor.",
	Why:     "Converters drop negative_slope; libraries default to 0.01, 0.1, 0.2 or 0.3.",
	Fix: Fixes{
		Caffe: "relu_param { negative_slope: A }", TensorFlow: "tf.nn.leaky_relu(x, alpha=A)", Keras: "LeakyReLU(A)", PyTorch: "nn.LeakyReLU(A)",
		ONNX: "LeakyRelu with alpha=A",
	},
	Variants: func(s *Segment) []Variant {
		return settings(s, "the slope of negative values", func(n *graph.Node, l layer.ReLU, _ tensor.Shape) []setting {
			values := []float64{0, 0.01, 0.1, 0.2, 0.3}
			if d, ok := declared[layer.ReLU](s); ok {
				values = append([]float64{d.Slope}, values...)
			}
			values = append(values, rounded(s.solveSlope(n))...)
			for i, v := range values {
				values[i] = float64(float32(v)) // as frameworks hold it
			}
			var list []setting
			for _, v := range distinct(l.Slope, values...) {
				if v != 1 { // that is no activation at all
					list = append(list, setting{layer.ReLU{Slope: v}, number(l.Slope), number(v)})
				}
			}
			return list
		})
	},
}
