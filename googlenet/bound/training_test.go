package bound

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/schedule"
)

// single is a setting as Caffe holds it.
func single(v float32) float64 { return float64(v) }

func fixedRate(rate float32, o optim.Optimizer) *optim.Method {
	return &optim.Method{Optimizer: o, Schedule: schedule.Fixed{Base: single(rate)}, Accumulate: 1, Penalty: optim.L2}
}

func withMethod(m *optim.Method, change func(*optim.Method)) *optim.Method {
	c := *m
	change(&c)
	return &c
}

// recordedUpdates are the first three weights of an inner product in the first three iterations of real Caffe (BVLC
// 9b89154 on a CPU): the gradients that it computed and the updates that it made of them. All begin at recordedWeights.
var recordedUpdates = []struct {
	name            string
	method          *optim.Method
	grads, updates  [3][]float32
	sameBitsAsCaffe bool
}{
	{
		"SGD", withMethod(fixedRate(0.05, optim.SGD{Momentum: single(0.9)}), func(m *optim.Method) {
			m.Schedule, m.Decay = schedule.Step{Base: single(0.05), Gamma: 0.5, Every: 2}, single(0.001)
		}),
		[3][]float32{{-6.792796e-02, -8.06722e-02, -8.63355e-02}, {-6.4876424e-03, 2.6562016e-02, -1.2569718e-02}, {6.075011e-03, 1.3246406e-03, 6.5645855e-03}},
		[3][]float32{{-3.4064816e-03, -4.0397416e-03, -4.327562e-03}, {-3.4001288e-03, -2.3135964e-03, -4.533862e-03}, {-2.913112e-03, -2.052028e-03, -3.921533e-03}}, true,
	},
	{
		"L1", withMethod(fixedRate(0.05, optim.SGD{Momentum: single(0.9)}), func(m *optim.Method) { m.Decay, m.Penalty = single(0.01), optim.L1 }),
		[3][]float32{{-6.792796e-02, -8.06722e-02, -8.63355e-02}, {-6.0992995e-03, 2.636492e-02, -1.19858645e-02}, {6.2210467e-03, 1.4483263e-03, 6.636244e-03}},
		[3][]float32{{-3.8963978e-03, -4.53361e-03, -4.816775e-03}, {-4.311723e-03, -3.2620025e-03, -5.4343906e-03}, {-4.0694987e-03, -3.3633858e-03, -5.0591393e-03}}, true,
	},
	{
		"Nesterov", withMethod(fixedRate(0.05, optim.Nesterov{Momentum: single(0.9)}), func(m *optim.Method) { m.Decay = single(0.01) }),
		[3][]float32{{-6.792796e-02, -8.06722e-02, -8.63355e-02}, {1.1217363e-02, 1.3658343e-02, 1.317806e-02}, {5.3110598e-03, 1.5641082e-02, 5.024557e-03}},
		[3][]float32{{-6.644746e-03, -7.7803656e-03, -8.4068235e-03}, {-1.9523881e-03, -2.1284658e-03, -2.5290113e-03}, {-1.8530395e-03, -1.099749e-03, -2.4930532e-03}}, true,
	},
	{
		"AdaGrad", fixedRate(0.05, optim.AdaGrad{Delta: single(0.001)}),
		[3][]float32{{-6.792796e-02, -8.06722e-02, -8.63355e-02}, {3.133275e-02, 3.1678077e-02, 3.0397562e-02}, {1.5346989e-02, 1.1347826e-02, 1.2050745e-02}},
		[3][]float32{{-4.9274605e-02, -4.9387794e-02, -4.9427494e-02}, {2.0666385e-02, 1.8066877e-02, 1.64257e-02}, {9.918674e-03, 6.4178235e-03, 6.456653e-03}}, false,
	},
	{
		"RMSProp", withMethod(fixedRate(0.01, optim.RMSProp{Decay: single(0.99), Delta: single(1e-4)}), func(m *optim.Method) {
			m.Schedule = schedule.Inv{Base: single(0.01), Gamma: single(0.1), Power: 0.75}
		}),
		[3][]float32{{-6.792796e-02, -8.06722e-02, -8.63355e-02}, {3.513891e-02, 4.2341113e-02, 3.077056e-02}, {1.3085819e-02, 2.1002892e-02, 4.8829294e-03}},
		[3][]float32{{-9.854925e-02, -9.877564e-02, -9.885503e-02}, {4.2389743e-02, 4.2964373e-02, 3.1055352e-02}, {1.4648406e-02, 1.9549001e-02, 4.633171e-03}}, false,
	},
	{
		"AdaDelta", fixedRate(0.5, optim.AdaDelta{Momentum: single(0.9), Delta: single(1e-4)}),
		[3][]float32{{-6.792796e-02, -8.06722e-02, -8.63355e-02}, {2.7871676e-02, 2.2145296e-02, 3.1029431e-02}, {1.9843139e-02, 1.6205082e-02, 2.1809252e-02}},
		[3][]float32{{-1.4334227e-02, -1.4720807e-02, -1.4846802e-02}, {7.724665e-03, 5.5812066e-03, 7.2273486e-03}, {5.779432e-03, 4.2340034e-03, 5.3306264e-03}}, false,
	},
	{
		"Adam", withMethod(fixedRate(0.01, optim.Adam{Beta1: single(0.9), Beta2: single(0.99), Delta: single(1e-4)}), func(m *optim.Method) { m.Decay = single(0.05) }),
		[3][]float32{{-6.792796e-02, -8.06722e-02, -8.63355e-02}, {1.9672712e-02, 1.6743045e-02, 7.722961e-03}, {3.2462046e-02, 2.7694521e-02, 3.5314612e-02}},
		[3][]float32{{-9.873436e-03, -9.88611e-03, -9.898086e-03}, {-5.631503e-03, -5.6492235e-03, -6.8399874e-03}, {-2.3938925e-03, -2.669313e-03, -3.520228e-03}}, true,
	},
}

