package compare

import (
	"slices"

	"parity/parity"
)

// tally is one row over the images so far.
type tally struct {
	row
	verdicts       []parity.Verdict // by image
	worst, farther string           // the images of the isolated and the chained difference
}

// gravest lists the verdicts of a row from the gravest to none.
var gravest = []parity.Verdict{parity.Introduced, parity.Incomparable, parity.Missing, parity.Inherited, parity.Covered, parity.Match}

func graver(a, b parity.Verdict) bool { return slices.Index(gravest, a) < slices.Index(gravest, b) }

// add counts the row of one image. What the row says beside its verdict is of the image with the worst difference.
func (t *tally) add(image string, l parity.Layer) {
	isolated, chained, first := t.Isolated, t.Chained, len(t.verdicts) == 0
	t.verdicts = append(t.verdicts, l.Verdict)
	if first || further(isolated, l.Isolated) {
		t.Layer, t.worst = l, image
	}
	if t.Chained = chained; first || further(chained, l.Chained) {
		t.Chained, t.farther = l.Chained, image
	}
}

// further reports whether b is a worse difference than a.
func further(a, b *parity.Difference) bool { return b != nil && worst(a, b) == b }

// total is the row of all images.
func (t *tally) total() *row {
	r := t.row
	r.Images = &parity.LayerImages{}
	for i, v := range t.verdicts {
		if i == 0 || graver(v, r.Verdict) {
			r.Verdict = v
		}
		switch v {
		case parity.Introduced:
			r.Images.Introduced++
		case parity.Inherited:
			r.Images.Inherited++
		}
	}
	if r.Isolated != nil && r.Isolated.MaxAbs != 0 {
		r.Images.Worst = t.worst
	}
	if r.Chained != nil && r.Chained.MaxAbs != 0 {
		r.Images.WorstChained = t.farther
	}
	return &r
}
