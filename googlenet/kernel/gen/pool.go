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
	g.Label("window")
	for _, r := range results {
		g.load(initial, r)
	}
	g.eachCell("cell", src, rows, rowStep, cells, func(at Register) {
		for i, r := range results {
			g.load(Mem{Base: at, Disp: i * g.set.bytes}, values[i])
			accumulate(values[i], r)
		}
	})
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

// eachCell loops over the cells of a window.
func (g generator) eachCell(label string, base, rows, rowStep, cells Register, f func(at Register)) {
	row, at, left, below := g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.MOVQ(base, row)
	g.MOVQ(rows, below)
	g.Label(label + "_row")
	g.MOVQ(row, at)
	g.MOVQ(cells, left)
	g.Label(label + "_cell")
	f(at)
	g.ADDQ(U8(blockBytes), at)
	g.DECQ(left)
	g.JNE(LabelRef(label + "_cell"))
	g.ADDQ(rowStep, row)
	g.DECQ(below)
	g.JNE(LabelRef(label + "_row"))
}
