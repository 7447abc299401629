package compare

import (
	"math"

	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/align"
	"parity/parity/structure"
)

// relation says which layers with weights of one shape have weights that have to do with each other, and which have not, and
// which have weights of other shapes.
type relation struct{ related, unrelated, reshaped []*structure.Element }

// relate compares the weights of all counterparts.
func (c *comparison) relate() relation {
	var rel relation
	for _, r := range c.diff.Reference {
		own, other := weightsOf(r), weightsOf(c.diff.Counterpart[r])
		if own == nil || other == nil {
			continue
		}
		if own.Dims().Len() != other.Dims().Len() || !align.SameNumbers(own.Dims(), other.Dims()) && own.Dims()[0] != other.Dims()[0] {
			rel.reshaped = append(rel.reshaped, r)
		} else if own.Dims().Len() < enough {
			continue
		} else if related(tensor.As[float32](own), tensor.As[float32](other)) {
			rel.related = append(rel.related, r)
		} else {
			rel.unrelated = append(rel.unrelated, r)
		}
	}
	return rel
}

// foreign reports whether the numbers of the two sides have nothing to do with each other: the weights of most layers. A
// few layers whose weights are wrong are faults, each of its own.
func (rel relation) foreign() bool {
	const few = 2
	others := len(rel.unrelated) + len(rel.reshaped)
	return others > few && others > len(rel.related) && len(rel.unrelated) >= len(rel.related)
}

func (rel relation) result(replaced bool) *parity.WeightsRelation {
	return &parity.WeightsRelation{Related: len(rel.related), Unrelated: len(rel.unrelated), Reshaped: len(rel.reshaped), Replaced: replaced}
}

// weightsOf is the weight tensor of an element, nil for none.
func weightsOf(e *structure.Element) tensor.Any {
	if e == nil || len(e.Main.Params) == 0 {
		return nil
	}
	return e.Main.Params[0].Value
}

// enough numbers to tell: fewer agree by chance.
const enough = 16

// related reports whether weights may come from the same training: they vary together, as after some more training or with
// a fault added, or those of an output channel are those of one of the other side in another order, scaled, as after a layout
// is misread, channels are permuted or a normalisation is folded.
func related(a, b *tensor.Tensor[float32]) bool {
	if share(a.Data, b.Data) > 0.5 {
		return true
	}
	size := a.Shape[1:].Len()
	if len(a.Shape) < 2 || size < enough {
		return marks(a.Data).like(marks(b.Data))
	}
	return varyTogether(a, b, size) || marks(a.Data).like(marks(b.Data)) || reordered(a, b, size)
}

// share is the part of the variance of b that a explains: the square of their correlation.
func share(a, b []float32) float64 {
	n := float64(len(a))
	var ma, mb, ab, aa, bb float64
	for i := range a {
		ma, mb = ma+float64(a[i])/n, mb+float64(b[i])/n
	}
	for i := range a {
		x, y := float64(a[i])-ma, float64(b[i])-mb
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab * ab / (aa * bb)
}

// varyTogether is share by output channels, each scaled for itself, more than half on average.
func varyTogether(a, b *tensor.Tensor[float32], size int) bool {
	sum := 0.0
	for o := range a.Shape[0] {
		sum += share(a.Data[o*size:][:size], b.Data[o*size:][:size])
	}
	return sum > 0.5*float64(a.Shape[0])
}

// fingerprint holds norms of numbers by their second one: neither their order, nor a common factor, nor signs change them.
type fingerprint [3]float64

func marks(data []float32) (f fingerprint) {
	var l1, l2, l3, most float64
	for _, v := range data {
		x := math.Abs(float64(v))
		l1, l2, l3, most = l1+x, l2+x*x, l3+x*x*x, max(most, x)
	}
	if l2 == 0 {
		return f
	}
	l2 = math.Sqrt(l2)
	return fingerprint{l1 / l2, math.Cbrt(l3) / l2, most / l2}
}

// like allows for half precision; the norms of n other numbers differ by about 1/sqrt(n).
func (f fingerprint) like(other fingerprint) bool {
	const half = 1.0 / 1024
	for i := range f {
		if !(math.Abs(f[i]-other[i]) <= half*f[i]) {
			return false
		}
	}
	return true
}

// reordered reports whether most output channels of a, of the first few, are some of b.
func reordered(a, b *tensor.Tensor[float32], size int) bool {
	channels := make([]fingerprint, b.Shape[0])
	for o := range channels {
		channels[o] = marks(b.Data[o*size:][:size])
	}
	sample, found := min(a.Shape[0], 8), 0
	for o := range sample {
		own := marks(a.Data[o*size:][:size])
		for _, other := range channels {
			if own.like(other) {
				found++
				break
			}
		}
	}
	return 2*found > sample
}
