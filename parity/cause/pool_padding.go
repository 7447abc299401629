package cause

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var poolPadding = &Cause{
	ID:      "pool.padding",
	Title:   "the pool pads its input differently",
	Symptom: "All channels look shifted by a cell from this pool on, while the layers before it are exact.",
	Why: "Caffe pools without padding round the number of windows up, so that the last ones hang over the bottom and right edge; a port that pads " +
		"one cell on every side to get the same size samples the map one cell further up and left.",
	Fix: Fixes{
		Caffe: "pooling_param { pad: P }", TensorFlow: "tf.pad with zeros (-inf for max pools of negative values), then padding='VALID'",
		Keras: "ZeroPadding2D before a pool with padding='valid'", PyTorch: "nn.MaxPool2d(k, s, padding=P, ceil_mode=True)", ONNX: "pads=[top, left, bottom, right]",
	},
	Variants: func(s *Segment) []Variant {
		return poolSettings(s, "the padding", func(p layer.Pool, in tensor.Shape) []poolSetting { return poolPaddings(s, p, in) })
	},
}
