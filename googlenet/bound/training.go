package bound

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
)

// OptimizerRule is an optimiser's formula on one element, in exact arithmetic with the bound of a producer's error: it
// brings the histories up to date and returns what is to be subtracted from the parameter.
type OptimizerRule func(o optim.Optimizer, a arithmetic, rate num, iteration int, grad num, histories []num) num

// OptimizerRules holds one rule for every optimiser.
var OptimizerRules = map[string]OptimizerRule{
	"AdaDelta": adaDelta,
	"AdaGrad":  adaGrad,
	"Adam":     adam,
	"Nesterov": nesterov,
	"RMSProp":  rmsProp,
	"SGD":      sgd,
}

// Bounded is a tensor in float64 and, element by element, how far a producer's may be off; a nil Err is nothing.
type Bounded struct{ Value, Err *tensor.Tensor[float64] }

// TrainedParam is one parameter before an iteration.
type TrainedParam struct {
	Value, Grad Bounded
	LR, Decay   float64 // multipliers, as in optim.Param
}

// Training follows the updates of a producer in exact arithmetic. What is off in the histories is carried from iteration
// to iteration; parameters and gradients are taken as they are given each time, so that a run may be judged on its own
// gradients, and every iteration on its own parameters.
type Training struct {
	method    *optim.Method
	producer  Producer
	rule      OptimizerRule
	iteration int
	step      int
	histories []Bounded
}

// NewTraining begins at a state, whose histories are exact.
func NewTraining(m *optim.Method, p Producer, s *optim.State[float64]) (*Training, error) {
	rule := OptimizerRules[m.Optimizer.Name()]
	if rule == nil {
		return nil, fmt.Errorf("there is no rounding bound for the optimiser %s", m.Optimizer.Name())
	}
	t := &Training{method: m, producer: p, rule: rule, iteration: s.Iteration, step: s.Step}
	for _, h := range s.Histories {
		t.histories = append(t.histories, Bounded{h.Clone(), tensor.New[float64](h.Shape...)})
	}
	return t, nil
}

// Histories returns the optimiser's tensors after the last iteration, in the order of optim.State.
func (t *Training) Histories() []Bounded { return t.histories }

// Apply does one iteration, as optim.Apply does, and returns the updates and the parameters after them.
func (t *Training) Apply(params []TrainedParam) (updates, values []Bounded) {
	a := arithmetic{t.producer}
	t.step = t.method.Schedule.Step(t.iteration, t.step)
	rate := a.rate(t.method.Schedule, t.iteration, t.step)
	scale := a.clipping(t.method.Clip, params)
	for i, p := range params {
		r := &regularized{a: a, scale: scale, share: a.share(t.method.Accumulate), penalty: t.method.Penalty}
		r.decay = a.mul(exact(t.method.Decay), exact(p.Decay))
		local := a.mul(rate, exact(p.LR))
		update, value := newBounded(p.Value.Value.Shape), newBounded(p.Value.Value.Shape)
		for at := range p.Value.Value.Data {
			w := p.Value.at(at)
			d := t.element(i, at, len(params), local, r.grad(p.Grad.at(at), w))
			update.set(at, d)
			value.set(at, w.sub(d, a.U))
		}
		updates, values = append(updates, update), append(values, value)
	}
	t.iteration++
	return updates, values
}

// element applies the rule to one element of a parameter.
func (t *Training) element(param, at, params int, rate, grad num) num {
	n := t.method.Optimizer.Histories()
	h := make([]num, n)
	for i := range h {
		h[i] = t.histories[i*params+param].at(at)
	}
	d := t.rule(t.method.Optimizer, arithmetic{t.producer}, rate, t.iteration, grad, h)
	for i := range h {
		t.histories[i*params+param].set(at, h[i])
	}
	return d
}

func newBounded(s tensor.Shape) Bounded {
	return Bounded{tensor.New[float64](s...), tensor.New[float64](s...)}
}

