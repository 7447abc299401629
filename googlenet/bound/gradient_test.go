package bound

import (
	"math/rand/v2"
	"slices"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

func TestEveryGradientHasARule(t *testing.T) {
	for _, k := range layer.Kinds {
		if _, ok := k.Examples[0].Layer.(layer.Differentiable); ok != (GradientRules[k.Name] != nil) {
			t.Errorf("%s: has gradients: %v, has a rule for them: %v", k.Name, ok, !ok)
		}
	}
}

// backward is a backward execution in some precision, and its results.
func backward[T tensor.Float](x execution, in, outGrad []*tensor.Tensor[float64]) (*layer.Gradient[T], []*tensor.Tensor[float64]) {
	g := &layer.Gradient[T]{In: convert[T](in), Params: convert[T](x.params), OutGrad: convert[T](outGrad), Workers: 2}
	c := &layer.Call[T]{In: g.In, Params: g.Params, Out: outputs[T](x.shapes), Workers: 2}
	for _, t := range g.In {
		g.InGrad = append(g.InGrad, tensor.New[T](t.Shape...))
	}
	for _, t := range g.Params {
		g.ParamGrad = append(g.ParamGrad, tensor.New[T](t.Shape...))
	}
	g.Out = c.Out
	switch l := x.l.(type) {
	case layer.Differentiable:
		if g32, ok := any(g).(*layer.Gradient[float32]); ok {
			l.Forward32(any(c).(*layer.Call[float32]))
			l.Backward32(g32)
		} else {
			l.Forward64(any(c).(*layer.Call[float64]))
			l.Backward64(any(g).(*layer.Gradient[float64]))
		}
	}
	return g, results(g)
}

// results lists the gradients that were written.
func results[T tensor.Float](g *layer.Gradient[T]) []*tensor.Tensor[float64] {
	var list []*tensor.Tensor[float64]
	for _, t := range slices.Concat(g.InGrad, g.ParamGrad) {
		if t != nil {
			list = append(list, tensor.As[float64](t))
		}
	}
	return list
}

// gradientBound lists the bounds of results in the same order, zeros for exact ones.
func gradientBound(t *testing.T, x execution, g *layer.Gradient[float64], p Producer, inErr, outErr, outGradErr []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	t.Helper()
	b, err := OfGradient(&GradientCall{Layer: x.l, Gradient: g, InErr: inErr, OutErr: outErr, OutGradErr: outGradErr, Producer: p})
	if err != nil {
		t.Fatal(err)
	}
	var list []*tensor.Tensor[float64]
	for i, to := range slices.Concat(g.InGrad, g.ParamGrad) {
		if to == nil {
			continue
		}
		e := slices.Concat(b.In, b.Params)[i]
		if e == nil {
			e = tensor.New[float64](to.Shape...)
		}
		list = append(list, e)
	}
	return list
}

func none(like []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	return make([]*tensor.Tensor[float64], len(like))
}

func eachGradient(t *testing.T, scales []float64, f func(t *testing.T, x execution, outGrad []*tensor.Tensor[float64], scale float64)) {
	eachExample(t, scales, func(t *testing.T, e layer.Example, scale float64) {
		if _, ok := e.Layer.(layer.Differentiable); !ok {
			return
		}
		x := draw(t, e, scale, 1)
		r := rand.New(rand.NewPCG(8, 8))
		var outGrad []*tensor.Tensor[float64]
		for _, s := range x.shapes {
			outGrad = append(outGrad, fill(r, 1, s...))
		}
		f(t, x, outGrad, scale)
	})
}

// A float32 run, whose forward values are off too, stays inside.
func TestFloat32GradientsStayInside(t *testing.T) {
	eachGradient(t, []float64{1e-3, 1, 300}, func(t *testing.T, x execution, outGrad []*tensor.Tensor[float64], _ float64) {
		g, exact := backward[float64](x, x.in, outGrad)
		_, got := backward[float32](x, x.in, outGrad)
		outErr := x.bound(t, Native32, nil)
		b := gradientBound(t, x, g, Native32, none(x.in), outErr, none(outGrad))
		if r := worst(exact, got, b); !(r <= 1) {
			t.Errorf("a float32 run is %g times over the bound", r)
		}
	})
}

func TestGradientBoundIsNotVacuous(t *testing.T) {
	eachGradient(t, []float64{1}, func(t *testing.T, x execution, outGrad []*tensor.Tensor[float64], _ float64) {
		g, exact := backward[float64](x, x.in, outGrad)
		b := gradientBound(t, x, g, Native32, none(x.in), x.bound(t, Native32, nil), none(outGrad))
		for i := range exact {
			if r := vacuity(exact[i], b[i]); !(r <= 1e-3) {
				t.Errorf("gradient %d: a bound of %g times the largest result", i, r)
			}
		}
	})
}

// Inputs and gradients that are off by at most e move the result by no more than the bound.
func TestErrorsPropagateBackwards(t *testing.T) {
	eachGradient(t, []float64{1e-6, 1e-3, 0.5}, func(t *testing.T, x execution, outGrad []*tensor.Tensor[float64], size float64) {
		r := rand.New(rand.NewPCG(4, 4))
		movedIn, inErr := movedBy(r, x.in, size)
		movedGrad, gradErr := movedBy(r, outGrad, size)
		g, exact := backward[float64](x, x.in, outGrad)
		_, got := backward[float64](x, movedIn, movedGrad)
		b := gradientBound(t, x, g, Native64, inErr, x.bound(t, Native64, inErr), gradErr)
		if r := worst(exact, got, b); !(r <= 1) {
			t.Errorf("inputs and gradients off by %g move the result %g times over the bound", size, r)
		}
	})
}
