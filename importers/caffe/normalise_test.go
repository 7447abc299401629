package caffe_test

import (
	"strings"
	"testing"

	"parity/googlenet/layer"
	"parity/importers/caffe"
)

// others are inputs of fewer dimensions than x, whose shape is 2x3x8x9.
const others = input + `layer { name: "in2" type: "Input" top: "y" top: "row" top: "map" top: "number" top: "all"
  input_param { shape { dim: 2 dim: 3 dim: 8 dim: 9 } shape { dim: 2 dim: 3 } shape { dim: 8 dim: 9 } shape { } shape { dim: 2 dim: 3 dim: 8 dim: 9 dim: 5 } } }
`

// TestNormalisation checks what the layers that normalise, scale, add and reduce become.
func TestNormalisation(t *testing.T) {
	for _, row := range []struct{ name, layer, want string }{
		{"batch norm", `type: "BatchNorm" bottom: "x"`, "l: BatchNorm(x) epsilon=1e-05 statistics=stored -> l"},
		{"batch norm of the batch", `type: "BatchNorm" bottom: "x" batch_norm_param { use_global_stats: false eps: 0.1 moving_average_fraction: 0.5 }`,
			"l: BatchNorm(x) epsilon=0.1 statistics=of the batch momentum=0.5 -> l"},
		{"layer with its own phase", `type: "BatchNorm" bottom: "x" phase: TRAIN`, "l: BatchNorm(x) epsilon=1e-05 statistics=of the batch momentum=0.999 -> l"},
		{"stored in training", `type: "BatchNorm" bottom: "x" phase: TRAIN batch_norm_param { use_global_stats: true }`,
			"l: BatchNorm(x) epsilon=1e-05 statistics=stored -> l"},
		{"scale", `type: "Scale" bottom: "x"`, "l: Scale(x) axis=1 -> l"},
		{"scale with bias", `type: "Scale" bottom: "x" scale_param { axis: -3 num_axes: 2 bias_term: true }`, "l: Scale(x) axis=1 axes=2 bias=added -> l"},
		{"scale to the end", `type: "Scale" bottom: "x" scale_param { axis: 1 num_axes: -1 }`, "l: Scale(x) axis=1 axes=3 -> l"},
		{"scale by a number", `type: "Scale" bottom: "x" scale_param { axis: 2 num_axes: 0 }`, "l: Scale(x) axes=none -> l"},
		{"scale by a bottom", `type: "Scale" bottom: "x" bottom: "row" scale_param { axis: 0 }`, "l: ScaleAlong(x row) axis=0 -> l"},
		{"scale by a bottom, with bias", `type: "Scale" bottom: "x" bottom: "map" scale_param { axis: -2 bias_term: true }`,
			"l/0: ScaleAlong(x map) axis=2 -> l/0\nl: Bias(l/0) axis=2 axes=2 -> l"},
		{"scale by a bottom without axes", `type: "Scale" bottom: "x" bottom: "number" scale_param { axis: 7 }`, "l: ScaleAlong(x number) axis=0 -> l"},
		{"bias", `type: "Bias" bottom: "x" bias_param { axis: 2 num_axes: 1 }`, "l: Bias(x) axis=2 -> l"},
		{"bias everywhere", `type: "Bias" bottom: "x" bias_param { axis: 0 num_axes: -1 }`, "l: Bias(x) axis=0 axes=4 -> l"},
		{"bias from a bottom", `type: "Bias" bottom: "x" bottom: "map" bias_param { axis: 2 }`, "l: AddAlong(x map) axis=2 -> l"},
		{"eltwise", `type: "Eltwise" bottom: "x" bottom: "y"`, "l: Eltwise(x y) operation=sum -> l"},
		{"coefficients", `type: "Eltwise" bottom: "x" bottom: "y" eltwise_param { operation: SUM coeff: 1 coeff: -0.5 }`,
			"l: Eltwise(x y) operation=sum coefficients=1,-0.5 -> l"},
		{"coefficients of one", `type: "Eltwise" bottom: "x" bottom: "y" eltwise_param { coeff: 1 coeff: 1 }`, "l: Eltwise(x y) operation=sum -> l"},
		{"product", `type: "Eltwise" bottom: "x" bottom: "y" bottom: "x" eltwise_param { operation: PROD stable_prod_grad: false }`,
			"l: Eltwise(x y x) operation=product gradient=y / x -> l"},
		{"maximum", `type: "Eltwise" bottom: "x" bottom: "y" eltwise_param { operation: MAX }`, "l: Eltwise(x y) operation=maximum -> l"},
		{"mvn", `type: "MVN" bottom: "x"`, "l: MVN(x) axis=2 variance=normalised epsilon=1e-09 -> l"},
		{"mvn across channels", `type: "MVN" bottom: "x" mvn_param { across_channels: true eps: 0.01 }`, "l: MVN(x) axis=1 variance=normalised epsilon=0.01 -> l"},
		{"mvn of the mean", `type: "MVN" bottom: "x" mvn_param { normalize_variance: false }`, "l: MVN(x) axis=2 variance=kept -> l"},
		{"mvn of rows", `type: "MVN" bottom: "row" mvn_param { across_channels: true }`,
			"l/0: Reshape(row) shape=[0 0 1 1] -> l/0\nl: MVN(l/0) axis=1 variance=normalised epsilon=1e-09 -> l"},
		{"reduction", `type: "Reduction" bottom: "x"`, "l: Reduction(x) operation=sum axis=0 -> l"},
		{"mean", `type: "Reduction" bottom: "x" reduction_param { operation: MEAN axis: -2 coeff: 0.5 }`, "l: Reduction(x) operation=mean axis=2 factor=0.5 -> l"},
		{"magnitudes", `type: "Reduction" bottom: "x" reduction_param { operation: ASUM axis: 1 }`, "l: Reduction(x) operation=sum of magnitudes axis=1 -> l"},
		{"squares", `type: "Reduction" bottom: "x" reduction_param { operation: SUMSQ axis: 3 }`, "l: Reduction(x) operation=sum of squares axis=3 -> l"},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := lower(t, others+`layer { name: "l" `+row.layer+` top: "l" }`)
			var got []string
			for _, line := range strings.Split(outline(g), "\n") {
				if strings.HasPrefix(line, "l") {
					got = append(got, line)
				}
			}
			if got := strings.Join(got, "\n"); got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

func TestNormalisationErrors(t *testing.T) {
	for _, row := range []struct{ name, layer, want string }{
		{"trained statistics", `type: "BatchNorm" bottom: "x" top: "l" param { lr_mult: 1 }`, "lr_mult must be 0, found 1"},
		{"trained by default", `type: "BatchNorm" bottom: "x" top: "l" param { lr_mult: 0 } param { name: "v" }`, "lr_mult must be 0, found 1"},
		{"batch norm of numbers", `type: "BatchNorm" bottom: "number" top: "l"`, "at least 2 dimensions"},
		{"scale outside", `type: "Scale" bottom: "x" top: "l" scale_param { axis: 3 num_axes: 2 }`, "2 axes from axis 3 on extend past the 4 dimensions"},
		{"scale of -2 axes", `type: "Scale" bottom: "x" top: "l" scale_param { num_axes: -2 }`, "num_axes must not be negative, or be -1 for all axes from axis on; found -2"},
		{"scale by another shape", `type: "Scale" bottom: "x" bottom: "row" top: "l" scale_param { axis: 1 }`, "needs a second input of shape 3x8 along 2x3x8x9, got 2x3"},
		{"bias past the end", `type: "Bias" bottom: "x" bottom: "row" top: "l" bias_param { axis: 3 }`, "along 2 axes from 3 on is outside the 4 dimensions"},
		{"coefficient missing", `type: "Eltwise" bottom: "x" bottom: "y" top: "l" eltwise_param { coeff: 1 }`, "coeff must be stated once for each of 2 bottoms; found 1 times"},
		{"coefficients of a product", `type: "Eltwise" bottom: "x" bottom: "y" top: "l" eltwise_param { operation: PROD coeff: 1 coeff: 1 }`, "only SUM takes coefficients"},
		{"eltwise of one", `type: "Eltwise" bottom: "x" top: "l"`, "needs at least 2 bottom(s), found 1"},
		{"eltwise of other shapes", `type: "Eltwise" bottom: "x" bottom: "row" top: "l"`, "takes inputs of one shape, got 2x3x8x9 and, as input 1, 2x3"},
		{"sum in place", `type: "Eltwise" bottom: "x" bottom: "y" top: "x"`, `SUM clears the blob "x" before it reads it`},
		{"mvn of five dimensions", `type: "MVN" bottom: "all" top: "l"`, "takes at most 4 dimensions"},
		{"reduction outside", `type: "Reduction" bottom: "row" top: "l" reduction_param { axis: 2 }`, "axis 2 is outside the 2 dimensions"},
		{"reduction of a number", `type: "Reduction" bottom: "number" top: "l"`, "axis 0 is outside the 0 dimensions"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := refused(t, others+`layer { name: "l" `+row.layer+` }`, nil)
			if !strings.Contains(got, row.want) || !strings.HasPrefix(got, "net.prototxt:4:") || !strings.Contains(got, `layer "l" (`) {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

func TestNormalisationNotes(t *testing.T) {
	for _, row := range []struct{ layer, want string }{
		{`type: "BatchNorm" bottom: "x"`, ""},
		{`type: "BatchNorm" bottom: "x" phase: TRAIN`, "the stored ones only follow"},
		{`type: "Scale" bottom: "x" bottom: "row" scale_param { axis: 0 num_axes: 1 }`, "num_axes is ignored"},
		{`type: "Eltwise" bottom: "x" bottom: "y" eltwise_param { operation: MAX coeff: 1 coeff: 2 }`, "coeff is ignored by MAX"},
		{`type: "MVN" bottom: "row"`, "the output has four dimensions"},
		{`type: "LRN" bottom: "x" lrn_param { norm_region: WITHIN_CHANNEL k: 2 }`, "k 2 is ignored"},
		{`type: "LRN" bottom: "x" lrn_param { norm_region: WITHIN_CHANNEL }`, "alpha 1 is divided by the square of local_size 5"},
	} {
		notes := strings.Join(lower(t, others+`layer { name: "l" top: "l" `+row.layer+` }`).Node("l").Notes, "\n")
		if !strings.Contains(notes, row.want) || row.want == "" && notes != "" {
			t.Errorf("%s: got %q, want %q", row.layer, notes, row.want)
		}
	}
}

// TestTrainingPhase checks that statistics are those of the batch where the network is trained, and that files that had to
// freeze them themselves are read.
func TestTrainingPhase(t *testing.T) {
	n := parse(t, input+`layer { name: "l" type: "BatchNorm" bottom: "x" top: "l" param { lr_mult: 1 decay_mult: 1 } param { lr_mult: 0 } param { } }`)
	g, err := caffe.Lower(n, nil, caffe.Options{Phase: caffe.Train})
	if err != nil {
		t.Fatal(err)
	}
	node := g.Node("l")
	if l := node.Layer.(layer.BatchNorm); !l.Batch {
		t.Error("the statistics are not those of the batch")
	}
	for i, p := range n.Layers[1].Params {
		if p.LR != 0 || p.Decay != 0 {
			t.Errorf("statistic %d has rates %v and %v", i, p.LR, p.Decay)
		}
	}
	if got := strings.Join(node.Origin.Transforms, "; "); got != "lr_mult 1 of statistic 0 set to 0; lr_mult 1 of statistic 2 set to 0" {
		t.Errorf("transforms %q", got)
	}
}
