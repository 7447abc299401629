package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// maximum writes the function that takes the largest values of windows. NaN wins and stays; of equal values, the first.
func maximum(g generator) {
	g.pool("maximum", func(value, best Register) {
		larger := g.set.regs[8]
		g.max(best, value, larger)
		g.ifNaN(value, larger, best)
	}, func([]VecPhysical, Register) {})
}

// mean writes the function that adds up windows and divides.
func mean(g generator) {
	g.pool("mean", func(value, sum Register) { g.add(value, sum) }, func(sums []VecPhysical, by Register) {
		for _, s := range sums {
			g.divide(by, s, s)
		}
	})
}

// pool writes a poolFunc: one line of channels after another, each value taken in by accumulate.
func (g generator) pool(name string, accumulate func(value, result Register), finish func(results []VecPhysical, by Register)) {
	p := g.function(name, fmt.Sprintf("func(dst, src *%[1]s, count, next, rows, rowStep, cells int, constants *%[1]s)", g.precision.goType),
		"is a poolFunc.", "dst", "src", "count", "next", "rows", "rowStep", "cells", "constants")
	dst, src, count, next, rows, rowStep, cells, constants := p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]
	results := g.set.regs[:blockBytes/g.set.bytes]
	values, initial, by := g.set.regs[2:4], g.set.regs[4], g.set.regs[5]
	g.SHLQ(g.precision.shift, next)
	g.SHLQ(g.precision.shift, rowStep)
	g.broadcast(Mem{Base: constants}, initial)
	g.broadcast(Mem{Base: constants, Disp: g.precision.bytes}, by)
	row, at, row0, left := g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.Label("window")
	for _, r := range results {
		g.load(initial, r)
	}
	g.MOVQ(src, row)
	g.MOVQ(rows, row0)
	g.Label("row")
	g.MOVQ(row, at)
	g.MOVQ(cells, left)
	g.Label("cell")
	for i, r := range results {
		g.load(Mem{Base: at, Disp: i * g.set.bytes}, values[i])
		accumulate(values[i], r)
	}
	g.ADDQ(U8(blockBytes), at)
	g.DECQ(left)
	g.JNE(LabelRef("cell"))
	g.ADDQ(rowStep, row)
	g.DECQ(row0)
	g.JNE(LabelRef("row"))
	finish(results, by)
	for i, r := range results {
		g.load(r, Mem{Base: dst, Disp: i * g.set.bytes})
	}
	g.ADDQ(U8(blockBytes), dst)
	g.ADDQ(next, src)
	g.DECQ(count)
	g.JNE(LabelRef("window"))
	g.VZEROUPPER()
	g.RET()
}

// unordered is the comparison that holds where one of both is NaN.
const unordered = 3

// ifNaN is the value where it is NaN, and the other one elsewhere.
func (g generator) ifNaN(value, other, to Register) {
	if g.set.bytes == 32 {
		mask := g.set.regs[9]
		if g.precision.bytes == 4 {
			g.VCMPPS(U8(unordered), value, value, mask)
			g.VBLENDVPS(mask, value, other, to)
			return
		}
		g.VCMPPD(U8(unordered), value, value, mask)
		g.VBLENDVPD(mask, value, other, to)
		return
	}
	if g.precision.bytes == 4 {
		g.VCMPPS(U8(unordered), value, value, K1)
		g.VBLENDMPS(value, other, K1, to)
		return
	}
	g.VCMPPD(U8(unordered), value, value, K1)
	g.VBLENDMPD(value, other, K1, to)
}
