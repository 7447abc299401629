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
	Break: func(p *Port) []Fault {
		return breakPools(p, func(w layer.Pool, in, out tensor.Shape) []remadePool {
			if w.Global || w.Padding.Mode != layer.Explicit {
				return nil
			}
			// Windows that hang over the edge are as well padded there; then one cell goes from the end to the beginning.
			top, left, bottom, right := w.Padding.Top, w.Padding.Left, w.Padding.Bottom, w.Padding.Right
			if w.Ceil {
				bottom, right = bottom+hang(w, 0, in, out), right+hang(w, 1, in, out)
			}
			var list []remadePool
			for _, by := range [][2]int{{1, 1}, {1, 0}, {0, 1}, {-1, -1}} {
				to := w
				to.Ceil, to.Clip = false, false
				to.Padding = layer.Padding{Top: top + by[0], Left: left + by[1], Bottom: bottom - by[0], Right: right - by[1]}
				if pad := to.Padding; min(pad.Top, pad.Left, pad.Bottom, pad.Right) >= 0 {
					list = append(list, remadePool{pad.String(), to})
				}
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		return poolSettings(s, "the padding", func(p layer.Pool, in tensor.Shape) []poolSetting { return poolPaddings(s, p, in) })
	},
}
