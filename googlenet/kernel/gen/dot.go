package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
)

// chains is the number of independent sums of a dot product: as many additions as a processor has under way.
const chains = 8

// dot writes the function that multiplies two vectors and adds the products up to one register of sums.
func dot(g generator) {
	p := g.function("dot", fmt.Sprintf("func(n int, a, b, sums *%s)", g.precision.goType),
		fmt.Sprintf("is a dotFunc with %[1]d sums: n is a multiple of %[1]d.", g.lanes()),
		"n", "a", "b", "sums")
	n, a, b, sums := p[0], p[1], p[2], p[3]
	sum, factor := g.set.regs[:chains], g.set.regs[chains:]
	for _, r := range sum {
		g.set.zero(g.Context, r)
	}
	block := func(label, next string, chains int) {
		g.Label(label)
		g.CMPQ(n, U32(chains*g.lanes()))
		g.JLT(LabelRef(next))
		for i := range chains {
			g.load(Mem{Base: a, Disp: i * g.set.bytes}, factor[i%4])
			g.multiplyAdd(Mem{Base: b, Disp: i * g.set.bytes}, factor[i%4], sum[i])
		}
		g.ADDQ(U32(chains*g.set.bytes), a)
		g.ADDQ(U32(chains*g.set.bytes), b)
		g.SUBQ(U32(chains*g.lanes()), n)
		g.JMP(LabelRef(label))
	}
	block("blocks", "vectors", chains)
	block("vectors", "reduce", 1)
	g.Label("reduce")
	for half := chains / 2; half > 0; half /= 2 {
		for i := range half {
			g.add(sum[i+half], sum[i])
		}
	}
	g.load(sum[0], Mem{Base: sums})
	g.VZEROUPPER()
	g.RET()
}
