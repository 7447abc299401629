package caffe

import (
	"slices"

	"parity/googlenet/layer"
)

func lowerEltwise(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("eltwise_param")
	l := layer.Eltwise{Combination: map[string]layer.Combination{
		"PROD": layer.EltwiseProduct, "SUM": layer.EltwiseSum, "MAX": layer.EltwiseMaximum,
	}[p.Text("operation", "SUM")]}
	coefficients := list[float32](p, "coeff")
	switch {
	case len(coefficients) > 0 && len(coefficients) != len(s.Bottom):
		return nil, s.bad(p, "coeff", "coeff must be stated once for each of %d bottoms; found %d times", len(s.Bottom), len(coefficients))
	case len(coefficients) > 0 && l.Combination == layer.EltwiseProduct:
		return nil, s.bad(p, "coeff", "only SUM takes coefficients, found coeff with PROD")
	case len(coefficients) > 0 && l.Combination == layer.EltwiseMaximum:
		s.note("coeff is ignored by MAX")
	case slices.ContainsFunc(coefficients, func(v float32) bool { return v != 1 }):
		for _, v := range coefficients {
			l.Coefficients = append(l.Coefficients, float64(v))
		}
	}
	l.Quotient = l.Combination == layer.EltwiseProduct && !p.Bool("stable_prod_grad", true)
	return s.eltwise(p, l)
}

// eltwise refuses to compute in place what Caffe, which clears the top first, computes wrong.
func (s *step) eltwise(p *Message, l layer.Eltwise) ([]layer.Layer, error) {
	switch {
	case s.inPlace() && l.Combination != layer.EltwiseProduct:
		return nil, s.bad(p, "operation", "%s clears the blob %q before it reads it; give the layer a top of its own",
			p.Text("operation", "SUM"), s.Bottom[0])
	case s.inPlace():
		s.note("Caffe computes wrong gradients of a product in place: it has overwritten the factor")
	}
	return one(l)
}
