package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Where the words of a Tile lie, in the order of its fields.
const (
	tileA = 8 * iota
	tileB
	tileC
	tileBias
	tileLines
	tileCount
	tileRows
	tileBlocks
	tileStep
	tileSecond
	tileNext
	tileBNext
	tileBBlock
	tileCStep
	tileCSecond
	tileCBlock
	tileFloor
)

// lineWords is the number of words of a Line: where it begins in A and in B, and its steps.
const lineWords = 3

// blockBytes is the width of a block of columns: a cache line.
const blockBytes = 64

// tile writes the function that computes a tile of C, held in registers: one body for every height and width.
func tile(g generator) {
	p := g.function("tile", "func(t *byte)",
		fmt.Sprintf("computes the Tile[%s] at t, of 1 to %d rows and 1 to %d blocks.", g.precision.goType, g.set.rows, g.set.blocks), "t")
	t := tileBody{generator: g, args: p[0]}
	for b := g.set.blocks; b > 0; b-- {
		for h := g.set.rows; h > 0; h-- {
			t.rows, t.blocks = h, b
			t.body()
		}
	}
	t.UD2() // no such size
	t.RET()
}

// tileBody is the body for one size of tile.
type tileBody struct {
	generator
	args         Register
	rows, blocks int
}

// side is a matrix of which the rows of a tile are read or written: two groups of rows at equal steps.
type side struct {
	first, second               Register
	step, threeSteps, fiveSteps Register
}

func (t tileBody) name(part string) string { return fmt.Sprintf("%s_%dx%d", part, t.rows, t.blocks) }

// body goes on to the next body unless rows and blocks are its own.
func (t tileBody) body() {
	for _, size := range []struct{ field, n int }{{tileRows, t.rows}, {tileBlocks, t.blocks}} {
		t.CMPQ(t.field(size.field), U8(size.n))
		t.JNE(LabelRef(t.name("other")))
	}
	c := t.open(tileC, tileCStep, tileCSecond)
	t.initialise(c)
	t.multiply()
	c = t.open(tileC, tileCStep, tileCSecond)
	t.store(c)
	t.VZEROUPPER()
	t.RET()
	t.Label(t.name("other"))
}

func (t tileBody) field(offset int) Mem { return Mem{Base: t.args, Disp: offset} }

// elements loads a field that counts elements, in bytes.
func (t tileBody) elements(field int) Register {
	r := t.GP64()
	t.MOVQ(t.field(field), r)
	t.SHLQ(t.precision.shift, r)
	return r
}

// open prepares to address the rows of a matrix.
func (t tileBody) open(base, step, second int) side {
	s := side{first: t.GP64(), second: t.GP64(), threeSteps: t.GP64(), fiveSteps: t.GP64()}
	s.step = t.elements(step)
	t.LEAQ(Mem{Base: s.step, Index: s.step, Scale: 2}, s.threeSteps)
	t.LEAQ(Mem{Base: s.step, Index: s.step, Scale: 4}, s.fiveSteps)
	t.MOVQ(t.field(base), s.first)
	t.MOVQ(t.field(second), s.second)
	t.LEAQ(Mem{Base: s.first, Index: s.second, Scale: uint8(t.precision.bytes)}, s.second)
	return s
}

// row addresses a row: of seven, each is the first one plus a multiple of the step that an address can hold.
func (t tileBody) row(s side, i int) Mem {
	base := s.first
	if i >= t.set.rows/2 {
		i, base = i-t.set.rows/2, s.second
	}
	switch i {
	case 0:
		return Mem{Base: base}
	case 3:
		return Mem{Base: base, Index: s.threeSteps, Scale: 1}
	case 5:
		return Mem{Base: base, Index: s.fiveSteps, Scale: 1}
	case 6:
		return Mem{Base: base, Index: s.threeSteps, Scale: 2}
	}
	return Mem{Base: base, Index: s.step, Scale: uint8(i)}
}

func shifted(m Mem, bytes int) Mem {
	m.Disp += bytes
	return m
}

// perBlock is the number of registers that hold a block.
func (t tileBody) perBlock() int { return blockBytes / t.set.bytes }

// vectors is the number of registers of a row.
func (t tileBody) vectors() int { return t.blocks * t.perBlock() }

// sum is the register of a vector of a row.
func (t tileBody) sum(row, vector int) VecPhysical { return t.set.regs[row*t.vectors()+vector] }

