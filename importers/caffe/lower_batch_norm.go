package caffe

import "parity/googlenet/layer"

// lowerBatchNorm lowers the normalisation by stored statistics, or in training by those of the batch, which the stored ones
// then follow. The third blob, by which the first two are divided, stays a parameter.
func lowerBatchNorm(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("batch_norm_param")
	for i, m := range list[*Message](s.Settings, "param") {
		if i < len(s.Params) && s.Params[i].LR != 0 {
			return nil, s.bad(m, "lr_mult", "the statistics are not trained: lr_mult must be 0, found %v", s.Params[i].LR)
		}
	}
	for len(s.Params) < 3 {
		s.Params = append(s.Params, ParamSpec{Decay: 1})
	}
	batch := !p.Bool("use_global_stats", s.phase == Test)
	if batch {
		s.note("normalises by the statistics of the batch; the stored ones only follow")
	}
	return one(layer.BatchNorm{
		Epsilon: float64(p.Float("eps", 1e-5)), Batch: batch, Momentum: float64(p.Float("moving_average_fraction", 0.999)),
	})
}
