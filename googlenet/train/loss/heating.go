package loss

import (
	"fmt"
	"math"

	"parity/googlenet/train/schedule"
)

// Heating is how the inverse temperature of a loss falls while training goes on: from From to To, all at once in front of iteration At (HLN and
// HBN in Zhang and others, Heated-up softmax embedding, 2018, section 3.3: 16 to 4 when training has converged, with a tenth of the learning rate),
// or with a Ramp of so many iterations, in each of which it is multiplied by the same factor. Without heating it stays at From.
//
// The paper's code heats one epoch later than its flags say, at the end of the epoch that they name: Late counts that in.
type Heating struct {
	From, To float64
	At       int // 0 for never
	Ramp     int
	// Rate is what the learning rate is multiplied by from then on; 0 leaves it.
	Rate float64
}

// Late is the iteration that the paper's code heats at when it is told to heat for the last epochs.
func Late(epochs, heated, iterations int) int { return (epochs - heated + 1) * iterations }

// Check reports settings that make no sense.
func (h Heating) Check() error {
	switch {
	case !(h.From > 0):
		return fmt.Errorf("expected an inverse temperature above 0, found %g", h.From)
	case h.At < 0 || h.Ramp < 0:
		return fmt.Errorf("expected heating at an iteration that is not negative, found %d with a ramp of %d", h.At, h.Ramp)
	case h.At > 0 && !(h.To > 0):
		return fmt.Errorf("expected an inverse temperature above 0 to heat to, found %g", h.To)
	}
	return nil
}

// Alpha is the inverse temperature in an iteration, counted from 0.
func (h Heating) Alpha(iteration int) float64 {
	switch {
	case h.At == 0 || iteration < h.At:
		return h.From
	case iteration >= h.At+h.Ramp:
		return h.To
	}
	return h.From * math.Pow(h.To/h.From, float64(iteration-h.At)/float64(h.Ramp))
}

// LearningRate is a rate that is lowered in front of the same iteration.
func (h Heating) LearningRate(base float64) schedule.Policy {
	if h.At == 0 || h.Rate == 0 || h.Rate == 1 {
		return schedule.Fixed{Base: base}
	}
	return schedule.MultiStep{Base: base, Gamma: h.Rate, At: []int{h.At}}
}
