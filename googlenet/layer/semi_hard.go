package layer

import (
	"fmt"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// SemiHard chooses for every pair of an anchor (the first axis) and a positive (the second) the anchor's distance to a negative. Of n samples
// it reads the distances [n, n] and marks of the pairs that are positive and of those that are negative, both [n, n]:
//
//	y_ap = the smallest d_an > d_ap or, if no negative is farther than the positive, the largest d_an
//
// (Schroff, Kalenichenko, Philbin, FaceNet, 2015, section 3.2; the second case as in TensorFlow's triplet_semihard_loss). It is 0 where the pair
// is not positive and where the anchor has no negative. The gradient goes to the chosen distance, of several that tie to the first; the
// comparison with d_ap has none.
type SemiHard struct{}

func (SemiHard) Kind() string { return "SemiHard" }

// Infer checks for three square matrices.
func (l SemiHard) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 3); err != nil {
		return nil, err
	}
	if len(in[0]) != 2 || in[0][0] != in[0][1] || !in[1].Equal(in[0]) || !in[2].Equal(in[0]) {
		return nil, fmt.Errorf("SemiHard takes square matrices of one size: distances, positive and negative pairs; got %v, %v and %v", in[0], in[1], in[2])
	}
	return []tensor.Shape{in[0].Clone()}, nil
}

func (SemiHard) Forward32(c *Call[float32]) { semiHard(c) }
func (SemiHard) Forward64(c *Call[float64]) { semiHard(c) }

func semiHard[T tensor.Float](c *Call[T]) {
	n := c.In[0].Shape[0]
	parallel.For(c.Workers, n, func(anchor int) {
		for positive := range n {
			if at := ChosenNegative(c.In, anchor, positive); at >= 0 {
				c.Out[0].Data[anchor*n+positive] = c.In[0].Data[at]
			}
		}
	})
}

// ChosenNegative is the place of the distance that is chosen for a pair among the inputs of a SemiHard, -1 for none.
func ChosenNegative[T tensor.Float](in []*tensor.Tensor[T], anchor, positive int) int {
	n := in[0].Shape[0]
	d, row := in[0].Data, anchor*n
	if in[1].Data[row+positive] == 0 {
		return -1
	}
	nearest, farthest := -1, -1
	for at := row; at < row+n; at++ {
		if in[2].Data[at] == 0 {
			continue
		}
		if d[at] > d[row+positive] && (nearest < 0 || d[at] < d[nearest]) {
			nearest = at
		}
		if farthest < 0 || d[at] > d[farthest] {
			farthest = at
		}
	}
	if nearest >= 0 {
		return nearest
	}
	return farthest
}

func (SemiHard) Backward32(g *Gradient[float32]) { semiHardBackward(g) }
func (SemiHard) Backward64(g *Gradient[float64]) { semiHardBackward(g) }

func semiHardBackward[T tensor.Float](g *Gradient[T]) {
	g.InGrad[1], g.InGrad[2] = nil, nil
	to := g.InGrad[0]
	if to == nil {
		return
	}
	n := to.Shape[0]
	parallel.For(g.Workers, n, func(anchor int) {
		for positive := range n {
			if at := ChosenNegative(g.In, anchor, positive); at >= 0 {
				to.Data[at] += g.OutGrad[0].Data[anchor*n+positive]
			}
		}
	})
}
