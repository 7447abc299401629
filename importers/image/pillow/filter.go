package pillow

import "math"

// Filter weights pixels by their distance, up to the support.
type Filter struct {
	Name    string
	support float64
	at      func(x float64) float64 // nil for a copy of the nearest pixel
}

// Filters are those of Pillow.
var Filters = []Filter{
	{"nearest", 0, nil},
	{"box", 0.5, box},
	{"bilinear", 1, triangle},
	{"hamming", 1, hamming},
	{"bicubic", 2, cubic},
	{"lanczos", 3, lanczos},
}

// FilterByName finds a filter.
func FilterByName(name string) (Filter, bool) {
	for _, f := range Filters {
		if f.Name == name {
			return f, true
		}
	}
	return Filter{}, false
}

func box(x float64) float64 {
	if x > -0.5 && x <= 0.5 {
		return 1
	}
	return 0
}

func triangle(x float64) float64 { return max(1-math.Abs(x), 0) }

// hamming is sin(pi x)/(pi x) in a Hamming window.
func hamming(x float64) float64 {
	x = math.Abs(x)
	switch {
	case x == 0:
		return 1
	case x >= 1:
		return 0
	}
	x *= math.Pi
	return math.Sin(x) / x * (0.54 + float64(0.46*math.Cos(x)))
}

// cubic is that of Keys with a = -1/2.
func cubic(x float64) float64 {
	const a = -0.5
	x = math.Abs(x)
	switch {
	case x < 1:
		return float64((float64((a+2)*x)-(a+3))*x*x) + 1
	case x < 2:
		return (float64((float64((x-5)*x)+8)*x) - 4) * a
	}
	return 0
}

// lanczos is sin(pi x)/(pi x) in a window of the same function, three times as wide.
func lanczos(x float64) float64 {
	if x < -3 || x >= 3 {
		return 0
	}
	return sinc(x) * sinc(x/3)
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	x *= math.Pi
	return math.Sin(x) / x
}