var recordedWeights = []float32{-2.0167366e-01, -1.2263876e-01, -2.1573853e-01}

// TestUpdatesOfCaffe holds recorded updates, and this program's own, against the bound.
func TestUpdatesOfCaffe(t *testing.T) {
	for _, r := range recordedUpdates {
		t.Run(r.name, func(t *testing.T) {
			weights := tensor.From(append([]float32(nil), recordedWeights...), 3)
			params := []optim.Param[float32]{{Value: weights, LR: 1, Decay: 1}}
			state := optim.NewState(r.method, params)
			b := newTraining(t, r.method, Caffe, params)
			for i := range r.grads {
				updates, values := b.Apply(given(params, r.grads[i]))
				params[0].Grad = tensor.From(append([]float32(nil), r.grads[i]...), 3)
				optim.Apply(r.method, params, state, 2)
				for at, want := range r.updates[i] {
					if ratio := off(updates[0], at, float64(want)); !(ratio <= 1) {
						t.Errorf("iteration %d, weight %d: Caffe is at %g of the bound", i+1, at, ratio)
					}
					if got := params[0].Grad.Data[at]; r.sameBitsAsCaffe && got != want {
						t.Errorf("iteration %d, weight %d: got %g, Caffe %g", i+1, at, got, want)
					}
					if ratio := off(updates[0], at, float64(params[0].Grad.Data[at])); !(ratio <= 1) {
						t.Errorf("iteration %d, weight %d: the update is at %g of the bound", i+1, at, ratio)
					}
					if ratio := off(values[0], at, float64(weights.Data[at])); !(ratio <= 1) {
						t.Errorf("iteration %d, weight %d: the parameter is at %g of the bound", i+1, at, ratio)
					}
				}
			}
		})
	}
}

