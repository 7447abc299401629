package cases

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/step"
	"parity/parity/replay"
)

// How far a recorded run may be from this program's own, many steps on.
//
// What a step adds to the error is bounded from its exact beginning, element by element: of the gradients, and of what the optimiser makes of them (bound.Training). What
// becomes of it in later steps depends on all of these; a worst case that forgets the signs grows beyond any use within a few steps. Therefore the roundings of
// different elements and steps are taken as independent and with mean zero, each at most its bound delta in size. By Hoeffding's inequality a sum of them with weights w is
// beyond lambda sqrt(sum (w delta)^2) with a probability of at most 2 exp(-lambda^2/2) (Higham and Mary, A new approach to probabilistic rounding error analysis, 2019,
// theorem 2.4). The weights are the derivatives of a later number by every element, and the sum of squares is the variance of that number in a run in which every bound is taken in
// full, with a random sign: it is measured in samples of such runs (as in Monte Carlo arithmetic: Parker, 1997).
//
// For 1e5 numbers and a chance of 1e-6 in all, lambda is 7.2. The variance measured in 24 samples is below 0.078 of the real one with a chance of 1e-9 (the 24-fold chi-squared
// distribution), which divides by sqrt(0.078): together 26.
const (
	perturbedRuns = 24
	spreads       = 26
)

// limitsOf are by name.
type limitsOf map[string]*tensor.Tensor[float64]

func (l limitsOf) add(name string, t *tensor.Tensor[float64]) { l[name] = replay.Add(l[name], t) }

// traceLimits are the limits of every step: those of both producers together.
func traceLimits(ctx context.Context, c *stepsCase, producers ...bound.Producer) ([]limitsOf, error) {
	limits := make([]limitsOf, c.Steps)
	for i := range limits {
		limits[i] = limitsOf{}
	}
	for i, p := range producers {
		s, err := newShaken(c, p, uint64(i))
		if err != nil {
			return nil, err
		}
		for number := range c.Steps {
			if err := s.step(ctx, number, limits[number]); err != nil {
				return nil, fmt.Errorf("step %d: %w", number, err)
			}
		}
	}
	return limits, nil
}

// shaken is a run in float64, and copies of it that are off by a producer's bounds, with random signs.
type shaken struct {
	*stepsCase
	producer bound.Producer
	exact    *step.Trainer[float64]
	runs     []*shakenRun
}

// shakenRun is one such copy.
type shakenRun struct {
	*step.Trainer[float64]
	random *rand.Rand
}

func newShaken(c *stepsCase, p bound.Producer, seed uint64) (*shaken, error) {
	s := &shaken{stepsCase: c, producer: p}
	var err error
	if s.exact, err = newStepsTrainer[float64](c); err != nil {
		return nil, err
	}
	for i := range perturbedRuns {
		t, err := newStepsTrainer[float64](c)
		if err != nil {
			return nil, err
		}
		t.Threads = 1 // the runs go on side by side
		s.runs = append(s.runs, &shakenRun{t, rand.New(rand.NewPCG(seed, uint64(i)))})
	}
	return s, nil
}

// local is what one step adds to the error, in the order of the parameters.
type local struct {
	grads, values, histories []*tensor.Tensor[float64]
}

func (s *shaken) step(ctx context.Context, number int, limits limitsOf) error {
	if err := s.heat(s.exact.Graph, number); err != nil {
		return err
	}
	d, err := s.local(ctx, number, limits)
	if err != nil {
		return err
	}
	exact, err := take(ctx, s.stepsCase, s.exact, number, nil)
	if err != nil {
		return err
	}
	shaken, failed := make([]taken, len(s.runs)), make([]error, len(s.runs))
	parallel.For(s.threads, len(s.runs), func(i int) {
		run := s.runs[i]
		shaken[i], failed[i] = take(ctx, s.stepsCase, run.Trainer, number, &disturbance[float64]{
			gradients: func(*step.Trainer[float64]) { run.shakeGradients(d) }, state: func(*step.Trainer[float64]) { run.shakeState(d) },
		})
	})
	squares := limitsOf{}
	for i := range s.runs {
		if failed[i] != nil {
			return failed[i]
		}
		for name := range exact {
			squares.add(name, squaredDifferences(exact[name], shaken[i][name]))
		}
	}
	for name, t := range squares {
		for i, v := range t.Data {
			t.Data[i] = spreads * math.Sqrt(v/perturbedRuns)
		}
		limits.add(name, t)
	}
	return nil
}

