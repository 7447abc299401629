package cause

var inputResize = &Cause{
	ID:      "input.resize",
	Title:   "the picture was resized differently",
	Symptom: "The inputs differ where brightness changes, by a fraction of that change; flat areas agree.",
	Why: "Resizing differs in where it samples (TensorFlow 1 from the corner, others from the centre), in filtering before it shrinks (PIL does, OpenCV and " +
		"TensorFlow do not), and in whether it keeps the sides in proportion. It is not proven here, for that takes the picture itself: give both sides the same --image.",
	Fix: Fixes{
		Caffe: "resize as the reference does", TensorFlow: "tf.image.resize with half-pixel centres, antialias as PIL", Keras: "the same", PyTorch: "transforms.Resize(antialias=...)", ONNX: "the attributes coordinate_transformation_mode and antialias of Resize",
	},
}
