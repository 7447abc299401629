package schedule

import "parity/googlenet/layer"

// Fixed is Base at every iteration.
type Fixed struct{ Base float64 }

func (Fixed) Name() string { return "fixed" }

func (Fixed) Step(_, step int) int { return step }

func (p Fixed) Rate32(_, _ int) float32 { return float32(p.Base) }
func (p Fixed) Rate64(_, _ int) float64 { return p.Base }

// Attributes lists the rate.
func (p Fixed) Attributes() []layer.Attribute { return []layer.Attribute{number("base", p.Base)} }