func squaredDifferences(a, b tensor.Any) *tensor.Tensor[float64] {
	x, y := tensor.As[float64](a), tensor.As[float64](b)
	out := tensor.New[float64](x.Shape...)
	for i, v := range x.Data {
		out.Data[i] = (v - y.Data[i]) * (v - y.Data[i])
	}
	return out
}

// local bounds the errors of a step from an exact beginning; those of what is no parameter go to the limits.
func (s *shaken) local(ctx context.Context, number int, limits limitsOf) (*local, error) {
	g, inputs := s.exact.Graph, batchOf[float64](s.stepsCase, number)
	values, err := replay.Forward(ctx, g, inputs, s.producer, s.threads)
	if err != nil {
		return nil, err
	}
	loss := values[s.head.Value]
	limits.add("loss", loss.Bound.Reshaped(1))
	seeds := map[string]*tensor.Tensor[float64]{s.head.Value: tensor.New[float64](loss.X.Shape...)}
	seeds[s.head.Value].Data[0] = 1
	back, err := replay.Backward(ctx, g, values, seeds, s.producer, s.threads)
	if err != nil {
		return nil, err
	}
	d := &local{}
	for i, p := range s.exact.Learned() {
		e := gradientBound(back, p, s.exact.Params()[i])
		d.grads = append(d.grads, e)
		s.boundNorm(s.learned()[i], back.Params[p], e, limits)
	}
	return d, s.bookUpdate(back, values, d, limits)
}

// gradientBound is nothing for what does not learn.
func gradientBound(g *replay.Gradients, p *graph.Param, own optim.Param[float64]) *tensor.Tensor[float64] {
	v := g.Params[p]
	if own.LR == 0 || v.Bound == nil {
		return tensor.New[float64](own.Value.Shape...)
	}
	return v.Bound
}

// boundNorm: the norm moves by no more than that of the errors, and is off by the roundings of n squares, their sum and the root.
func (s *shaken) boundNorm(p *graph.Param, g replay.Value, e *tensor.Tensor[float64], limits limitsOf) {
	name, learns := strings.CutPrefix(s.names[p], "param/")
	if g.X == nil || !learns {
		return
	}
	size := normOf(g.X)
	limits.add("gradnorm/"+name, scalar(normOf(e)+bound.Gamma(len(e.Data)+2, s.producer.U)*size+s.producer.U*size))
}

// bookUpdate bounds what the optimiser and running averages make of exact gradients.
func (s *shaken) bookUpdate(g *replay.Gradients, values map[string]replay.Value, d *local, limits limitsOf) error {
	state := s.exact.State
	t, err := bound.NewTraining(s.method, s.producer.AgainstReplay(), state)
	if err != nil {
		return err
	}
	limits.add("lr", t.Rate().Err)
	var params []bound.TrainedParam
	for i, p := range s.exact.Params() {
		grad := tensor.New[float64](p.Value.Shape...)
		if v := g.Params[s.exact.Learned()[i]]; v.X != nil && p.LR != 0 {
			grad = v.X
		}
		params = append(params, bound.TrainedParam{Value: bound.Bounded{Value: p.Value}, Grad: bound.Bounded{Value: grad}, LR: p.LR, Decay: p.Decay})
	}
	_, after := t.Apply(params)
	for i, b := range after {
		e := b.Err
		if v, ok := s.head.Extra[s.names[s.learned()[i]]]; ok && values[v].Bound != nil {
			e = values[v].Bound
		}
		d.values = append(d.values, e)
	}
	for _, h := range t.Histories() {
		d.histories = append(d.histories, h.Err)
	}
	return nil
}

func (r *shakenRun) shakeGradients(d *local) {
	for i, p := range r.Params() {
		r.shake(p.Grad, d.grads[i])
	}
}

func (r *shakenRun) shakeState(d *local) {
	for i, p := range r.Params() {
		r.shake(p.Value, d.values[i])
	}
	for i, h := range r.State.Histories {
		r.shake(h, d.histories[i])
	}
}

// shake adds the bound of every element, or subtracts it.
func (r *shakenRun) shake(t, by *tensor.Tensor[float64]) {
	for i, d := range by.Data {
		if r.random.Uint64()&1 == 0 {
			d = -d
		}
		t.Data[i] += d
	}
}
