package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// averages are the values of the attribute reduction.
var averages = map[string]layer.Average{"none": layer.AverageNone, "sum": layer.AverageSum, "mean": layer.AverageMean}

// negativeLogLikelihood takes the logarithms of probabilities, labels and, if they are there, constant weights of the classes.
func negativeLogLikelihood(c *call) error {
	x, ok, err := c.value(0)
	if err != nil || !ok {
		return c.unlessErr(err, "its input is no number")
	}
	return c.likelihood(c.as(x, false))
}

// softmaxCrossEntropyLoss is a log-softmax, which is a further output, and negativeLogLikelihood.
func softmaxCrossEntropyLoss(c *call) error {
	x, ok, err := c.value(0)
	if err != nil || !ok || x.rank() < 2 {
		return c.unlessErr(err, "its input's dimensions are not known")
	}
	x = c.as(x, false)
	return c.likelihood(c.further(1, one{layer: layer.LogSoftmax{Axis: 1}, in: []*value{x}}))
}

func (c *call) likelihood(logs *value) error {
	labels, ok, err := c.value(1)
	if err != nil || !ok || logs.rank() < 2 {
		return c.unlessErr(err, "its inputs' dimensions are not known")
	}
	l := layer.NegativeLogLikelihood{Axis: 1}
	text, err := c.node.Text("reduction", "mean")
	if err != nil {
		return err
	}
	if l.Average, ok = averages[text]; !ok {
		return c.node.Errorf("the attribute reduction should be none, sum or mean, found %q", text)
	}
	if c.node.Has("ignore_index") {
		l.Ignore = true
		if l.Ignored, err = c.node.Int("ignore_index", 0); err != nil {
			return err
		}
	}
	weights, ok, err := c.weightsOf(2, tensor.Shape{logs.extent(1)})
	if err != nil || !ok {
		return c.unlessErr(err, "its weights are not constant")
	}
	l.Weighted = len(weights) > 0
	return c.emit(one{layer: l, in: []*value{logs, c.as(labels, false)}, params: weights})
}
