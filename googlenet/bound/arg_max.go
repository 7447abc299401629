package bound

import (
	"math"
	"slices"
	"sort"

	"parity/googlenet/layer"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// argMax: nothing rounds. With inputs that are off by e, the number of a rank moves by no more than the largest e of its
// list; its index may be that of any number whose rank the errors may make it.
func argMax(c *Call) []*tensor.Tensor[float64] {
	if c.Err[0] == nil {
		return one(nil)
	}
	l := c.Layer.(layer.ArgMax)
	lists := l.Lists(c.In[0].Shape)
	b := tensor.New[float64](c.Out[0].Shape...)
	parallel.For(c.Workers, lists.Rows(), func(row int) {
		worst := 0.0
		for k := range lists.Count {
			worst = max(worst, c.Err[0].Data[lists.At(row, k)])
		}
		for rank, candidates := range c.ranks(lists, row, l.TopK) {
			l.EachOutput(lists, row, rank, func(at int, value bool) {
				if b.Data[at] = worst; !value {
					b.Data[at] = max(c.Out[0].Data[at]-float64(candidates.least), float64(candidates.most)-c.Out[0].Data[at])
				}
			})
		}
	})
	return one(b)
}

// ranks gives for the first ranks of a list the least and the largest index that may have it. A number comes after all
// that are certainly larger and before all that certainly are not.
func (c *Call) ranks(lists layer.Classes, row, n int) []span {
	low, high := make([]float64, lists.Count), make([]float64, lists.Count)
	for k := range low {
		at := lists.At(row, k)
		low[k], high[k] = c.In[0].Data[at]-c.Err[0].Data[at], c.In[0].Data[at]+c.Err[0].Data[at]
	}
	lows, highs := slices.Sorted(slices.Values(low)), slices.Sorted(slices.Values(high))
	out := make([]span, n)
	for rank := range out {
		out[rank] = span{math.MaxInt32, -1}
	}
	for k := range low {
		first := len(lows) - sort.Search(len(lows), func(i int) bool { return lows[i] > high[k] })
		last := len(highs) - sort.SearchFloat64s(highs, low[k]) - 1 // without itself
		for rank := first; rank <= min(last, n-1); rank++ {
			out[rank] = span{min(out[rank].least, k), max(out[rank].most, k)}
		}
	}
	return out
}
