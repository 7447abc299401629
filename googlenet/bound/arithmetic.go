package bound

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Format is a floating-point format that numbers are rounded to. The zero Format rounds nothing.
type Format struct {
	U    float64 // unit roundoff
	Step float64 // most that a number below the normal ones loses
	Max  float64 // largest finite number
}

// Formats smaller than float32. What is below bfloat16's and TF32's normal numbers may be lost: hardware flushes it.
// Hardware may cut the 13 bits of TF32 off where a library does not round first, so that its roundoff counts twice.
var (
	Float16  = Format{0x1p-11, 0x1p-25, 65504}
	BFloat16 = Format{0x1p-8, tiny32, 0x1.fep127}
	TF32     = Format{0x1p-10, tiny32, math.MaxFloat32}
)

// error bounds what rounding a number of at most this magnitude changes.
func (f Format) error(magnitude float64) float64 {
	if f.U == 0 {
		return 0
	}
	return f.U*magnitude + f.Step
}

// Arithmetic is what a producer rounds beyond its own precision, and by which algorithm it convolves.
type Arithmetic struct {
	// Operands are what both factors of the products in convolutions, inner products and matrix products are rounded to.
	Operands Format
	// Weights are what parameters are rounded to, Results what every operation's result is stored as.
	Weights, Results Format
	// Sums are what partial sums are kept in; the zero Format is float32, as in tensor cores and oneDNN.
	Sums Format
	// Winograd says that 3x3 convolutions with a stride of 1 may be computed by minimal filtering of 2x2 or 4x4 outputs.
	Winograd Tiles
}

// Tiles are the sizes of minimal filtering that a producer may use.
type Tiles struct{ Two, Four bool }

// Reduced reports whether anything is rounded to a smaller format.
func (a Arithmetic) Reduced() bool {
	return a.Operands != Format{} || a.Weights != Format{} || a.Results != Format{}
}

// mathWords are what a producer's "math" may consist of, joined by +; a format may be followed by what is rounded to it.
const mathWords = "float32, float64, tf32, float16, bfloat16 (or float16:weights, :operands, :activations, :accumulations), winograd (or winograd:2x2, :4x4), flush"

// MathWords explains them for people.
func MathWords() string { return mathWords }

// With returns the producer with a declared math, such as bfloat16+flush.
func (p Producer) With(declared string) (Producer, error) {
	for _, word := range strings.Split(strings.ToLower(declared), "+") {
		name, part, _ := strings.Cut(strings.TrimSpace(word), ":")
		set, known := mathParts[name]
		if !known || !set(&p, part) {
			return p, fmt.Errorf("producer math %q: %q is not known (%s)", declared, word, mathWords)
		}
	}
	return p, nil
}

// mathParts set what a word declares; false if they do not know its part.
var mathParts = map[string]func(p *Producer, part string) bool{
	"float32": func(_ *Producer, part string) bool { return part == "" },
	"float64": func(p *Producer, part string) bool { *p = p.In(U64); return part == "" },
	"tf32": func(p *Producer, part string) bool {
		p.Math.Operands = TF32
		return part == "" || part == "operands"
	},
	"float16":  func(p *Producer, part string) bool { return p.Math.store(Float16, part) },
	"bfloat16": func(p *Producer, part string) bool { return p.Math.store(BFloat16, part) },
	"winograd": func(p *Producer, part string) bool {
		p.Math.Winograd.Two = p.Math.Winograd.Two || part != "4x4"
		p.Math.Winograd.Four = p.Math.Winograd.Four || part != "2x2"
		return slices.Contains([]string{"", "2x2", "4x4"}, part)
	},
	"flush": func(p *Producer, part string) bool { p.Flushes = true; return part == "" },
}

// store declares what is rounded to a format: the weights, both factors of products, every result, or all of these, with
// the sums in float32 or in the format too.
func (a *Arithmetic) store(f Format, part string) bool {
	switch part {
	case "weights":
		a.Weights = f
	case "operands":
		a.Operands = f
	case "activations":
		a.Results = f
	case "accumulations":
		a.Operands, a.Weights, a.Results, a.Sums = f, f, f, f
	case "":
		a.Operands, a.Weights, a.Results = f, f, f
	default:
		return false
	}
	return true
}
