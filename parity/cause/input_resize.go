package cause

import "parity/googlenet/tensor"

var inputResize = &Cause{
	ID:      "input.resize",
	Title:   "the picture was resized differently",
	Symptom: "The inputs differ where brightness changes, by a fraction of that change; flat areas agree.",
	Why: "Resizing differs in where it samples (TensorFlow 1 from the corner, others from the centre), in filtering before it shrinks (PIL does, OpenCV and " +
		"TensorFlow do not), and in whether it keeps the sides in proportion. It is not proven here, for that takes the picture itself: give both sides the same --image.",
	Fix: Fixes{
		Caffe: "resize as the reference does", TensorFlow: "tf.image.resize with half-pixel centres, antialias as PIL", Keras: "the same", PyTorch: "transforms.Resize(antialias=...)", ONNX: "the attributes coordinate_transformation_mode and antialias of Resize",
	},
	Break: func(p *Port) []Fault {
		h, w := p.Input.Shape[2], p.Input.Shape[3]
		return []Fault{fedFault(p, "sampled half a pixel further", false, func(t *tensor.Tensor[float32], n, c, y, x int, _ float64) float64 {
			below, right := min(y+1, h-1), min(x+1, w-1)
			return (pixel(t, n, c, y, x) + pixel(t, n, c, below, x) + pixel(t, n, c, y, right) + pixel(t, n, c, below, right)) / 4
		})}
	},
}
