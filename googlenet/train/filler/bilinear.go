package filler

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"parity/googlenet/tensor"
)

// Bilinear fills every square kernel with the weights of bilinear interpolation, which a deconvolution of stride
// f = ceil(size/2) needs to enlarge a map f times: with c = (size-1) / (2f),
//
//	w[y, x] = (1 - |x/f - c|) (1 - |y/f - c|)
type Bilinear struct{}

func (f Bilinear) Law(s tensor.Shape) (Law, error) {
	if len(s) != 4 || s[2] != s[3] {
		return nil, fmt.Errorf("bilinear fills weights of 4 axes with square kernels, got %v", s)
	}
	if err := checkElements(s); err != nil {
		return nil, err
	}
	kernel := bilinear(s[3])
	slices.Sort(kernel)
	return ValuesLaw(kernel), nil
}

// bilinear is the kernel of a size.
func bilinear(size int) []float64 {
	f := math.Ceil(float64(size) / 2)
	c := float64(size-1) / (2 * f)
	tent := func(i int) float64 { return 1 - math.Abs(float64(i)/f-c) }
	kernel := make([]float64, size*size)
	for i := range kernel {
		kernel[i] = tent(i%size) * tent(i/size)
	}
	return kernel
}

func (f Bilinear) Draw(_ *rand.Rand, s tensor.Shape, to []float64) {
	kernel := bilinear(s[3])
	for i := range to {
		to[i] = kernel[i%len(kernel)]
	}
}
