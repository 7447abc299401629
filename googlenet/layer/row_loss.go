package layer

import "parity/googlenet/tensor"

// rowLosses are the shapes of a loss for every row along an axis and of its gradient by the input.
func rowLosses(l Layer, s tensor.Shape, axis int) ([]tensor.Shape, error) {
	if err := checkAxes(l, s, axis, 1); err != nil {
		return nil, err
	}
	return []tensor.Shape{append(s[:axis].Clone(), s[axis+1:]...), s.Clone()}, nil
}

// rowLossBackward is the gradient of the first input of a layer that computes a loss for every row, and, as its second
// output, p - t with the row's softmax p. What flows back from the loss is dloss (p - t), and from the second output d
//
//	p_i (d_i - sum_j p_j d_j)
func rowLossBackward[T tensor.Float](axis int, g *Gradient[T]) {
	to := g.InGrad[0]
	if to == nil {
		return
	}
	if !zero(g.OutGrad[1].Data) {
		p := probabilities(g.In[0], axis, g.Workers)
		softmaxBackward(Softmax{Axis: axis}, &Gradient[T]{
			Out: []*tensor.Tensor[T]{p}, OutGrad: g.OutGrad[1:], InGrad: []*tensor.Tensor[T]{to}, Workers: g.Workers,
		})
	}
	rows := ClassesOf(to.Shape, axis)
	for at, v := range g.Out[1].Data {
		to.Data[at] += g.OutGrad[0].Data[rows.Of(at)] * v
	}
}

// zero reports whether all elements are.
func zero[T tensor.Float](x []T) bool {
	for _, v := range x {
		if v != 0 {
			return false
		}
	}
	return true
}
