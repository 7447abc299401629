package caffe

import (
	"cmp"
	"slices"
)

// Phase is what a network is run for: layers may be meant for one of the two only.
type Phase string

const (
	// Test is the phase of inference, and the default.
	Test Phase = "TEST"
	// Train is the phase of training.
	Train Phase = "TRAIN"
)

// state is what include and exclude rules are held against.
type state struct {
	phase  Phase
	level  int
	stages []string
}

// state is the one of the file with what the caller asks for.
func (n *Net) state(o Options) state {
	return state{
		phase:  cmp.Or(o.Phase, Phase(n.State.Text("phase", "")), Test),
		level:  cmp.Or(o.Level, n.State.Int("level", 0)),
		stages: append(list[string](n.State, "stage"), o.Stages...),
	}
}

// phase is the one that a layer is run in: its own, if it states one.
func (l *lowerer) phase(x *Layer) Phase {
	return Phase(x.Settings.Text("phase", string(l.state.phase)))
}

// includes tells whether a layer is part of the network in this state: it has no include rules or meets one of them,
// and meets no exclude rule.
func (s state) includes(l *Layer) (bool, error) {
	include, exclude := list[*Message](l.Settings, "include"), list[*Message](l.Settings, "exclude")
	if len(include) > 0 && len(exclude) > 0 {
		return false, l.Errorf("has include and exclude rules; Caffe takes only one of the two")
	}
	if len(include) > 0 {
		return slices.ContainsFunc(include, s.meets), nil
	}
	return !slices.ContainsFunc(exclude, s.meets), nil
}

// meets tells whether every condition of a rule holds.
func (s state) meets(rule *Message) bool {
	if s.level < rule.Int("min_level", s.level) || s.level > rule.Int("max_level", s.level) {
		return false
	}
	if rule.Text("phase", string(s.phase)) != string(s.phase) {
		return false
	}
	for _, stage := range list[string](rule, "stage") {
		if !slices.Contains(s.stages, stage) {
			return false
		}
	}
	return !slices.ContainsFunc(list[string](rule, "not_stage"), func(stage string) bool { return slices.Contains(s.stages, stage) })
}
