package cases

import (
	"fmt"
	"strconv"

	"parity/googlenet/bound"
	"parity/googlenet/train/optim"
)

// checkUpdates follows the updates of the whole run on the recorded gradients: each from the recorded parameters, and all in a
// row from the first ones.
func (c *caffeSolver) checkUpdates() error {
	each, err := c.updater(1, nil)
	if err != nil {
		return err
	}
	row, err := c.updater(1, nil)
	if err != nil {
		return err
	}
	for i := 1; i <= c.iterations(); i++ {
		if err := c.checkUpdate(i, each, "", true); err != nil {
			return err
		}
		if err := c.checkUpdate(i, row, " in a row", false); err != nil {
			return err
		}
	}
	return nil
}

var caffeProducers = []bound.Producer{bound.Caffe, bound.Native32}

// updater begins before an iteration, with a state or none.
func (c *caffeSolver) updater(iteration int, state *optim.State[float32]) (*updater[float32], error) {
	before, err := c.before(iteration)
	if err != nil {
		return nil, err
	}
	list := params(before)
	for i, p := range c.learned {
		if p.Multipliers != nil {
			list[i].LR, list[i].Decay = p.Multipliers.LR, p.Multipliers.Decay
		}
	}
	if state == nil {
		state = optim.NewState(c.method, list)
	}
	return newUpdater(c.method, list, state, caffeProducers)
}

// checkUpdate does one iteration, and from the recorded parameters if they are to be placed.
func (c *caffeSolver) checkUpdate(iteration int, u *updater[float32], how string, place bool) error {
	prefix := fmt.Sprintf("iter%d/", iteration)
	if place {
		before, err := c.before(iteration)
		if err != nil {
			return err
		}
		u.place(before)
	}
	grads, err := c.list(prefix + "grad")
	if err != nil {
		return err
	}
	r := u.apply(grads)
	if err := c.compareAll(c.forward, prefix+"update", how, r.changes); err != nil {
		return err
	}
	if err := c.compareAll(c.forward, prefix+"param", how, r.values); err != nil {
		return err
	}
	return c.checkState(prefix, how, u, r)
}

// checkState compares the histories and the count of steps, which are recorded of some iterations.
func (c *caffeSolver) checkState(prefix, how string, u *updater[float32], r *updated) error {
	if _, ok := c.recorded.Get(prefix + "current_step"); ok {
		if err := c.compare(c.forward, prefix+"current_step", how, value{got: scalar(float64(u.state.Step))}); err != nil {
			return err
		}
	}
	for i, v := range r.histories {
		key := prefix + "history/" + strconv.Itoa(i)
		if _, ok := c.recorded.Get(key); !ok {
			continue
		}
		if err := c.compare(c.forward, key, how, v.stored(c.learned[i%len(c.learned)].Stored)); err != nil {
			return err
		}
	}
	return nil
}
