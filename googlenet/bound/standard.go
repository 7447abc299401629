package bound

import (
	"iter"
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// standard is how a producer computes (x - mean) / s for one group of numbers.
type standard struct {
	group layer.Group
	mean  num
	// s is the divisor, which the producer knows to be at least floor.
	s     num
	floor float64
	// taken says that mean and s come from the group itself.
	taken bool
	// overflows says that the squares may sum up to infinity.
	overflows bool
	p         Producer
}

// moments bounds mean and variance of a group of n numbers in two passes, as in Caffe's batch_norm_layer.cpp and
// mvn_layer.cpp: mean(x), then the mean of (x - mean)^2. square is the error of a square in units of u.
//
// The mean takes n-1 additions, a division by n as a product with a rounded 1/n: E = mean(e) + gamma_(n+1) mean(|x| + e).
// A computed distance is d^ = d + r - t with the same t, |t| <= E, in the whole group and |r| <= e + u (|d| + e + E). Exact
// distances add up to zero, so that t counts only by its square:
//
//	|mean(d^^2) - mean(d^2)| <= 2 mean(|d| |r|) + mean((|r| + E)^2)
//
// and the roundings of the variance are gamma_(n+1+square) mean((|d| + |r| + E)^2). A single number is its own mean.
func (c *Call) moments(g layer.Group, square int) (mean, variance num, overflows bool) {
	return c.momentsOver(g.All(), g.Len(), square)
}

func (c *Call) momentsOver(all iter.Seq[int], count, square int) (mean, variance num, overflows bool) {
	x, e, u, n := c.In[0].Data, c.inputError(0), c.Producer.U, float64(count)
	if count == 1 {
		for at := range all {
			return num{x[at], e(at)}, num{}, false
		}
	}
	size := 0.0
	for at := range all {
		mean.v += x[at] / n
		mean.e += e(at) / n
		size += (math.Abs(x[at]) + e(at)) / n
	}
	mean.e += c.gamma(count+1)*size + 2*c.Producer.Tiny
	size = 0
	for at := range all {
		d := math.Abs(x[at] - mean.v)
		r := e(at) + u*(d+e(at)+mean.e)
		variance.v += d * d / n
		variance.e += (2*d*r + (r+mean.e)*(r+mean.e)) / n
		size += (d + r + mean.e) * (d + r + mean.e) / n
	}
	variance.e += c.gamma(count+1+square)*size + 2*c.Producer.Tiny
	return mean, variance, c.Producer.overflows(n * size)
}

// distance is x - mean.
func (n standard) distance(x num) num {
	if n.taken && n.group.Len() == 1 {
		return num{}
	}
	return x.sub(n.mean, n.p.U)
}

// output bounds y = (x - mean) / s: the errors of both, and the division. Where mean and s are the group's own, a
// constant group leaves nothing but its roundings to be divided, and these may be divided by no more than themselves: no
// producer's |y| exceeds sqrt(n), as n s^2 >= d^2, but for squares that underflow.
func (n standard) output(x num, y float64) float64 {
	b := n.over(n.distance(x))
	if !n.taken {
		return b
	}
	count := float64(n.group.Len())
	most := math.Abs(y) + math.Sqrt(count)*(1+n.p.gamma(n.group.Len()+8)) + math.Sqrt(8*count*n.p.Tiny)/n.floor
	if n.overflows || !(b <= most) {
		return most
	}
	return b
}

// over bounds the error of a / s.
func (n standard) over(a num) float64 {
	q := a.v / n.s.v
	e := (a.e + math.Abs(q)*n.s.e) / max(math.Abs(n.s.v)-n.s.e, n.floor)
	return num{q, e}.rounded(n.p.U).e + n.p.Tiny
}

// gradient bounds dx = (dy - (mean(dy) + y mean(dy y))) / s, each mean n-1 additions and a product with a rounded 1/n. Caffe
// multiplies by 1/n after the two parts are added, which comes to the same or less.
func (n standard) gradient(y, d func(at int) num, to []float64) {
	u := n.p.U
	var shift, slope total
	for at := range n.group.All() {
		shift.add(d(at))
		product := d(at).mul(y(at), u)
		product.e += n.p.Tiny
		slope.add(product)
	}
	share := num{1, u}.div(num{float64(n.group.Len()), 0}, 0)
	a, b := shift.sum(n.p).mul(share, u), slope.sum(n.p).mul(share, u)
	for at := range n.group.All() {
		distance := d(at).sub(a.add(b.mul(y(at), u), u), u)
		distance.e += 2 * n.p.Tiny
		to[at] = n.over(distance)
	}
}

// total adds up numbers in any order.
type total struct {
	num
	size float64
	n    int
}

func (t *total) add(a num) {
	t.v += a.v
	t.e += a.e
	t.size += math.Abs(a.v) + a.e
	t.n++
}

// sum is the total with the errors of n-1 additions.
func (t *total) sum(p Producer) num { return num{t.v, t.e + p.gamma(t.n-1)*t.size} }

// root is sqrt(a) before it is rounded, for an a that the producer knows to be at least floor.
func (a num) root(floor float64) num {
	v := math.Sqrt(a.v)
	if a.e == 0 {
		return num{v, 0}
	}
	least := math.Sqrt(max(a.v-a.e, floor, 0))
	return num{v, min(a.e/(v+least), math.Sqrt(a.e))}
}

// numbers reads a tensor and its errors.
func numbers(t, e *tensor.Tensor[float64]) func(at int) num {
	return func(at int) num { return numberAt(t, e, at) }
}

func numberAt(t, e *tensor.Tensor[float64], at int) num {
	if e == nil {
		return num{t.Data[at], 0}
	}
	return num{t.Data[at], e.Data[at]}
}
