package cause

var structureNetwork = &Cause{
	ID:      "structure.network",
	Title:   "the two sides are different networks",
	Symptom: "The layers of the two graphs have little in common: neither their kinds and order nor their kernels and numbers of outputs.",
	Why:     "The wrong file was named, or a network was taken for the port of another one.",
	Fix: Fixes{
		Caffe: "compare with the prototxt that the port was made from", TensorFlow: "export the graph of the port", Keras: "save the model that is the port",
		PyTorch: "export the model that is the port", ONNX: "export the model that is the port",
	},
}
