package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// Number is a type of numbers that a Cast turns elements into.
type Number string

// The types. Integers cut off fractions and keep the low bits of what is too large for them. What is too large for 32 (or
// 64) bits, or no number, is the smallest integer of that many bits first, as x86 processors have it. Bool is 1 for all but 0.
const (
	Float16  Number = "float16"
	BFloat16 Number = "bfloat16"
	Float32  Number = "float32"
	Float64  Number = "float64"
	Int8     Number = "int8"
	Int16    Number = "int16"
	Int32    Number = "int32"
	Int64    Number = "int64"
	Uint8    Number = "uint8"
	Uint16   Number = "uint16"
	Uint32   Number = "uint32"
	Uint64   Number = "uint64"
	Bool     Number = "bool"
)

// Cast turns elements into another type of numbers; they are held as floating-point numbers all the same.
type Cast struct {
	To Number
	// From is the type that the elements come from. A gradient flows where both types are floating-point ones.
	From Number
	// Truncate cuts off digits that float16 and bfloat16 do not have, instead of rounding to the nearest number.
	Truncate bool
}

func (Cast) Kind() string { return "Cast" }

func (l Cast) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

// Attributes lists the types.
func (l Cast) Attributes() []Attribute {
	list := []Attribute{{"from", string(l.From)}, {"to", string(l.To)}}
	if l.Truncate {
		list = append(list, Attribute{"truncates", "yes"})
	}
	return list
}

func (l Cast) Forward32(c *Call[float32]) { cast(l, c) }
func (l Cast) Forward64(c *Call[float64]) { cast(l, c) }

func cast[T tensor.Float](l Cast, c *Call[T]) {
	elementwise(c, func(v T) T { return T(l.Value(float64(v))) })
}

// Value casts one number. Numbers of 32 and 64 bits stay as they are.
func (l Cast) Value(x float64) float64 {
	switch l.To {
	case Float32, Float64:
		return x
	case Float16:
		return l.narrowed(x, 11, -14, 0x1.ffcp15)
	case BFloat16:
		return l.narrowed(x, 8, -126, 0x1.fep127)
	case Bool:
		return truth[float64](x != 0)
	}
	return whole(l.To, x)
}

// narrowed keeps some digits of a number, fewer below the smallest normal one.
func (l Cast) narrowed(x float64, digits, least int, most float64) float64 {
	if x == 0 || x-x != 0 {
		return x
	}
	_, exponent := math.Frexp(x) // |x| is in [1/2, 1) 2^exponent
	if l.Truncate {
		unit := math.Ldexp(1, exponent-digits)
		x = math.Trunc(x/unit) * unit
	}
	unit := math.Ldexp(1, max(exponent-1, least)-(digits-1))
	if y := math.RoundToEven(x/unit) * unit; math.Abs(y) <= most {
		return y
	}
	return math.Inf(int(math.Copysign(1, x)))
}

// whole cuts off the fraction.
func whole(to Number, x float64) float64 {
	switch to {
	case Int64:
		return low(to, integer(x, 63))
	case Uint32:
		if x >= 0x1p31 && x < 0x1p32 {
			return math.Trunc(x)
		}
	case Uint64:
		if x >= 0x1p63 && x < 0x1p64 {
			return math.Trunc(x)
		}
		return float64(uint64(integer(x, 63)))
	}
	return low(to, integer(x, 31))
}

// integer is what the processor makes of a number for that many bits and a sign.
func integer(x float64, bits int) int64 {
	limit := math.Ldexp(1, bits)
	if t := math.Trunc(x); t >= -limit && t < limit {
		return int64(t)
	}
	return -1 << bits
}

func low(to Number, v int64) float64 {
	switch to {
	case Int8:
		return float64(int8(v))
	case Int16:
		return float64(int16(v))
	case Int32:
		return float64(int32(v))
	case Uint8:
		return float64(uint8(v))
	case Uint16:
		return float64(uint16(v))
	case Uint32:
		return float64(uint32(v))
	}
	return float64(v)
}

// floating reports whether a type is one of floating-point numbers.
func (n Number) floating() bool {
	return n == Float16 || n == BFloat16 || n == Float32 || n == Float64
}

func (l Cast) Backward32(g *Gradient[float32]) { castBackward(l, g) }
func (l Cast) Backward64(g *Gradient[float64]) { castBackward(l, g) }

// castBackward casts the gradient back.
func castBackward[T tensor.Float](l Cast, g *Gradient[T]) {
	if !l.To.floating() || !l.From.floating() {
		g.InGrad[0] = nil
	}
	elementwiseBackward(g, func(_, _, d T) T { return T(Cast{To: l.From}.Value(float64(d))) })
}