func newTraining(t *testing.T, m *optim.Method, p Producer, params []optim.Param[float32]) *Training {
	t.Helper()
	var exact []optim.Param[float64]
	for _, p := range params {
		exact = append(exact, optim.Param[float64]{Value: tensor.As[float64](p.Value)})
	}
	b, err := NewTraining(m, p.AgainstReplay(), optim.NewState(m, exact))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// given takes the parameters and a gradient for each as exact.
func given(params []optim.Param[float32], grads ...[]float32) []TrainedParam {
	var list []TrainedParam
	for i, p := range params {
		list = append(list, TrainedParam{
			Value: Bounded{Value: tensor.As[float64](p.Value)}, LR: p.LR, Decay: p.Decay,
			Grad: Bounded{Value: tensor.As[float64](tensor.From(grads[i], len(grads[i])))},
		})
	}
	return list
}

// off is how far a value is from the exact one, as a multiple of the bound.
func off(b Bounded, at int, v float64) float64 {
	d := max(v-b.Value.Data[at], b.Value.Data[at]-v)
	if d == 0 {
		return 0
	}
	return d / b.Err.Data[at]
}

// methods are all optimisers, schedules and what may happen to a gradient before.
func methods() []*optim.Method {
	var list []*optim.Method
	for _, o := range optim.Optimizers {
		list = append(list, withMethod(fixedRate(0.05, o), func(m *optim.Method) { m.Decay, m.Accumulate = 0.25, 3 }))
	}
	for _, p := range schedule.Policies {
		list = append(list, withMethod(fixedRate(0.05, optim.SGD{Momentum: 0.5}), func(m *optim.Method) {
			m.Schedule, m.Penalty, m.Decay, m.Clip = p, optim.L1, 0.25, optim.ClipGlobalNorm{Most: 2.5}
		}))
	}
	for _, c := range optim.Clips {
		list = append(list, withMethod(fixedRate(0.05, optim.GradientDescent{}), func(m *optim.Method) {
			m.Clip, m.Average = c, &optim.MovingAverage{Decay: 0.9, Counted: true}
		}))
	}
	for _, o := range []optim.Optimizer{
		optim.Adam{Beta1: 0.8, Beta2: 0.99, Delta: 1e-4}, optim.Momentum{Momentum: 0.9}, optim.RMSPropMomentum{Decay: 0.9, Epsilon: 1e-3},
		optim.Ftrl{Accumulator: 0.1, Power: -0.5, L1: 0.01},
	} {
		list = append(list, fixedRate(0.05, o))
	}
	return list
}

// TestUpdateBounds runs every method in float32 for some iterations, on gradients of very different size. Everything must
// stay inside the bound, both from the parameters of each iteration and from those of the first.
func TestUpdateBounds(t *testing.T) {
	for _, m := range methods() {
		t.Run(fmt.Sprint(m.Optimizer, m.Schedule, m.Clip), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			params := drawParams(r)
			state := optim.NewState(m, params)
			each, all := newTraining(t, m, AnyOrder, params), newTraining(t, m, AnyOrder, params)
			chained := given(params, []float32{0, 0, 0, 0}, []float32{0, 0, 0})
			for range 9 {
				grads := [][]float32{drawGrad(r, 4), drawGrad(r, 3)}
				isolated := given(params, grads...)
				for i := range params {
					params[i].Grad = tensor.From(append([]float32(nil), grads[i]...), len(grads[i]))
					chained[i].Grad = isolated[i].Grad
				}
				updates, values := each.Apply(isolated)
				_, far := all.Apply(chained)
				optim.Apply(m, params, state, 2)
				for i, h := range slices.Concat(state.Histories, state.Averages) {
					for at, v := range h.Data {
						if ratio := off(slices.Concat(all.Histories(), all.Averages())[i], at, float64(v)); !(ratio <= 1) {
							t.Errorf("iteration %d, history %d[%d]: ratio %g", state.Iteration, i, at, ratio)
						}
					}
				}
				for i, p := range params {
					chained[i].Value = far[i]
					for at := range p.Value.Data {
						for what, ratio := range map[string]float64{
							"update": off(updates[i], at, float64(p.Grad.Data[at])), "parameter": off(values[i], at, float64(p.Value.Data[at])),
							"parameter from the first": off(far[i], at, float64(p.Value.Data[at])),
						} {
							if !(ratio <= 1) {
								t.Errorf("iteration %d, %s %d[%d]: ratio %g", state.Iteration, what, i, at, ratio)
							}
						}
					}
				}
			}
		})
	}
}