// initialise fills the sums with the bias of each column or, without one, with C.
func (t tileBody) initialise(c side) {
	bias := t.GP64()
	t.MOVQ(t.field(tileBias), bias)
	t.TESTQ(bias, bias)
	t.JNE(LabelRef(t.name("bias")))
	t.eachVector(c, func(cell Mem, sum VecPhysical) { t.load(cell, sum) })
	t.JMP(LabelRef(t.name("begin")))
	t.Label(t.name("bias"))
	for v := range t.vectors() {
		t.load(Mem{Base: bias, Disp: v * t.set.bytes}, t.sum(0, v))
		for i := 1; i < t.rows; i++ {
			t.load(t.sum(0, v), t.sum(i, v))
		}
	}
	t.Label(t.name("begin"))
}

// eachVector calls f with every vector of C, in memory and in its register.
func (t tileBody) eachVector(c side, f func(cell Mem, sum VecPhysical)) {
	block := t.elements(tileCBlock)
	for b := range t.blocks {
		if b > 0 {
			t.ADDQ(block, c.first)
			t.ADDQ(block, c.second)
		}
		for i := range t.rows {
			for v := range t.perBlock() {
				f(shifted(t.row(c, i), v*t.set.bytes), t.sum(i, b*t.perBlock()+v))
			}
		}
	}
}

// multiply adds the products of every line.
func (t tileBody) multiply() {
	a := t.open(tileA, tileStep, tileSecond)
	second := t.elements(tileSecond)
	next, bNext, bBlock := t.elements(tileNext), t.elements(tileBNext), t.elements(tileBBlock)
	b, line, steps, end := t.GP64(), t.GP64(), t.GP64(), t.GP64()
	scale := uint8(t.precision.bytes)
	t.MOVQ(t.field(tileLines), line)
	t.IMUL3Q(U8(8*lineWords), t.field(tileCount), end)
	t.ADDQ(line, end)
	t.Label(t.name("line"))
	t.MOVQ(t.field(tileA), a.first)
	t.MOVQ(Mem{Base: line}, steps)
	t.LEAQ(Mem{Base: a.first, Index: steps, Scale: scale}, a.first)
	t.LEAQ(Mem{Base: a.first, Index: second, Scale: 1}, a.second)
	t.MOVQ(t.field(tileB), b)
	t.MOVQ(Mem{Base: line, Disp: 8}, steps)
	t.LEAQ(Mem{Base: b, Index: steps, Scale: scale}, b)
	t.MOVQ(Mem{Base: line, Disp: 16}, steps)
	t.Label(t.name("step"))
	t.step(a, b, bBlock)
	t.ADDQ(next, a.first)
	t.ADDQ(next, a.second)
	t.ADDQ(bNext, b)
	t.DECQ(steps)
	t.JNE(LabelRef(t.name("step")))
	t.ADDQ(U8(8*lineWords), line)
	t.CMPQ(line, end)
	t.JNE(LabelRef(t.name("line")))
}

// step adds one column of A times one row of B. The two registers for elements of A alternate, so that one is loaded
// while the other is used.
func (t tileBody) step(a side, b, bBlock Register) {
	last := len(t.set.regs)
	columns, factor := t.set.regs[last-2:], t.set.regs[last-4:]
	for v := range t.vectors() {
		from := Mem{Base: b, Disp: v % t.perBlock() * t.set.bytes}
		if v >= t.perBlock() {
			from.Index, from.Scale = bBlock, 1
		}
		t.load(from, columns[v])
	}
	for i := range t.rows {
		t.broadcast(t.row(a, i), factor[i%2])
		for v := range t.vectors() {
			t.multiplyAdd(columns[v], factor[i%2], t.sum(i, v))
		}
	}
}

// store writes the sums to C, with Floor nothing below zero. NaN is no less than zero: of two operands, the second is
// the result where they do not compare.
func (t tileBody) store(c side) {
	zero := t.set.regs[len(t.set.regs)-1]
	t.CMPQ(t.field(tileFloor), U8(0))
	t.JEQ(LabelRef(t.name("store")))
	t.set.zero(t.Context, zero)
	for i := range t.rows {
		for v := range t.vectors() {
			t.max(t.sum(i, v), zero, t.sum(i, v))
		}
	}
	t.Label(t.name("store"))
	t.eachVector(c, func(cell Mem, sum VecPhysical) { t.load(sum, cell) })
}
