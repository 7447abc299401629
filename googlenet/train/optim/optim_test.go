package optim

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/tensor"
	"parity/googlenet/train/schedule"
)

// TestOptimizers checks the registry: a file for each and settings to read.
func TestOptimizers(t *testing.T) {
	names := map[string]bool{}
	for _, o := range Optimizers {
		if names[o.Name()] {
			t.Errorf("two optimisers are called %s", o.Name())
		}
		names[o.Name()] = true
		if _, err := os.Stat(strings.ToLower(o.Name()) + ".go"); err != nil {
			t.Error(err)
		}
		for _, a := range o.Attributes() {
			if a.Value == "0" {
				t.Errorf("%s: the example has no %s", o.Name(), a.Name)
			}
		}
	}
}

// TestFormulas checks two iterations on one weight against the formulas written out.
func TestFormulas(t *testing.T) {
	const rate, g1, g2 = 0.1, 0.5, -0.25
	mean := func(decay float64) (float64, float64) {
		a := (1 - decay) * g1 * g1
		return a, decay*a + (1-decay)*g2*g2
	}
	rms1, rms2 := mean(0.75)
	d1 := g1 * math.Sqrt(0.01/(0.01+rms1))
	k1 := 0.25 * d1 * d1
	d2 := g2 * math.Sqrt((0.01+k1)/(0.01+rms2))
	m1, m2 := 0.5*g1, 0.5*0.5*g1+0.5*g2
	ms1, mg1 := 0.75+rms1, 0.25*g1
	ms2, mg2 := 0.75*ms1+0.25*g2*g2, 0.75*mg1+0.25*g2
	mom1 := rate * g1 / math.Sqrt(ms1+0.01)
	centered1 := rate * g1 / math.Sqrt(ms1-mg1*mg1+0.01)
	for _, c := range []struct {
		o    Optimizer
		want [2]float64
	}{
		{GradientDescent{}, [2]float64{rate * g1, rate * g2}},
		{Momentum{Momentum: 0.5}, [2]float64{rate * g1, rate * (0.5*g1 + g2)}},
		{Momentum{Momentum: 0.5, Nesterov: true}, [2]float64{1.5 * rate * g1, rate*g2 + 0.5*rate*(0.5*g1+g2)}},
		{RMSPropMomentum{Decay: 0.75, Momentum: 0.5, Epsilon: 0.01}, [2]float64{mom1, 0.5*mom1 + rate*g2/math.Sqrt(ms2+0.01)}},
		{RMSPropMomentum{Decay: 0.75, Momentum: 0.5, Epsilon: 0.01, Centered: true}, [2]float64{centered1, 0.5*centered1 + rate*g2/math.Sqrt(ms2-mg2*mg2+0.01)}},
		{AdaGrad{Accumulator: 0.25}, [2]float64{rate * g1 / math.Sqrt(0.25+g1*g1), rate * g2 / math.Sqrt(0.25+g1*g1+g2*g2)}},
		{SGD{Momentum: 0.5}, [2]float64{rate * g1, 0.5*rate*g1 + rate*g2}},
		{Nesterov{Momentum: 0.5}, [2]float64{1.5 * rate * g1, 1.5*(0.5*rate*g1+rate*g2) - 0.5*rate*g1}},
		{AdaGrad{Delta: 0.01}, [2]float64{rate * g1 / (0.5 + 0.01), rate * g2 / (math.Sqrt(g1*g1+g2*g2) + 0.01)}},
		{RMSProp{Decay: 0.75, Delta: 0.01}, [2]float64{rate * g1 / (math.Sqrt(rms1) + 0.01), rate * g2 / (math.Sqrt(rms2) + 0.01)}},
		{AdaDelta{Momentum: 0.75, Delta: 0.01}, [2]float64{rate * d1, rate * d2}},
		{Adam{Beta1: 0.5, Beta2: 0.75, Delta: 0.01}, [2]float64{
			rate * math.Sqrt(0.25) / 0.5 * m1 / (math.Sqrt(rms1) + 0.01),
			rate * math.Sqrt(1-0.75*0.75) / 0.75 * m2 / (math.Sqrt(rms2) + 0.01),
		}},
	} {
		p := []Param[float64]{{Value: tensor.From([]float64{3}, 1), LR: 1, Decay: 1}}
		m := &Method{Optimizer: c.o, Schedule: schedule.Fixed{Base: rate}, Accumulate: 1}
		s := NewState(m, p)
		for i, g := range []float64{g1, g2} {
			p[0].Grad = tensor.From([]float64{g}, 1)
			before := p[0].Value.Data[0]
			if got := Apply(m, p, s, 2); got != rate {
				t.Errorf("%s: rate %g", c.o.Name(), got)
			}
			if got := p[0].Grad.Data[0]; math.Abs(got-c.want[i]) > 2e-15 {
				t.Errorf("%s, iteration %d: got %g, want %g", c.o.Name(), i, got, c.want[i])
			}
			if got := p[0].Value.Data[0]; got != before-p[0].Grad.Data[0] {
				t.Errorf("%s: the parameter went from %g to %g by %g", c.o.Name(), before, got, p[0].Grad.Data[0])
			}
		}
	}
}