func drawParams(r *rand.Rand) []optim.Param[float32] {
	return []optim.Param[float32]{
		{Value: tensor.From(drawGrad(r, 4), 4), LR: 1, Decay: 1},
		{Value: tensor.From(drawGrad(r, 3), 3), LR: 2, Decay: 0.5},
	}
}

// drawGrad returns numbers between about 1e-12 and 10, and now and then a zero.
func drawGrad(r *rand.Rand, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		if r.IntN(8) > 0 {
			out[i] = float32(r.NormFloat64())
		}
		if r.IntN(4) == 0 {
			out[i] *= 1e-12
		}
	}
	return out
}

// TestEverySettingLeavesTheBound changes one setting at a time.
func TestEverySettingLeavesTheBound(t *testing.T) {
	base := withMethod(fixedRate(0.05, optim.SGD{Momentum: 0.9}), func(m *optim.Method) { m.Decay, m.Clip, m.Accumulate = 0.01, optim.ClipGlobalNorm{Most: 2}, 2 })
	by := func(o optim.Optimizer) *optim.Method { return fixedRate(0.05, o) }
	at := func(p schedule.Policy) *optim.Method {
		return withMethod(base, func(m *optim.Method) { m.Schedule = p })
	}
	for _, c := range []struct {
		what       string
		base, with *optim.Method
	}{
		{"momentum", base, withMethod(base, func(m *optim.Method) { m.Optimizer = optim.SGD{Momentum: 0.8999} })},
		{"optimiser", base, withMethod(base, func(m *optim.Method) { m.Optimizer = optim.Nesterov{Momentum: 0.9} })},
		{"weight decay", base, withMethod(base, func(m *optim.Method) { m.Decay = 0.0101 })},
		{"penalty", base, withMethod(base, func(m *optim.Method) { m.Penalty = optim.L1 })},
		{"clipping", base, withMethod(base, func(m *optim.Method) { m.Clip = optim.ClipGlobalNorm{Most: 1.999} })},
		{"clipping each", clippedBy(optim.ClipNorm{Most: 1}), clippedBy(optim.ClipNorm{Most: 0.9999})},
		{"clipping elements below", clippedBy(optim.ClipValue{Least: -0.5, Most: 0.25}), clippedBy(optim.ClipValue{Least: -0.5001, Most: 0.25})},
		{"clipping elements above", clippedBy(optim.ClipValue{Least: -0.5, Most: 0.25}), clippedBy(optim.ClipValue{Least: -0.5, Most: 0.2501})},
		{"kind of clipping", clippedBy(optim.ClipNorm{Most: 1}), clippedBy(optim.ClipGlobalNorm{Most: 1})},
		{"batches", base, withMethod(base, func(m *optim.Method) { m.Accumulate = 1 })},
		{"Nesterov momentum", by(optim.Nesterov{Momentum: 0.9}), by(optim.Nesterov{Momentum: 0.8999})},
		{"AdaGrad delta", by(optim.AdaGrad{Delta: 1e-3}), by(optim.AdaGrad{Delta: 1.001e-3})},
		{"RMSProp decay", by(optim.RMSProp{Decay: 0.98, Delta: 1e-3}), by(optim.RMSProp{Decay: 0.9801, Delta: 1e-3})},
		{"RMSProp delta", by(optim.RMSProp{Decay: 0.98, Delta: 1e-3}), by(optim.RMSProp{Decay: 0.98, Delta: 1.001e-3})},
		{"AdaDelta momentum", by(optim.AdaDelta{Momentum: 0.9, Delta: 1e-3}), by(optim.AdaDelta{Momentum: 0.8999, Delta: 1e-3})},
		{"AdaDelta delta", by(optim.AdaDelta{Momentum: 0.9, Delta: 1e-3}), by(optim.AdaDelta{Momentum: 0.9, Delta: 1.001e-3})},
		{"Adam beta1", by(optim.Adam{Beta1: 0.9, Beta2: 0.99, Delta: 1e-3}), by(optim.Adam{Beta1: 0.8999, Beta2: 0.99, Delta: 1e-3})},
		{"Adam beta2", by(optim.Adam{Beta1: 0.9, Beta2: 0.99, Delta: 1e-3}), by(optim.Adam{Beta1: 0.9, Beta2: 0.9901, Delta: 1e-3})},
		{"Adam delta", by(optim.Adam{Beta1: 0.9, Beta2: 0.99, Delta: 1e-3}), by(optim.Adam{Beta1: 0.9, Beta2: 0.99, Delta: 1.001e-3})},
		{"AdaGrad accumulator", by(optim.AdaGrad{Delta: 1e-3, Accumulator: 0.1}), by(optim.AdaGrad{Delta: 1e-3, Accumulator: 0.1001})},
		{"Momentum", by(optim.Momentum{Momentum: 0.9}), by(optim.Momentum{Momentum: 0.8999})},
		{"Momentum, ahead", by(optim.Momentum{Momentum: 0.9}), by(optim.Momentum{Momentum: 0.9, Nesterov: true})},
		{"Momentum and SGD", atMoving(optim.Momentum{Momentum: 0.9}), atMoving(optim.SGD{Momentum: 0.9})},
		{"RMSPropMomentum decay", by(optim.RMSPropMomentum{Decay: 0.9, Momentum: 0.5, Epsilon: 1e-3}), by(optim.RMSPropMomentum{Decay: 0.8999, Momentum: 0.5, Epsilon: 1e-3})},
		{"RMSPropMomentum momentum", by(optim.RMSPropMomentum{Decay: 0.9, Momentum: 0.5, Epsilon: 1e-3}), by(optim.RMSPropMomentum{Decay: 0.9, Momentum: 0.4999, Epsilon: 1e-3})},
		{"RMSPropMomentum epsilon", by(optim.RMSPropMomentum{Decay: 0.9, Momentum: 0.5, Epsilon: 1e-3}), by(optim.RMSPropMomentum{Decay: 0.9, Momentum: 0.5, Epsilon: 1.01e-3})},
		{"centered", by(optim.RMSPropMomentum{Decay: 0.9, Epsilon: 1e-3, Centered: true}), by(optim.RMSPropMomentum{Decay: 0.9, Epsilon: 1e-3})},
		{"Ftrl accumulator", by(anyFtrl(nil)), by(anyFtrl(func(o *optim.Ftrl) { o.Accumulator = 0.2001 }))},
		{"Ftrl power", by(anyFtrl(nil)), by(anyFtrl(func(o *optim.Ftrl) { o.Power = -0.4001 }))},
		{"Ftrl L1", by(anyFtrl(nil)), by(anyFtrl(func(o *optim.Ftrl) { o.L1 = 0.1001 }))},
		{"Ftrl L2", by(anyFtrl(nil)), by(anyFtrl(func(o *optim.Ftrl) { o.L2 = 0.0501 }))},
		{"Ftrl shrinkage", by(anyFtrl(nil)), by(anyFtrl(func(o *optim.Ftrl) { o.Shrinkage = 0.0201 }))},
		{"Ftrl beta", by(anyFtrl(nil)), by(anyFtrl(func(o *optim.Ftrl) { o.Beta = 0.3001 }))},
		{"cosine decay", at(schedule.CosineDecay{Base: 0.1, Steps: 7, Alpha: 0.2}), at(schedule.CosineDecay{Base: 0.1, Steps: 7, Alpha: 0.2001})},
		{"cosine decay steps", at(schedule.CosineDecay{Base: 0.1, Steps: 7}), at(schedule.CosineDecay{Base: 0.1, Steps: 7.01})},
		{"restarts", at(restarts(2, 1)), at(restarts(1, 1))},
		{"lower restarts", at(restarts(2, 0.5)), at(restarts(2, 0.5001))},
		{"exponential decay", at(schedule.ExponentialDecay{Base: 0.1, Steps: 2, Factor: 0.9}), at(schedule.ExponentialDecay{Base: 0.1, Steps: 2, Factor: 0.9001})},
		{"staircase", at(schedule.ExponentialDecay{Base: 0.1, Steps: 2, Factor: 0.9}), at(schedule.ExponentialDecay{Base: 0.1, Steps: 2, Factor: 0.9, Staircase: true})},
		{"inverse time decay", at(schedule.InverseTimeDecay{Base: 0.1, Steps: 2, Factor: 0.5}), at(schedule.InverseTimeDecay{Base: 0.1, Steps: 2, Factor: 0.5001})},
		{"linear cosine decay", at(schedule.LinearCosineDecay{Base: 0.1, Steps: 7, Periods: 0.5}), at(schedule.LinearCosineDecay{Base: 0.1, Steps: 7, Periods: 0.501})},
		{"natural exp decay", at(schedule.NaturalExpDecay{Base: 0.1, Steps: 2, Factor: 0.5}), at(schedule.NaturalExpDecay{Base: 0.1, Steps: 2, Factor: 0.5001})},
		{"piecewise constant", at(schedule.PiecewiseConstant{At: []int{1}, Values: []float64{0.1, 0.2}}), at(schedule.PiecewiseConstant{At: []int{2}, Values: []float64{0.1, 0.2}})},
		{"polynomial decay power", at(schedule.PolynomialDecay{Base: 0.1, Steps: 3, Power: 1.5}), at(schedule.PolynomialDecay{Base: 0.1, Steps: 3, Power: 1.5001})},
		{"polynomial decay end", at(schedule.PolynomialDecay{Base: 0.1, Steps: 3, Power: 1}), at(schedule.PolynomialDecay{Base: 0.1, Steps: 3, Power: 1, End: 1e-5})},
		{"polynomial decay cycle", at(schedule.PolynomialDecay{Base: 0.1, Steps: 2, Power: 1}), at(schedule.PolynomialDecay{Base: 0.1, Steps: 2, Power: 1, Cycle: true})},
		{"step", at(schedule.Step{Base: 0.1, Gamma: 0.5, Every: 2}), at(schedule.Step{Base: 0.1, Gamma: 0.5, Every: 3})},
		{"step gamma", at(schedule.Step{Base: 0.1, Gamma: 0.5, Every: 2}), at(schedule.Step{Base: 0.1, Gamma: 0.501, Every: 2})},
		{"exp gamma", at(schedule.Exp{Base: 0.1, Gamma: 0.9}), at(schedule.Exp{Base: 0.1, Gamma: 0.9001})},
		{"inv gamma", at(schedule.Inv{Base: 0.1, Gamma: 0.25, Power: 0.75}), at(schedule.Inv{Base: 0.1, Gamma: 0.2501, Power: 0.75})},
		{"inv power", at(schedule.Inv{Base: 0.1, Gamma: 0.25, Power: 0.75}), at(schedule.Inv{Base: 0.1, Gamma: 0.25, Power: 0.7501})},
		{"multistep", at(schedule.MultiStep{Base: 0.1, Gamma: 0.5, At: []int{2}}), at(schedule.MultiStep{Base: 0.1, Gamma: 0.5, At: []int{3}})},
		{"multistep gamma", at(schedule.MultiStep{Base: 0.1, Gamma: 0.5, At: []int{2}}), at(schedule.MultiStep{Base: 0.1, Gamma: 0.501, At: []int{2}})},
		{"poly power", at(schedule.Poly{Base: 0.1, Power: 0.5, Iterations: 10}), at(schedule.Poly{Base: 0.1, Power: 0.501, Iterations: 10})},
		{"poly iterations", at(schedule.Poly{Base: 0.1, Power: 0.5, Iterations: 10}), at(schedule.Poly{Base: 0.1, Power: 0.5, Iterations: 11})},
		{"sigmoid gamma", at(schedule.Sigmoid{Base: 0.1, Gamma: 0.5, Middle: 3}), at(schedule.Sigmoid{Base: 0.1, Gamma: 0.501, Middle: 3})},
		{"sigmoid middle", at(schedule.Sigmoid{Base: 0.1, Gamma: 0.5, Middle: 3}), at(schedule.Sigmoid{Base: 0.1, Gamma: 0.5, Middle: 4})},
		{"base", at(schedule.Fixed{Base: 0.1}), at(schedule.Fixed{Base: 0.10001})},
	} {
		t.Run(c.what, func(t *testing.T) {
			if r := worstUpdate(t, c.base, c.with); !(r > 1) {
				t.Errorf("the change stays inside the bound: ratio %g", r)
			}
		})
	}
}

