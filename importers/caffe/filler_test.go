package caffe_test

import (
	"strings"
	"testing"

	"parity/googlenet/train/filler"
	"parity/importers/caffe"
)

func fillerMessage(t *testing.T, text string) *caffe.Message {
	t.Helper()
	m, err := caffe.ParseSettings("FillerParameter", "f", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestFiller reads every setting, in the precision in which Caffe holds it.
func TestFiller(t *testing.T) {
	for _, c := range []struct {
		text string
		want filler.Filler
	}{
		{``, filler.Constant{}},
		{`value: 0.2`, filler.Constant{Value: float64(float32(0.2))}},
		{`type: "bilinear"`, filler.Bilinear{}},
		{`type: "gaussian"`, filler.Gaussian{Std: 1, Sparse: filler.Dense}},
		{`type: "gaussian" mean: 0.1 std: 0.3 sparse: 5`, filler.Gaussian{Mean: float64(float32(0.1)), Std: float64(float32(0.3)), Sparse: 5}},
		{`type: "msra"`, filler.MSRA{Norm: filler.FanIn}},
		{`type: "msra" variance_norm: FAN_OUT`, filler.MSRA{Norm: filler.FanOut}},
		{`type: "positive_unitball"`, filler.PositiveUnitball{}},
		{`type: "uniform"`, filler.Uniform{Max: 1}},
		{`type: "uniform" min: -0.5 max: 0.25`, filler.Uniform{Min: -0.5, Max: 0.25}},
		{`type: "xavier" variance_norm: AVERAGE std: 3`, filler.Xavier{Norm: filler.Average}},
	} {
		if got, err := caffe.Filler(fillerMessage(t, c.text)); err != nil || got != c.want {
			t.Errorf("%s: got %v, %v, want %v", c.text, got, err, c.want)
		}
	}
	if got, err := caffe.Filler(nil); err != nil || got != (filler.Constant{}) {
		t.Errorf("no filler: got %v, %v", got, err)
	}
}

func TestFillerRefused(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`type: "xavir"`, `f:1:1: unknown filler type "xavir"; did you mean "xavier"?`},
		{`type: "orthogonal"`, `unknown filler type "orthogonal"; it is one of bilinear, constant,`},
		{`type: "xavier" sparse: 3`, `f:1:16: the filler "xavier" cannot leave weights zero (sparse 3)`},
	} {
		_, err := caffe.Filler(fillerMessage(t, c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.text, err, c.want)
		}
	}
}