// plain returns what gradients become where the update is the gradient itself.
func plain(change func(*Method), values, grads []float64, lr, decay float64) []float64 {
	m := &Method{Optimizer: SGD{}, Schedule: schedule.Fixed{Base: 1}, Accumulate: 1, Penalty: L2}
	change(m)
	p := []Param[float64]{{Value: tensor.From(values, len(values)), Grad: tensor.From(grads, len(grads)), LR: lr, Decay: decay}}
	Apply(m, p, NewState(m, p), 2)
	return p[0].Grad.Data
}

// TestGradients checks what happens before the optimiser: clipping comes before the average, and decay after both.
func TestGradients(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		what                string
		change              func(*Method)
		values, grads, want []float64
		lr, decay           float64
	}{
		{"nothing", func(m *Method) {}, []float64{1, 2}, []float64{3, 4}, []float64{3, 4}, 1, 1},
		{"multipliers", func(m *Method) { m.Decay = 2 }, []float64{1, 2}, []float64{3, 4}, []float64{2 * (3 + 2*0.5*1), 2 * (4 + 2*0.5*2)}, 2, 0.5},
		{"no decay", func(m *Method) { m.Decay = 2 }, []float64{1, 2}, []float64{3, 4}, []float64{3, 4}, 1, 0},
		{"L1", func(m *Method) { m.Decay, m.Penalty = 2, L1 }, []float64{-5, 0, 7, nan}, []float64{1, 1, 1, 1}, []float64{-1, 1, 3, 1}, 1, 1},
		{"average", func(m *Method) { m.Accumulate = 4 }, []float64{1, 2}, []float64{3, 4}, []float64{0.75, 1}, 1, 1},
		{"clipped", func(m *Method) { m.Clip = ClipGlobalNorm{Most: 2.5} }, []float64{1, 2}, []float64{3, 4}, []float64{1.5, 2}, 1, 1},
		{"at the limit", func(m *Method) { m.Clip = ClipGlobalNorm{Most: 5} }, []float64{1, 2}, []float64{3, 4}, []float64{3, 4}, 1, 1},
		{"to nothing", func(m *Method) { m.Clip = ClipGlobalNorm{Most: 0} }, []float64{1, 2}, []float64{3, 4}, []float64{0, 0}, 1, 1},
		{"the sum is clipped", func(m *Method) { m.Clip, m.Accumulate, m.Decay = ClipGlobalNorm{Most: 2.5}, 2, 1 }, []float64{1, 2}, []float64{3, 4}, []float64{1.75, 3}, 1, 1},
	} {
		got := plain(c.change, c.values, c.grads, c.lr, c.decay)
		for i := range got {
			if !(math.Abs(got[i]-c.want[i]) < 1e-15) {
				t.Errorf("%s: got %v, want %v", c.what, got, c.want)
			}
		}
	}
}

// TestStateCheck refuses histories that belong to other parameters.
func TestStateCheck(t *testing.T) {
	p := []Param[float32]{{Value: tensor.New[float32](2, 3)}, {Value: tensor.New[float32](3)}}
	s := NewState(&Method{Optimizer: Adam{}}, p)
	if err := s.Check(&Method{Optimizer: Adam{}}, p); err != nil || len(s.Histories) != 4 || !s.Histories[2].Shape.Equal(tensor.Shape{2, 3}) {
		t.Errorf("got %v, %d histories", err, len(s.Histories))
	}
	for what, err := range map[string]error{"optimiser": s.Check(&Method{Optimizer: SGD{}}, p), "order": s.Check(&Method{Optimizer: Adam{}}, []Param[float32]{p[1], p[0]})} {
		if err == nil {
			t.Errorf("another %s is accepted", what)
		}
	}
}

// one is a parameter of one element with a gradient.
func one(w, g float64) []Param[float64] {
	return []Param[float64]{{Value: tensor.From([]float64{w}, 1), Grad: tensor.From([]float64{g}, 1), LR: 1, Decay: 1}}
}