func clippedBy(c optim.Clip) *optim.Method {
	return withMethod(fixedRate(0.05, optim.GradientDescent{}), func(m *optim.Method) { m.Clip = c })
}

// atMoving changes the rate on the way.
func atMoving(o optim.Optimizer) *optim.Method {
	return withMethod(fixedRate(0.05, o), func(m *optim.Method) { m.Schedule = schedule.Step{Base: 0.1, Gamma: 0.5, Every: 2} })
}

func anyFtrl(change func(*optim.Ftrl)) optim.Optimizer {
	o := optim.Ftrl{Accumulator: 0.2, Power: -0.4, L1: 0.1, L2: 0.05, Shrinkage: 0.02, Beta: 0.3}
	if change != nil {
		change(&o)
	}
	return o
}

func restarts(longer, lower float64) schedule.Policy {
	return schedule.CosineDecayRestarts{Base: 0.1, Steps: 1.5, Longer: longer, Lower: lower, Alpha: 0.3}
}

// worstUpdate is the largest ratio of a run with one method to the bound of another.
func worstUpdate(t *testing.T, base, with *optim.Method) float64 {
	r := rand.New(rand.NewPCG(3, 4))
	params := drawParams(r)
	state := optim.NewState(with, params)
	b := newTraining(t, base, AnyOrder, params)
	worst := 0.0
	for range 4 {
		grads := [][]float32{drawGrad(r, 4), drawGrad(r, 3)}
		updates, _ := b.Apply(given(params, grads...))
		for i := range params {
			params[i].Grad = tensor.From(grads[i], len(grads[i]))
		}
		optim.Apply(with, params, state, 2)
		for i, p := range params {
			for at, v := range p.Grad.Data {
				worst = max(worst, off(updates[i], at, float64(v)))
			}
		}
	}
	return worst
}

// TestClippingNearTheLimit admits both outcomes where the norm is the limit but for rounding.
func TestClippingNearTheLimit(t *testing.T) {
	g := []float32{3, 4}
	p := given([]optim.Param[float32]{{Value: tensor.New[float32](2)}}, g)
	for _, most := range []float64{5, 5 * (1 + 0x1p-24), 5 * (1 - 0x1p-24)} {
		s := arithmetic{Caffe}.globalScale(optim.ClipGlobalNorm{Most: most}, p)
		for _, outcome := range []float64{1, most / 5} {
			if d := max(outcome-s.v, s.v-outcome); !(d <= s.e) {
				t.Errorf("limit %v: %v is not within %v of %v", most, outcome, s.e, s.v)
			}
		}
	}
	if s := (arithmetic{Caffe}).globalScale(optim.ClipGlobalNorm{Most: 6}, p); s != exact(1) {
		t.Errorf("within the limit: scaled by %v", s)
	}
}
