package jpeg

// Constants of the transforms in 2^-13: products of the cosines of multiples of pi/16 with sqrt(2).
const (
	constantBits = 13
	columnBits   = 2 // precision kept between the columns and the rows
)

// accurate is the transform of Loeffler, Ligtenberg and Moschytz ("Practical fast 1-D DCT algorithms with 11
// multiplications", ICASSP 1989) with the constants and roundings of libjpeg's jidctint.
func accurate(in *[64]int32, to []byte, stride int) {
	var mid [64]int32
	for x := range 8 {
		v := accurate8([8]int32{in[x], in[8+x], in[16+x], in[24+x], in[32+x], in[40+x], in[48+x], in[56+x]})
		for y := range 8 {
			mid[8*y+x] = saturate(descale(v[y], constantBits-columnBits))
		}
	}
	for y := range 8 {
		v := accurate8([8]int32(mid[8*y:]))
		row := to[y*stride:][:8]
		for x := range row {
			row[x] = sample(descale(v[x], constantBits+columnBits+3))
		}
	}
}

// accurate8 is the transform of one column or row, times sqrt(8) 2^13.
func accurate8(in [8]int32) [8]int32 {
	common := (in[2] + in[6]) * 4433 // sqrt(2) cos(6 pi/16)
	even2, even3 := common-in[6]*15137, common+in[2]*6270
	sum, difference := (in[0]+in[4])<<constantBits, (in[0]-in[4])<<constantBits
	e := [4]int32{sum + even3, difference + even2, difference - even2, sum - even3}

	a, b, c, d := in[7], in[5], in[3], in[1]
	ac, bd := a+c, b+d
	shared := (ac + bd) * 9633
	ac, bd = shared-ac*16069, shared-bd*3196
	ad, bc := (a+d)*-7373, (b+c)*-20995
	o := [4]int32{d*12299 + ad + bd, c*25172 + bc + ac, b*16819 + bc + bd, a*2446 + ad + ac}
	return [8]int32{
		e[0] + o[0], e[1] + o[1], e[2] + o[2], e[3] + o[3],
		e[3] - o[3], e[2] - o[2], e[1] - o[1], e[0] - o[0],
	}
}

// saturate limits to 16 bits, in which libjpeg-turbo's vector code keeps the columns.
func saturate(v int32) int32 { return max(-1<<15, min(1<<15-1, v)) }
