package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// pad surrounds a value with a number, with its border repeated, or with its mirror image. How far, and with which number, are
// attributes before version 11, then inputs. Negative pads cut off.
func pad(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	mode, err := c.node.Text("mode", "constant")
	if err != nil {
		return err
	}
	name := "pads"
	if c.node.Has("paddings") { // the first version's
		name = "paddings"
	}
	pads, stated, known, err := c.axes(name, 1)
	if err != nil || !stated || !known {
		return c.unlessErr(err, "its pads are not constant")
	}
	axes, stated, known, err := c.axes("axes", 3)
	if err != nil || !known {
		return c.unlessErr(err, "its axes are not constant")
	}
	if !stated {
		x = c.ranked(x, len(pads)/2)
		axes = counting(x.rank())
	}
	return c.padAxes(x, mode, pads, axes)
}

// counting lists the numbers below n.
func counting(n int) []int {
	list := make([]int, max(n, 0))
	for i := range list {
		list[i] = i
	}
	return list
}

func (c *call) padAxes(x *value, mode string, pads, axes []int) error {
	if len(pads) != 2*len(axes) {
		return c.node.Errorf("its pads should have %d numbers, those before all dimensions of %v and those after, found %d", 2*len(axes), x.stored(), len(pads))
	}
	if x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	before, after := make([]int, x.rank()), make([]int, x.rank())
	for i, a := range axes {
		to, ok := x.axis(a)
		if !ok {
			return c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
		}
		before[to], after[to] = pads[i], pads[len(axes)+i]
	}
	switch mode {
	case "constant":
		fill, ok, err := c.padValue()
		if err != nil || !ok {
			return c.unlessErr(err, "what it pads with is not constant")
		}
		return c.padWith(x, before, after, fill)
	case "edge", "reflect", "wrap":
		return c.padByPlaces(x, before, after, places[mode])
	}
	return c.node.Errorf("the attribute mode should be constant, reflect, edge or wrap, found %q", mode)
}

// padWith surrounds a value with a number, once what negative pads cut off is gone.
func (c *call) padWith(x *value, before, after []int, fill float64) error {
	l, cut := layer.Pad{Value: fill}, layer.StridedSlice{}
	cuts, pads := false, false
	for i := range before {
		r := layer.Whole
		if before[i] < 0 {
			r.Begin, r.BeginOpen = -before[i], false
		}
		if after[i] < 0 {
			r.End, r.EndOpen = after[i], false
		}
		cuts = cuts || before[i] < 0 || after[i] < 0
		pads = pads || before[i] > 0 || after[i] > 0
		cut.Ranges = append(cut.Ranges, r)
		l.Before, l.After = append(l.Before, max(before[i], 0)), append(l.After, max(after[i], 0))
	}
	if cuts && !pads {
		return c.emit(one{layer: cut, in: []*value{x}, nhwc: x.nhwc})
	}
	if cuts {
		x = c.between("/cut", one{layer: cut, in: []*value{x}, nhwc: x.nhwc})
	}
	return c.emit(one{layer: l, in: []*value{x}, nhwc: x.nhwc})
}

// places say which cell of n a place beyond the border shows.
var places = map[string]func(at, n int) int{
	"edge":    func(at, n int) int { return max(0, min(at, n-1)) },
	"reflect": reflected,
	"wrap":    func(at, n int) int { return (at%n + n) % n },
}

// reflected goes back and forth between the outermost cells.
func reflected(at, n int) int {
	if n == 1 {
		return 0
	}
	period := 2 * (n - 1)
	at = (at%period + period) % period
	return min(at, period-at)
}

// padByPlaces looks up, along one axis after the other, which cell each place shows.
func (c *call) padByPlaces(x *value, before, after []int, place func(at, n int) int) error {
	x = c.as(x, false)
	var axes []int
	for axis := range before {
		if before[axis] != 0 || after[axis] != 0 {
			axes = append(axes, axis)
		}
	}
	if len(axes) == 0 {
		return c.emitOn(x, layer.Identity{})
	}
	for i, axis := range axes {
		n := x.extent(axis)
		if n < 1 {
			return c.unknown("the extents of what it pads are not known")
		}
		list := []float64{}
		for at := -before[axis]; at < n+after[axis]; at++ {
			list = append(list, float64(place(at, n)))
		}
		if err := c.spend(len(list)); err != nil {
			return err
		}
		index := c.fixed(c.unused(c.node.Outputs[0]+"/places"), tensor.From(list, len(list)), model.Int64)
		suffix := "/padded"
		if i == len(axes)-1 {
			suffix = ""
		}
		x = c.put(suffix, one{layer: layer.Gather{Axis: axis}, in: []*value{x, index}})
	}
	return nil
}

// padValue reads the number to pad with, 0 if it is not stated.
func (c *call) padValue() (float64, bool, error) {
	if !c.omitted(2) {
		if c.in[2].constant == nil || c.in[2].constant.shape.Len() != 1 {
			return 0, false, nil
		}
		v, err := c.load(c.in[2].constant)
		if err != nil {
			return 0, false, err
		}
		return tensor.As[float64](v).Data[0], true, nil
	}
	v, err := c.node.Float("value", 0)
	return v, true, err
}

// unlessErr returns an error, or lowers to an unknown operation.
func (c *call) unlessErr(err error, why string) error {
	if err != nil {
		return err
	}
	return c.unknown(why)
}
