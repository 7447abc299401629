package layer

import "math"

// Kernel is a function that a Resample weights cells with by their distance.
type Kernel int

// TriangleKernel blends linearly. BoxKernel takes what is within half a cell, and half of what is at exactly that.
// GaussianKernel has a deviation of 1/2 and ends abruptly at 3/2. KeysKernel is Keys' cubic with A = -1/2, MitchellKernel
// that of Mitchell and Netravali with B = C = 1/3. The Lanczos kernels are sin(pi x)/(pi x), windowed by the same function 1,
// 3 or 5 times as wide.
const (
	TriangleKernel Kernel = iota
	BoxKernel
	GaussianKernel
	KeysKernel
	MitchellKernel
	Lanczos1Kernel
	Lanczos3Kernel
	Lanczos5Kernel
)

// kernels hold the radius beyond which a kernel is zero and its value for a distance, each operation rounded to float32.
var kernels = []struct {
	name   string
	radius float32
	at     func(x float32) float32
	doubt  int
}{
	TriangleKernel: {"triangle", 1, func(x float32) float32 { return max(1-x, 0) }, 0},
	BoxKernel:      {"box", 1, box, 0},
	GaussianKernel: {"gaussian", 1.5, gaussian, sineDoubt},
	KeysKernel:     {"keyscubic", 2, keys, 0},
	MitchellKernel: {"mitchellcubic", 2, mitchell, 0},
	Lanczos1Kernel: {"lanczos1", 1, func(x float32) float32 { return lanczos(x, 1) }, sineDoubt},
	Lanczos3Kernel: {"lanczos3", 3, func(x float32) float32 { return lanczos(x, 3) }, sineDoubt},
	Lanczos5Kernel: {"lanczos5", 5, func(x float32) float32 { return lanczos(x, 5) }, sineDoubt},
}

// sineDoubt counts what two implementations of a kernel may be apart: each of two sines or of an exponential by one unit in
// the last place, and the roundings of the five operations after them.
const sineDoubt = 2*2 + 5*2

// KernelByName finds a kernel by the name that String gives it.
func KernelByName(name string) (Kernel, bool) {
	for k := range kernels {
		if kernels[k].name == name {
			return Kernel(k), true
		}
	}
	return 0, false
}

// String is the kernel's name.
func (k Kernel) String() string { return kernels[k].name }

func box(x float32) float32 {
	switch {
	case x < 0.5:
		return 1
	case x == 0.5:
		return 0.5
	}
	return 0
}

func gaussian(x float32) float32 {
	const sigma = float32(1.5) / 3
	if x >= 1.5 {
		return 0
	}
	return float32(math.Exp(float64(-x*x) / (2 * float64(sigma) * float64(sigma))))
}

func keys(x float32) float32 {
	switch {
	case x >= 2:
		return 0
	case x >= 1:
		return float32((float32((float32(-0.5*x)+2.5)*x)-4)*x) + 2
	}
	return float32((float32(1.5*x)-2.5)*x*x) + 1
}

func mitchell(x float32) float32 {
	switch {
	case x >= 2:
		return 0
	case x >= 1:
		return float32((float32((float32(float32(-7.0/18)*x)+2)*x)-float32(10.0/3))*x) + float32(16.0/9)
	}
	return float32((float32(float32(7.0/6)*x)-2)*x*x) + float32(8.0/9)
}

func lanczos(x, radius float32) float32 {
	const pi float32 = math.Pi
	switch {
	case x > radius:
		return 0
	case float64(x) <= 1e-3:
		return 1
	}
	sine := func(v float32) float32 { return float32(math.Sin(float64(v))) }
	return radius * sine(pi*x) * sine(float32(pi*x)/radius) / (pi * pi * x * x)
}

// kernelReach is a stretched kernel over the cells of an axis.
type kernelReach struct {
	at              func(x float32) float32
	radius, stretch float32
	cells           int
}

// taps are the cells around a place, counted from the border, with weights that sum to 1. There are none outside the axis.
func (r kernelReach) taps(place float32) []Tap {
	width := float32(r.radius * r.stretch)
	if place < 0 || place > float32(r.cells) {
		return []Tap{{0, 0}}
	}
	first := r.inside(math.Ceil(float64(place - width - 0.5)))
	last := r.inside(math.Floor(float64(place + width - 0.5)))
	over := 1 / r.stretch
	var weights []float32
	var sum float32
	for cell := first; cell <= last; cell++ {
		distance := float32(cell) + 0.5 - place
		w := r.at(float32(math.Abs(float64(distance * over))))
		weights = append(weights, w)
		sum += w
	}
	share := 1 / sum
	if negligible(sum) {
		share = 0
	}
	taps := make([]Tap, len(weights))
	for i, w := range weights {
		taps[i] = Tap{first + i, float64(float32(w * share))}
	}
	return taps
}

func (r kernelReach) inside(cell float64) int { return int(max(0, min(cell, float64(r.cells-1)))) }
