package jpeg

// quarter makes 4x4 samples of a block, with the roundings of libjpeg's jidctred. Frequency 4 does not count.
func quarter(in *[64]int32, to []byte, stride int) {
	var mid [4][8]int32
	for x := range 8 {
		v := quarter4([8]int32{in[x], in[8+x], in[16+x], in[24+x], 0, in[40+x], in[48+x], in[56+x]})
		for y := range 4 {
			mid[y][x] = saturate(descale(v[y], constantBits-columnBits+1))
		}
	}
	for y, row := range mid {
		v := quarter4(row)
		for x := range 4 {
			to[y*stride+x] = sample(descale(v[x], constantBits+columnBits+3+1))
		}
	}
}

func quarter4(in [8]int32) [4]int32 {
	even := in[2]*15137 - in[6]*6270
	sum, difference := in[0]<<(constantBits+1)+even, in[0]<<(constantBits+1)-even
	inner := -in[7]*1730 + in[5]*11893 - in[3]*17799 + in[1]*8697
	outer := -in[7]*4176 - in[5]*4926 + in[3]*7373 + in[1]*20995
	return [4]int32{sum + outer, difference + inner, difference - inner, sum - outer}
}

// sixteenth makes 2x2 samples of a block. Of the frequencies only 0, 1, 3, 5 and 7 count.
func sixteenth(in *[64]int32, to []byte, stride int) {
	var mid [2][8]int32
	for _, x := range []int{0, 1, 3, 5, 7} {
		v := sixteenth2([8]int32{in[x], in[8+x], 0, in[24+x], 0, in[40+x], 0, in[56+x]})
		for y := range 2 {
			mid[y][x] = saturate(descale(v[y], constantBits-columnBits+2))
		}
	}
	for y, row := range mid {
		v := sixteenth2(row)
		for x := range 2 {
			to[y*stride+x] = sample(descale(v[x], constantBits+columnBits+3+2))
		}
	}
}

func sixteenth2(in [8]int32) [2]int32 {
	even := in[0] << (constantBits + 2)
	odd := -in[7]*5906 + in[5]*6967 - in[3]*10426 + in[1]*29692
	return [2]int32{even + odd, even - odd}
}
