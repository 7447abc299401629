package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// transpose writes the function that transposes square blocks of as many rows as a 32 byte vector has elements: the
// widest ones would need twice the shuffles for four times the elements, which memory does not keep up with.
func transpose(g generator) {
	g.set = avx2
	g.set.name = ""
	side := g.lanes()
	p := g.function("transpose", fmt.Sprintf("func(dst *%[1]s, dstStep, dstNext int, src *%[1]s, srcStep, srcNext, count int)", g.precision.goType),
		fmt.Sprintf("is a transposeFunc of blocks of %[1]dx%[1]d.", side), "dst", "dstStep", "dstNext", "src", "srcStep", "srcNext", "count")
	dst, src, count := p[0], p[3], p[6]
	for _, r := range []Register{p[1], p[2], p[4], p[5]} {
		g.SHLQ(g.precision.shift, r)
	}
	from, to := g.GP64(), g.GP64()
	g.Label("block")
	g.MOVQ(src, from)
	for i := range side {
		g.load(Mem{Base: from}, g.set.regs[i])
		if i < side-1 {
			g.ADDQ(p[4], from)
		}
	}
	result := g.shuffle()
	g.MOVQ(dst, to)
	for i, r := range result {
		g.load(r, Mem{Base: to})
		if i < side-1 {
			g.ADDQ(p[1], to)
		}
	}
	g.ADDQ(p[2], dst)
	g.ADDQ(p[5], src)
	g.DECQ(count)
	g.JNE(LabelRef("block"))
	g.VZEROUPPER()
	g.RET()
}

// shuffle transposes what the first registers hold and returns where the rows of the result are: pairs of rows are
// interleaved within the halves of a register, then the halves exchanged.
func (g generator) shuffle() []VecPhysical {
	r := g.set.regs
	low, high := U8(0x20), U8(0x31)
	if g.precision.bytes == 8 {
		for i := 0; i < 4; i += 2 {
			g.VUNPCKLPD(r[i+1], r[i], r[4+i])
			g.VUNPCKHPD(r[i+1], r[i], r[5+i])
		}
		for i := range 2 {
			g.VPERM2F128(low, r[6+i], r[4+i], r[i])
			g.VPERM2F128(high, r[6+i], r[4+i], r[2+i])
		}
		return r[:4]
	}
	for i := 0; i < 8; i += 2 {
		g.VUNPCKLPS(r[i+1], r[i], r[8+i])
		g.VUNPCKHPS(r[i+1], r[i], r[9+i])
	}
	for i := 0; i < 8; i += 4 { // rows i to i+3: two columns of each half in a register
		for pair := range 2 {
			a, b := r[8+i+pair], r[10+i+pair]
			g.VSHUFPS(U8(0x44), b, a, r[i+2*pair])
			g.VSHUFPS(U8(0xee), b, a, r[i+2*pair+1])
		}
	}
	for i := range 4 {
		g.VPERM2F128(low, r[4+i], r[i], r[8+i])
		g.VPERM2F128(high, r[4+i], r[i], r[12+i])
	}
	return r[8:16]
}
