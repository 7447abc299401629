package layer

import (
	"fmt"
	"math"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// MVN makes the mean of all elements from Axis on 0 and, with Variance, their standard deviation 1:
//
//	y = (x - mean) / (sqrt(mean of (x - mean)^2) + Epsilon)
type MVN struct {
	Axis     int
	Variance bool
	Epsilon  float64
	// Inside adds Epsilon to the mean of the squares, under the root.
	Inside bool
}

func (MVN) Kind() string { return "MVN" }

func (l MVN) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := same(l, in)
	if err == nil && (l.Axis < 0 || l.Axis > len(in[0])) {
		return nil, fmt.Errorf("MVN axis %d is outside the %d dimensions of %v", l.Axis, len(in[0]), in[0])
	}
	return out, err
}

func (l MVN) Forward32(c *Call[float32]) { mvn(l, c) }
func (l MVN) Forward64(c *Call[float64]) { mvn(l, c) }

// Attributes lists the settings.
func (l MVN) Attributes() []Attribute {
	list := []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"variance", "kept"}}
	if l.Variance {
		list[1].Value = "normalised"
		list = append(list, Attribute{"epsilon", number(l.Epsilon)})
	}
	if l.Inside {
		list = append(list, Attribute{"epsilon is added", "under the root"})
	}
	return list
}

// EachGroup calls f with every group of elements that are normalised together.
func (l MVN) EachGroup(s tensor.Shape, workers int, f func(Group)) {
	n := s[l.Axis:].Len()
	parallel.For(workers, s[:l.Axis].Len(), func(i int) { f(Group{Start: i * n, Length: n, Count: 1}) })
}

func mvn[T tensor.Float](l MVN, c *Call[T]) {
	x, y := c.In[0], c.Out[0].Data
	l.EachGroup(x.Shape, c.Workers, func(group Group) {
		_, variance := centre(group, x.Data, y)
		if !l.Variance {
			return
		}
		s := deviation(l, variance)
		for at := range group.All() {
			y[at] /= s
		}
	})
}

func deviation[T tensor.Float](l MVN, variance T) T {
	if l.Inside {
		return T(math.Sqrt(float64(variance + T(l.Epsilon))))
	}
	return T(math.Sqrt(float64(variance))) + T(l.Epsilon)
}

func (l MVN) Backward32(g *Gradient[float32]) { mvnBackward(l, g) }
func (l MVN) Backward64(g *Gradient[float64]) { mvnBackward(l, g) }

// mvnBackward is standardBackward, and without Variance dx = dy - mean(dy). With s + Epsilon in the place of s, when it is not
// Inside, the former is not quite the derivative, which has (s + Epsilon) / s in its last term; Caffe's mvn_layer.cpp, where this layer
// comes from, leaves that out.
func mvnBackward[T tensor.Float](l MVN, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	x, to, d := g.In[0], g.InGrad[0].Data, g.OutGrad[0].Data
	l.EachGroup(x.Shape, g.Workers, func(group Group) {
		if l.Variance {
			_, variance := centre(group, x.Data, to)
			standardBackward(group, g.Out[0].Data, d, to, deviation(l, variance))
			return
		}
		centre(group, d, to)
	})
}
