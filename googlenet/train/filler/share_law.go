package filler

import "math"

// ShareLaw is the share u_1 / (u_1 + ... + u_N) of one of N independent numbers, each uniform in [0, 1].
type ShareLaw struct{ N int }

// Mean is 1/N: the shares are alike and add up to 1.
func (l ShareLaw) Mean() float64 { return 1 / float64(l.N) }

func (l ShareLaw) Support() (lo, hi float64) {
	if l.N == 1 {
		return 1, 1
	}
	return 0, 1
}

// Std follows from 1/s^2 = integral of t exp(-t s) over t > 0, which makes the mean square of u/s an integral over what
// the numbers contribute one by one:
//
//	E[(u_1/s)^2] = integral t a(t) b(t)^(N-1) dt,  a(t) = E[u^2 exp(-t u)],  b(t) = E[exp(-t u)] = (1 - exp(-t)) / t
//
// taken by Simpson's rule in z, t = 2/N z/(1-z).
func (l ShareLaw) Std() float64 {
	if l.N == 1 {
		return 0
	}
	const steps = 4000
	scale, n := 2/float64(l.N), float64(l.N-1)
	sum := 0.0
	for i := 1; i < steps; i++ {
		z := float64(i) / steps
		t := scale * z / (1 - z)
		b := -math.Expm1(-t) / t
		sum += float64(2+i%2*2) * t * secondMoment(t) * math.Pow(b, n) * scale / ((1 - z) * (1 - z))
	}
	return math.Sqrt(sum/(3*steps) - l.Mean()*l.Mean())
}

// secondMoment is the mean of u^2 exp(-t u), by its power series where the closed form cancels.
func secondMoment(t float64) float64 {
	if t > 1 {
		return (2 - math.Exp(-t)*(t*t+2*t+2)) / (t * t * t)
	}
	sum, term := 0.0, 1.0
	for k := range 20 {
		sum += term / float64(k+3)
		term *= -t / float64(k+1)
	}
	return sum
}

// CDF: a share is at most x where u_1 <= s/c, s being the sum of the N-1 others and c = (1-x)/x. So it is the mean of
// min(1, s/c), which is 1 - 1/c integral of P(s' <= t) over t from 0 to c. The sum of N-1 uniform numbers has a B-spline for its
// density; those of higher order are its integrals: with f_n the density of a sum of n,
//
//	CDF(x) = 1 - 1/c sum_k (k+1) f_(N+1)(c-k)
func (l ShareLaw) CDF(x float64) float64 {
	if x >= 1 {
		return 1
	}
	if x <= 0 || l.N == 1 {
		return 0
	}
	c, others := (1-x)/x, float64(l.N-1)
	if c >= others {
		return others / 2 / c // s never exceeds c
	}
	sum := 0.0
	last := int(c)
	for j, f := range sumDensity(l.N+1, c-float64(last), last) {
		sum += float64(last-j+1) * f
	}
	return 1 - sum/c
}

// sumDensity is the density of the sum of n numbers uniform in [0, 1] at x, x+1, ..., x+last, x in [0, 1), by the recursion
// of B-splines, whose terms are all positive: (n-1) f_n(x) = x f_(n-1)(x) + (n-x) f_(n-1)(x-1).
func sumDensity(n int, x float64, last int) []float64 {
	f := make([]float64, last+1)
	f[0] = 1
	for m := 2; m <= n; m++ {
		for j := last; j >= 0; j-- {
			at := x + float64(j)
			f[j] *= at
			if j > 0 {
				f[j] += (float64(m) - at) * f[j-1]
			}
			f[j] /= float64(m - 1)
		}
	}
	return f
}
