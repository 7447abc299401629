package bound

import "math"

// unlessZero is what is 0 where a is, and may be where a may be.
func unlessZero(a, v num) num {
	switch {
	case a.v == 0 && a.e == 0:
		return num{}
	case math.Abs(a.v) > a.e:
		return v
	}
	return num{v.v, v.e + math.Abs(v.v)}
}

// shareSlopes are 1/b and -a/b^2.
func shareSlopes(a, b, _ num, p Producer) (da, db num, undecided bool) {
	return unlessZero(a, num{1, 0}.quotient(b, p)), unlessZero(a, a.negative().quotient(b.times(b, p), p)), uncertainZero(a)
}

func uncertainZero(a num) bool { return a.e > 0 && math.Abs(a.v) <= a.e }

// timesLog is a times a logarithm that comes within k u.
func timesLog(log func(float64) float64, k float64) func(a, b num, _ float64, p Producer) float64 {
	return func(a, b num, _ float64, p Producer) float64 { return unlessZero(a, a.times(b.image(log, k, p), p)).e }
}

// timesLogSlopes are the logarithm and a / (b + shift).
func timesLogSlopes(log func(float64) float64, k, shift float64) func(a, b, y num, p Producer) (num, num, bool) {
	return func(a, b, _ num, p Producer) (num, num, bool) {
		moved := b
		if shift != 0 {
			moved = b.add(num{shift, 0}, p.U)
		}
		return unlessZero(a, b.image(log, k, p)), unlessZero(a, a.quotient(moved, p)), uncertainZero(a)
	}
}

// angle moves by no more than the point moves at its distance from the origin. It jumps on the left half of the horizontal axis.
func angle(a, b num, y float64, p Producer) float64 {
	move := math.Hypot(a.e, b.e)
	near := math.Hypot(a.v, b.v) - move
	if move > 0 && (near <= 0 || b.v <= b.e && math.Abs(a.v) <= a.e) {
		return 2 * math.Pi
	}
	if move > 0 {
		move /= near
	}
	return min(move, math.Pi) + kAngle*p.U*(math.Abs(y)+move) + p.Tiny
}

// angleSlopes are b / (a^2 + b^2) and -a / (a^2 + b^2).
func angleSlopes(a, b, _ num, p Producer) (da, db num, undecided bool) {
	share := num{1, 0}.quotient(a.times(a, p).add(b.times(b, p), p.U), p)
	return b.times(share, p), a.times(share, p).negative(), false
}
