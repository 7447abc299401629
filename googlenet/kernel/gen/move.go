package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
)

// pieceWords is the number of ints in a piece as Go lays it out: source, destination, length.
const pieceWords = 3

// move writes the function that packs rows piece by piece, each with one vector load and one vector store.
func move(g generator) {
	p := g.function("move",
		fmt.Sprintf("func(dst *%[1]s, step int, src *%[1]s, offsets *int, rows int, pieces *int, count int)", g.precision.goType),
		fmt.Sprintf("is a moveFunc: every piece copies %d elements, whatever its length.", g.lanes()),
		"dst", "step", "src", "offsets", "rows", "pieces", "count")
	dst, step, src, offsets, rows, pieces, count := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	g.SHLQ(g.precision.shift, step)
	from, piece, left, at := g.GP64(), g.GP64(), g.GP64(), g.GP64()
	scale := uint8(g.precision.bytes)

	g.Label("row")
	g.MOVQ(Mem{Base: offsets}, from)
	g.ADDQ(U8(8), offsets)
	g.LEAQ(Mem{Base: src, Index: from, Scale: scale}, from)
	g.MOVQ(pieces, piece)
	g.MOVQ(count, left)
	g.Label("piece")
	g.MOVQ(Mem{Base: piece}, at)
	g.load(Mem{Base: from, Index: at, Scale: scale}, g.set.regs[0])
	g.MOVQ(Mem{Base: piece, Disp: 8}, at)
	g.load(g.set.regs[0], Mem{Base: dst, Index: at, Scale: scale})
	g.ADDQ(U8(8*pieceWords), piece)
	g.DECQ(left)
	g.JNE(LabelRef("piece"))
	g.ADDQ(step, dst)
	g.DECQ(rows)
	g.JNE(LabelRef("row"))
	g.VZEROUPPER()
	g.RET()
}
