package cases

import (
	"encoding/json"
	"fmt"

	"parity/googlenet/train/optim"
	"parity/googlenet/train/schedule"
)

// settings are those of a run in case.json, under the names of the arguments in tf.compat.v1.train.
type settings struct {
	Optimizer string
	LR        float64  // fed in every step
	Schedule  rates    // or computed
	Drop      bool     // a tenth of the rate from step 7 on
	Momentum  *float64 `json:"momentum"`
	Nesterov  bool     `json:"use_nesterov"`
	Centered  bool     `json:"centered"`
	Decay     *float64 `json:"decay"`
	Rho       *float64 `json:"rho"`
	Beta1     *float64 `json:"beta1"`
	Beta2     *float64 `json:"beta2"`
	Beta      *float64 `json:"beta"`
	Epsilon   *float64 `json:"epsilon"`

	Accumulator *float64 `json:"initial_accumulator_value"`
	Power       *float64 `json:"learning_rate_power"`
	L1          *float64 `json:"l1_regularization_strength"`
	L2          *float64 `json:"l2_regularization_strength"`
	Shrinkage   *float64 `json:"l2_shrinkage_regularization_strength"`

	ClipGlobalNorm *float64  `json:"clip_by_global_norm"`
	ClipNorm       *float64  `json:"clip_by_norm"`
	ClipValue      []float64 `json:"clip_by_value"`
	EMA            []any     // the decay, and whether steps are counted

	Steps int
	Net   string
}

// rates are the arguments of a schedule.
type rates struct {
	Kind       string
	Rate       float64   `json:"learning_rate"`
	Steps      float64   `json:"decay_steps"`
	First      float64   `json:"first_decay_steps"`
	Factor     float64   `json:"decay_rate"`
	Staircase  bool      `json:"staircase"`
	End        *float64  `json:"end_learning_rate"`
	Power      *float64  `json:"power"`
	Cycle      bool      `json:"cycle"`
	Boundaries []int     `json:"boundaries"`
	Values     []float64 `json:"values"`
	Alpha      float64   `json:"alpha"`
	Beta       *float64  `json:"beta"`
	Periods    *float64  `json:"num_periods"`
	Longer     *float64  `json:"t_mul"`
	Lower      *float64  `json:"m_mul"`
}

// rounded is a setting that TensorFlow holds in float32 whatever the variables are in; nil is its default.
func rounded(v *float64, otherwise float64) float64 { return float64(float32(plain(v, otherwise))) }

// plain is a setting in the precision of the variables.
func plain(v *float64, otherwise float64) float64 {
	if v == nil {
		return otherwise
	}
	return *v
}

func (s *settings) method() (*optim.Method, error) {
	m := &optim.Method{Accumulate: 1}
	var err error
	if m.Optimizer, err = s.optimizer(); err != nil {
		return nil, err
	}
	if m.Schedule, err = s.policy(); err != nil {
		return nil, err
	}
	if m.Average, err = s.average(); err != nil {
		return nil, err
	}
	switch {
	case s.ClipGlobalNorm != nil:
		m.Clip = optim.ClipGlobalNorm{Most: *s.ClipGlobalNorm, Always: true}
	case s.ClipNorm != nil:
		m.Clip = optim.ClipNorm{Most: *s.ClipNorm}
	case len(s.ClipValue) == 2:
		m.Clip = optim.ClipValue{Least: s.ClipValue[0], Most: s.ClipValue[1]}
	case s.ClipValue != nil:
		return nil, fmt.Errorf("expected clip_by_value as the least and the most, found %v", s.ClipValue)
	}
	return m, nil
}

