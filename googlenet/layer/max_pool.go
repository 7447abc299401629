package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// MaxPool takes the largest value of each window; cells outside the map do not count, and a window with none
// inside gives the lowest finite value, as in Caffe.
//
// With Mask there is a second output: the place of each largest value, the first of several.
type MaxPool struct {
	Pool
	Mask   bool
	Places Places
	// Spill lets the gradient of a window without a largest value go to the cell before its plane, which is the last one of
	// the plane before, and gets lost for the first plane: what Caffe's offset of -1 comes to. Without it, it is lost.
	Spill bool
}

// Places says how a MaxPool counts the places of its second output.
type Places int

const (
	// InPlane counts row by row from the first cell of the plane (Caffe).
	InPlane Places = iota
	// InTensor counts row by row from the first cell of the tensor (ONNX with storage_order 0).
	InTensor
	// InTensorByColumn counts the same, but column by column in each plane (ONNX with storage_order 1).
	InTensorByColumn
	// InImageByChannel counts row by row in the image that the plane is a channel of, all channels of a cell before those of the
	// next (TensorFlow).
	InImageByChannel
	// InTensorByChannel counts the same from the first image on (TensorFlow with include_batch_in_index).
	InTensorByChannel
)

func (p Places) String() string {
	return [...]string{
		"in the plane", "in the whole tensor", "in the whole tensor, column by column", "in the image, channels last", "in the whole tensor, channels last",
	}[p]
}

// of is the place of an offset in a plane of h by w cells, of which an image has so many as channels.
func (p Places) of(plane, offset, channels, h, w int) int {
	switch {
	case p == InPlane || offset < 0:
		return offset
	case p == InTensor:
		return plane*h*w + offset
	case p == InTensorByColumn:
		return plane*h*w + offset%w*h + offset/w
	case p == InImageByChannel:
		return offset*channels + plane%channels
	}
	return plane/channels*channels*h*w + offset*channels + plane%channels
}

func (MaxPool) Kind() string { return "MaxPool" }

func (l MaxPool) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := l.infer(l, in)
	if err == nil && l.Mask {
		out = append(out, out[0].Clone())
	}
	return out, err
}

func (l MaxPool) Forward32(c *Call[float32]) { maxPool(l, c, -math.MaxFloat32) }
func (l MaxPool) Forward64(c *Call[float64]) { maxPool(l, c, -math.MaxFloat32) }

// Attributes lists the settings.
func (l MaxPool) Attributes() []Attribute {
	list := l.attributes()
	if l.Mask {
		list = append(list, Attribute{"mask", "second output"})
	}
	if l.Places != InPlane {
		list = append(list, Attribute{"places", l.Places.String()})
	}
	if l.Spill {
		list = append(list, Attribute{"gradient of windows outside", "to the cell before the plane"})
	}
	return list
}

func maxPool[T tensor.Float](l MaxPool, c *Call[T], lowest T) {
	l.eachWindow(c.In[0].Shape, c.Out[0].Shape, c.Workers, func(plane, cell int, at reach) {
		best, where := largest(at, c.In[0].Data[plane*at.h*at.w:], lowest)
		c.Out[0].Data[cell] = best
		if l.Mask {
			c.Out[1].Data[cell] = T(l.Places.of(plane, where, c.In[0].Shape[1], at.h, at.w))
		}
	})
}

// largest returns the first of the largest values of a window and its offset, lowest and -1 where there is none. A NaN
// wins and stays: it must not vanish from what is compared later.
func largest[T tensor.Float](at reach, in []T, lowest T) (best T, where int) {
	best, where = lowest, -1
	at.rows(func(lo, hi int) {
		for i, v := range in[lo:hi] {
			if v > best || v != v {
				best, where = v, lo+i
			}
		}
	})
	return best, where
}

func (l MaxPool) Backward32(g *Gradient[float32]) { maxPoolBackward(l, g, -math.MaxFloat32) }
func (l MaxPool) Backward64(g *Gradient[float64]) { maxPoolBackward(l, g, -math.MaxFloat32) }

// maxPoolBackward gives the whole gradient to the first of the largest values, as Caffe and TensorFlow do.
func maxPoolBackward[T tensor.Float](l MaxPool, g *Gradient[T], lowest T) {
	workers := g.Workers
	if l.Spill {
		workers = 1 // a plane writes to the one before
	}
	l.eachWindow(g.In[0].Shape, g.Out[0].Shape, workers, func(plane, cell int, at reach) {
		first := plane * at.h * at.w
		_, where := largest(at, g.In[0].Data[first:], lowest)
		if where >= 0 || l.Spill && first > 0 {
			g.InGrad[0].Data[first+where] += g.OutGrad[0].Data[cell]
		}
	})
}

// Place is what the second output says of an offset within the plane that an output cell belongs to.
func (l MaxPool) Place(in, out tensor.Shape, cell, offset int) int {
	return l.Places.of(cell/out[2:].Len(), offset, in[1], in[2], in[3])
}

// EachChoice calls f for every window with a largest value: its output cell, and the offsets within the plane of what may
// be that value where x is off by at most e. With exact elements that is the first of the largest alone. With Spill, f is
// called with the offset -1 for the other windows, but those of the first plane.
func (l MaxPool) EachChoice(x, e *tensor.Tensor[float64], workers int, f func(cell int, rivals []int)) {
	out := l.outShape(x.Shape)
	l.eachWindow(x.Shape, out, workers, func(plane, cell int, at reach) {
		first := plane * at.h * at.w
		best, where := largest(at, x.Data[first:], -math.MaxFloat32)
		if where < 0 {
			if l.Spill && first > 0 {
				f(cell, []int{-1})
			}
			return
		}
		rivals := []int{where}
		floor := best - e.Data[first+where]
		at.rows(func(lo, hi int) {
			for i := lo; i < hi; i++ {
				off := e.Data[first+i] + e.Data[first+where]
				if i != where && off > 0 && x.Data[first+i]+e.Data[first+i] >= floor {
					rivals = append(rivals, i)
				}
			}
		})
		f(cell, rivals)
	})
}

func (l MaxPool) outShape(in tensor.Shape) tensor.Shape {
	shapes, err := l.infer(l, []tensor.Shape{in})
	if err != nil {
		panic("layer: " + err.Error()) // the forward pass has inferred the same
	}
	return shapes[0]
}
