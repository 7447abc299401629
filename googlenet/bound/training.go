package bound

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
)

// OptimizerRule is an optimiser's formula on one element: it brings the histories up to date and returns what is to be
// subtracted from the parameter, or for an optim.Placer the parameter.
type OptimizerRule func(u *updated) num

// OptimizerRules holds one rule for every optimiser.
var OptimizerRules = map[string]OptimizerRule{
	"AdaDelta":        adaDelta,
	"AdaGrad":         adaGrad,
	"Adam":            adam,
	"Ftrl":            ftrl,
	"GradientDescent": gradientDescent,
	"Momentum":        momentum,
	"Nesterov":        nesterov,
	"RMSProp":         rmsProp,
	"RMSPropMomentum": rmsPropMomentum,
	"SGD":             sgd,
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
	averages  []Bounded
}

// NewTraining begins at a state, whose histories and averages are exact.
func NewTraining(m *optim.Method, p Producer, s *optim.State[float64]) (*Training, error) {
	rule := OptimizerRules[m.Optimizer.Name()]
	if rule == nil {
		return nil, fmt.Errorf("there is no rounding bound for the optimiser %s", m.Optimizer.Name())
	}
	t := &Training{method: m, producer: p, rule: rule, iteration: s.Iteration, step: s.Step}
	t.histories, t.averages = carried(s.Histories), carried(s.Averages)
	return t, nil
}

// carried are exact tensors to carry errors from.
func carried(list []*tensor.Tensor[float64]) []Bounded {
	var out []Bounded
	for _, t := range list {
		out = append(out, Bounded{t.Clone(), tensor.New[float64](t.Shape...)})
	}
	return out
}

// Histories returns the optimiser's tensors after the last iteration, in the order of optim.State.
func (t *Training) Histories() []Bounded { return t.histories }

// Averages returns the moving averages after the last iteration, in the order of optim.State.
func (t *Training) Averages() []Bounded { return t.averages }

// Norm is that of all gradients together.
func (t *Training) Norm(params []TrainedParam) Bounded {
	b := newBounded(nil)
	b.set(0, arithmetic{t.producer}.norm(params))
	return b
}

// Rate is the learning rate of the next iteration.
func (t *Training) Rate() Bounded {
	b := newBounded(nil)
	b.set(0, arithmetic{t.producer}.rate(t.method.Schedule, t.iteration, t.method.Schedule.Step(t.iteration, t.step)))
	return b
}

// Apply does one iteration, as optim.Apply does, and returns the updates and the parameters after them.
func (t *Training) Apply(params []TrainedParam) (updates, values []Bounded) {
	a := arithmetic{t.producer}
	t.step = t.method.Schedule.Step(t.iteration, t.step)
	rate := a.rate(t.method.Schedule, t.iteration, t.step)
	clipped := a.clipping(t.method.Clip, params)
	for i, p := range params {
		r := &regularized{a: a, share: a.share(t.method.Accumulate), penalty: t.method.Penalty}
		r.decay = a.mul(a.setting(t.method.Decay), a.setting(p.Decay))
		local := a.mul(rate, a.setting(p.LR))
		update, value := newBounded(p.Value.Value.Shape), newBounded(p.Value.Value.Shape)
		for at := range p.Value.Value.Data {
			w := a.read(p.Value.at(at))
			u := &updated{arithmetic: a, optimizer: t.method.Optimizer, iteration: t.iteration, rate: local, value: w}
			u.grad = r.grad(clipped(i, a.read(p.Grad.at(at))), w)
			change, after := t.element(u, i, at, len(params))
			update.set(at, change)
			value.set(at, after)
		}
		updates, values = append(updates, update), append(values, value)
	}
	t.follow(a, values)
	t.iteration++
	return updates, values
}

// element applies the rule to one element of a parameter.
func (t *Training) element(u *updated, param, at, params int) (change, after num) {
	u.histories = make([]num, t.method.Optimizer.Histories())
	for i := range u.histories {
		u.histories[i] = u.read(t.histories[i*params+param].at(at))
	}
	d := t.rule(u)
	for i, h := range u.histories {
		t.histories[i*params+param].set(at, h)
	}
	if _, ok := t.method.Optimizer.(optim.Placer); ok {
		return u.sub(u.value, d), d
	}
	return d, u.sub(u.value, d)
}

// follow brings the moving averages up to date.
func (t *Training) follow(a arithmetic, values []Bounded) {
	if t.method.Average == nil {
		return
	}
	share := exact(t.method.Average.Share(t.iteration))
	for i, v := range values {
		for at := range v.Value.Data {
			t.averages[i].set(at, a.toward(a.read(t.averages[i].at(at)), a.read(v.at(at)), share))
		}
	}
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

// setting is a number that is rounded to float32 where it is used in it.
func (a arithmetic) setting(v float64) num {
	n := exact(v)
	if a.U < U32 || float64(float32(v)) == v {
		return n
	}
	return n.rounded(a.U)
}

// mul may underflow.
func (a arithmetic) mul(x, y num) num {
	z := x.mul(y, a.U)
	if z.v != 0 || z.e != 0 {
		z.e += a.Tiny
	}
	return z
}

func (a arithmetic) add(x, y num) num { return a.flushed(x.add(y, a.U)) }
func (a arithmetic) sub(x, y num) num { return a.flushed(x.sub(y, a.U)) }

// flushed is a result that is written as zero where it is denormal.
func (a arithmetic) flushed(x num) num {
	if a.Eigen && x != exact(0) {
		x.e += a.Tiny
	}
	return x
}

// read is a number that is read as zero where it is denormal.
func (a arithmetic) read(x num) num {
	if a.Eigen && math.Abs(x.v) < a.Tiny {
		x.e += math.Abs(x.v)
	}
	return x
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
func (a arithmetic) blend(c, x, d, y num) num { return a.add(a.mul(c, x), a.mul(d, y)) }

// without is 1 - x for a setting x.
func (a arithmetic) without(x float64) num { return exact(1).sub(a.setting(x), a.U) }

// share is 1/n.
func (a arithmetic) share(n int) num { return exact(1).div(exact(float64(n)), a.U) }

// regularized is what happens to one parameter's gradient before the optimiser sees it.
type regularized struct {
	a            arithmetic
	share, decay num
	penalty      optim.Penalty
}

func (r *regularized) grad(g, w num) num {
	if r.share != exact(1) {
		g = r.a.mul(g, r.share)
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
