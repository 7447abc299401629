package cause

var recordingLayout = &Cause{
	ID:      "recording.layout",
	Title:   "the recording does not say how its tensors are laid out",
	Symptom: "Shapes fit the model only once the channels are moved from the end to the front.",
	Why:     "TensorFlow records NHWC; a dump of plain arrays does not say so. A note: it does not change the verdict.",
}
