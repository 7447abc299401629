package layer

import (
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Moments are the mean along some axes and, as a second output, the variance: the mean of the squared distances from it. With Keep
// the axes stay with an extent of 1.
type Moments struct {
	Axes []int
	Keep bool
}

func (Moments) Kind() string { return "Moments" }

func (l Moments) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := l.means().Infer(in)
	if err != nil {
		return nil, err
	}
	return append(out, out[0].Clone()), nil
}

func (l Moments) Forward32(c *Call[float32]) { moments(l, c) }
func (l Moments) Forward64(c *Call[float64]) { moments(l, c) }

// Attributes lists the settings.
func (l Moments) Attributes() []Attribute { return l.means().Attributes()[1:] }

func (l Moments) means() Reduce { return Reduce{Reducer: ReduceMean, Axes: l.Axes, Keep: l.Keep} }

// Lists says which elements belong to a mean.
func (l Moments) Lists(s tensor.Shape) Lists { return l.means().Lists(s) }

// moments goes over the elements twice: the difference of two means of squares would cancel.
func moments[T tensor.Float](l Moments, c *Call[T]) {
	x, lists := c.In[0].Data, l.Lists(c.In[0].Shape)
	parallel.For(c.Workers, len(lists.Starts), func(i int) {
		mean := meanOf(lists, i, func(at int) T { return x[at] })
		c.Out[0].Data[i] = mean
		c.Out[1].Data[i] = meanOf(lists, i, func(at int) T { return (x[at] - mean) * (x[at] - mean) })
	})
}

func meanOf[T tensor.Float](lists Lists, i int, f func(at int) T) T {
	sum := 0.0
	for _, step := range lists.Steps {
		sum += float64(f(lists.Starts[i] + step))
	}
	return T(sum / float64(len(lists.Steps)))
}

func (l Moments) Backward32(g *Gradient[float32]) { momentsBackward(l, g) }
func (l Moments) Backward64(g *Gradient[float64]) { momentsBackward(l, g) }

// momentsBackward: dx = (dmean + 2 dvariance (x - mean)) / n. That the mean moves with x does not change the variance.
func momentsBackward[T tensor.Float](l Moments, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	lists := l.Lists(g.In[0].Shape)
	n := T(len(lists.Steps))
	parallel.For(g.Workers, len(lists.Starts), func(i int) {
		mean, d, dv := g.Out[0].Data[i], g.OutGrad[0].Data[i], g.OutGrad[1].Data[i]
		for _, step := range lists.Steps {
			at := lists.Starts[i] + step
			g.InGrad[0].Data[at] = (d + 2*dv*(g.In[0].Data[at]-mean)) / n
		}
	})
}
