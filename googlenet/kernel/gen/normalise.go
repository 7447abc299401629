package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// normalise writes the function of local response normalisation with the power 3/4, which is the product of two roots.
func normalise(g generator) {
	p := g.function("normalise", fmt.Sprintf("func(y, x *%[1]s, cells, blocks, plane int, squares *%[1]s, down, size int, constants *%[1]s)", g.precision.goType),
		"is a normaliseFunc.", "y", "x", "cells", "blocks", "plane", "squares", "down", "size", "constants")
	y, x, cells, blocks, plane, squares, down, size, constants := p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]
	alpha, k := g.set.regs[4], g.set.regs[5]
	g.SHLQ(g.precision.shift, plane)
	g.SHLQ(g.precision.shift, down)
	g.SHLQ(g.precision.shift, size)
	g.broadcast(Mem{Base: constants}, alpha)
	g.broadcast(Mem{Base: constants, Disp: g.precision.bytes}, k)
	g.ADDQ(U8(blockBytes), squares)
	g.Label("cell")
	g.eachBlock("square", blocks, plane, squares, []Register{x}, func(at []Register, square Register) {
		for i := range blockBytes / g.set.bytes {
			g.load(Mem{Base: at[0], Disp: i * g.set.bytes}, g.set.regs[i])
			g.multiply(g.set.regs[i], g.set.regs[i], g.set.regs[i])
			g.load(g.set.regs[i], Mem{Base: square, Disp: i * g.set.bytes})
		}
	})
	g.eachBlock("scale", blocks, plane, squares, []Register{x, y}, func(at []Register, square Register) {
		for i := range blockBytes / g.set.bytes {
			g.scaled(fmt.Sprint("term", i), at, square, down, size, i*g.set.bytes, alpha, k)
		}
	})
	g.ADDQ(U8(blockBytes), x)
	g.ADDQ(U8(blockBytes), y)
	g.DECQ(cells)
	g.JNE(LabelRef("cell"))
	g.VZEROUPPER()
	g.RET()
}

// eachBlock loops over the blocks of a cell and calls f with where they are and where their squares are.
func (g generator) eachBlock(label string, blocks, plane, squares Register, bases []Register, f func(at []Register, square Register)) {
	var at []Register
	for _, b := range bases {
		r := g.GP64()
		g.MOVQ(b, r)
		at = append(at, r)
	}
	left, square := g.GP64(), g.GP64()
	g.MOVQ(blocks, left)
	g.MOVQ(squares, square)
	g.Label(label)
	f(at, square)
	for _, r := range at {
		g.ADDQ(plane, r)
	}
	g.ADDQ(U8(blockBytes), square)
	g.DECQ(left)
	g.JNE(LabelRef(label))
}

// scaled writes one vector of x / (k + alpha sum)^(3/4).
func (g generator) scaled(label string, at []Register, square, down, size Register, offset int, alpha, k VecPhysical) {
	sum, root := g.set.regs[0], g.set.regs[1]
	from, end := g.GP64(), g.GP64()
	g.MOVQ(square, from)
	g.SUBQ(down, from)
	g.LEAQ(Mem{Base: from, Index: size, Scale: 1}, end)
	g.set.zero(g.Context, sum)
	g.Label(label)
	g.load(Mem{Base: from, Disp: offset}, root)
	g.add(root, sum)
	g.ADDQ(U8(g.precision.bytes), from)
	g.CMPQ(from, end)
	g.JNE(LabelRef(label))
	g.multiply(sum, alpha, sum)
	g.add(k, sum)
	g.root(sum, sum)
	g.root(sum, root)
	g.multiply(sum, root, root)
	g.load(Mem{Base: at[0], Disp: offset}, sum)
	g.divide(root, sum, sum)
	g.load(sum, Mem{Base: at[1], Disp: offset})
}
