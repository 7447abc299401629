package cause

var numericsFlush = &Cause{
	ID:    "numerics.flush",
	Title: "denormal numbers are flushed to zero",
	Symptom: "Numbers below 2^-126 in magnitude are zero on one side, and everything else agrees. A note: it does not change the " +
		"verdict.",
	Why: "TensorFlow, XLA and many graphics kernels switch denormal numbers off, because processors compute with them slowly; " +
		"PyTorch does with torch.set_flush_denormal(True), ONNX Runtime with session.set_denormal_as_zero.",
	Fix: Fixes{
		Caffe: "nothing needs to be done", TensorFlow: "nothing needs to be done", Keras: "nothing needs to be done",
		PyTorch: "torch.set_flush_denormal(False)", ONNX: `set "session.set_denormal_as_zero" to "0"`,
	},
}
