package cause

var recordingInPlace = &Cause{
	ID:      "recording.in-place",
	Title:   "blobs were recorded after layers had changed them in place",
	Symptom: "A convolution's blob has no negative values: it is what the ReLU behind it left.",
	Why:     "Caffe's layers may write over their input; net.blobs holds the last value once the run is over. A note: it does not change the verdict.",
	Fix:     Fixes{Caffe: "record layer by layer: net.forward(start=..., end=...)"},
}
