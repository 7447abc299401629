package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Where the words of a normalised lie, in the order of its fields.
const (
	normalisedTo = 8 * iota
	normalisedX
	normalisedD
	normalisedSquares
	normalisedShares
	normalisedConstants
	normalisedCells
	normalisedBlocks
	normalisedPlane
	normalisedDown
	normalisedUp
	normalisedSize
)

// normaliseBackward writes the gradient of normalise: for all channels of a cell the squares, then what each passes straight
// on, t = d s^-3/4, and its share t x / s in what its window gets; then what the windows that it is in take from each.
func normaliseBackward(g generator) {
	p := g.function("normaliseBackward", "func(n *byte)", fmt.Sprintf("computes the normalised[%s] at n.", g.precision.goType), "n")
	b := channelPass{generator: g, args: p[0], at: g.GP64(), plane: g.GP64(), to: g.GP64(), x: g.GP64(), d: g.GP64(), cells: g.GP64()}
	constants := g.GP64()
	for _, f := range []struct {
		offset int
		to     Register
	}{{normalisedTo, b.to}, {normalisedX, b.x}, {normalisedD, b.d}, {normalisedCells, b.cells}, {normalisedPlane, b.plane}, {normalisedConstants, constants}} {
		g.MOVQ(b.field(f.offset), f.to)
	}
	alpha, k, factor := g.set.regs[13], g.set.regs[14], g.set.regs[15]
	for i, r := range []Register{alpha, k, factor} {
		g.broadcast(Mem{Base: constants, Disp: i * g.precision.bytes}, r)
	}
	x, d, s, root := g.set.regs[0], g.set.regs[1], g.set.regs[2], g.set.regs[3]
	g.Label("cell")
	b.each("square", normalisedSquares, func(squares Register, disp int) {
		g.load(b.cell(b.x, disp), x)
		g.multiply(x, x, x)
		g.load(x, Mem{Base: squares, Disp: disp})
	})
	shares := g.GP64()
	g.MOVQ(b.field(normalisedShares), shares)
	b.each("share", normalisedSquares, func(squares Register, disp int) {
		b.sum(fmt.Sprint("squares", disp), squares, normalisedDown, disp, s)
		g.multiply(s, alpha, s)
		g.add(k, s)
		g.root(s, root)
		g.root(root, x)
		g.multiply(x, root, root)
		g.load(b.cell(b.d, disp), d)
		g.divide(root, d, d)
		g.load(d, b.cell(b.to, disp))
		g.multiply(b.cell(b.x, disp), d, d)
		g.divide(s, d, d)
		g.load(d, Mem{Base: shares, Disp: disp})
		if disp+g.set.bytes == blockBytes {
			g.ADDQ(U8(blockBytes), shares)
		}
	})
	b.each("give", normalisedShares, func(shares Register, disp int) {
		b.sum(fmt.Sprint("shares", disp), shares, normalisedUp, disp, s)
		g.multiply(s, factor, s)
		g.load(b.cell(b.to, disp), d)
		g.multiplyAdd(b.cell(b.x, disp), s, d)
		g.load(d, b.cell(b.to, disp))
	})
	for _, r := range []Register{b.to, b.x, b.d} {
		g.ADDQ(U8(blockBytes), r)
	}
	g.DECQ(b.cells)
	g.JNE(LabelRef("cell"))
	g.VZEROUPPER()
	g.RET()
}

// channelPass goes over the blocks of a cell.
type channelPass struct {
	generator
	args, at, plane, to, x, d, cells Register
}

func (b channelPass) field(offset int) Mem { return Mem{Base: b.args, Disp: offset} }

// cell is a vector of the block that the pass is at.
func (b channelPass) cell(base Register, disp int) Mem {
	return Mem{Base: base, Index: b.at, Scale: 1, Disp: disp}
}

// each calls f for every vector of a block, with a pointer to the block's line in a buffer.
func (b channelPass) each(label string, buffer int, f func(line Register, disp int)) {
	line, left := b.GP64(), b.GP64()
	b.MOVQ(b.field(buffer), line)
	b.MOVQ(b.field(normalisedBlocks), left)
	b.XORQ(b.at, b.at)
	b.Label(label)
	for disp := 0; disp < blockBytes; disp += b.set.bytes {
		f(line, disp)
	}
	b.ADDQ(U8(blockBytes), line)
	b.ADDQ(b.plane, b.at)
	b.DECQ(left)
	b.JNE(LabelRef(label))
}

// sum adds up a window of channels around each one of a vector.
func (b channelPass) sum(label string, line Register, down, disp int, to VecPhysical) {
	from, end := b.GP64(), b.GP64()
	b.MOVQ(line, from)
	b.SUBQ(b.field(down), from)
	b.MOVQ(from, end)
	b.ADDQ(b.field(normalisedSize), end)
	b.set.zero(b.Context, to)
	b.Label(label)
	b.precision.add(b.Context, Mem{Base: from, Disp: disp}, to, to)
	b.ADDQ(U8(b.precision.bytes), from)
	b.CMPQ(from, end)
	b.JNE(LabelRef(label))
}
