package replay

import (
	"hash/fnv"
	"math"
	"math/bits"
	"slices"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// A worst case grows with every layer by the sum of the weights' magnitudes; some ten layers on it exceeds the values
// themselves, and no fault could exceed it. Rounding errors do not conspire like that: taken as independent with mean
// zero, errors within d_j that reach an output by factors J_j stay within
//
//	deviations sqrt(sum_j J_j^2 d_j^2)
//
// but for a probability of 2 exp(-deviations^2 / 2), 3e-14 (Hoeffding's inequality; Higham and Mary, A new approach to
// probabilistic rounding error analysis, SIAM J. Sci. Comput. 41, 2019). The same holds within a layer, where n roundings
// come to sqrt(n) u. The root is the standard deviation of what comes out when every element of every layer is moved at random
// with its layer's root as the deviation, which a few runs show. So what one layer may be off is its worst case, and what
// several layers pile up is the smaller of the worst case and this.
const (
	deviations = 8
	runs       = 4
)

// Uncertainty is how far the values of one or two producers may be from the replay's.
type Uncertainty struct {
	// Bounds has an entry for each producer; nil is exact.
	Bounds []*tensor.Tensor[float64]
	// drift holds runs with every element moved at random; nil where nothing before has moved.
	drift []*tensor.Tensor[float64]
}

// Limit is the most that the producers may differ, or the one from the replay; nil is not at all.
func (u Uncertainty) Limit() *tensor.Tensor[float64] {
	var sum *tensor.Tensor[float64]
	for _, b := range u.Bounds {
		sum = Add(sum, b)
	}
	return sum
}

// Add adds two tensors, reading nil as zeros.
func Add(a, b *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	out := a.Clone()
	for i, v := range b.Data {
		out.Data[i] += v
	}
	return out
}

// Drift carries uncertainty through a replay.
type Drift struct {
	// Producers are one, held against the replay, or two, held against each other.
	Producers []bound.Producer
	Threads   int
}

// Exact is the uncertainty of a value that is given.
func (d *Drift) Exact() Uncertainty {
	return Uncertainty{Bounds: make([]*tensor.Tensor[float64], len(d.Producers))}
}

// Before looks up what is known of a node's inputs; a value of which nothing is known is exact.
func (d *Drift) Before(n *graph.Node, known map[string]Uncertainty) []Uncertainty {
	list := make([]Uncertainty, len(n.Inputs))
	for i, v := range n.Inputs {
		u, ok := known[v]
		if !ok {
			u = d.Exact()
		}
		list[i] = u
	}
	return list
}

// Node returns the uncertainty of a node's outputs from that of its inputs.
func (d *Drift) Node(n *graph.Node, in, out []*tensor.Tensor[float64], before []Uncertainty) ([]Uncertainty, error) {
	worst, err := d.bounds(n, in, out, before, d.Producers)
	if err != nil {
		return nil, err
	}
	after := make([]Uncertainty, len(out))
	for i := range out {
		after[i] = Uncertainty{Bounds: make([]*tensor.Tensor[float64], len(d.Producers))}
		for p := range d.Producers {
			after[i].Bounds[p] = worst[p][i]
		}
	}
	if !drifts(before) {
		return after, nil
	}
	return after, d.move(n, in, out, before, after)
}

// Flow lets the outputs flow on, where nothing replaces them: from here their errors and those of what follows may
// cancel.
func (d *Drift) Flow(n *graph.Node, in, out []*tensor.Tensor[float64], after []Uncertainty) error {
	own, err := d.deviation(n, in, out)
	if err != nil {
		return err
	}
	others := d.withOtherWeights(n, in, out)
	for i, v := range n.Outputs {
		if after[i].drift != nil || own[i] == nil {
			continue
		}
		for k := range runs {
			x := out[i]
			if others != nil {
				x = others[k][i]
			}
			after[i].drift = append(after[i].drift, d.moved(v, k, x, own[i]))
		}
	}
	return nil
}

func drifts(list []Uncertainty) bool {
	for _, u := range list {
		if u.drift != nil {
			return true
		}
	}
	return false
}

// bounds returns the worst cases, by producer and output; producers that are alike so far share theirs. A node that the
// framework flushes denormal numbers at is one where any producer may.
func (d *Drift) bounds(n *graph.Node, in, out []*tensor.Tensor[float64], before []Uncertainty, producers []bound.Producer) ([][]*tensor.Tensor[float64], error) {
	list := make([][]*tensor.Tensor[float64], len(producers))
	producers = slices.Clone(producers)
	for p := range producers {
		producers[p].Flushes = producers[p].Flushes || n.Flush
	}
	for p, producer := range producers {
		errs := make([]*tensor.Tensor[float64], len(in))
		alike := p > 0 && producer.Alike(producers[0], n.Layer, in, out) && (!n.Differs || producer.Same(producers[0]))
		for i := range in {
			if before != nil {
				errs[i] = before[i].Bounds[p]
				alike = alike && errs[i] == before[i].Bounds[0]
			}
		}
		if alike {
			list[p] = list[0]
			continue
		}
		var err error
		if list[p], err = Bounds(n, in, out, errs, producer, d.Threads); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// move runs the node on what its inputs have drifted to, moves the results by the node's own errors, and narrows the
// bounds where that allows it. A node without errors of its own does not add anything up: its worst case stays.
func (d *Drift) move(n *graph.Node, in, out []*tensor.Tensor[float64], before, after []Uncertainty) error {
	own, err := d.deviation(n, in, out)
	if err != nil {
		return err
	}
	shapes := make([]tensor.Shape, len(out))
	for i, t := range out {
		shapes[i] = t.Shape
	}
	for k := range runs {
		moved := make([]*tensor.Tensor[float64], len(in))
		for i := range in {
			if moved[i] = in[i]; before[i].drift != nil {
				moved[i] = before[i].drift[k]
			}
		}
		for i, t := range engine.Forward(d.reweighted(n, k), moved, shapes, d.Threads) {
			after[i].drift = append(after[i].drift, t)
		}
	}
	for i, v := range n.Outputs {
		if own[i] == nil {
			continue
		}
		after[i].narrow(out[i], own[i])
		for k, t := range after[i].drift {
			after[i].drift[k] = d.moved(v, k, t, own[i])
		}
	}
	return nil
}

// deviation is, for each output, the root of the squares of the node's own roundings, added up over the producers.
func (d *Drift) deviation(n *graph.Node, in, out []*tensor.Tensor[float64]) ([]*tensor.Tensor[float64], error) {
	var producers []bound.Producer
	for _, p := range d.Producers {
		producers = append(producers, p.Independent())
	}
	list, err := d.bounds(n, in, out, nil, producers)
	if err != nil {
		return nil, err
	}
	sum := make([]*tensor.Tensor[float64], len(out))
	for i := range out {
		for p := range producers {
			sum[i] = Add(sum[i], list[p][i])
		}
	}
	return sum, nil
}

// moved returns x with every element moved by a multiple of its deviation that has mean 0 and variance 1: the number of ones
// among 64 random bits, less 32, over 4. A mere sign would let the equal moves of two inputs cancel in every run once in
// sixteen times. The bits come from the value's name, the run and the element's place: they are the same in every run of the program.
func (d *Drift) moved(value string, run int, x, by *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	h := fnv.New64a()
	h.Write([]byte(value))
	seed := h.Sum64() + uint64(run)*0x9e3779b97f4a7c15
	out := tensor.New[float64](x.Shape...)
	parallel.Ranges(d.Threads, len(x.Data), piece, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			out.Data[i] = x.Data[i] + by.Data[i]*float64(bits.OnesCount64(mix(seed+uint64(i)))-32)/4
		}
	})
	return out
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// narrow scales the bounds down to what the runs show, which drift holds before they are moved by the node's own deviation. The
// variance of an element that comes from the inputs is estimated from its own movements and, since these are few, from those of
// its plane in equal parts; that of the node's own errors is known and independent of it.
func (u *Uncertainty) narrow(x, own *tensor.Tensor[float64]) {
	variance := make([]float64, len(x.Data))
	for _, t := range u.drift {
		for i, v := range t.Data {
			m := v - x.Data[i]
			variance[i] += m * m / runs
		}
	}
	pool(variance, planeLen(x.Shape))
	for i, v := range own.Data {
		variance[i] += v * v
	}
	worst := u.Limit()
	bounds := map[*tensor.Tensor[float64]]*tensor.Tensor[float64]{}
	for p, b := range u.Bounds {
		if b != nil && bounds[b] == nil {
			bounds[b] = narrowed(b, worst, variance)
		}
		u.Bounds[p] = bounds[b]
	}
}

// fewest is the size of a plane that has enough elements to estimate a variance from.
const fewest = 16

// planeLen is the number of elements of a plane or, where that has too few, of an image.
func planeLen(s tensor.Shape) int {
	if len(s) > 2 && s[2:].Len() >= fewest {
		return s[2:].Len()
	}
	return s[min(len(s), 1):].Len()
}

// pool averages every variance with the mean of its plane.
func pool(variance []float64, plane int) {
	for from := 0; from < len(variance); from += plane {
		sum := 0.0
		for _, v := range variance[from : from+plane] {
			sum += v
		}
		for i := range plane {
			variance[from+i] = (variance[from+i] + sum/float64(plane)) / 2
		}
	}
}

func narrowed(b, worst *tensor.Tensor[float64], variance []float64) *tensor.Tensor[float64] {
	out := b.Clone()
	for i, w := range worst.Data {
		if likely := deviations * math.Sqrt(variance[i]); likely < w {
			out.Data[i] = likely
			if !math.IsInf(w, 0) {
				out.Data[i] = b.Data[i] * (likely / w)
			}
		}
	}
	return out
}
