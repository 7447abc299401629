package cause

var recordingIncomplete = &Cause{
	ID:      "recording.incomplete",
	Title:   "not all tensors could be compared",
	Symptom: "Recorded tensors have names that their model does not know, or values of the model were not recorded.",
	Why:     "The recording was made from another version of the graph, or kept only some outputs. A note: it does not change the verdict.",
}
