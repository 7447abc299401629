package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Predicates of vector comparisons.
const (
	equal     = 0
	unordered = 3    // one of both is NaN
	greater   = 0x1e // and neither is NaN
)

// plus writes the function that adds one vector to another.
func plus(g generator) {
	p := g.function("plus", fmt.Sprintf("func(dst, src *%[1]s, n int)", g.precision.goType),
		fmt.Sprintf("is a plusFunc: n is a multiple of %d.", g.lanes()), "dst", "src", "n")
	value := g.set.regs[0]
	g.elementwise(p[2], p[:2], func() {
		g.load(Mem{Base: p[1]}, value)
		g.precision.add(g.Context, Mem{Base: p[0]}, value, value)
		g.load(value, Mem{Base: p[0]})
	})
}

// blend writes the function that computes a x + b y in place of y: the product with b is rounded, the other is not.
func blend(g generator) {
	p := g.function("blend", fmt.Sprintf("func(y, x *%[1]s, n int, factors *%[1]s)", g.precision.goType),
		fmt.Sprintf("is a blendFunc: n is a multiple of %d.", g.lanes()), "y", "x", "n", "factors")
	a, b, value := g.set.regs[0], g.set.regs[1], g.set.regs[2]
	g.broadcast(Mem{Base: p[3]}, a)
	g.broadcast(Mem{Base: p[3], Disp: g.precision.bytes}, b)
	g.elementwise(p[2], p[:2], func() {
		g.multiply(Mem{Base: p[0]}, b, value)
		g.multiplyAdd(Mem{Base: p[1]}, a, value)
		g.load(value, Mem{Base: p[0]})
	})
}

// gate writes the function that lets pass the gradients of what is above zero.
func gate(g generator) {
	p := g.function("gate", fmt.Sprintf("func(dst, x, d *%[1]s, n int)", g.precision.goType),
		fmt.Sprintf("is a gateFunc: n is a multiple of %d.", g.lanes()), "dst", "x", "d", "n")
	zero, x, d, nothing := g.set.regs[0], g.set.regs[1], g.set.regs[2], g.set.regs[3]
	g.set.zero(g.Context, zero)
	g.elementwise(p[3], p[:3], func() {
		g.load(Mem{Base: p[1]}, x)
		g.load(Mem{Base: p[2]}, d)
		g.multiply(d, zero, nothing)
		mask := g.compare(greater, x, zero, 0)
		g.choose(mask, d, nothing, d)
		g.load(d, Mem{Base: p[0]})
	})
}

// elementwise runs body over vectors, with pointers that move on.
func (g generator) elementwise(n Register, pointers []Register, body func()) {
	g.Label("vector")
	body()
	for _, p := range pointers {
		g.ADDQ(U8(g.set.bytes), p)
	}
	g.SUBQ(U8(g.lanes()), n)
	g.JNE(LabelRef("vector"))
	g.VZEROUPPER()
	g.RET()
}

// maximumBackward writes the function that gives each window's gradient to the first of its largest values: it looks for
// them as the forward pass does, numbers the cells, and adds to the one with the number that was found.
func maximumBackward(g generator) {
	p := g.function("maximumBackward", fmt.Sprintf("func(to, x, d *%[1]s, count, next, rows, rowStep, cells int, constants *%[1]s)", g.precision.goType),
		"is a poolBackwardFunc.", "to", "x", "d", "count", "next", "rows", "rowStep", "cells", "constants")
	to, x, d, count, next, rows, rowStep, cells, constants := p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]
	g.SHLQ(g.precision.shift, next)
	g.SHLQ(g.precision.shift, rowStep)
	one := g.set.regs[15]
	g.broadcast(Mem{Base: constants, Disp: g.precision.bytes}, one)
	perLine := blockBytes / g.set.bytes
	best, where, number, value, grad := g.set.regs[0:2], g.set.regs[2:4], g.set.regs[4], g.set.regs[5], g.set.regs[6:8]
	g.Label("window")
	for i := range perLine {
		g.broadcast(Mem{Base: constants}, best[i])
		g.set.zero(g.Context, where[i])
		g.load(Mem{Base: d, Disp: i * g.set.bytes}, grad[i])
	}
	g.set.zero(g.Context, number)
	g.eachCell("look", x, rows, rowStep, cells, func(at Register) {
		g.add(one, number)
		for i := range perLine {
			g.load(Mem{Base: at, Disp: i * g.set.bytes}, value)
			g.choose(g.compare(greater, value, best[i], 1), number, where[i], where[i])
			g.choose(g.compare(unordered, value, value, 0), number, where[i], where[i])
			g.max(best[i], value, g.set.regs[8])
			g.ifNaN(value, g.set.regs[8], best[i])
		}
	})
	g.set.zero(g.Context, number)
	g.eachCell("give", to, rows, rowStep, cells, func(at Register) {
		g.add(one, number)
		for i := range perLine {
			cell := Mem{Base: at, Disp: i * g.set.bytes}
			g.load(cell, value)
			g.precision.add(g.Context, grad[i], value, g.set.regs[8])
			g.choose(g.compare(equal, number, where[i], 0), g.set.regs[8], value, value)
			g.load(value, cell)
		}
	})
	g.ADDQ(U8(blockBytes), d)
	g.ADDQ(next, x)
	g.ADDQ(next, to)
	g.DECQ(count)
	g.JNE(LabelRef("window"))
	g.VZEROUPPER()
	g.RET()
}

// compare returns the mask of where the predicate holds for a and b; several masks may be in use.
func (g generator) compare(predicate uint64, a, b Register, mask int) Register {
	to := Register(g.set.regs[9+mask])
	if g.set.bytes == 64 {
		to = []Register{K1, K2}[mask]
	}
	if g.precision.bytes == 4 {
		g.VCMPPS(U8(predicate), b, a, to)
	} else {
		g.VCMPPD(U8(predicate), b, a, to)
	}
	return to
}

// choose is a where the mask is set, and b elsewhere.
func (g generator) choose(mask, a, b, to Register) {
	switch {
	case g.set.bytes == 64 && g.precision.bytes == 4:
		g.VBLENDMPS(a, b, mask, to)
	case g.set.bytes == 64:
		g.VBLENDMPD(a, b, mask, to)
	case g.precision.bytes == 4:
		g.VBLENDVPS(mask, a, b, to)
	default:
		g.VBLENDVPD(mask, a, b, to)
	}
}

// ifNaN is the value where it is NaN, and the other one elsewhere.
func (g generator) ifNaN(value, other, to Register) {
	g.choose(g.compare(unordered, value, value, 0), value, other, to)
}
