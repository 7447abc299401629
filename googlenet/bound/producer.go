package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Unit roundoffs, smallest normal numbers and largest numbers.
const (
	U32    = 0x1p-24
	U64    = 0x1p-53
	tiny32 = 0x1p-126
	tiny64 = 0x1p-1022
	max32  = math.MaxFloat32
	max64  = math.MaxFloat64
)

// Producer is the arithmetic of whoever computed a tensor: what the rules need to know of it.
type Producer struct {
	Name string
	U    float64 // unit roundoff
	// Tiny is the smallest normal number: what one operation may lose where it underflows.
	Tiny float64
	// Max is the largest finite number: beyond it is infinity.
	Max float64
	// RunningLRN: local response normalisation keeps one sum across all channels, adding the entering square and
	// subtracting the leaving one, so that rounding errors pile up from channel to channel.
	RunningLRN bool
	// WideRunningLRN: so it does for more than 384 channels with a Beta of 1/2 or 1, as TensorFlow's lrn_op.cc, and not in the
	// gradient.
	WideRunningLRN bool
	// ExpLogPow: s^-beta is computed as exp(-beta log s).
	ExpLogPow bool
	// Double: what goes on inside a sigmoid or softplus is computed in double precision, as in C with constants such as
	// 0.5 and 1., and rounded at the end.
	Double bool
	// Flushes: denormal numbers may count as zeros, in what an operation reads and in what it writes.
	Flushes bool
	// Eigen: an optimiser moves a running mean by a share of the difference, multiplies by reciprocals of roots, and takes
	// denormal numbers for zero, where it reads and where it writes them.
	Eigen bool
	// FoldsNorm: normalisation by stored statistics and the scale behind it are one product and one sum with numbers made
	// beforehand, (scale / s) x + (bias - mean scale / s), as in ONNX Runtime, PyTorch and Keras 3 on a CPU. Where x is near the mean,
	// two large numbers cancel. TensorFlow's kernel subtracts the mean first, but its graph optimiser, on unless it is switched
	// off, writes FusedBatchNorm as that product and sum (AddBatchNormNodes in grappler's remapper.cc): fed the mean itself,
	// TensorFlow 2.21 gives the bias exactly with the optimiser off and misses it by some u |mean scale / s| with it on.
	FoldsNorm bool
	// CUDA: functions are those of Nvidia's graphics processors.
	CUDA bool
	// Math is what is rounded to smaller formats, and how convolutions are computed.
	Math Arithmetic
	// sums is the unit roundoff of additions where it is not that of other operations; 0 where it is.
	sums float64
	// Native: it is this program's own engine.
	Native bool
	// independent: n roundings come to sqrt(n) u, not to gamma_n.
	independent bool
}

// Independent returns the producer with its roundings taken as independent and with mean zero: a rule then gives, instead of
// a bound, one that the root of the sum of squared errors stays below.
func (p Producer) Independent() Producer {
	p.independent = true
	return p
}

// OfGraph returns the producer for a run of any framework's graph, which may itself have a normalisation as the product and the sum
// that others fold it to: its nodes are computed as they stand.
func (p Producer) OfGraph() Producer {
	p.FoldsNorm = true
	return p
}

func (p Producer) gamma(n int) float64 {
	if p.sums == 0 || n <= singles {
		return p.roundings(n, p.U)
	}
	one, rest := p.roundings(singles, p.U), p.roundings(n-singles, p.sums)
	return one + rest + one*rest
}

func (p Producer) roundings(n int, u float64) float64 {
	if p.independent {
		return math.Sqrt(float64(n)) * u
	}
	return Gamma(n, u)
}

// overflows reports whether a sum of positive terms, or one on the way to it, may exceed the largest number.
func (p Producer) overflows(sum float64) bool { return !(sum < p.Max/2) }

// The producers that the rules know. Native is this program's own engine.
var (
	Caffe      = Producer{Name: "Caffe", U: U32, Tiny: tiny32, Max: max32, RunningLRN: true, Double: true}
	TensorFlow = Producer{Name: "TensorFlow", U: U32, Tiny: tiny32, Max: max32, ExpLogPow: true, Flushes: true, Eigen: true, WideRunningLRN: true, FoldsNorm: true}
	// ONNXRuntime keeps a running sum in LRN, as Caffe2 (core/providers/cpu/nn/lrn.cc).
	ONNXRuntime = Producer{Name: "ONNX Runtime", U: U32, Tiny: tiny32, Max: max32, ExpLogPow: true, FoldsNorm: true, RunningLRN: true}
	AnyOrder    = Producer{Name: "float32, any order", U: U32, Tiny: tiny32, Max: max32, ExpLogPow: true, FoldsNorm: true}
	Native32    = Producer{Name: "parity float32", U: U32, Tiny: tiny32, Max: max32, Double: true, Native: true}
	Native64    = Producer{Name: "parity float64", U: U64, Tiny: tiny64, Max: max64, Double: true, Native: true}
)

