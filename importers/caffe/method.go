package caffe

import (
	"parity/googlenet/train/optim"
	"parity/googlenet/train/schedule"
)

// policies and optimizers are Caffe's names of them.
var (
	policies   = []string{"exp", "fixed", "inv", "multistep", "poly", "sigmoid", "step"}
	optimizers = []string{"AdaDelta", "AdaGrad", "Adam", "Nesterov", "RMSProp", "SGD"}
)

// Method returns what the solver does with gradients.
func (s *Solver) Method() (*optim.Method, error) {
	policy, err := s.policy()
	if err != nil {
		return nil, err
	}
	optimizer, err := s.optimizer()
	if err != nil {
		return nil, err
	}
	penalty := optim.Penalty(s.RegularizationType)
	if penalty != optim.L1 && penalty != optim.L2 && s.WeightDecay != 0 {
		return nil, s.Settings.Errorf("regularization_type", "regularization_type is L1 or L2, found %q", s.RegularizationType)
	}
	m := &optim.Method{
		Optimizer: optimizer, Schedule: policy, Accumulate: s.IterSize, Decay: float64(s.WeightDecay), Penalty: penalty,
	}
	if s.ClipGradients >= 0 {
		m.Clip = optim.ClipGlobalNorm{Most: float64(s.ClipGradients)}
	}
	return m, nil
}

func (s *Solver) policy() (schedule.Policy, error) {
	m := s.Settings
	base, gamma, power := float64(s.BaseLR), float64(s.Gamma), float64(s.Power)
	if s.LRPolicy != "fixed" && s.LRPolicy != "poly" && !(gamma >= 0) {
		return nil, m.Errorf("gamma", "gamma must not be negative, found %g", s.Gamma)
	}
	if (s.LRPolicy == "step" || s.LRPolicy == "sigmoid") && s.StepSize < 1 {
		return nil, m.Errorf("stepsize", "lr_policy %q needs a positive stepsize, found %d", s.LRPolicy, s.StepSize)
	}
	if s.LRPolicy == "poly" && s.MaxIter < 1 {
		return nil, m.Errorf("max_iter", "lr_policy \"poly\" needs max_iter, which it divides by, found %d", s.MaxIter)
	}
	switch s.LRPolicy {
	case "fixed":
		return schedule.Fixed{Base: base}, nil
	case "step":
		return schedule.Step{Base: base, Gamma: gamma, Every: s.StepSize}, nil
	case "exp":
		return schedule.Exp{Base: base, Gamma: gamma}, nil
	case "inv":
		return schedule.Inv{Base: base, Gamma: gamma, Power: power}, nil
	case "multistep":
		return schedule.MultiStep{Base: base, Gamma: gamma, At: s.StepValues}, nil
	case "poly":
		return schedule.Poly{Base: base, Power: power, Iterations: s.MaxIter}, nil
	case "sigmoid":
		return schedule.Sigmoid{Base: base, Gamma: gamma, Middle: s.StepSize}, nil
	}
	return nil, m.Errorf("lr_policy", "unknown lr_policy %q%s", s.LRPolicy, enumHint(s.LRPolicy, policies))
}

func (s *Solver) optimizer() (optim.Optimizer, error) {
	momentum, delta := float64(s.Momentum), float64(s.Delta)
	if momentum != 0 && (s.Type == "AdaGrad" || s.Type == "RMSProp") {
		return nil, s.Settings.Errorf("momentum", "momentum cannot be used with %s, found %g", s.Type, s.Momentum)
	}
	switch s.Type {
	case "SGD":
		return optim.SGD{Momentum: momentum}, nil
	case "Nesterov":
		return optim.Nesterov{Momentum: momentum}, nil
	case "AdaGrad":
		return optim.AdaGrad{Delta: delta}, nil
	case "RMSProp":
		if !(s.RMSDecay >= 0 && s.RMSDecay < 1) {
			return nil, s.Settings.Errorf("rms_decay", "rms_decay lies between 0 and 1, found %g", s.RMSDecay)
		}
		return optim.RMSProp{Decay: float64(s.RMSDecay), Delta: delta}, nil
	case "AdaDelta":
		return optim.AdaDelta{Momentum: momentum, Delta: delta}, nil
	case "Adam":
		return optim.Adam{Beta1: momentum, Beta2: float64(s.Momentum2), Delta: delta}, nil
	}
	return nil, s.Settings.Errorf("type", "unknown solver type %q%s", s.Type, enumHint(s.Type, optimizers))
}
