// Package tfimage prepares pictures as TensorFlow's tf.io and tf.image do on a CPU: decoding, resizing, cropping and the
// arithmetic on colours. Every function rounds where TensorFlow rounds.
//
// Pictures are tensors, height x width x channels, whose numbers are what TensorFlow's integer or float32 types hold.
package tfimage

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// Picture is height x width x channels.
type Picture = *tensor.Tensor[float32]

// Type is the element type that a picture has in TensorFlow.
type Type string

// The types that pictures are converted between.
const (
	Uint8   Type = "uint8"
	Int16   Type = "int16"
	Uint16  Type = "uint16"
	Float32 Type = "float32"
)

// most is the largest number of an integer type, which stands for a float of 1.
var most = map[Type]int{Uint8: 1<<8 - 1, Int16: 1<<15 - 1, Uint16: 1<<16 - 1}

var least = map[Type]int{Uint8: 0, Int16: -1 << 15, Uint16: 0}

// Convert is convert_image_dtype: integers from 0 to their largest number stand for floats from 0 to 1. With saturate, what
// is out of range goes to its end; without, TensorFlow leaves it undefined and it is an error here.
func Convert(x *tensor.Tensor[float32], from, to Type, saturate bool) (*tensor.Tensor[float32], error) {
	in, fromInteger := most[from]
	out, toInteger := most[to]
	if !fromInteger && from != Float32 || !toInteger && to != Float32 {
		return nil, fmt.Errorf("pictures of %q are not converted to %q; expected uint8, int16, uint16 or float32", from, to)
	}
	switch {
	case from == to:
		return x, nil
	case !fromInteger:
		return cast(x, to, saturate, func(v float32) float32 { return v * (float32(out) + 0.5) })
	case !toInteger:
		scale := float32(1 / float64(in))
		return each(x, func(v float32) float32 { return v * scale }), nil
	case in > out:
		parts := float64((in + 1) / (out + 1))
		return cast(x, to, saturate, func(v float32) float32 { return float32(math.Floor(float64(v) / parts)) })
	}
	times := float32((out + 1) / (in + 1))
	return cast(x, to, saturate, func(v float32) float32 { return v * times })
}

// cast cuts fractions off.
func cast(x *tensor.Tensor[float32], to Type, saturate bool, f func(float32) float32) (*tensor.Tensor[float32], error) {
	out := tensor.New[float32](x.Shape...)
	low, high := float32(least[to]), float32(most[to])
	for i, v := range x.Data {
		v = f(v)
		if saturate {
			v = max(low, min(v, high))
		}
		v = float32(math.Trunc(float64(v)))
		if !(v >= low && v <= high) {
			return nil, fmt.Errorf("%v at %v is out of the range of %s", x.Data[i], x.Shape.Index(i), to)
		}
		out.Data[i] = v
	}
	return out, nil
}

func each(x *tensor.Tensor[float32], f func(float32) float32) *tensor.Tensor[float32] {
	out := tensor.New[float32](x.Shape...)
	for i, v := range x.Data {
		out.Data[i] = f(v)
	}
	return out
}
