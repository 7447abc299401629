package caffe

import "parity/googlenet/layer"

func lowerReduction(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("reduction_param")
	axis, err := s.axis(p, "axis", p.Int("axis", 0))
	if err != nil {
		return nil, err
	}
	return one(layer.Reduction{
		Statistic: map[string]layer.Statistic{
			"SUM": layer.ReductionSum, "ASUM": layer.ReductionMagnitudes, "SUMSQ": layer.ReductionSquares, "MEAN": layer.ReductionMean,
		}[p.Text("operation", "SUM")],
		Axis: axis, Factor: float64(p.Float("coeff", 1)),
	})
}
