package export

import (
	"encoding/binary"
	"fmt"
	"math"

	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// param is the node's weight of that number, with other extents if there are any.
func (w *writer) param(i int, shape ...int) string {
	p := w.node.Params[i]
	if shape == nil {
		shape = p.Value.Dims()
	}
	return w.weight(p.Name, tensor.As[float32](p.Value).Reshaped(shape...), fmt.Sprintf("%p", p.Owner()))
}

// weight stores numbers under a name, or finds them where they are stored with the same extents; key says what they are.
func (w *writer) weight(name string, t *tensor.Tensor[float32], key string) string {
	if name == "" {
		name = w.node.Name + "/weights"
	}
	raw := make([]byte, 0, 4*len(t.Data))
	for _, v := range t.Data {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return w.store(name, &model.Tensor{DType: model.Float, Shape: known(t.Shape), Raw: raw, HasRaw: true}, key)
}

func (w *writer) store(name string, t *model.Tensor, key string) string {
	key = fmt.Sprint(key, t.DType, t.Shape)
	if known, ok := w.stored[key]; ok {
		return known
	}
	t.Name = w.unused(name)
	w.stored[key] = t.Name
	w.graph.Initializers = append(w.graph.Initializers, t)
	return t.Name
}

// scalar is a constant number.
func (w *writer) scalar(v float64) string {
	return w.weight(fmt.Sprintf("constant %v", float32(v)), tensor.From([]float32{float32(v)}), fmt.Sprintf("%b", float32(v)))
}

// integers is a constant list of integers, as operations take settings.
func (w *writer) integers(v ...int) string {
	raw := make([]byte, 0, 8*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(x))
	}
	return w.store(fmt.Sprintf("constant %v", v), &model.Tensor{DType: model.Int64, Shape: tensor.Shape{len(v)}, Raw: raw, HasRaw: true}, fmt.Sprint("integers", v))
}

// times multiplies by a constant, unless that is 1.
func (w *writer) times(v string, factor float64) string {
	if factor == 1 {
		return v
	}
	return w.op("Mul", nil, v, w.scalar(factor))
}

// plus adds a constant, unless that is 0.
func (w *writer) plus(v string, term float64) string {
	if term == 0 {
		return v
	}
	return w.op("Add", nil, v, w.scalar(term))
}

// cast turns the numbers of a value into those of another type; to an integer, fractions are cut off.
func (w *writer) cast(v string, to model.DType) string {
	return w.op("Cast", with(integer("to", int(to))), v)
}

// whole is a value as integers, as indices have to be.
func (w *writer) whole(v string) string { return w.cast(v, model.Int64) }

// real is a value as floating-point numbers, such as those of a truth.
func (w *writer) real(v string) string { return w.cast(v, model.Float) }

// truth is whether a value is not 0.
func (w *writer) truth(v string) string { return w.cast(v, model.Bool) }

// reshaped gives a value other extents, if need be.
func (w *writer) reshaped(v string, from tensor.Shape, to ...int) string {
	if from.Equal(tensor.Shape(to)) && len(from) == len(to) {
		return v
	}
	return w.op("Reshape", nil, v, w.integers(to...))
}
