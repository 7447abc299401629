package retrieval

import "math"

// candidates are the rows that may be among the k nearest of a query. What is known of a row's score is that it lies between
// low and high; the k-th largest low is a limit that no high of the k nearest is below.
type candidates struct {
	k, self          int
	length, products float64 // the query's length, and the number of products in a score
	limit            float64
	room             int // rows to collect before the limit is raised
	low, high        []float32
	index            []int32
}

// margin is the largest error of the score of a row of some length. With n products of numbers that were rounded themselves,
// it is gamma_(n+8) (|q| |x| + |x|^2 / 2) in float32, of which three roundings are for low and high, and what the ranking's own
// rounding comes to, gamma_(n+8) (|q| + |x|)^2 and that of a cosine in float64. Numbers below 2^-126 lose at most 2^-149 each.
func (c *candidates) margin(length float64) float64 {
	n := c.products + 8
	both := c.length + length
	return gamma(n, 0x1p-24)*(c.length*length+length*length/2) + gamma(n, 0x1p-53)*(both*both+1) + 4*n*0x1p-149
}

// limitFor is the least score with which a row of some length may be among the nearest, rounded down.
func (c *candidates) limitFor(length float64) float32 {
	limit := c.limit - c.margin(length)
	return down(limit)
}

func down(v float64) float32 {
	f := float32(v)
	if float64(f) > v {
		f = math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

// offer takes n rows up to some length, whose scores are a step apart.
func (c *candidates) offer(scores []float32, step, first, n int, length float64) {
	limit, margin := c.limitFor(length), float32(c.margin(length))
	for i := range n {
		if v := scores[i*step]; v >= limit && first+i != c.self {
			c.low, c.high, c.index = append(c.low, v-margin), append(c.high, v+margin), append(c.index, int32(first+i))
		}
	}
	if len(c.index) >= c.room {
		c.tighten()
		c.room = max(c.room, 2*len(c.index))
	}
}

// tighten raises the limit, and drops what is below it.
func (c *candidates) tighten() {
	if len(c.index) <= c.k || c.k == 0 {
		return
	}
	limit := kthLargest(append([]float32(nil), c.low...), c.k)
	c.limit = float64(limit)
	kept := 0
	for i, v := range c.high {
		if v >= limit {
			c.low[kept], c.high[kept], c.index[kept] = c.low[i], v, c.index[i]
			kept++
		}
	}
	c.low, c.high, c.index = c.low[:kept], c.high[:kept], c.index[:kept]
}

// kthLargest selects by partition, in place.
func kthLargest(v []float32, k int) float32 {
	for lo, hi := 0, len(v)-1; lo < hi; {
		pivot := median(v[lo], v[(lo+hi)/2], v[hi])
		i, j := lo, hi
		for i <= j {
			for v[i] > pivot {
				i++
			}
			for v[j] < pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k-1 <= j:
			hi = j
		case k-1 >= i:
			lo = i
		default:
			return v[k-1]
		}
	}
	return v[k-1]
}

func median(a, b, c float32) float32 { return max(min(a, b), min(max(a, b), c)) }