// Declared returns the producer for a recording by a framework, on the device and with the arithmetic ("math") that it
// declares; empty ones mean the processor and float32.
func Declared(framework, name, device, arithmetic string) (Producer, error) {
	p := AnyOrder
	switch framework {
	case "caffe":
		p = Caffe
	case "tensorflow":
		p = TensorFlow
	case "onnx":
		p = ONNXRuntime
	case "keras": // version 3 normalises by tf.nn.batch_normalization, which folds
		p = TensorFlow
		p.FoldsNorm = true
	}
	if name != "" {
		p.Name = name
	}
	p, err := p.on(device)
	if err != nil || arithmetic == "" {
		return p, err
	}
	return p.With(arithmetic)
}

// In returns the producer with another unit roundoff, as when a framework computes in float64.
func (p Producer) In(u float64) Producer {
	if p.U = u; u == U64 {
		p.Tiny, p.Max = tiny64, max64
	}
	return p
}

// AgainstReplay returns the producer with the float64 replay's own roundoff added: the limit for a difference is the sum
// of both sides' bounds, and every rule is at least linear in u.
func (p Producer) AgainstReplay() Producer {
	p.U += U64
	return p
}

// Same reports whether both have the same arithmetic.
func (p Producer) Same(q Producer) bool {
	p.Name = q.Name
	return p == q
}

// Alike reports whether both producers have the same bound for a layer's outputs.
func (p Producer) Alike(q Producer, l layer.Layer, in, out []*tensor.Tensor[float64]) bool {
	if !p.flushAlike(q, l, in, out) {
		return false
	}
	switch l.(type) {
	case layer.LRN:
		if p.RunningLRN != q.RunningLRN || p.WideRunningLRN != q.WideRunningLRN || p.ExpLogPow != q.ExpLogPow {
			return false
		}
	case layer.BatchNorm, layer.FusedBatchNorm, layer.Scale:
		if p.FoldsNorm != q.FoldsNorm {
			return false
		}
	case layer.Power, layer.SpatialLRN:
		if p.ExpLogPow != q.ExpLogPow {
			return false
		}
	case layer.Sigmoid, layer.Softplus, layer.Swish:
		if p.Double != q.Double {
			return false
		}
	}
	return p.Math == q.Math && p.U == q.U && p.Tiny == q.Tiny && p.Max == q.Max
}

// Relative errors of elementary functions in units of u: the larger of what was measured for glibc 2.36, which Caffe
// calls, and for Eigen as in TensorFlow 2.21 (1 to 8 million arguments across the range, in float32 and float64), rounded up to the
// next whole number and one more for other versions. Measured, glibc and Eigen: exp 1.00 and 2.15, log 1.31 and 4.08, pow 1.00
// and 2.80, expm1 1.27 and 5.28, tanh 2.84 and 8.23, Eigen's logistic 8.33. Eigen states 2 ulps, which is up to 4, for its
// 1/sqrt (generic_rsqrt_newton_step); that of glibc and the processor, a square root to be divided by, is rounded once. Eigen alone: 1/x 3.15,
// log1p 4.69, sin and cos 2.90, tan 1.46, asin 8.26, acos 5.05, atan 4.80, sinh 2.30, cosh 1.98, asinh 2.13, acosh 2.08,
// atanh 2.72, atan2 4.54, erf 5.89, and erfc 14.4 up to x = 8 and 66.7 beyond, where its exponential is off by x^2 u.
const (
	kExp      = 4
	kLog      = 6
	kPow      = 4
	kExpm1    = 7
	kTanh     = 10
	kLogistic = 10
	kRsqrt    = 5
	kInverse  = 5
	kLog1p    = 6
	kSin      = 4
	kTan      = 3
	kAsin     = 10
	kAcos     = 7
	kAtan     = 6
	kSinh     = 4
	kAngle    = 6
	kErf      = 7
	kErfc     = 16
)

// inside is the unit roundoff of what goes on inside a sigmoid or softplus.
func (p Producer) inside() float64 {
	if p.Double {
		return min(p.U, U64)
	}
	return p.U
}

// overflow admits infinity for the results that come within their bound of the largest number.
func (p Producer) overflow(result, bound *tensor.Tensor[float64]) {
	if result == nil || bound == nil {
		return
	}
	for i, v := range result.Data {
		if b := &bound.Data[i]; math.Abs(v)+*b > p.Max && !math.IsInf(v, 0) {
			*b = math.Inf(1)
		}
	}
}

// runningLRN tells whether the normalisers of a layer come from one sum across all channels.
func (p Producer) runningLRN(l layer.LRN, channels int) bool {
	return p.RunningLRN || p.WideRunningLRN && channels > 384 && (l.Beta == 0.5 || l.Beta == 1)
}

// powError bounds the relative error of s^-beta, in units of u, for an exact s. As exp(-beta log s), the
// logarithm's error and the rounding of the product become an absolute error of the exponent. Whoever does that takes
// 1/sqrt(s) for a beta of 1/2.
func (p Producer) powError(beta, s float64) float64 {
	if p.ExpLogPow {
		own := max(kExp+math.Abs(beta*math.Log(s))*(kLog+1), kRsqrt)
		if p.CUDA {
			return max(own, kPowCUDA)
		}
		return own
	}
	return p.kPow()
}
