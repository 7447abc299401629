package bound

import (
	"fmt"
	"strings"
)

// on returns the producer as it computes on a device: the processor, or one of Nvidia's graphics processors.
//
// There cuDNN is free to compute 3x3 convolutions by minimal filtering; kernels may be compiled to flush denormal numbers;
// sums are in any order; constants of Caffe's C++ code are not those of its kernels. Of its functions the CUDA
// programming guide's tables list errors within those of the producers here (expf 2 ulp, logf 1, tanhf 2, rsqrtf 2, expm1f 1,
// log1pf 1, sinf 2, erff 2), and larger ones for powf (8 ulp up to release 11, 4 since), tanf and acoshf (4), sinhf, asinhf and
// atanhf (3). An ulp is up to 2u. Products are float32 unless tf32 is declared.
func (p Producer) on(device string) (Producer, error) {
	kind, _, _ := strings.Cut(strings.ToLower(device), ":")
	switch kind {
	case "", "cpu":
		return p, nil
	case "cuda", "gpu":
		p.Math.Winograd = Tiles{Two: true, Four: true}
		p.Flushes, p.Double, p.CUDA, p.WideRunningLRN, p.FoldsNorm = true, false, true, false, true
		return p, nil
	}
	return p, fmt.Errorf("producer device %q is not known (cpu, cuda)", device)
}

// On a graphics processor, of powf and at most of the others.
const (
	kPowCUDA = 16
	kCUDA    = 8
)

func (p Producer) kPow() float64 {
	if p.CUDA {
		return kPowCUDA
	}
	return kPow
}

// function is the error of a function that is off by k on the processor.
func (p Producer) function(k float64) float64 {
	if p.CUDA {
		return max(k, kCUDA)
	}
	return k
}