func (s *settings) optimizer() (optim.Optimizer, error) {
	switch s.Optimizer {
	case "GradientDescent":
		return optim.GradientDescent{}, nil
	case "Momentum":
		return optim.Momentum{Momentum: rounded(s.Momentum, 0), Nesterov: s.Nesterov}, nil
	case "RMSProp":
		return optim.RMSPropMomentum{
			Decay: rounded(s.Decay, 0.9), Momentum: rounded(s.Momentum, 0), Epsilon: rounded(s.Epsilon, 1e-10), Centered: s.Centered,
		}, nil
	case "Adam":
		return optim.Adam{Beta1: rounded(s.Beta1, 0.9), Beta2: rounded(s.Beta2, 0.999), Delta: rounded(s.Epsilon, 1e-8), RunningPowers: true}, nil
	case "Adagrad":
		return optim.AdaGrad{Accumulator: plain(s.Accumulator, 0.1)}, nil
	case "Adadelta":
		return optim.AdaDelta{Momentum: rounded(s.Rho, 0.95), Delta: rounded(s.Epsilon, 1e-8)}, nil
	case "Ftrl":
		return s.ftrl(), nil
	}
	return nil, fmt.Errorf("there is no optimizer %q", s.Optimizer)
}

// ftrl: the penalty on squares is computed from the rate, whose precision it has.
func (s *settings) ftrl() optim.Ftrl {
	o := optim.Ftrl{
		Accumulator: plain(s.Accumulator, 0.1), Power: rounded(s.Power, -0.5), L1: rounded(s.L1, 0), L2: plain(s.L2, 0),
		Shrinkage: rounded(s.Shrinkage, 0), Beta: plain(s.Beta, 0),
	}
	if s.Schedule.Kind != "" {
		o.L2, o.Beta = rounded(s.L2, 0), rounded(s.Beta, 0)
	}
	return o
}

func (s *settings) policy() (schedule.Policy, error) {
	r := s.Schedule
	base, factor := rounded(&r.Rate, 0), rounded(&r.Factor, 0)
	switch r.Kind {
	case "":
		if s.Drop {
			return schedule.MultiStep{Base: s.LR, Gamma: 0.1, At: []int{7}}, nil
		}
		return schedule.Fixed{Base: s.LR}, nil
	case "exponential_decay":
		return schedule.ExponentialDecay{Base: base, Steps: r.Steps, Factor: factor, Staircase: r.Staircase}, nil
	case "natural_exp_decay":
		return schedule.NaturalExpDecay{Base: base, Steps: r.Steps, Factor: factor, Staircase: r.Staircase}, nil
	case "inverse_time_decay":
		return schedule.InverseTimeDecay{Base: base, Steps: r.Steps, Factor: factor, Staircase: r.Staircase}, nil
	case "polynomial_decay":
		return schedule.PolynomialDecay{Base: base, Steps: r.Steps, End: rounded(r.End, 0.0001), Power: rounded(r.Power, 1), Cycle: r.Cycle}, nil
	case "cosine_decay":
		return schedule.CosineDecay{Base: base, Steps: r.Steps, Alpha: r.Alpha}, nil
	case "cosine_decay_restarts":
		return schedule.CosineDecayRestarts{Base: base, Steps: r.First, Longer: rounded(r.Longer, 2), Lower: rounded(r.Lower, 1), Alpha: r.Alpha}, nil
	case "linear_cosine_decay":
		return schedule.LinearCosineDecay{Base: base, Steps: r.Steps, Periods: plain(r.Periods, 0.5), Alpha: rounded(&r.Alpha, 0), Beta: rounded(r.Beta, 0.001)}, nil
	case "piecewise_constant":
		if len(r.Values) != len(r.Boundaries)+1 {
			return nil, fmt.Errorf("expected one value more than the %d boundaries, found %d", len(r.Boundaries), len(r.Values))
		}
		return schedule.PiecewiseConstant{At: r.Boundaries, Values: r.Values}, nil
	}
	return nil, fmt.Errorf("there is no schedule %q", r.Kind)
}

func (s *settings) average() (*optim.MovingAverage, error) {
	if s.EMA == nil {
		return nil, nil
	}
	if len(s.EMA) == 2 {
		decay, isNumber := s.EMA[0].(float64)
		counted, isBool := s.EMA[1].(bool)
		if isNumber && isBool {
			return &optim.MovingAverage{Decay: decay, Counted: counted}, nil
		}
	}
	return nil, fmt.Errorf("expected ema as the decay and whether steps are counted, found %v", s.EMA)
}

func readSettings(file string, data []byte) (*settings, error) {
	s := &settings{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}
