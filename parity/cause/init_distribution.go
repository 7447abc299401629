package cause

var initDistribution = &Cause{
	ID:      "init.distribution",
	Title:   "first weights are drawn from another distribution",
	Symptom: "Two freshly initialised networks have weights of another spread or shape; training starts elsewhere, and often ends elsewhere.",
	Why: "Caffe's xavier is uniform with the variance 1/fan_in, TensorFlow's glorot takes the mean of fan_in and fan_out, PyTorch's default a third of " +
		"1/fan_in; TensorFlow's truncated laws correct the standard deviation for the cut, or do not.",
	Fix: Fixes{
		Caffe:      "weight_filler { type: ... variance_norm: ... }",
		TensorFlow: "tf.compat.v1.initializers.variance_scaling(scale=1.0, mode='fan_in', distribution='uniform') is Caffe's xavier",
		Keras:      "VarianceScaling(scale=1.0, mode='fan_in', distribution='uniform') is Caffe's xavier",
		PyTorch:    "nn.init.uniform_(w, -a, a) with a = sqrt(3 / fan_in) is Caffe's xavier",
		ONNX:       "initialise before the export",
	},
}
