package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vectors is an instruction set: its vector registers and the height of the tile that fills them.
type vectors struct {
	name   string
	bytes  int // of one register
	rows   int // with two registers a row, two for the columns and two for the broadcasts
	blocks int // of a cache line each, that a row of two registers has
	regs   []reg.VecPhysical
	zero   func(c *build.Context, r operand.Op)
}

var avx512 = vectors{
	"AVX512", 64, 14, 2, []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7,
		reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23,
		reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
	},
	func(c *build.Context, r operand.Op) { c.VPXORQ(r, r, r) },
}

var avx2 = vectors{
	"AVX2", 32, 6, 1, []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
	},
	func(c *build.Context, r operand.Op) { c.VPXOR(r, r, r) },
}

// instruction emits one instruction into a function.
type instruction func(*build.Context, ...operand.Op)

// precision is an element type: its instructions.
type precision struct {
	name, goType                                                        string
	bytes                                                               int
	shift                                                               operand.U8 // bytes = 1 << shift
	load, broadcast, multiplyAdd, add, times, over, squareRoot, maximum instruction
}

var float32s = precision{
	name: "Float32", goType: "float32", bytes: 4, shift: 2,
	load: (*build.Context).VMOVUPS, broadcast: (*build.Context).VBROADCASTSS,
	multiplyAdd: (*build.Context).VFMADD231PS, add: (*build.Context).VADDPS, times: (*build.Context).VMULPS, over: (*build.Context).VDIVPS, squareRoot: (*build.Context).VSQRTPS, maximum: (*build.Context).VMAXPS,
}

var float64s = precision{
	name: "Float64", goType: "float64", bytes: 8, shift: 3,
	load: (*build.Context).VMOVUPD, broadcast: (*build.Context).VBROADCASTSD,
	multiplyAdd: (*build.Context).VFMADD231PD, add: (*build.Context).VADDPD, times: (*build.Context).VMULPD, over: (*build.Context).VDIVPD, squareRoot: (*build.Context).VSQRTPD, maximum: (*build.Context).VMAXPD,
}

// generator is one function under construction, for one instruction set and element type.
type generator struct {
	*build.Context
	set       vectors
	precision precision
}

func (g generator) lanes() int { return g.set.bytes / g.precision.bytes }

// function opens a function and returns its parameters in general registers, in order.
func (g generator) function(name, signature, doc string, params ...string) []reg.Register {
	g.Function(name + g.set.name + g.precision.name)
	g.Attributes(attr.NOSPLIT)
	g.SignatureExpr(signature)
	g.Pragma("noescape")
	g.Doc(name + g.set.name + g.precision.name + " " + doc)
	var registers []reg.Register
	for _, p := range params {
		registers = append(registers, g.Load(g.Param(p), g.GP64()))
	}
	return registers
}

func (g generator) load(from, to operand.Op)      { g.precision.load(g.Context, from, to) }
func (g generator) broadcast(from, to operand.Op) { g.precision.broadcast(g.Context, from, to) }
func (g generator) add(x, sum operand.Op)         { g.precision.add(g.Context, x, sum, sum) }

// multiplyAdd is sum += a b.
func (g generator) multiplyAdd(a, b, sum operand.Op) { g.precision.multiplyAdd(g.Context, a, b, sum) }

// max is the larger of a and b, and a where they do not compare: a is the second operand in the processor's order.
func (g generator) max(a, b, to operand.Op) { g.precision.maximum(g.Context, a, b, to) }

func (g generator) multiply(a, b, to operand.Op) { g.precision.times(g.Context, a, b, to) }
func (g generator) root(x, to operand.Op)        { g.precision.squareRoot(g.Context, x, to) }

// divide is a / by.
func (g generator) divide(by, a, to operand.Op) { g.precision.over(g.Context, by, a, to) }
