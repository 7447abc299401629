package jpeg

// fastScales are cos(k pi/16) sqrt(2), 1 for k = 0, in 2^-14: what the fast transform leaves to the quantisers.
// The rounded products are those of libjpeg's table.
var fastScales = [64]int32{
	16384, 22725, 21407, 19266, 16384, 12873, 8867, 4520,
	22725, 31521, 29692, 26722, 22725, 17855, 12299, 6270,
	21407, 29692, 27969, 25172, 21407, 16819, 11585, 5906,
	19266, 26722, 25172, 22654, 19266, 15137, 10426, 5315,
	16384, 22725, 21407, 19266, 16384, 12873, 8867, 4520,
	12873, 17855, 16819, 15137, 12873, 10114, 6967, 3552,
	8867, 12299, 11585, 10426, 8867, 6967, 4799, 2446,
	4520, 6270, 5906, 5315, 4520, 3552, 2446, 1247,
}

// newFast is the transform of Arai, Agui and Nakajima (Trans. IEICE E-71, 1988) in 16 bits with libjpeg's truncations
// (jidctfst).
func newFast(table *[64]uint16) inverse {
	var multipliers [64]int16
	for i, q := range table {
		multipliers[i] = int16(descale(int32(q)*fastScales[i], 14-columnBits))
	}
	return func(block *[64]int16, to []byte, stride int) {
		var mid [64]int16
		for i, v := range block {
			mid[i] = v * multipliers[i]
		}
		for x := range 8 {
			v := fast8([8]int16{mid[x], mid[8+x], mid[16+x], mid[24+x], mid[32+x], mid[40+x], mid[48+x], mid[56+x]})
			for y := range 8 {
				mid[8*y+x] = v[y]
			}
		}
		for y := range 8 {
			v := fast8([8]int16(mid[8*y:]))
			row := to[y*stride:][:8]
			for x := range row {
				row[x] = sample(int32(v[x] >> (columnBits + 3)))
			}
		}
	}
}

func fast8(in [8]int16) [8]int16 {
	sum, difference := in[0]+in[4], in[0]-in[4]
	even3 := in[2] + in[6]
	even2 := timesFast(in[2]-in[6], 362) - even3
	e := [4]int16{sum + even3, difference + even2, difference - even2, sum - even3}

	z13, z10, z11, z12 := in[5]+in[3], in[5]-in[3], in[1]+in[7], in[1]-in[7]
	z5 := timesFast(z10+z12, 473)
	o0 := z11 + z13
	o1 := z5 + timesFast(z10, -413) - z10 - o0 // -669/256 z10 in two parts
	o2 := timesFast(z11-z13, 362) - o1
	o3 := timesFast(z12, 277) - z5 + o2
	return [8]int16{
		e[0] + o0, e[1] + o1, e[2] + o2, e[3] - o3,
		e[3] + o3, e[2] - o2, e[1] - o1, e[0] - o0,
	}
}

// timesFast multiplies by a constant in 2^-8 and truncates. As on x86 the number is moved up by 2 bits first, and its
// top bits are lost where hard edges overshoot.
func timesFast(v int16, constant int32) int16 { return int16(int32(v<<2) * (constant << 6) >> 16) }
