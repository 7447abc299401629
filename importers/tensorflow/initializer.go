package tensorflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"parity/googlenet/train/filler"
)

// Initializer returns what an initialiser fills with. The name is that of tf.compat.v1's function, with or without
// "_initializer" behind it (glorot_uniform, variance_scaling_initializer), or that of Keras' class (GlorotUniform), whose
// defaults differ. Params are its arguments by name, as a Keras configuration or JSON has them. The filler's shapes are
// TensorFlow's: [kernel..., inputs, outputs].
func Initializer(name string, params map[string]any) (filler.Filler, error) {
	i, ok := initializers[strings.TrimSuffix(name, "_initializer")]
	if !ok {
		return nil, fmt.Errorf("there is no initializer %q; known are %s", name, strings.Join(slices.Sorted(maps.Keys(initializers)), ", "))
	}
	s := filler.Defaults
	if i.preset != nil {
		i.preset(&s)
	}
	for _, param := range slices.Sorted(maps.Keys(params)) {
		if params[param] == nil || slices.Contains(immaterial, param) {
			continue
		}
		if !slices.Contains(i.params, param) {
			return nil, fmt.Errorf("the initializer %s has no argument %q; it has %s", name, param, strings.Join(i.params, ", "))
		}
		if err := set(&s, param, params[param]); err != nil {
			return nil, fmt.Errorf("the initializer %s: %w", name, err)
		}
	}
	return filler.New(i.kind, s)
}

// immaterial arguments do not change the law. A mean of None and the like are the defaults.
var immaterial = []string{"seed", "dtype", "partition_info", "verify_shape"}

// initializer is a filler, the defaults that are not the filler's own, and the arguments that are read.
type initializer struct {
	kind   string
	preset func(*filler.Settings)
	params []string
}

var (
	scalingParams = []string{"scale", "mode", "distribution"}
	normalParams  = []string{"mean", "stddev"}
	rangeParams   = []string{"minval", "maxval"}
)

var initializers = map[string]initializer{
	"zeros":            {kind: "constant"},
	"ones":             {kind: "constant", preset: func(s *filler.Settings) { s.Value = 1 }},
	"constant":         {kind: "constant", params: []string{"value"}},
	"random_uniform":   {kind: "uniform", params: rangeParams},
	"random_normal":    {kind: "gaussian", params: normalParams},
	"truncated_normal": {kind: "truncated_gaussian", params: normalParams},
	"orthogonal":       {kind: "orthogonal", params: []string{"gain"}},
	"identity":         {kind: "identity", params: []string{"gain"}},
	"variance_scaling": {kind: "variance_scaling", params: scalingParams},
	"glorot_uniform":   scaling(1, filler.Average, filler.Even),
	"glorot_normal":    scaling(1, filler.Average, filler.Truncated),
	"he_uniform":       scaling(2, filler.FanIn, filler.Even),
	"he_normal":        scaling(2, filler.FanIn, filler.Truncated),
	"lecun_uniform":    scaling(1, filler.FanIn, filler.Even),
	"lecun_normal":     scaling(1, filler.FanIn, filler.Truncated),

	"Zeros":           {kind: "constant"},
	"Ones":            {kind: "constant", preset: func(s *filler.Settings) { s.Value = 1 }},
	"Constant":        {kind: "constant", params: []string{"value"}},
	"RandomUniform":   {kind: "uniform", params: rangeParams, preset: func(s *filler.Settings) { s.Min, s.Max = -0.05, 0.05 }},
	"RandomNormal":    {kind: "gaussian", params: normalParams, preset: func(s *filler.Settings) { s.Std = 0.05 }},
	"TruncatedNormal": {kind: "truncated_gaussian", params: normalParams, preset: func(s *filler.Settings) { s.Std = 0.05 }},
	"Orthogonal":      {kind: "orthogonal", params: []string{"gain"}},
	"Identity":        {kind: "identity", params: []string{"gain"}},
	"VarianceScaling": {kind: "variance_scaling", params: scalingParams},
	"GlorotUniform":   scaling(1, filler.Average, filler.Even),
	"GlorotNormal":    scaling(1, filler.Average, filler.Truncated),
	"HeUniform":       scaling(2, filler.FanIn, filler.Even),
	"HeNormal":        scaling(2, filler.FanIn, filler.Truncated),
	"LecunUniform":    scaling(1, filler.FanIn, filler.Even),
	"LecunNormal":     scaling(1, filler.FanIn, filler.Truncated),
}

func scaling(scale float64, norm filler.VarianceNorm, d filler.Distribution) initializer {
	return initializer{kind: "variance_scaling", preset: func(s *filler.Settings) { s.Scale, s.Norm, s.Distribution = scale, norm, d }}
}

// modes and distributions are the values of variance scaling's arguments; normal is the older name of the truncated one.
var (
	modes         = map[string]filler.VarianceNorm{"fan_in": filler.FanIn, "fan_out": filler.FanOut, "fan_avg": filler.Average}
	distributions = map[string]filler.Distribution{
		"truncated_normal": filler.Truncated, "normal": filler.Truncated, "untruncated_normal": filler.Untruncated, "uniform": filler.Even,
	}
)

func set(s *filler.Settings, param string, value any) error {
	switch param {
	case "mode":
		return choose(&s.Norm, modes, param, value)
	case "distribution":
		return choose(&s.Distribution, distributions, param, value)
	}
	v, ok := value.(float64)
	if !ok {
		return fmt.Errorf("%s must be a number, found %v", param, value)
	}
	*map[string]*float64{
		"value": &s.Value, "minval": &s.Min, "maxval": &s.Max, "mean": &s.Mean, "stddev": &s.Std, "scale": &s.Scale, "gain": &s.Gain,
	}[param] = v
	return nil
}

func choose[T any](to *T, values map[string]T, param string, value any) error {
	name, _ := value.(string)
	v, ok := values[strings.ToLower(name)]
	if !ok {
		return fmt.Errorf("%s is one of %s, found %v", param, strings.Join(slices.Sorted(maps.Keys(values)), ", "), value)
	}
	*to = v
	return nil
}
