package bound

import (
	"fmt"

	"parity/googlenet/tensor"
)

// UpdateRules holds one rule for every kind of layer.Updater, for its parameters after a forward run.
var UpdateRules = map[string]Rule{
	"BatchNorm":      batchNormUpdate,
	"RunningAverage": runningAverage,
}

// OfUpdate returns the bound for every parameter after the forward run c; nil entries are exact.
func OfUpdate(c *Call) ([]*tensor.Tensor[float64], error) {
	rule := UpdateRules[c.Layer.Kind()]
	if rule == nil {
		return nil, fmt.Errorf("there is no rounding bound for the parameters that %s changes", c.Layer.Kind())
	}
	return rule(c), nil
}
