package sketch

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math"

	"parity/googlenet/tensor"
)

// Sketch is what is kept of a tensor.
type Sketch struct {
	Shape tensor.Shape // of the tensor, in the layout in which it was recorded
	Run   int          // elements of a signed sum; the last run may be shorter
	Axis  int          // of the channels; -1 for none
	Group int          // channels of a group of moments; the last group may be smaller
	Seed  uint64
	// Wide says that the tensor had float64: its least and largest elements were rounded, too.
	Wide    bool
	Sums    []float32
	Moments []Moments
}

// Moments are those of a group of channels.
type Moments struct{ Sum, Squares, Least, Largest float32 }

// perMoments is how many numbers a group's moments are.
const perMoments = 4

// DefaultSize is how many elements one number of a sketch stands for.
const DefaultSize = 100

// Of makes the sketch of a tensor with one number for about size elements. name and seed decide the signs; axis is that of the channels.
func Of(name string, t tensor.Any, axis int, size int, seed uint64) (*Sketch, error) {
	x := tensor.As[float64](t)
	_, wide := t.(*tensor.Tensor[float64])
	s := &Sketch{Shape: x.Shape.Clone(), Run: 2 * size, Axis: axis, Seed: mixed(name, seed), Wide: wide}
	if axis >= len(x.Shape) {
		s.Axis = -1
	}
	if s.Group = s.channels(); s.Axis >= 0 { // as few channels as leave two numbers a size to the moments
		each := x.Shape.Len() / max(s.channels(), 1)
		s.Group = min(s.Group, (2*perMoments*size+each-1)/max(each, 1))
	}
	sums := s.sums(x.Data, nil)
	s.Sums = make([]float32, len(sums))
	for i, v := range sums {
		if s.Sums[i] = float32(v.value); !finite(s.Sums[i]) {
			return nil, errRange
		}
	}
	for _, m := range s.moments(x, nil) {
		kept := Moments{float32(m.sum.value), float32(m.squares.value), float32(m.least), float32(m.largest)}
		if !finite(kept.Sum) || !finite(kept.Squares) || !finite(kept.Least) || !finite(kept.Largest) {
			return nil, errRange
		}
		s.Moments = append(s.Moments, kept)
	}
	return s, nil
}

var errRange = errors.New("holds numbers that are not finite, or so large that their sums or squares leave the range of float32")

func finite(v float32) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }

// mixed makes a seed for one tensor.
func mixed(name string, seed uint64) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s", seed, name)
	return h.Sum64() >> 11 // a float64 holds it
}

// Numbers is how many numbers the sketch holds.
func (s *Sketch) Numbers() int { return len(s.Sums) + perMoments*len(s.Moments) }

func (s *Sketch) channels() int {
	if s.Axis < 0 {
		return 1
	}
	return s.Shape[s.Axis]
}

// sum is a sum in float64 with what its limit takes: how many terms it has, their absolute sum and how far they may be off in all.
type sum struct {
	value, abs, off float64
	terms           int
}

func (a *sum) add(v, off float64) {
	a.value += v
	a.abs += math.Abs(v)
	a.off += off
	a.terms++
}

// sums are the signed sums of x, whose elements may be off by limit; nil for not at all.
func (s *Sketch) sums(x, limit []float64) []sum {
	list := make([]sum, (len(x)+s.Run-1)/s.Run)
	for i, v := range x {
		if sign(s.Seed, i) {
			v = -v
		}
		list[i/s.Run].add(v, at(limit, i))
	}
	return list
}

func at(limit []float64, i int) float64 {
	if limit == nil {
		return 0
	}
	return limit[i]
}

// sign is a bit of splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014), at position i of the
// sequence that the seed begins.
func sign(seed uint64, i int) bool {
	z := seed + 0x9e3779b97f4a7c15*uint64(i+1)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return (z^z>>31)>>63 == 1
}

// moment is one group's, with what its limits take.
type moment struct {
	sum, squares   sum
	least, largest float64
	most           float64 // that an element may be off
}

func (s *Sketch) moments(x *tensor.Tensor[float64], limit []float64) []moment {
	n := (s.channels() + s.Group - 1) / max(s.Group, 1)
	list := make([]moment, n)
	for i := range list {
		list[i].least, list[i].largest = math.Inf(1), math.Inf(-1)
	}
	inner := 1
	if s.Axis >= 0 {
		inner = x.Shape[s.Axis+1:].Len()
	} else {
		inner = len(x.Data)
	}
	for i, v := range x.Data {
		m, off := &list[i/max(inner, 1)%s.channels()/s.Group], at(limit, i)
		m.sum.add(v, off)
		m.squares.add(v*v, 2*math.Abs(v)*off+off*off)
		m.least, m.largest, m.most = lower(m.least, v), -lower(-m.largest, -v), -lower(-m.most, -off)
	}
	return list
}

// lower is the lower of two numbers, or NaN if there is one.
func lower(a, b float64) float64 {
	if math.IsNaN(a) || a <= b {
		return a
	}
	return b
}
