package checkpoint

import (
	"parity/googlenet/tensor"
	"parity/importers/source"
)

// assemble puts a tensor together from the parts in which a partitioned variable was saved.
func (c *Checkpoint) assemble(e *Entry) (tensor.Any, error) {
	parts, err := c.readParts(e)
	if err != nil {
		return nil, err
	}
	if len(parts) == 1 && parts[0].value.Dims().Equal(e.Shape) {
		return parts[0].value, nil
	}
	if _, wide := parts[0].value.(*tensor.Tensor[float64]); wide {
		return join[float64](e.Shape, parts), nil
	}
	return join[float32](e.Shape, parts), nil
}

// part is the elements of one slice and where it begins.
type part struct {
	start tensor.Shape
	value tensor.Any
}

// readParts reads all parts and checks that together they have as many elements as the whole, before space is
// taken for it.
func (c *Checkpoint) readParts(e *Entry) ([]part, error) {
	var parts []part
	total := 0
	for _, s := range e.Slices {
		start, size, err := s.extent(e.Shape)
		if err != nil {
			return nil, c.partError(e, "%v", err)
		}
		filed, ok := c.parts[s.key(e.Name)]
		if ok && filed.elements != nil {
			v, err := c.readElements(e, filed, size)
			if err != nil {
				return nil, c.partError(e, "%v", err)
			}
			parts, total = append(parts, part{start, v}), total+size.Len()
			continue
		}
		if !ok || !filed.Shape.Equal(size) || filed.DType != e.DType {
			return nil, c.partError(e, "the index has no %v part of shape %v that begins at %v", e.DType, size, []int(start))
		}
		v, err := c.readWhole(filed, e.Name)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{start, v})
		total += size.Len()
	}
	if total != e.Shape.Len() {
		return nil, c.partError(e, "its %d parts have %d elements, the whole %v has %d", len(parts), total, e.Shape, e.Shape.Len())
	}
	return parts, nil
}

func (c *Checkpoint) partError(e *Entry, format string, args ...any) error {
	return source.Errorf(c.index(), "", "%q was saved in parts: "+format, append([]any{e.Name}, args...)...)
}

// join copies every part into its place, row by row.
func join[T tensor.Float](shape tensor.Shape, parts []part) tensor.Any {
	out := tensor.New[T](shape...)
	for _, p := range parts {
		v := tensor.As[T](p.value)
		if len(v.Data) == 0 {
			continue
		}
		row := 1
		if len(v.Shape) > 0 {
			row = v.Shape[len(v.Shape)-1]
		}
		for from := 0; from < len(v.Data); from += row {
			to := 0
			for d, i := range v.Shape.Index(from) {
				to = to*shape[d] + i + p.start[d]
			}
			copy(out.Data[to:to+row], v.Data[from:])
		}
	}
	return out
}