// TestFtrl checks two iterations, and that a small gradient leaves the parameter at zero.
func TestFtrl(t *testing.T) {
	m := &Method{Optimizer: Ftrl{Accumulator: 0.25, Power: -0.5, L1: 0.125, L2: 0.5, Shrinkage: 0.25, Beta: 0.5}, Schedule: schedule.Fixed{Base: 0.5}, Accumulate: 1}
	p := one(1, 0.75)
	s := NewState(m, p)
	Apply(m, p, s, 2)
	n1 := 0.25 + 0.5625
	z1 := 0.75 + 0.5 - (math.Sqrt(n1)-0.5)/0.5
	w1 := (0.125 - z1) / (math.Sqrt(n1)/0.5 + 1 + 1)
	if got := p[0].Value.Data[0]; math.Abs(got-w1) > 1e-15 || math.Abs(p[0].Grad.Data[0]-(1-w1)) > 1e-15 {
		t.Errorf("got %g, changed by %g, want %g", got, p[0].Grad.Data[0], w1)
	}
	p[0].Grad.Data[0] = -0.5
	Apply(m, p, s, 2)
	n2 := n1 + 0.25
	z2 := z1 - 0.5 + 0.5*w1 - (math.Sqrt(n2)-math.Sqrt(n1))/0.5*w1
	if got, want := s.Histories[1].Data[0], z2; math.Abs(got-want) > 1e-15 {
		t.Errorf("got %g, want %g", got, want)
	}
	p, m.Optimizer = one(1, 0.0625), Ftrl{Accumulator: 0.25, Power: -0.4, L1: 0.5}
	Apply(m, p, NewState(m, p), 2)
	if got := p[0].Value.Data[0]; got != 0 {
		t.Errorf("got %g, want 0", got)
	}
}

// TestRunningPowers: the powers of Adam's betas are rounded to float32 in every iteration.
func TestRunningPowers(t *testing.T) {
	o := Adam{Beta1: float64(float32(0.9)), Beta2: float64(float32(0.999)), RunningPowers: true}
	// TensorFlow's beta1_power after the first, the seventh and the eighth update at beta1 = 0.9.
	for iteration, want := range map[int]float32{1: 0.809999942779541, 7: 0.4304671287536621, 8: 0.3874204158782959} {
		if got, _ := o.Powers(iteration); got != float64(want) {
			t.Errorf("%d: got %v, want %v", iteration, got, want)
		}
	}
	if _, got := o.Powers(1e9); got > 1e-40 {
		t.Errorf("got %g at the end", got)
	}
}

func TestMovingAverage(t *testing.T) {
	m := &Method{Optimizer: GradientDescent{}, Schedule: schedule.Fixed{Base: 1}, Accumulate: 1, Average: &MovingAverage{Decay: 0.75}}
	p := one(8, 4)
	s := NewState(m, p)
	Apply(m, p, s, 2)
	if got := s.Averages[0].Data[0]; got != 7 {
		t.Errorf("got %g, want 0.75 8 + 0.25 4", got)
	}
	m.Average.Counted = true
	p[0].Grad.Data[0] = 0
	Apply(m, p, s, 2)
	if got, want := s.Averages[0].Data[0], 0.25*7+0.75*4; math.Abs(got-want) > 1e-6 {
		t.Errorf("got %g, want %g: the decay is 3/12 at the second update", got, want)
	}
	if err := s.Check(m, p); err != nil {
		t.Error(err)
	}
	s.Averages = nil
	if err := s.Check(m, p); err == nil || !strings.Contains(err.Error(), "moving average for each of 1") {
		t.Errorf("got %v", err)
	}
}

// TestClips checks the registry and each rule on two parameters.
func TestClips(t *testing.T) {
	for _, c := range Clips {
		if _, err := os.Stat(strings.ToLower(c.Name()) + ".go"); err != nil || len(c.Attributes()) == 0 {
			t.Errorf("%s: %v", c.Name(), err)
		}
	}
	nan := math.NaN()
	for _, c := range []struct {
		clip         Clip
		a, b         []float64
		wantA, wantB []float64
	}{
		{ClipGlobalNorm{Most: 6.5}, []float64{3, 4}, []float64{12}, []float64{1.5, 2}, []float64{6}},
		{ClipGlobalNorm{Most: 6.5, Always: true}, []float64{3, 4}, []float64{12}, []float64{1.5, 2}, []float64{6}},
		{ClipGlobalNorm{Most: 26, Always: true}, []float64{3, 4}, []float64{12}, []float64{3, 4}, []float64{12}},
		{ClipGlobalNorm{Most: 26, Always: true}, []float64{3, 4}, []float64{math.Inf(1)}, []float64{nan, nan}, []float64{nan}},
		{ClipGlobalNorm{Most: 26}, []float64{3, 4}, []float64{math.Inf(1)}, []float64{0, 0}, []float64{nan}},
		{ClipNorm{Most: 6}, []float64{3, 4}, []float64{12}, []float64{3, 4}, []float64{6}},
		{ClipValue{Least: -1, Most: 3.5}, []float64{3, 4}, []float64{-2}, []float64{3, 3.5}, []float64{-1}},
	} {
		a, b := tensor.From(c.a, len(c.a)), tensor.From(c.b, len(c.b))
		c.clip.Clip64([]*tensor.Tensor[float64]{a, b})
		for i, got := range slices.Concat(a.Data, b.Data) {
			want := slices.Concat(c.wantA, c.wantB)[i]
			if !(math.Abs(got-want) < 1e-15) && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%+v: got %v %v, want %v %v", c.clip, a.Data, b.Data, c.wantA, c.wantB)
				break
			}
		}
	}
}
