package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// HingeLoss is the sum over all elements x of max(0, 1 + x), for the class of the label max(0, 1 - x), or of the square
// of that, divided by the number N of rows; its output is a scalar. The second input has a label for each row, which is
// all of an item of the batch.
//
// A NaN x counts as 0, as in Caffe. A label that is no class makes the loss, and the row's gradient, NaN.
type HingeLoss struct{ Squared bool }

func (HingeLoss) Kind() string { return "HingeLoss" }

// Infer checks that there is a label for each item. Further labels are not read.
func (l HingeLoss) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	err := arity(l, in, 2)
	if err == nil {
		err = batched(l, in)
	}
	if err == nil && in[1].Len() < in[0][0] {
		err = fmt.Errorf("%s needs a label for each of %d items, got %v", l.Kind(), in[0][0], in[1])
	}
	return lossOf(err)
}

// Attributes says so when the terms are squared.
func (l HingeLoss) Attributes() []Attribute {
	if !l.Squared {
		return nil
	}
	return []Attribute{{"terms", "squared"}}
}

// Items is a tensor seen as one row for each item of the batch.
func Items(s tensor.Shape) Classes { return Classes{s[0], s[1:].Len(), 1} }

func (l HingeLoss) Forward32(c *Call[float32]) { hingeLoss(l, c) }
func (l HingeLoss) Forward64(c *Call[float64]) { hingeLoss(l, c) }

func hingeLoss[T tensor.Float](l HingeLoss, c *Call[T]) {
	rows := Items(c.In[0].Shape)
	var sum T
	for row := range rows.Outer {
		label := Label(c.In[1].Data[row])
		if !rows.Has(label) {
			sum += invalid[T]()
			continue
		}
		for class := range rows.Count {
			m, _ := hinge(c.In[0].Data[rows.At(row, class)], class == label)
			if l.Squared {
				m *= m
			}
			sum += m
		}
	}
	c.Out[0].Data[0] = sum / T(rows.Outer)
}

// hinge is the term of one element and the sign of x in it.
func hinge[T tensor.Float](x T, right bool) (term, sign T) {
	sign = 1
	if right {
		sign = -1
	}
	if term = 1 + sign*x; !(term > 0) {
		term = 0
	}
	return term, sign
}

func (l HingeLoss) Backward32(g *Gradient[float32]) { hingeLossBackward(l, g) }
func (l HingeLoss) Backward64(g *Gradient[float64]) { hingeLossBackward(l, g) }

// hingeLossBackward: dx = dy/N times the sign of x in a term above 0, and times twice the term if it is squared.
func hingeLossBackward[T tensor.Float](l HingeLoss, g *Gradient[T]) {
	g.InGrad[1] = nil
	if g.InGrad[0] == nil {
		return
	}
	rows := Items(g.In[0].Shape)
	to := g.InGrad[0].Data
	for row := range rows.Outer {
		label := Label(g.In[1].Data[row])
		for class := range rows.Count {
			at := rows.At(row, class)
			switch m, sign := hinge(g.In[0].Data[at], class == label); {
			case !rows.Has(label):
				to[at] = invalid[T]()
			case l.Squared:
				to[at] = 2 * sign * m
			case m > 0:
				to[at] = sign
			}
		}
	}
	multiply(to, g.OutGrad[0].Data[0]/T(rows.Outer))
}
