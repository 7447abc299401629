package lower

import "parity/googlenet/layer"

// stridedSlice is StridedSlice. Its begin, end and strides say what to pick along the first axes, unless a bit of a mask gives
// their place another meaning: the bounds are left out, an ellipsis stands for all axes in between, a new axis is put in,
// or a single place is taken and its axis dropped.
func stridedSlice(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	spec, why, err := c.sliceSpec()
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	l, err := spec.dense(c, x.rank())
	if err != nil {
		return err
	}
	return c.slice(x, l)
}

// slice keeps the order of a feature map's axes where none comes or goes.
func (c *call) slice(x *value, l layer.StridedSlice) error {
	keeps := len(l.New) == 0
	for _, r := range l.Ranges {
		keeps = keeps && !r.Drop
	}
	if !x.nhwc || !keeps {
		x = c.as(x, false)
		return c.emitIfFits(one{layer: l, in: []*value{x}})
	}
	common := layer.StridedSlice{}
	for _, a := range toCommon {
		common.Ranges = append(common.Ranges, l.Ranges[a])
	}
	return c.emitIfFits(one{layer: common, in: []*value{x}, nhwc: true})
}

// sliceSpec is what the inputs and attributes of a StridedSlice say.
type sliceSpec struct {
	begin, end, stride                         []int
	beginMask, endMask, ellipsis, newAxis, one int
}

func (c *call) sliceSpec() (s sliceSpec, why string, err error) {
	if len(c.in) != 4 {
		return s, "", c.node.Errorf("it takes a value, a begin, an end and strides, found %d inputs", len(c.in))
	}
	for i, to := range []*[]int{&s.begin, &s.end, &s.stride} {
		var ok bool
		if *to, ok = c.integers(i + 1); !ok {
			return s, "what it picks is not constant", nil
		}
	}
	if len(s.end) != len(s.begin) || len(s.stride) != len(s.begin) {
		return s, "", c.node.Errorf("its begin, end and strides should have the same length, found %d, %d and %d", len(s.begin), len(s.end), len(s.stride))
	}
	for _, m := range []struct {
		name string
		to   *int
	}{{"begin_mask", &s.beginMask}, {"end_mask", &s.endMask}, {"ellipsis_mask", &s.ellipsis}, {"new_axis_mask", &s.newAxis}, {"shrink_axis_mask", &s.one}} {
		if *m.to, err = c.node.Int(m.name, 0); err != nil {
			return s, "", err
		}
	}
	for i := range s.begin {
		bit := 1 << i
		used := (s.ellipsis|s.newAxis)&bit == 0
		if used && (s.begin[i] == unknownExtent && s.beginMask&bit == 0 || s.end[i] == unknownExtent && (s.endMask|s.one)&bit == 0 || s.stride[i] == unknownExtent) {
			return s, "what it picks is not constant", nil
		}
	}
	return s, "", nil
}

// dense states the slice for all axes of a value.
func (s sliceSpec) dense(c *call, rank int) (layer.StridedSlice, error) {
	l := layer.StridedSlice{}
	rest := s.plainAfter(-1) // places that stand for an axis each
	if s.ellipsis&(s.ellipsis-1) != 0 {
		return l, c.node.Errorf("it has more than one ellipsis")
	}
	if rest > rank {
		return l, c.node.Errorf("it picks along %d axes of %d", rest, rank)
	}
	kept := 0
	for i := range s.begin {
		switch bit := 1 << i; {
		case s.ellipsis&bit != 0:
			for range rank - rest {
				l.Ranges = append(l.Ranges, layer.Whole)
				kept++
			}
		case s.newAxis&bit != 0:
			l.New = append(l.New, kept)
			kept++
		default:
			r := s.at(i)
			if r.Stride == 0 || r.Drop && r.Stride < 0 {
				return l, c.node.Errorf("the stride %d at place %d makes no sense", r.Stride, i)
			}
			if !r.Drop {
				kept++
			}
			l.Ranges = append(l.Ranges, r)
		}
	}
	for len(l.Ranges) < rank {
		l.Ranges = append(l.Ranges, layer.Whole)
	}
	return l, nil
}

// plainAfter counts the places behind one that stand for an axis.
func (s sliceSpec) plainAfter(at int) int {
	n := 0
	for i := at + 1; i < len(s.begin); i++ {
		if (s.ellipsis|s.newAxis)&(1<<i) == 0 {
			n++
		}
	}
	return n
}

// at is the range that a place states.
func (s sliceSpec) at(i int) layer.Range {
	bit := 1 << i
	if s.one&bit != 0 {
		return layer.Range{Begin: s.begin[i], Stride: s.stride[i], Drop: true}
	}
	r := layer.Range{Stride: s.stride[i], BeginOpen: s.beginMask&bit != 0, EndOpen: s.endMask&bit != 0}
	if !r.BeginOpen {
		r.Begin = s.begin[i]
	}
	if !r.EndOpen {
		r.End = s.end[i]
	}
	return r
}
