package cases

import (
	"math"
	"runtime"

	"parity/googlenet/bound"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/image/tfimage"
)

// resizeLimit is how far a resized picture may be from the recorded one. Only weights that are sines or exponentials leave
// any freedom: libraries differ in the last bit.
func resizeLimit(r tfimage.Resizer, x tfimage.Picture, size [2]int) (*tensor.Tensor[float64], error) {
	l, ok := r([2]int{x.Shape[0], x.Shape[1]}, size).(layer.Resample)
	if !ok || l.Size == [2]int{x.Shape[0], x.Shape[1]} {
		return nil, nil
	}
	maps := tensor.Permute(tensor.As[float64](x).Reshaped(1, x.Shape[0], x.Shape[1], x.Shape[2]), 0, 3, 1, 2)
	s := l.Separable(maps.Shape)
	if s.Vertical.Doubt == 0 {
		return nil, nil
	}
	c := &bound.Call{Layer: l, In: []*tensor.Tensor[float64]{maps}, Err: make([]*tensor.Tensor[float64], 1), Workers: runtime.GOMAXPROCS(0)}
	c.Out = []*tensor.Tensor[float64]{s.Apply(maps, c.Workers)}
	sum := tensor.New[float64](c.Out[0].Shape...)
	for _, p := range []bound.Producer{bound.TensorFlow, bound.Native32} {
		c.Producer = p
		b, err := bound.Of(c)
		if err != nil {
			return nil, err
		}
		for i, v := range b[0].Data {
			sum.Data[i] += v
		}
	}
	return tensor.Permute(sum, 0, 2, 3, 1).Reshaped(size[0], size[1], x.Shape[2]), nil
}

// standardisationLimit bounds (x - m) / s of n numbers for two float32 implementations together. A mean of any order of
// leaves of at most 1024 numbers, which are added up in pairs (Eigen's reductions), is off by e_m = gamma_k mean |x|; a
// difference d from it by e_d = e_m + u (|d| + e_m); the deviation, whose squares have the root mean square of d, by
// rms(e_d) + gamma_(k+2) (s + rms(e_d)); and the quotient by (e_d + |y| e_s) / (s - e_s) + 2 u |y|.
func standardisationLimit(x tfimage.Picture, y *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	const leaf, u = 1024, bound.U32
	n := len(x.Data)
	k := min(n, leaf) + int(math.Ceil(math.Log2(max(1, float64(n)/leaf)))) + 2
	mean, magnitude := 0.0, 0.0
	for _, v := range x.Data {
		mean += float64(v) / float64(n)
		magnitude += math.Abs(float64(v)) / float64(n)
	}
	em := bound.Gamma(k, u) * magnitude
	ed := func(v float32) float64 { return em + u*(math.Abs(float64(v)-mean)+em) }
	squares, errors := 0.0, 0.0
	for _, v := range x.Data {
		squares += math.Pow(float64(v)-mean, 2) / float64(n)
		errors += math.Pow(ed(v), 2) / float64(n)
	}
	s := max(math.Sqrt(squares), 1/math.Sqrt(float64(n)))
	es := math.Sqrt(errors) + bound.Gamma(k+2, u)*(s+math.Sqrt(errors))
	out := tensor.New[float64](y.Shape...)
	for i, v := range y.Data {
		b := (ed(x.Data[i])+math.Abs(v)*es)/(s-es) + 2*u*math.Abs(v)
		out.Data[i] = 2 * b
	}
	return out
}
