package cause

import "parity/googlenet/tensor"

var recordingInPlace = &Cause{
	ID:      "recording.in-place",
	Title:   "blobs were recorded after layers had changed them in place",
	Symptom: "A convolution's blob has no negative values: it is what the ReLU behind it left.",
	Why:     "Caffe's layers may write over their input; net.blobs holds the last value once the run is over. A note: it does not change the verdict.",
	Fix:     Fixes{Caffe: "record layer by layer: net.forward(start=..., end=...)"},
	Break: func(p *Port) []Fault {
		return []Fault{{Layer: p.Graph.Inputs[0].Name, Note: true, Dump: true, Record: func(p *Port, values map[string]*tensor.Tensor[float32]) {
			for blob, stages := range p.Graph.Stages {
				last := values[stages[len(stages)-1]]
				for _, v := range stages {
					delete(values, v)
				}
				values[blob] = last
			}
		}}}
	},
}
