package bound

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

func TestEveryKindHasARule(t *testing.T) {
	for _, k := range layer.Kinds {
		if Rules[k.Name] == nil {
			t.Errorf("%s: no rule", k.Name)
		}
	}
	if len(Rules) != len(layer.Kinds) {
		t.Errorf("%d rules for %d kinds", len(Rules), len(layer.Kinds))
	}
}

// fill draws numbers in (-scale, scale) that are exact in float32.
func fill(r *rand.Rand, scale float64, shape ...int) *tensor.Tensor[float64] {
	out := tensor.New[float64](shape...)
	for i := range out.Data {
		out.Data[i] = float64(float32((2*r.Float64() - 1) * scale))
	}
	return out
}

// execution is one layer with drawn inputs and weights.
type execution struct {
	l          layer.Layer
	in, params []*tensor.Tensor[float64]
	shapes     []tensor.Shape
}

func draw(t *testing.T, example layer.Example, scale float64, seed uint64) execution {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 7))
	l, inputs := example.Layer, example.Inputs
	x := execution{l: l}
	for _, s := range inputs {
		x.in = append(x.in, fill(r, scale, s...))
	}
	if example.Draw != nil {
		example.Draw(r, x.in)
	}
	if p, ok := l.(layer.Parametric); ok {
		for _, s := range p.ParamShapes(inputs) {
			x.params = append(x.params, fill(r, 1, s...))
		}
	}
	if example.DrawParams != nil {
		example.DrawParams(r, x.params)
	}
	var err error
	if x.shapes, err = layer.OutputShapes(l, x.in); err != nil {
		t.Fatal(err)
	}
	return x
}

func convert[T tensor.Float](list []*tensor.Tensor[float64]) []*tensor.Tensor[T] {
	var out []*tensor.Tensor[T]
	for _, x := range list {
		out = append(out, tensor.As[T](x))
	}
	return out
}

func (x execution) run64(l layer.Layer, in []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	c := &layer.Call[float64]{In: in, Params: x.params, Out: outputs[float64](x.shapes), Workers: 2}
	l.Forward64(c)
	return c.Out
}

func (x execution) run32(in []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	c := &layer.Call[float32]{In: convert[float32](in), Params: convert[float32](x.params), Out: outputs[float32](x.shapes), Workers: 2}
	x.l.Forward32(c)
	var out []*tensor.Tensor[float64]
	for _, t := range c.Out {
		out = append(out, tensor.As[float64](t))
	}
	return out
}

func outputs[T tensor.Float](shapes []tensor.Shape) []*tensor.Tensor[T] {
	var out []*tensor.Tensor[T]
	for _, s := range shapes {
		out = append(out, tensor.New[T](s...))
	}
	return out
}

