package schedule

import "parity/googlenet/layer"

// MultiStep is Base Gamma^s, where s counts the iterations At that were reached. It grows by one at a time: of two
// equal or unordered iterations the second counts one iteration later, as in Caffe.
type MultiStep struct {
	Base, Gamma float64
	At          []int
}

func (MultiStep) Name() string { return "multistep" }

func (p MultiStep) Step(iteration, step int) int {
	if step < len(p.At) && iteration >= p.At[step] {
		return step + 1
	}
	return step
}

func (p MultiStep) Rate32(_, step int) float32 { return powers[float32](p.Base, p.Gamma, step) }
func (p MultiStep) Rate64(_, step int) float64 { return powers[float64](p.Base, p.Gamma, step) }

// Attributes lists the rate, the factor and the iterations where it applies.
func (p MultiStep) Attributes() []layer.Attribute {
	return []layer.Attribute{number("base", p.Base), number("gamma", p.Gamma), {Name: "at", Value: listed(p.At)}}
}
