package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Accuracy is the share of rows of the first input where fewer than TopK other classes are as large as the label's, or
// larger; the labels are the second input. Rows that are left out do not count; without any that count it is 0. The
// output is a scalar; PerClass adds a second one, the share of the rows of each class.
//
// Nothing is larger than a NaN, so that a label's NaN counts as right, as in Caffe. A label that is neither a class nor
// ignored makes all outputs NaN.
type Accuracy struct {
	Axis, TopK int
	Labels
	PerClass bool
}

func (Accuracy) Kind() string { return "Accuracy" }

// Infer checks that there is a label for each row and that there are TopK classes.
func (l Accuracy) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	err := arity(l, in, 2)
	if err == nil {
		err = labelled(l, in, l.Axis)
	}
	if err == nil && l.TopK > in[0][l.Axis] {
		err = fmt.Errorf("Accuracy takes the best %d of only %d classes", l.TopK, in[0][l.Axis])
	}
	out, err := lossOf(err)
	if err == nil && l.PerClass {
		out = append(out, tensor.Shape{in[0][l.Axis]})
	}
	return out, err
}

// Attributes lists the axis, how many classes count as right, the label that is left out and whether classes are told
// apart.
func (l Accuracy) Attributes() []Attribute {
	list := []Attribute{{"axis", fmt.Sprint(l.Axis)}, {"best", fmt.Sprint(l.TopK)}}
	list = append(list, l.Labels.attributes()...)
	if l.PerClass {
		list = append(list, Attribute{"per class", "yes"})
	}
	return list
}

func (l Accuracy) Forward32(c *Call[float32]) { accuracy(l, c) }
func (l Accuracy) Forward64(c *Call[float64]) { accuracy(l, c) }

func accuracy[T tensor.Float](l Accuracy, c *Call[T]) {
	rows := ClassesOf(c.In[0].Shape, l.Axis)
	right, counted := make([]int, rows.Count), make([]int, rows.Count)
	valid := true
	for row, v := range c.In[1].Data {
		label := Label(v)
		if l.Skips(label) {
			continue
		}
		if !rows.Has(label) {
			valid = false
			continue
		}
		counted[label]++
		if rivals(c.In[0].Data, rows, row, label) < l.TopK {
			right[label]++
		}
	}
	writeAccuracy(c.Out, right, counted, valid)
}

// rivals is the number of other classes that are as large as the label's, or larger; -1 if the label's is NaN.
func rivals[T tensor.Float](x []T, rows Classes, row, label int) int {
	n, own := -1, x[rows.At(row, label)]
	for class := range rows.Count {
		if x[rows.At(row, class)] >= own {
			n++
		}
	}
	return n
}

func writeAccuracy[T tensor.Float](out []*tensor.Tensor[T], right, counted []int, valid bool) {
	allRight, all := 0, 0
	for class, n := range counted {
		allRight, all = allRight+right[class], all+n
		if len(out) > 1 {
			out[1].Data[class] = share[T](right[class], n, valid)
		}
	}
	out[0].Data[0] = share[T](allRight, all, valid)
}

func share[T tensor.Float](right, counted int, valid bool) T {
	if !valid {
		return invalid[T]()
	}
	return T(right) / T(max(counted, 1))
}