// bound returns zeros for an exact result.
func (x execution) bound(t *testing.T, p Producer, e []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	t.Helper()
	if e == nil {
		e = make([]*tensor.Tensor[float64], len(x.in))
	}
	b, err := Of(&Call{Layer: x.l, In: x.in, Params: x.params, Out: x.run64(x.l, x.in), Err: e, Producer: p, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		if b[i] == nil {
			b[i] = tensor.New[float64](x.shapes[i]...)
		}
	}
	return b
}

// worst is the largest |a-b| / limit of all outputs.
func worst(a, b, limit []*tensor.Tensor[float64]) float64 {
	largest := 0.0
	for out := range a {
		for i, v := range a[out].Data {
			d := math.Abs(v - b[out].Data[i])
			if d == 0 {
				continue
			}
			if r := d / limit[out].Data[i]; !(r <= largest) {
				largest = r
			}
		}
	}
	return largest
}

// eachExample runs a test for every example of every kind, at every scale.
func eachExample(t *testing.T, scales []float64, f func(t *testing.T, e layer.Example, scale float64)) {
	for _, k := range layer.Kinds {
		for i, e := range k.Examples {
			for _, scale := range scales {
				t.Run(fmt.Sprintf("%s/%d/%g", k.Name, i, scale), func(t *testing.T) { f(t, e, scale) })
			}
		}
	}
}

func TestFloat32StaysInside(t *testing.T) {
	eachExample(t, []float64{1e-3, 1, 300}, func(t *testing.T, e layer.Example, scale float64) {
		x := draw(t, e, scale, 1)
		exact, got := x.run64(x.l, x.in), x.run32(x.in)
		if r := worst(exact, got, x.bound(t, Native32, nil)); !(r <= 1) {
			t.Errorf("a float32 run is %g times over the bound", r)
		}
	})
}

func TestBoundIsNotVacuous(t *testing.T) {
	eachExample(t, []float64{1}, func(t *testing.T, e layer.Example, _ float64) {
		x := draw(t, e, 1, 2)
		exact, b := x.run64(x.l, x.in), x.bound(t, Native32, nil)
		for out := range exact {
			if r := vacuity(exact[out], b[out]); !(r <= 1e-4) {
				t.Errorf("output %d: a bound of %g times the largest result", out, r)
			}
		}
	})
}

// vacuity is the largest bound in units of the largest result.
func vacuity(exact, b *tensor.Tensor[float64]) float64 {
	largest, loosest := 0.0, 0.0
	for i, v := range exact.Data {
		largest = max(largest, math.Abs(v))
		loosest = max(loosest, b.Data[i])
	}
	if loosest == 0 {
		return 0
	}
	return loosest / largest
}

// moved returns tensors that differ from the given ones by at most size, and by how much.
func movedBy(r *rand.Rand, list []*tensor.Tensor[float64], size float64) (moved, e []*tensor.Tensor[float64]) {
	for _, in := range list {
		d, m := tensor.New[float64](in.Shape...), in.Clone()
		for i := range d.Data {
			m.Data[i] += size * (2*r.Float64() - 1)
			d.Data[i] = math.Abs(m.Data[i]-in.Data[i]) * (1 + 1e-12) // the sum itself rounds
		}
		e, moved = append(e, d), append(moved, m)
	}
	return moved, e
}

// Inputs that are off by at most e move the result by no more than the bound, whatever the signs.
func TestInputErrorsPropagate(t *testing.T) {
	eachExample(t, []float64{1e-6, 1e-3, 0.5}, func(t *testing.T, example layer.Example, size float64) {
		x := draw(t, example, 2, 3)
		moved, e := movedBy(rand.New(rand.NewPCG(4, 4)), x.in, size)
		if r := worst(x.run64(x.l, x.in), x.run64(x.l, moved), x.bound(t, Native64, e)); !(r <= 1) {
			t.Errorf("inputs off by %g move the result %g times over the bound", size, r)
		}
	})
}

// runningLRN is Caffe's algorithm in float32.
func runningLRN(l layer.LRN, x *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	out := tensor.New[float64](x.Shape...)
	channels, cells, half := x.Shape[1], x.Shape[2:].Len(), l.Size/2
	alpha := float32(l.Alpha)
	square := func(image, c, i int) float32 {
		if c < 0 || c >= channels {
			return 0
		}
		v := float32(x.Data[(image*channels+c)*cells+i])
		return v * v
	}
	for image := range x.Shape[0] {
		for i := range cells {
			s := float32(l.K)
			for c := -half; c <= half; c++ {
				s += alpha * square(image, c, i)
			}
			for c := range channels {
				if c > 0 {
					s += alpha * square(image, c+half, i)
					s -= alpha * square(image, c-half-1, i)
				}
				at := (image*channels+c)*cells + i
				out.Data[at] = float64(float32(x.Data[at]) * float32(math.Pow(float64(s), -l.Beta)))
			}
		}
	}
	return out
}

func TestRunningLRNNeedsItsOwnBound(t *testing.T) {
	for _, row := range []struct {
		channels int
		beta     float64
		producer Producer
	}{{192, 0.75, Caffe}, {400, 0.5, TensorFlow}} {
		l := layer.LRN{Size: 5, Alpha: 2e-5, Beta: row.beta, K: 1}
		x := draw(t, layer.Example{Layer: l, Inputs: []tensor.Shape{{1, row.channels, 5, 7}}}, 1, 5)
		for i := range x.in[0].Data { // a few loud channels early, quiet ones behind them
			if i < 10*35 {
				x.in[0].Data[i] = float64(float32(x.in[0].Data[i] * 2000))
			}
		}
		exact, got := x.run64(l, x.in), []*tensor.Tensor[float64]{runningLRN(l, x.in[0])}
		if r := worst(exact, got, x.bound(t, row.producer, nil)); !(r <= 1) {
			t.Errorf("%s's running sum is %g times over its bound", row.producer.Name, r)
		}
		if r := worst(exact, got, x.bound(t, Native32, nil)); r <= 1 {
			t.Errorf("a running sum is within the bound of windowed sums (%g): this test shows nothing", r)
		}
	}
}
