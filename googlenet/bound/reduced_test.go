package bound

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// rounding rounds to a significand of so many bits, ties to even, with numbers below least in its steps.
func rounding(v float64, bits int, least float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	_, e := math.Frexp(max(math.Abs(v), least))
	step := math.Ldexp(1, e-bits)
	return math.RoundToEven(v/step) * step
}

var roundTo = map[string]func(v float64) float64{
	"float16":  func(v float64) float64 { return rounding(v, 11, 0x1p-14) },
	"bfloat16": func(v float64) float64 { return rounding(v, 8, 0x1p-126) },
	// by cutting off
	"tf32": func(v float64) float64 {
		return float64(math.Float32frombits(math.Float32bits(float32(v)) &^ 0x1fff))
	},
}

func roundedBy(f func(float64) float64, list []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	out := make([]*tensor.Tensor[float64], len(list))
	for i, t := range list {
		out[i] = t.Clone()
		for k, v := range t.Data {
			out[i].Data[k] = f(v)
		}
	}
	return out
}

// declaredMath is the producer in any order with a math.
func declaredMath(t *testing.T, math string) Producer {
	t.Helper()
	p, err := Declared("", "", "", math)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// without lists the kinds for which there is no bound with parameters in a smaller format.
var without = []string{"Embed", "LSTM", "NegativeLogLikelihood", "RNN"}

// reducedRun computes a layer with parameters, factors of products and results rounded as a math says, and its bound.
func reducedRun(t *testing.T, x execution, word string) (exact, got, limit []*tensor.Tensor[float64]) {
	t.Helper()
	name, part, _ := strings.Cut(word, ":")
	round, product := roundTo[name], productKinds[x.l.Kind()]
	if part == "" && name != "tf32" || part == "activations" {
		x.in = roundedBy(round, x.in) // they were stored before
	}
	p := declaredMath(t, word)
	b, err := Of(&Call{Layer: x.l, In: x.in, Params: x.params, Out: x.run64(x.l, x.in), Err: make([]*tensor.Tensor[float64], len(x.in)), Producer: p, Workers: 2})
	if refused := slices.Contains(without, x.l.Kind()) && len(x.params) > 0 && p.Math.weights(product).U > 0; refused != (err != nil) {
		t.Fatalf("an error is expected: %v, got %v", refused, err)
	} else if refused {
		t.Skip(err)
	}
	exact = x.run64(x.l, x.in)
	in := x.in
	if p.Math.Operands.U > 0 && product {
		in = roundedBy(round, in)
	}
	if p.Math.weights(product).U > 0 {
		x.params = roundedBy(round, x.params)
	}
	got = x.run64(x.l, in)
	if p.Math.Results.U > 0 && !handsOn(x.l) {
		got = roundedBy(round, got)
	}
	for i := range b {
		if b[i] == nil {
			b[i] = tensor.New[float64](x.shapes[i]...)
		}
	}
	return exact, got, b
}

var maths = []string{"float16", "bfloat16", "tf32", "float16:weights", "bfloat16:operands", "bfloat16:activations", "float16:accumulations"}

func TestReducedFormatsStayInside(t *testing.T) {
	for _, word := range maths {
		t.Run(word, func(t *testing.T) {
			eachExample(t, []float64{1e-2, 1, 30}, func(t *testing.T, e layer.Example, scale float64) {
				exact, got, b := reducedRun(t, draw(t, e, scale, 6), word)
				if r := worst(exact, got, b); !(r <= 1) {
					t.Errorf("%g times over the bound", r)
				}
			})
		})
	}
}

// A fault of a few per cent is beyond what half precision may round, in every kind whose sums are kept in float32.
func TestReducedFormatsAreNotVacuous(t *testing.T) {
	for word, most := range map[string]float64{"float16": 0.02, "tf32": 0.01, "bfloat16:operands": 0.05} {
		for kind := range productKinds {
			for _, k := range layer.Kinds {
				for _, e := range k.Examples {
					if k.Name != kind {
						continue
					}
					exact, _, b := reducedRun(t, draw(t, e, 1, 7), word)
					for i := range exact {
						if v := vacuity(exact[i], b[i]); !(v > 0 && v < most) {
							t.Errorf("%s in %s: a bound of %g times the largest result", kind, word, v)
						}
					}
				}
			}
		}
	}
}

// Sums in half precision need a bound of their own.
func TestSumsInHalfPrecision(t *testing.T) {
	l := layer.InnerProduct{Outputs: 4}
	x := draw(t, layer.Example{Layer: l, Inputs: []tensor.Shape{{3, 600}}}, 1, 8)
	round := roundTo["float16"]
	x.in, x.params = roundedBy(round, x.in), roundedBy(round, x.params)
	for i, v := range x.in[0].Data { // of one sign, so that the sums grow
		x.in[0].Data[i] = math.Abs(v) + 1
	}
	for i, v := range x.params[0].Data {
		x.params[0].Data[i] = math.Abs(v)
	}
	x.in, x.params = roundedBy(round, x.in), roundedBy(round, x.params)
	got := tensor.New[float64](3, 4)
	for row := range 3 {
		for o := range 4 {
			sum := 0.0
			for i := range 600 {
				sum = round(sum + round(x.in[0].Data[row*600+i]*x.params[0].Data[o*600+i]))
			}
			got.Data[row*4+o] = sum
		}
	}
	exact := x.run64(l, x.in)
	list := []*tensor.Tensor[float64]{got}
	if r := worst(exact, list, x.bound(t, declaredMath(t, "float16:accumulations"), nil)); !(r <= 1) {
		t.Errorf("sums in float16 are %g times over their bound", r)
	}
	if r := worst(exact, list, x.bound(t, declaredMath(t, "float16"), nil)); r <= 1 {
		t.Errorf("sums in float16 are within the bound of sums in float32 (%g): this test shows nothing", r)
	}
}

// The roundings of weights that a producer declares are those that the drift moves them by.
func TestWeightRounding(t *testing.T) {
	w := []*tensor.Tensor[float64]{fill(rand.New(rand.NewPCG(1, 1)), 1, 3, 4, 1, 1)}
	for word, want := range map[string]float64{"float32": 0, "tf32": 0x1p-10, "bfloat16": 0x1p-8, "float16:weights": 0x1p-11, "float16:activations": 0} {
		list := declaredMath(t, word).WeightRounding(layer.Convolution{}, w)
		switch {
		case want == 0:
			if list != nil {
				t.Errorf("%s: weights are not rounded, got %v", word, list)
			}
		case math.Abs(list[0].Data[0]-want*math.Abs(w[0].Data[0])) > 0x1p-24:
			t.Errorf("%s: got %g for a weight of %g", word, list[0].Data[0], w[0].Data[0])
		}
	}
	if list := declaredMath(t, "tf32").WeightRounding(layer.Scale{}, w); list != nil {
		t.Error("TF32 rounds factors of products of matrices, not of elements")
	}
}

func TestDeclaredProducers(t *testing.T) {
	for _, bad := range []struct{ device, math, want string }{
		{"", "float8", `"float8" is not known`}, {"", "tf32:weights", `"tf32:weights" is not known`}, {"", "winograd:3x3", "winograd:2x2"},
		{"", "float16:", ""}, {"tpu", "", `device "tpu"`}, {"", "float32+x", `"x" is not known`},
	} {
		_, err := Declared("tensorflow", "", bad.device, bad.math)
		if bad.want == "" && err == nil {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%q on %q: got %v", bad.math, bad.device, err)
		}
	}
	p, err := Declared("caffe", "Caffe 1.0", "cuda:1", "BFloat16+flush")
	if err != nil || p.Math.Weights != BFloat16 || !p.Flushes || !p.CUDA || !p.Math.Winograd.Four || !p.RunningLRN {
		t.Errorf("got %+v, %v", p, err)
	}
}

// A power, tangent or hyperbolic function of a graphics processor may be off by more.
func TestFunctionsOnAGraphicsProcessor(t *testing.T) {
	cuda, err := Declared("", "", "cuda", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []layer.Layer{layer.Power{Power: 0.7, Scale: 1}, layer.Unary{Function: layer.Tan}, layer.Unary{Function: layer.Sinh}} {
		x := execution{l: l, in: []*tensor.Tensor[float64]{tensor.From([]float64{1.25}, 1)}, shapes: []tensor.Shape{{1}}}
		if on, off := x.bound(t, cuda, nil)[0].Data[0], x.bound(t, AnyOrder, nil)[0].Data[0]; !(on > 1.3*off) {
			t.Errorf("%s: %g on a graphics processor, %g on the processor", l.Kind(), on, off)
		}
	}
}
