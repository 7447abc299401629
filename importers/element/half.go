package element

import "math"

// Brain widens a bfloat16: the upper half of a float32.
func Brain(v uint16) float32 { return math.Float32frombits(uint32(v) << 16) }

// Half widens an IEEE 754 half: 1 sign, 5 exponent, 10 fraction bits.
func Half(v uint16) float32 {
	sign, exponent, fraction := uint32(v>>15)<<31, uint32(v>>10&31), uint32(v&1023)
	switch exponent {
	case 31: // infinity and NaN
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	case 0: // zero and denormals: fraction * 2^-24, which is exact
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
