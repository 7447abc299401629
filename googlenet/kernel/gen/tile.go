package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// lineBytes is the stretch of a row of A that lies together in a packed tile: what one 64 byte move copies.
const lineBytes = 64

// tile writes the function that computes a tile of C, held in registers, as A B plus the bias or plus what C
// holds: one body for every height and for one or two vectors of columns.
func tile(g generator) {
	p := g.function("tile",
		fmt.Sprintf("func(rows, vectors, k int, a, b *%[1]s, ldb int, c *%[1]s, ldc int, bias *%[1]s)", g.precision.goType),
		fmt.Sprintf("is a tileFunc: 1 to %d rows, 1 or 2 vectors of %d columns.", g.set.rows, g.lanes()),
		"rows", "vectors", "k", "a", "b", "ldb", "c", "ldc", "bias")
	t := tileBody{generator: g, k: p[2], a: p[3], b: p[4], ldb: p[5], c: p[6], ldc: p[7], bias: p[8], steps: g.GP64()}
	t.SHLQ(g.precision.shift, t.ldb)
	t.SHLQ(g.precision.shift, t.ldc)
	t.CMPQ(p[1], U8(2))
	t.JEQ(LabelRef("wide"))
	t.choose(p[0], 1)
	t.Label("wide")
	t.choose(p[0], 2)
}

// tileBody holds the general registers of a tile function.
type tileBody struct {
	generator
	k, a, b, ldb, c, ldc, bias, steps Register
}

// choose branches to the body for the number of rows; the last one is the fall-through.
func (t tileBody) choose(rows Register, vectors int) {
	for h := t.set.rows; h > 1; h-- {
		next := fmt.Sprintf("below_%dx%d", h, vectors)
		t.CMPQ(rows, U8(h))
		t.JNE(LabelRef(next))
		t.body(h, vectors)
		t.Label(next)
	}
	t.body(1, vectors)
}

// body runs over k line by line: within a line of A one step follows another, from line to line the rows that
// lie between are skipped.
func (t tileBody) body(rows, vectors int) {
	name := func(part string) string { return fmt.Sprintf("%s_%dx%d", part, rows, vectors) }
	t.initialise(rows, vectors, name)
	t.Label(name("line"))
	t.CMPQ(t.k, U8(0))
	t.JLE(LabelRef(name("store")))
	t.MOVQ(U32(lineBytes/t.precision.bytes), t.steps)
	t.CMPQ(t.k, t.steps)
	t.CMOVQLT(t.k, t.steps)
	t.SUBQ(t.steps, t.k)
	t.Label(name("step"))
	t.step(rows, vectors)
	t.JNE(LabelRef(name("step")))
	t.ADDQ(U32((rows-1)*lineBytes), t.a)
	t.JMP(LabelRef(name("line")))
	t.Label(name("store"))
	t.eachCell(t.c, rows, vectors, func(cell, accumulator Op) { t.load(accumulator, cell) })
	t.VZEROUPPER()
	t.RET()
}

// initialise fills the accumulators with the bias of each row or, without one, with C.
func (t tileBody) initialise(rows, vectors int, name func(string) string) {
	t.TESTQ(t.bias, t.bias)
	t.JNE(LabelRef(name("bias")))
	at := t.GP64()
	t.MOVQ(t.c, at)
	t.eachCell(at, rows, vectors, func(cell, accumulator Op) { t.load(cell, accumulator) })
	t.JMP(LabelRef(name("line")))
	t.Label(name("bias"))
	for i := range rows {
		for v := range vectors {
			t.broadcast(Mem{Base: t.bias, Disp: i * t.precision.bytes}, t.set.regs[i*vectors+v])
		}
	}
}

// eachCell calls f with every vector of the tile, in memory and in its register, and advances c to the last row.
func (t tileBody) eachCell(c Register, rows, vectors int, f func(cell, accumulator Op)) {
	for i := range rows {
		if i > 0 {
			t.ADDQ(t.ldc, c)
		}
		for v := range vectors {
			f(t.vector(c, v), t.set.regs[i*vectors+v])
		}
	}
}

// step adds one column of A times one row of B. The two broadcast registers alternate, so that one is loaded
// while the other is used.
func (t tileBody) step(rows, vectors int) {
	columns, factor := t.set.regs[len(t.set.regs)-2:], t.set.regs[len(t.set.regs)-4:]
	for v := range vectors {
		t.load(t.vector(t.b, v), columns[v])
	}
	t.ADDQ(t.ldb, t.b)
	for i := range rows {
		t.broadcast(Mem{Base: t.a, Disp: i * lineBytes}, factor[i%2])
		for v := range vectors {
			t.multiplyAdd(columns[v], factor[i%2], t.set.regs[i*vectors+v])
		}
	}
	t.ADDQ(U8(t.precision.bytes), t.a)
	t.DECQ(t.steps)
}

func (t tileBody) vector(base Register, v int) Mem { return Mem{Base: base, Disp: v * t.set.bytes} }
