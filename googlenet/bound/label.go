package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// choice is what the label of a row may be: a label stored as v that is off by e may lose its fraction to any integer
// between those of v-e and v+e.
type choice struct {
	exact   int
	classes []int // that it may be, those left out not among them
	skipped bool  // it may be left out
	outside bool  // it may be no class
}

// undecided tells whether there is more than one outcome.
func (c choice) undecided() bool {
	n := len(c.classes)
	for _, also := range []bool{c.skipped, c.outside} {
		if also {
			n++
		}
	}
	return n > 1
}

func choiceOf(labels layer.Labels, rows layer.Classes, v, e float64) choice {
	c := choice{exact: layer.Label(v)}
	lo, hi := layer.Label(v-e), layer.Label(v+e)
	if e > 0 && (lo == math.MinInt32 || hi == math.MinInt32) { // beyond all integers
		lo, hi, c.outside = math.MinInt32, math.MaxInt32, true
	}
	c.skipped = labels.Ignore && lo <= labels.Ignored && labels.Ignored <= hi
	for class := max(lo, 0); class <= min(hi, rows.Count-1); class++ {
		if !labels.Skips(class) {
			c.classes = append(c.classes, class)
		}
	}
	c.outside = c.outside || hi-lo+1 > len(c.classes)+count(c.skipped)
	return c
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// counts is how many rows are counted: at least, as replayed, at most.
type counts struct{ least, counted, most int }

// add takes a row that is counted or not, and may be or not.
func (c *counts) add(counted, maybe, maybeNot bool) {
	c.least += count(!maybeNot)
	c.counted += count(counted)
	c.most += count(maybe)
}

// labelled are the labels of all rows.
type labelled struct {
	labels  layer.Labels
	rows    layer.Classes
	choices []choice
	counts
}

func labelledBy(labels layer.Labels, rows layer.Classes, stored, e *tensor.Tensor[float64]) *labelled {
	l := &labelled{labels: labels, rows: rows}
	off := atOrZero(e)
	for row := range rows.Rows() {
		c := choiceOf(labels, rows, stored.Data[row], off(row))
		l.choices = append(l.choices, c)
		l.add(!labels.Skips(c.exact), len(c.classes) > 0 || c.outside, c.skipped)
	}
	return l
}

// exact is f of the row's label: 0 where it is left out, NaN where it is no class.
func (l *labelled) exact(row int, f func(label int) num) num {
	switch label := l.choices[row].exact; {
	case l.labels.Skips(label):
		return num{}
	case !l.rows.Has(label):
		return num{math.NaN(), math.Inf(1)}
	default:
		return f(label)
	}
}

// any is f of the row's label as replayed, with a bound that covers every outcome.
func (l *labelled) any(row int, f func(label int) num) num {
	exact, c := l.exact(row, f), l.choices[row]
	if !c.undecided() {
		return exact
	}
	for _, label := range c.classes {
		v := f(label)
		exact.e = max(exact.e, math.Abs(v.v-exact.v)+v.e)
	}
	if c.skipped {
		exact.e = max(exact.e, math.Abs(exact.v))
	}
	if c.outside {
		exact.e = math.Inf(1)
	}
	return exact
}
