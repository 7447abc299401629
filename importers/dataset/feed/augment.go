package feed

import (
	"errors"
	"math/rand/v2"

	"parity/importers/image"
)

// Augment is what is changed at random each time that a photo is fed.
type Augment struct {
	// Crop places the crop of Preprocess anywhere instead of in the centre.
	Crop bool
	// Short never leaves the last row or column of places for it: as the published code of the heated-up softmax embedding
	// does, which draws offsets below 256 - 224.
	Short bool
	// Flip mirrors every second photo.
	Flip bool
}

func (a Augment) check(p image.Preprocess) error {
	if a.Crop && p.Crop == (image.Size{}) {
		return errors.New("random crops need to know their size: add crop=HxW to the preprocessing")
	}
	return nil
}

// apply draws all numbers before any is used, so that one choice does not change another.
func (a Augment) apply(p *image.Preprocess, r *rand.Rand) {
	top, left, flip := r.Float64(), r.Float64(), r.Float64()
	if a.Crop {
		places := 1
		if a.Short {
			places = 0
		}
		p.Corner = func(over image.Size) (int, int) {
			return int(top * float64(max(1, over.Height+places))), int(left * float64(max(1, over.Width+places)))
		}
	}
	p.Mirror = a.Flip && flip < 0.5
}
