package tensorflow

import (
	"strings"
	"testing"

	"parity/googlenet/tensor"
	"parity/googlenet/train/filler"
)

func TestInitializer(t *testing.T) {
	for _, c := range []struct {
		name   string
		params map[string]any
		want   filler.Filler
	}{
		{"zeros", nil, filler.Constant{}},
		{"Ones", nil, filler.Constant{Value: 1}},
		{"constant_initializer", map[string]any{"value": 0.1}, filler.Constant{Value: 0.1}},
		{"random_uniform", nil, filler.Uniform{Max: 1}},
		{"random_uniform", map[string]any{"minval": -0.5, "maxval": nil}, filler.Uniform{Min: -0.5, Max: 1}},
		{"RandomUniform", nil, filler.Uniform{Min: -0.05, Max: 0.05}},
		{"random_normal", nil, filler.Gaussian{Std: 1, Sparse: filler.Dense}},
		{"RandomNormal", map[string]any{"mean": 2.}, filler.Gaussian{Mean: 2, Std: 0.05, Sparse: filler.Dense}},
		{"truncated_normal", map[string]any{"stddev": 0.3, "seed": 7., "dtype": "float32"}, filler.TruncatedGaussian{Std: 0.3}},
		{"TruncatedNormal", nil, filler.TruncatedGaussian{Std: 0.05}},
		{"orthogonal", map[string]any{"gain": 1.2}, filler.Orthogonal{Gain: 1.2}},
		{"Identity", nil, filler.Identity{Gain: 1}},
		{"variance_scaling", nil, filler.VarianceScaling{Scale: 1}},
		{"VarianceScaling", map[string]any{"scale": 3., "mode": "fan_avg", "distribution": "untruncated_normal"}, filler.VarianceScaling{Scale: 3, Norm: filler.Average, Distribution: filler.Untruncated}},
		{"variance_scaling", map[string]any{"mode": "fan_out", "distribution": "normal"}, filler.VarianceScaling{Scale: 1, Norm: filler.FanOut}},
		{"glorot_uniform_initializer", nil, filler.VarianceScaling{Scale: 1, Norm: filler.Average, Distribution: filler.Even}},
		{"GlorotNormal", nil, filler.VarianceScaling{Scale: 1, Norm: filler.Average}},
		{"he_uniform", nil, filler.VarianceScaling{Scale: 2, Distribution: filler.Even}},
		{"LecunNormal", nil, filler.VarianceScaling{Scale: 1}},
	} {
		if got, err := Initializer(c.name, c.params); err != nil || got != c.want {
			t.Errorf("%s %v: got %v, %v, want %v", c.name, c.params, got, err, c.want)
		}
	}
}

func TestInitializersHaveLaws(t *testing.T) {
	for name := range initializers {
		f, err := Initializer(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Law(tensor.Shape{3, 4}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInitializerRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		params map[string]any
		want   string
	}{
		{"glorot", nil, `no initializer "glorot"; known are Constant,`},
		{"he_normal", map[string]any{"scale": 1.}, `he_normal has no argument "scale"`},
		{"variance_scaling", map[string]any{"mode": "fan"}, "mode is one of fan_avg, fan_in, fan_out, found fan"},
		{"variance_scaling", map[string]any{"distribution": 3.}, "distribution is one of normal, truncated_normal, uniform, untruncated_normal, found 3"},
		{"orthogonal", map[string]any{"gain": "high"}, "gain must be a number, found high"},
	} {
		if _, err := Initializer(c.name, c.params); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %v: got %v, want %s", c.name, c.params, err, c.want)
		}
	}
}
