package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
)

// floor writes the function that replaces what is less than zero by zero.
func floor(g generator) {
	p := g.function("floor", fmt.Sprintf("func(dst, src *%[1]s, n int)", g.precision.goType),
		fmt.Sprintf("is a floorFunc: n is a multiple of %d.", g.lanes()), "dst", "src", "n")
	zero, value := g.set.regs[0], g.set.regs[1]
	g.set.zero(g.Context, zero)
	g.SHLQ(g.precision.shift, p[2])
	g.ADDQ(p[1], p[2])
	g.Label("vector")
	g.load(Mem{Base: p[1]}, value)
	g.max(value, zero, value)
	g.load(value, Mem{Base: p[0]})
	g.ADDQ(U8(g.set.bytes), p[0])
	g.ADDQ(U8(g.set.bytes), p[1])
	g.CMPQ(p[1], p[2])
	g.JNE(LabelRef("vector"))
	g.VZEROUPPER()
	g.RET()
}
