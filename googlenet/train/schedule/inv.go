package schedule

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Inv is Base (1 + Gamma i)^-Power at iteration i.
type Inv struct{ Base, Gamma, Power float64 }

func (Inv) Name() string { return "inv" }

func (Inv) Step(_, step int) int { return step }

func (p Inv) Rate32(iteration, _ int) float32 { return inv[float32](p, iteration) }
func (p Inv) Rate64(iteration, _ int) float64 { return inv[float64](p, iteration) }

// Attributes lists the rate, the growth of the divisor and its power.
func (p Inv) Attributes() []layer.Attribute {
	return []layer.Attribute{number("base", p.Base), number("gamma", p.Gamma), number("power", p.Power)}
}

func inv[T tensor.Float](p Inv, iteration int) T {
	x := 1 + T(T(p.Gamma)*T(iteration))
	return T(p.Base) * T(math.Pow(float64(x), -p.Power))
}
