package sketch

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"parity/googlenet/tensor"
)

// Endings of the names of the arrays that a sketch is stored as.
const (
	endForm    = "|form"
	endSums    = "|sums"
	endMoments = "|moments"
)

// Arrays are what a sketch is stored as: its form (version, seed, run, axis, group, float64 or not, and the shape), the signed sums, and
// the moments with a row a group.
func (s *Sketch) Arrays(name string, set func(name string, t tensor.Any)) {
	wide := 0.0
	if s.Wide {
		wide = 1
	}
	form := []float64{version, float64(s.Seed), float64(s.Run), float64(s.Axis), float64(s.Group), wide}
	for _, d := range s.Shape {
		form = append(form, float64(d))
	}
	moments := make([]float32, 0, perMoments*len(s.Moments))
	for _, m := range s.Moments {
		moments = append(moments, m.Sum, m.Squares, m.Least, m.Largest)
	}
	set(name+endForm, tensor.From(form, len(form)))
	set(name+endSums, tensor.From(s.Sums, len(s.Sums)))
	set(name+endMoments, tensor.From(moments, len(s.Moments), perMoments))
}

const (
	version  = 1
	formHead = 6 // numbers before the shape
)

// Read reads the sketch of a name from stored arrays; names are all there are.
func Read(name string, get func(name string) (tensor.Any, bool)) (*Sketch, error) {
	arrays := map[string]tensor.Any{}
	for _, end := range []string{endForm, endSums, endMoments} {
		t, ok := get(name + end)
		if !ok {
			return nil, fmt.Errorf("%s: the sketch has no array %s%s", name, name, end)
		}
		arrays[end] = t
	}
	form := tensor.As[float64](arrays[endForm]).Data
	if len(form) < formHead || form[0] != version {
		return nil, fmt.Errorf("%s: the sketch is of another version than %d", name, version)
	}
	for _, v := range form {
		if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
			return nil, fmt.Errorf("%s: the sketch's form is damaged: %g is no whole number", name, v)
		}
	}
	s := &Sketch{Seed: uint64(form[1]), Run: int(form[2]), Axis: int(form[3]), Group: int(form[4]), Wide: form[5] == 1}
	for _, v := range form[formHead:] {
		s.Shape = append(s.Shape, int(v))
	}
	s.Sums = tensor.As[float32](arrays[endSums]).Data
	numbers := tensor.As[float32](arrays[endMoments]).Data
	for ; len(numbers) >= perMoments; numbers = numbers[perMoments:] {
		s.Moments = append(s.Moments, Moments{numbers[0], numbers[1], numbers[2], numbers[3]})
	}
	return s, s.check(name, len(numbers))
}

// check refuses a form that the arrays do not fit.
func (s *Sketch) check(name string, left int) error {
	n, ok := s.Shape.CheckedLen()
	switch {
	case !ok || s.Run < 1 || s.Group < 1 || s.Axis < -1 || s.Axis >= len(s.Shape):
		return fmt.Errorf("%s: the sketch's form is damaged: shape %v, runs of %d, axis %d, groups of %d", name, s.Shape, s.Run, s.Axis, s.Group)
	case n == 0:
		return fmt.Errorf("%s: the sketch is of a tensor without elements", name)
	case len(s.Sums) != (n-1)/s.Run+1 || left != 0 || len(s.Moments) != (s.channels()-1)/s.Group+1:
		return fmt.Errorf("%s: the sketch of a tensor of shape %v should hold %d sums and %d groups of moments, found %d and %d",
			name, s.Shape, (n-1)/s.Run+1, (s.channels()-1)/s.Group+1, len(s.Sums), len(s.Moments))
	}
	for _, v := range s.Sums {
		if !finite(v) {
			return fmt.Errorf("%s: the sketch holds a sum that is not finite", name)
		}
	}
	return nil
}

// IsPart reports whether the name of an array is that of a part of a sketch.
func IsPart(array string) bool {
	return slices.ContainsFunc([]string{endForm, endSums, endMoments}, func(end string) bool { return strings.HasSuffix(array, end) && len(array) > len(end) })
}

// Names lists the sketches among stored arrays, in their order.
func Names(arrays []string) (names []string, err error) {
	for _, a := range arrays {
		if name, ok := strings.CutSuffix(a, endForm); ok && IsPart(a) {
			names = append(names, name)
		}
	}
	for _, a := range arrays {
		whose := a[:max(strings.LastIndexByte(a, '|'), 0)]
		if !IsPart(a) || !slices.Contains(names, whose) {
			return nil, fmt.Errorf("%s: the array belongs to no sketch that has a form", a)
		}
	}
	return names, nil
}