func (b Bounded) at(i int) num {
	n := num{v: b.Value.Data[i]}
	if b.Err != nil {
		n.e = b.Err.Data[i]
	}
	return n
}

func (b Bounded) set(i int, n num) { b.Value.Data[i], b.Err.Data[i] = n.v, n.e }

// arithmetic is a producer's on nums.
type arithmetic struct{ Producer }

func exact(v float64) num { return num{v: v} }

// mul may underflow.
func (a arithmetic) mul(x, y num) num {
	z := x.mul(y, a.U)
	if z.v != 0 || z.e != 0 {
		z.e += a.Tiny
	}
	return z
}

// square is x^2, which Caffe computes as a power.
func (a arithmetic) square(x num) num { return a.mul(x, x).rounded(kPow * a.U) }

// root is the square root, which Caffe computes as a power. It is steepest downwards: an error e changes it by at most
// sqrt(v) - sqrt(v - e), where v - e does not go below zero.
func (a arithmetic) root(x num) num {
	r := math.Sqrt(max(x.v, 0))
	n := num{r, max(r-math.Sqrt(max(x.v-x.e, 0)), math.Sqrt(max(x.v+x.e, 0))-r)}
	return n.rounded(kPow * a.U)
}

// blend is c x + d y: two products and a sum, whichever of them are fused.
func (a arithmetic) blend(c, x, d, y num) num { return a.mul(c, x).add(a.mul(d, y), a.U) }

// without is 1 - x for a setting x.
func (a arithmetic) without(x float64) num { return exact(1).sub(exact(x), a.U) }

// share is 1/n.
func (a arithmetic) share(n int) num { return exact(1).div(exact(float64(n)), a.U) }

// clipping is the factor that gradients are scaled by, 1 for not at all. The norm of n elements is the root of a sum of
// squares in any order: gamma_(n+1) relative, and what the gradients are off. Where it may lie on either side of the
// largest norm, both outcomes are admitted.
func (a arithmetic) clipping(most float64, params []TrainedParam) num {
	if most < 0 {
		return exact(1)
	}
	n := 1 + len(params)
	sum := num{}
	large := 0.0
	for _, p := range params {
		n += len(p.Grad.Value.Data)
		for i := range p.Grad.Value.Data {
			g := p.Grad.at(i)
			sum.v += g.v * g.v
			sum.e += 2*math.Abs(g.v)*g.e + g.e*g.e
			large += (math.Abs(g.v) + g.e) * (math.Abs(g.v) + g.e)
		}
	}
	sum.e += a.gamma(n)*large + float64(n)*a.Tiny
	norm := a.root(sum)
	scale := exact(most).div(norm, a.U)
	switch {
	case norm.v+norm.e <= most:
		return exact(1)
	case norm.v-norm.e > most:
		return scale
	case norm.v > most:
		return num{scale.v, scale.e + 1 - scale.v}
	}
	return num{1, math.Abs(1-scale.v) + scale.e}
}

// regularized is what happens to one parameter's gradient before the optimiser sees it.
type regularized struct {
	a                   arithmetic
	scale, share, decay num
	penalty             optim.Penalty
}

func (r *regularized) grad(g, w num) num {
	for _, factor := range []num{r.scale, r.share} {
		if factor != exact(1) {
			g = r.a.mul(g, factor)
		}
	}
	if r.decay.v == 0 {
		return g
	}
	if r.penalty == optim.L1 {
		w = signOf(w)
	}
	return r.a.mul(r.decay, w).add(g, r.a.U)
}

// signOf admits every sign where the error may change it.
func signOf(w num) num {
	s := 0.0
	if w.v != 0 {
		s = math.Copysign(1, w.v)
	}
	if w.e > 0 && math.Abs(w.v) <= w.e {
		return num{s, 1 + math.Abs(s)}
	}
	return exact(s)
}
