package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// InfogainLoss is the mean of -sum_k H[label, k] log p_k over the rows of the first input, with p the softmax along an
// axis and the labels in the second input; its output is a scalar. H, with a row and a column for each class, is the
// third input, or Gain. The logarithm is of max(p, LogFloor).
//
// A label that is neither a class nor ignored makes the loss, and the row's gradient, NaN.
type InfogainLoss struct {
	Axis int
	Labels
	Normalization Normalization
	Gain          []float64 // H row by row; nil for the third input
}

// LogFloor is what Caffe's older losses take the logarithm of for anything less: 1e-20 as a float32, in float64 too.
var LogFloor = float64(float32(1e-20))

func (InfogainLoss) Kind() string { return "InfogainLoss" }

// Infer checks that there is a label for each row and that H is square.
func (l InfogainLoss) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	inputs, gains := 2, len(l.Gain)
	if l.Gain == nil {
		inputs = 3
	}
	err := arity(l, in, inputs)
	if err == nil {
		err = batched(l, in)
	}
	if err == nil {
		err = labelled(l, in, l.Axis)
	}
	if err == nil && inputs == 3 {
		gains = in[2].Len()
	}
	if err == nil && gains != in[0][l.Axis]*in[0][l.Axis] {
		err = fmt.Errorf("%s needs a matrix H with a row and a column for each of %d classes, got %d elements", l.Kind(), in[0][l.Axis], gains)
	}
	return lossOf(err)
}

// Attributes lists the axis, what is divided by, the label that is left out, and the matrix if it is not an input.
func (l InfogainLoss) Attributes() []Attribute {
	list := []Attribute{{"axis", fmt.Sprint(l.Axis)}, {"divided by", l.Normalization.String()}}
	list = append(list, l.Labels.attributes()...)
	if l.Gain != nil {
		list = append(list, Attribute{"gain", fmt.Sprintf("%d numbers", len(l.Gain))})
	}
	return list
}

// gain returns H row by row.
func gain[T tensor.Float](l InfogainLoss, in []*tensor.Tensor[T]) []T {
	if l.Gain == nil {
		return in[2].Data
	}
	out := make([]T, len(l.Gain))
	for i, v := range l.Gain {
		out[i] = T(v)
	}
	return out
}

func (l InfogainLoss) Forward32(c *Call[float32]) { infogainLoss(l, c) }
func (l InfogainLoss) Forward64(c *Call[float64]) { infogainLoss(l, c) }

func infogainLoss[T tensor.Float](l InfogainLoss, c *Call[T]) {
	p := probabilities(c.In[0], l.Axis, c.Workers)
	rows, h := ClassesOf(p.Shape, l.Axis), gain(l, c.In)
	var loss terms[T]
	for row, v := range c.In[1].Data {
		switch label := Label(v); {
		case l.Skips(label):
		case !rows.Has(label):
			loss.add(invalid[T]())
		default:
			var sum T
			for k, w := range h[label*rows.Count : (label+1)*rows.Count] {
				sum -= w * logFloored(p.Data[rows.At(row, k)], T(LogFloor))
			}
			loss.add(sum)
		}
	}
	c.Out[0].Data[0] = loss.sum / T(l.Normalization.Divisor(rows.Outer, rows.Rows(), loss.counted))
}

func (l InfogainLoss) Backward32(g *Gradient[float32]) { infogainLossBackward(l, g) }
func (l InfogainLoss) Backward64(g *Gradient[float64]) { infogainLossBackward(l, g) }

// infogainLossBackward: dx_k = dy (p_k sum_j H[label, j] - H[label, k]) / divisor, 0 in rows that are left out. The
// floor of the logarithm has no part in it. Neither the labels nor H have gradients.
func infogainLossBackward[T tensor.Float](l InfogainLoss, g *Gradient[T]) {
	clear(g.InGrad[1:])
	if g.InGrad[0] == nil {
		return
	}
	p := probabilities(g.In[0], l.Axis, g.Workers).Data
	rows, h := ClassesOf(g.In[0].Shape, l.Axis), gain(l, g.In)
	to, counted := g.InGrad[0].Data, 0
	for row, v := range g.In[1].Data {
		label := Label(v)
		if l.Skips(label) {
			continue
		}
		counted++
		w := gainRow(h, rows, label)
		var sum T
		for _, v := range w {
			sum += v
		}
		for k, v := range w {
			at := rows.At(row, k)
			to[at] = p[at]*sum - v
		}
	}
	multiply(to, g.OutGrad[0].Data[0]/T(l.Normalization.Divisor(rows.Outer, rows.Rows(), counted)))
}

// gainRow is the row of H for a label, NaN for one that is no class.
func gainRow[T tensor.Float](h []T, rows Classes, label int) []T {
	if rows.Has(label) {
		return h[label*rows.Count : (label+1)*rows.Count]
	}
	row := make([]T, rows.Count)
	for i := range row {
		row[i] = invalid[T]()
	}
	return row
}
