package cases

import (
	"parity/googlenet/bound"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/parity/replay"
)

// updater applies a method to gradients that are given: in this program's own arithmetic, and with the bounds of it and of
// the framework that the gradients come from.
type updater[T tensor.Float] struct {
	method *optim.Method
	params []optim.Param[T]
	state  *optim.State[T]
	bounds []*bound.Training
	values [][]bound.Bounded // the parameters, by producer
}

// newUpdater begins at parameters and a state, both exact. They are changed in place.
func newUpdater[T tensor.Float](m *optim.Method, params []optim.Param[T], state *optim.State[T], producers []bound.Producer) (*updater[T], error) {
	u := &updater[T]{method: m, params: params, state: state, values: make([][]bound.Bounded, len(producers))}
	exact := &optim.State[float64]{Iteration: state.Iteration, Step: state.Step, Histories: doubles(state.Histories), Averages: doubles(state.Averages)}
	for _, p := range producers {
		t, err := bound.NewTraining(m, p.AgainstReplay(), exact)
		if err != nil {
			return nil, err
		}
		u.bounds = append(u.bounds, t)
	}
	var values []*tensor.Tensor[T]
	for _, p := range params {
		values = append(values, p.Value)
	}
	u.place(values)
	return u, nil
}

// place gives the parameters exact values.
func (u *updater[T]) place(values []*tensor.Tensor[T]) {
	for i, v := range values {
		u.params[i].Value = v.Clone()
	}
	for p := range u.values {
		u.values[p] = nil
		for _, v := range doubles(values) {
			u.values[p] = append(u.values[p], bound.Bounded{Value: v})
		}
	}
}

// updated is what one iteration came to.
type updated struct{ rate, norm, changes, values, histories, averages []value }

// apply does one iteration.
func (u *updater[T]) apply(grads []*tensor.Tensor[T]) *updated {
	for i, g := range grads {
		u.params[i].Grad = g.Clone()
	}
	norm := optim.Norm(grads...)
	rate := optim.Apply(u.method, u.params, u.state, 1)
	var changes, values []*tensor.Tensor[T]
	for _, p := range u.params {
		changes, values = append(changes, p.Grad), append(values, p.Value)
	}
	r := &updated{
		rate: got([]*tensor.Tensor[T]{scalar(rate)}), norm: got([]*tensor.Tensor[T]{scalar(norm)}),
		changes: got(changes), values: got(values), histories: got(u.state.Histories), averages: got(u.state.Averages),
	}
	for p, t := range u.bounds {
		given := u.given(p, doubles(grads))
		limit(r.rate, []bound.Bounded{t.Rate()})
		limit(r.norm, []bound.Bounded{t.Norm(given)})
		changes, values := t.Apply(given)
		limit(r.changes, changes)
		limit(r.values, values)
		limit(r.histories, t.Histories())
		limit(r.averages, t.Averages())
		u.values[p] = values
	}
	return r
}

// given are the parameters as a producer may have them, with exact gradients.
func (u *updater[T]) given(producer int, grads []*tensor.Tensor[float64]) []bound.TrainedParam {
	var list []bound.TrainedParam
	for i, p := range u.params {
		list = append(list, bound.TrainedParam{
			Value: u.values[producer][i], Grad: bound.Bounded{Value: grads[i]}, LR: p.LR, Decay: p.Decay,
		})
	}
	return list
}

func scalar[T tensor.Float](v T) *tensor.Tensor[T] { return tensor.From([]T{v}) }

// got are values as they are now, without a limit yet.
func got[T tensor.Float](list []*tensor.Tensor[T]) []value {
	var out []value
	for _, t := range list {
		out = append(out, value{got: tensor.As[float64](t).Clone()})
	}
	return out
}

// limit adds the bounds of one producer.
func limit(list []value, bounds []bound.Bounded) {
	for i, b := range bounds {
		list[i].limit = replay.Add(list[i].limit, b.Err.Clone())
	}
}

func doubles[T tensor.Float](list []*tensor.Tensor[T]) []*tensor.Tensor[float64] {
	var out []*tensor.Tensor[float64]
	for _, t := range list {
		out = append(out, tensor.As[float64](t))
	}
	return out
}
