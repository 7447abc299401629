package layer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/tensor"
)

// TestGradientsAreDifferences compares every kind's gradients with central differences of its forward pass, in float64.
func TestGradientsAreDifferences(t *testing.T) {
	for _, k := range Kinds {
		for i, x := range k.Examples {
			if l, ok := x.Layer.(Differentiable); ok {
				t.Run(fmt.Sprintf("%s/%d", k.Name, i), func(t *testing.T) { checkGradient(t, x, l) })
			}
		}
	}
}

func checkGradient(t *testing.T, k Example, l Differentiable) {
	g := drawnGradient(t, k)
	l.Backward64(g)
	for i, x := range g.In {
		if g.InGrad[i] != nil { // else no gradient flows there
			compareDifferences(t, l, g, "input", i, x, g.InGrad[i])
		}
	}
	for i, w := range g.Params {
		if g.ParamGrad[i] != nil { // else it is not trained
			compareDifferences(t, l, g, "parameter", i, w, g.ParamGrad[i])
		}
	}
}

// drawnGradient is a forward run of an example, with drawn gradients of its outputs.
func drawnGradient(t *testing.T, k Example) *Gradient[float64] {
	t.Helper()
	l := k.Layer
	r := rand.New(rand.NewPCG(1, 2))
	g := &Gradient[float64]{Workers: 2}
	for _, s := range k.Inputs {
		g.In = append(g.In, drawn[float64](r, s...))
	}
	if k.Draw != nil {
		k.Draw(r, g.In)
	}
	if p, ok := l.(Parametric); ok {
		for _, s := range p.ParamShapes(k.Inputs) {
			g.Params = append(g.Params, drawn[float64](r, s...))
		}
	}
	if k.DrawParams != nil {
		k.DrawParams(r, g.Params)
	}
	g.Out = run(t, l, g)
	for i, y := range g.Out {
		d := drawn[float64](r, y.Shape...)
		if k.Silent && i > 0 {
			clear(d.Data)
		}
		g.OutGrad = append(g.OutGrad, d)
	}
	g.InGrad, g.ParamGrad = zeros(g.In), zeros(g.Params)
	return g
}

func zeros(like []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	var list []*tensor.Tensor[float64]
	for _, t := range like {
		list = append(list, tensor.New[float64](t.Shape...))
	}
	return list
}

func run(t *testing.T, l Layer, g *Gradient[float64]) []*tensor.Tensor[float64] {
	t.Helper()
	out, err := OutputShapes(l, g.In)
	if err != nil {
		t.Fatal(err)
	}
	c := &Call[float64]{In: g.In, Params: g.Params, Workers: 2}
	for _, s := range out {
		c.Out = append(c.Out, tensor.New[float64](s...))
	}
	l.Forward64(c)
	return c.Out
}

// compareDifferences moves one element at a time; the weighted sum of the outputs changes by its gradient.
func compareDifferences(t *testing.T, l Layer, g *Gradient[float64], what string, index int, x, got *tensor.Tensor[float64]) {
	t.Helper()
	const step = 1e-6
	sum := func() float64 {
		total := 0.0
		for i, y := range run(t, l, g) {
			for j, v := range y.Data {
				total += v * g.OutGrad[i].Data[j]
			}
		}
		return total
	}
	for i := range x.Data {
		old := x.Data[i]
		x.Data[i] = old + step
		up := sum()
		x.Data[i] = old - step
		down := sum()
		x.Data[i] = old
		want := (up - down) / (2 * step)
		if !(math.Abs(got.Data[i]-want) <= 1e-5*(1+math.Abs(want))) {
			t.Fatalf("%s %d at %v: gradient %v, differences %v", what, index, x.Shape.Index(i), got.Data[i], want)
		}
	}
}
