package cases

import (
	"fmt"
	"path/filepath"
	"strings"

	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/step"
	"parity/importers/caffe"
)

// checkSnapshots judges every snapshot: its weights are the recorded parameters, its histories what the run came to, and going
// on from it gives the iterations after it.
func (c *caffeSolver) checkSnapshots() error {
	files, err := filepath.Glob(filepath.Join(c.dir, "*_iter_*.solverstate"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := c.checkSnapshot(file); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
	}
	return nil
}

func (c *caffeSolver) checkSnapshot(file string) error {
	s, err := caffe.ReadSolverState(file)
	if err != nil {
		return err
	}
	state, err := caffe.StateFrom[float32](s, c.learned)
	if err != nil {
		return err
	}
	last := c.iterations()
	if s.Iteration < 1 || s.Iteration > last {
		return fmt.Errorf("it is of iteration %d, recorded are 1 to %d", s.Iteration, last)
	}
	if err := c.checkWeights(strings.TrimSuffix(file, ".solverstate")+".caffemodel", s.Iteration); err != nil {
		return err
	}
	name := filepath.Base(file)
	if err := c.checkHistories(name, state); err != nil {
		return err
	}
	u, err := c.updater(s.Iteration+1, state)
	if err != nil {
		return err
	}
	for i := s.Iteration + 1; i <= last; i++ {
		if err := c.checkUpdate(i, u, " from "+name, false); err != nil {
			return err
		}
	}
	return nil
}

// checkWeights holds a snapshot's weights against the recorded parameters of its iteration.
func (c *caffeSolver) checkWeights(file string, iteration int) error {
	net, err := caffe.ReadNet(file)
	if err != nil {
		return err
	}
	g, err := caffe.Lower(net, net, caffe.Options{})
	if err != nil {
		return err
	}
	var list []value
	for _, p := range step.Learned(g) {
		list = append(list, value{got: tensor.As[float64](p.Value)})
	}
	if len(list) != len(c.learned) {
		return fmt.Errorf("%s: expected %d parameters, found %d", filepath.Base(file), len(c.learned), len(list))
	}
	return c.compareAll(c.forward, fmt.Sprintf("iter%d/param", iteration), " and "+filepath.Base(file), list)
}

// checkHistories follows the run to a snapshot.
func (c *caffeSolver) checkHistories(name string, state *optim.State[float32]) error {
	u, err := c.updater(1, nil)
	if err != nil {
		return err
	}
	var r *updated
	for i := 1; i <= state.Iteration; i++ {
		before, err := c.before(i)
		if err != nil {
			return err
		}
		grads, err := c.list(fmt.Sprintf("iter%d/grad", i))
		if err != nil {
			return err
		}
		u.place(before)
		r = u.apply(grads)
	}
	if u.state.Step != state.Step {
		return fmt.Errorf("it counts %d steps of the learning rate, expected %d", state.Step, u.state.Step)
	}
	if len(r.histories) != len(state.Histories) {
		return fmt.Errorf("it has %d histories, expected %d", len(state.Histories), len(r.histories))
	}
	for i, v := range r.histories {
		ratio, err := v.ratio(state.Histories[i])
		if err != nil {
			return err
		}
		c.forward.add(ratio, fmt.Sprintf("%s:history/%d", name, i))
	}
	return nil
}
