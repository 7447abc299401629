package cases

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"parity/googlenet/layer"
	"parity/googlenet/train/loss"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/schedule"
)

// stepsSettings are those of a training run across the heat-up point, in case.json.
type stepsSettings struct {
	Net, Variant, Optimizer string
	Momentum                float64
	Adam                    *string
	LR                      float64
	Heated                  float64 `json:"lr_after_heat"`
	Alpha                   []float64
	HeatStep                int `json:"heat_step"`
	Steps                   int
}

func readStepsSettings(file string) (*stepsSettings, error) {
	s := &stepsSettings{}
	if err := readJSON(file, s); err != nil {
		return nil, err
	}
	if len(s.Alpha) != 2 || s.Steps < 1 {
		return nil, fmt.Errorf("%s: expected alpha as the two values before and after heating, and steps, found %v and %d", file, s.Alpha, s.Steps)
	}
	return s, nil
}

// alpha is the inverse temperature in a step.
func (s *stepsSettings) alpha(step int) float64 {
	if step >= s.HeatStep {
		return s.Alpha[1]
	}
	return s.Alpha[0]
}

// method is what turns gradients into parameters, with the rate of a step.
func (s *stepsSettings) method() (*optim.Method, error) {
	m := &optim.Method{Accumulate: 1, Schedule: heatedRate{s.LR, s.Heated, s.HeatStep}}
	switch s.Optimizer {
	case "tf-momentum":
		m.Optimizer = optim.Momentum{Momentum: s.Momentum}
	case "caffe-momentum":
		m.Optimizer = optim.SGD{Momentum: s.Momentum}
	case "tf-adam":
		epsilon, err := s.epsilon()
		if err != nil {
			return nil, err
		}
		m.Optimizer = optim.Adam{Beta1: 0.9, Beta2: 0.999, Delta: epsilon}
	default:
		return nil, fmt.Errorf("there is no optimizer %q (there are: tf-momentum, caffe-momentum, tf-adam)", s.Optimizer)
	}
	return m, nil
}

var epsilonWord = regexp.MustCompile(`epsilon ([0-9.eE+-]+)`)

// epsilon is the number in what adam says in words; 1e-8 where it says none.
func (s *stepsSettings) epsilon() (float64, error) {
	if s.Adam == nil {
		return 1e-8, nil
	}
	found := epsilonWord.FindStringSubmatch(*s.Adam)
	if found == nil {
		return 1e-8, nil
	}
	v, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		return 0, fmt.Errorf("adam: %q: expected a number behind epsilon", *s.Adam)
	}
	return v, nil
}

// heatedRate is a learning rate that changes once; both numbers are as given.
type heatedRate struct {
	before, after float64
	at            int
}

func (heatedRate) Name() string                      { return "heated" }
func (heatedRate) Step(_, step int) int              { return step }
func (heatedRate) Attributes() []layer.Attribute     { return nil }
func (r heatedRate) Rate32(iteration, _ int) float32 { return float32(r.Rate64(iteration, 0)) }

func (r heatedRate) Rate64(iteration, _ int) float64 {
	if iteration >= r.at {
		return r.after
	}
	return r.before
}

var _ schedule.Policy = heatedRate{}

// objective is the loss that the variant names, before heating.
func (s *stepsSettings) objective() (loss.Loss, error) {
	switch s.Variant {
	case "ln":
		return loss.LN{Alpha: s.Alpha[0]}, nil
	case "bn":
		return loss.BN{Alpha: s.Alpha[0], Epsilon: 1e-3}, nil
	case "sm", "softmax":
		return loss.Softmax{}, nil
	}
	return nil, fmt.Errorf("there is no variant %q (there are: ln, bn, sm)", s.Variant)
}

var (
	convWords = regexp.MustCompile(`conv (\d+)x(\d+) pad (\d+)`)
	poolWords = regexp.MustCompile(`max pool (\d+)x(\d+)/(\d+) (floor|ceil)`)
)

// geometry reads convolution and pooling from what net says in words.
func (s *stepsSettings) geometry() (conv layer.Window, pool layer.Pool, err error) {
	c, p := convWords.FindStringSubmatch(s.Net), poolWords.FindStringSubmatch(s.Net)
	if c == nil || p == nil || !strings.Contains(s.Net, "relu") {
		return conv, pool, fmt.Errorf("the net %q is not known: expected conv HxW pad P, relu, max pool HxW/S floor or ceil", s.Net)
	}
	whole := func(text string) int { v, _ := strconv.Atoi(text); return v }
	pad := whole(c[3])
	conv = layer.Window{Kernel: [2]int{whole(c[1]), whole(c[2])}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(pad, pad)}
	pool.Window = layer.Window{Kernel: [2]int{whole(p[1]), whole(p[2])}, Stride: [2]int{whole(p[3]), whole(p[3])}, Dilation: [2]int{1, 1}}
	pool.Ceil = p[4] == "ceil"
	return conv, pool, nil
}
