package compare

import (
	"context"
	"maps"
	"math"

	"parity/googlenet/tensor"
	"parity/parity"
)

// own is what the candidate's own graph says of its recording.
type own struct {
	// known: the graph was replayed.
	known bool
	// stale are recorded values that the graph does not compute from what was recorded before them.
	stale map[string]*parity.Difference
	// filled are values that were not recorded; replayed are recorded ones that depend on those, as the graph computes
	// them; corrected are stale ones, where what was recorded behind them follows from what the graph computes.
	filled              map[string]tensor.Any
	limits              map[string]*tensor.Tensor[float64] // how far the unrecorded values may be from the filled ones
	replayed, corrected map[string]*tensor.Tensor[float64]
}

// replayOwn runs the candidate's graph on its recording, once.
func (c *comparison) replayOwn(ctx context.Context) error {
	if c.own.known || len(c.cand.Graph.Nodes) == 0 || !c.cand.recorded() {
		return nil
	}
	pass, err := c.ownPass(ctx, nil)
	if err != nil {
		return err
	}
	corrected := map[string]*tensor.Tensor[float64]{}
	for v, j := range maps.All(pass.judged) {
		if j.fault != nil && pass.out[v] != nil {
			corrected[v] = pass.out[v]
		}
	}
	if len(corrected) > 0 {
		second, err := c.ownPass(ctx, corrected)
		if err != nil {
			return err
		}
		if len(second.wrong()) < len(pass.wrong()) {
			pass = second
		} else {
			corrected = nil
		}
	}
	c.own = own{known: true, stale: map[string]*parity.Difference{}, filled: map[string]tensor.Any{}, limits: map[string]*tensor.Tensor[float64]{}, replayed: map[string]*tensor.Tensor[float64]{}, corrected: corrected}
	for v, j := range maps.All(pass.judged) {
		switch {
		case j.fault != nil:
			c.own.stale[v] = &j.Difference
		case pass.passed[v]:
			c.own.replayed[v] = pass.out[v]
		}
	}
	for v, misfit := range pass.misfit {
		if misfit {
			infinite := parity.Number(math.Inf(1))
			c.own.stale[v] = &parity.Difference{Ratio: infinite, MaxAbs: infinite}
		}
	}
	for v, t := range pass.out {
		if c.cand.Trace.Values[v] == nil {
			c.own.filled[v], c.own.limits[v] = t, pass.limits[v]
		}
	}
	return nil
}

// ownPass judges the candidate's recording by its own graph; where a value is corrected the correction flows on.
func (c *comparison) ownPass(ctx context.Context, corrected map[string]*tensor.Tensor[float64]) (*isolated, error) {
	pass := &isolated{drift: c.drift(c.cand), keep: true, instead: corrected, misfit: map[string]bool{}}
	pass.given = func(v string, shape tensor.Shape) *tensor.Tensor[float64] {
		t := c.cand.Trace.Values[v]
		if t == nil || shape == nil {
			return fittedOrNil(t)
		}
		own := fitted(t, shape)
		pass.misfit[v] = own == nil
		return own
	}
	inputs := map[string]*tensor.Tensor[float64]{}
	for _, in := range c.cand.Graph.Inputs {
		inputs[in.Name] = tensor.As[float64](c.cand.Trace.Values[in.Name])
	}
	return pass, pass.run(ctx, c.cand.Graph, inputs)
}

func fittedOrNil(t tensor.Any) *tensor.Tensor[float64] {
	if t == nil {
		return nil
	}
	return tensor.As[float64](t)
}

// wrong lists the values that are out of bound.
func (p *isolated) wrong() (list []string) {
	for v, j := range p.judged {
		if j.fault != nil {
			list = append(list, v)
		}
	}
	return list
}
