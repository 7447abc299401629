package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// OneHot turns whole numbers, whose fractions are cut off, into vectors along a new axis: On at the place of the number, Off
// elsewhere, and everywhere for a number outside 0 to Depth-1.
type OneHot struct {
	Axis, Depth int
	On, Off     float64
}

func (OneHot) Kind() string { return "OneHot" }

func (l OneHot) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if l.Axis < 0 || l.Axis > len(in[0]) || l.Depth < 0 {
		return nil, fmt.Errorf("OneHot cannot put an axis of %d cells in at %d of %v", l.Depth, l.Axis, in[0])
	}
	return []tensor.Shape{withAxis(in[0], l.Axis, l.Depth)}, nil
}

func (l OneHot) Forward32(c *Call[float32]) { oneHot(l, c) }
func (l OneHot) Forward64(c *Call[float64]) { oneHot(l, c) }

// Attributes lists the settings.
func (l OneHot) Attributes() []Attribute {
	return []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"depth", strconv.Itoa(l.Depth)}, {"on", number(l.On)}, {"off", number(l.Off)}}
}

func oneHot[T tensor.Float](l OneHot, c *Call[T]) {
	x, y := c.In[0], c.Out[0]
	for i := range y.Data {
		y.Data[i] = T(l.Off)
	}
	inner := x.Shape[l.Axis:].Len()
	eachRow(x.Data, l.Depth, func(i, place int) {
		y.Data[(i/inner*l.Depth+place)*inner+i%inner] = T(l.On)
	})
}
