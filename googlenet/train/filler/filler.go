// Package filler draws a network's first weights: Caffe's seven fillers and TensorFlow's initialisers, each with the law of
// what it draws.
//
// Random bits differ between frameworks, so that drawn weights can only be compared as distributions: a Law says what the
// moments, the support and the distribution function of a tensor's elements are.
package filler

import (
	"fmt"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// Filler draws the elements of a tensor.
type Filler interface {
	// Law returns the distribution of an element of a tensor of that shape, or why the filler cannot fill one.
	Law(s tensor.Shape) (Law, error)
	// Draw writes the elements of a tensor for whose shape there is a law.
	Draw(r *rand.Rand, s tensor.Shape, to []float64)
}

// Settings are the settings of all fillers; each reads those that concern it.
type Settings struct {
	Value     float64 // of constant
	Min, Max  float64 // of uniform
	Mean, Std float64 // of gaussian and truncated_gaussian
	// Sparse is the mean number of weights of an input that are not zero, for gaussian; Dense for all of them.
	Sparse int
	Norm   VarianceNorm // of xavier, msra and variance_scaling
	// Scale and Distribution are of variance_scaling.
	Scale        float64
	Distribution Distribution
	Gain         float64 // of orthogonal and identity
}

// Dense is the setting of Sparse that keeps every weight.
const Dense = -1

// Defaults are the settings where a file states none: Caffe's, and tf.compat.v1's.
var Defaults = Settings{Max: 1, Std: 1, Sparse: Dense, Scale: 1, Gain: 1}

// Kind is the registry row of a filler.
type Kind struct {
	Name string // Caffe's, where it has one
	New  func(Settings) Filler
	// Sparse says that the filler can leave weights zero.
	Sparse bool
}

// Kinds lists every filler.
var Kinds = []Kind{
	{Name: "bilinear", New: func(Settings) Filler { return Bilinear{} }},
	{Name: "constant", New: func(s Settings) Filler { return Constant{s.Value} }},
	{Name: "gaussian", New: func(s Settings) Filler { return Gaussian{s.Mean, s.Std, s.Sparse} }, Sparse: true},
	{Name: "identity", New: func(s Settings) Filler { return Identity{s.Gain} }},
	{Name: "msra", New: func(s Settings) Filler { return MSRA{s.Norm} }},
	{Name: "orthogonal", New: func(s Settings) Filler { return Orthogonal{s.Gain} }},
	{Name: "positive_unitball", New: func(Settings) Filler { return PositiveUnitball{} }},
	{Name: "truncated_gaussian", New: func(s Settings) Filler { return TruncatedGaussian{s.Mean, s.Std} }},
	{Name: "uniform", New: func(s Settings) Filler { return Uniform{s.Min, s.Max} }},
	{Name: "variance_scaling", New: func(s Settings) Filler { return VarianceScaling{s.Scale, s.Norm, s.Distribution} }},
	{Name: "xavier", New: func(s Settings) Filler { return Xavier{s.Norm} }},
}

// New returns the filler of a name.
func New(name string, s Settings) (Filler, error) {
	for _, k := range Kinds {
		if k.Name != name {
			continue
		}
		if s.Sparse != Dense && !k.Sparse {
			return nil, fmt.Errorf("the filler %q cannot leave weights zero (sparse %d)", name, s.Sparse)
		}
		return k.New(s), nil
	}
	return nil, fmt.Errorf("there is no filler %q", name)
}

// Fill draws a tensor.
func Fill[T tensor.Float](f Filler, r *rand.Rand, t *tensor.Tensor[T]) error {
	if _, err := f.Law(t.Shape); err != nil {
		return err
	}
	values := make([]float64, len(t.Data))
	f.Draw(r, t.Shape, values)
	for i, v := range values {
		t.Data[i] = T(v)
	}
	return nil
}

// checkElements refuses a tensor with nothing to fill.
func checkElements(s tensor.Shape) error {
	if s.Len() == 0 {
		return fmt.Errorf("there is nothing to fill in %v", s)
	}
	return nil
}

// each draws independent elements.
func each(to []float64, draw func() float64) {
	for i := range to {
		to[i] = draw()
	}
}
