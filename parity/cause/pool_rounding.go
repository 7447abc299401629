package cause

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var poolRounding = &Cause{
	ID:      "pool.rounding",
	Title:   "the number of windows is rounded the other way",
	Symptom: "The output has a row and a column more or less, or, where that is hidden, only the last ones differ.",
	Why:     "Caffe rounds the number of windows of a pool up, everybody else down by default.",
	Fix: Fixes{
		Caffe: "pooling_param { round_mode: FLOOR } for the others' rule", TensorFlow: "pad the bottom and right so that the last window fits, then padding='VALID'",
		Keras: "ZeroPadding2D(((0, 1), (0, 1))) before the pool", PyTorch: "nn.MaxPool2d(..., ceil_mode=True)", ONNX: "ceil_mode=1",
	},
	Break: func(p *Port) []Fault {
		return breakPools(p, func(w layer.Pool, _, _ tensor.Shape) []remadePool {
			to := w
			to.Ceil, to.Clip = !w.Ceil, !w.Ceil && w.Padding != (layer.Padding{})
			if w.Global || w.Padding.Mode != layer.Explicit {
				return nil
			}
			return []remadePool{{"the other way", to}}
		})
	},
	Variants: func(s *Segment) []Variant {
		return poolSettings(s, "the rounding", func(p layer.Pool, _ tensor.Shape) []poolSetting {
			if p.Global {
				return nil
			}
			word := map[bool]string{true: "up", false: "down"}
			changed := p
			changed.Ceil, changed.Clip = !p.Ceil, false
			clipped := changed
			clipped.Clip = changed.Ceil
			return []poolSetting{{changed, word[p.Ceil], word[!p.Ceil]}, {clipped, word[p.Ceil], word[!p.Ceil]}}
		})
	},
}
