package caffeio

import (
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

// TestDataTransformIsCaffes compares with what Caffe's DataTransformer made, given the draws of its generator.
func TestDataTransformIsCaffes(t *testing.T) {
	for _, tt := range []struct {
		param, input, want string
		train              bool
		draws              []Draw
	}{
		{"crop_size: 1", "colour_3x20x25", "crop1", false, []Draw{{}}},
		{"crop_size: 5 mean_value: 33.5", "grey_1x9x11", "crop5_mean", false, []Draw{{}}},
		{`mean_file: "m" crop_size: 11 scale: 0.5`, "colour_3x20x25", "meanfile_crop11_scale", false, []Draw{{}}},
		{"mirror: true crop_size: 5", "grey_1x9x11", "mirror_crop5_train", true, []Draw{
			{1, 4, true}, {0, 5, true}, {3, 4, false}, {3, 5, true}, {2, 0, true}, {3, 0, false},
			{1, 2, false}, {0, 6, true}, {0, 3, true}, {1, 3, false}, {4, 1, false}, {2, 4, true},
		}},
	} {
		how, err := ParseDataTransform("param", []byte(tt.param), tt.train)
		if err != nil {
			t.Fatal(err)
		}
		if how.MeanFile != "" {
			how.Mean = array(t, "mean_3x20x25")
		}
		all := &tensor.Tensor[float32]{}
		for _, d := range tt.draws {
			out, err := how.Apply(array(t, tt.input), d)
			if err != nil {
				t.Fatal(err)
			}
			all.Data = append(all.Data, out.Data...)
		}
		sameBits(t, tt.param, all, array(t, tt.want))
	}
}

func TestDataTransformValues(t *testing.T) {
	in := tensor.From([]float32{1, 2, 3, 4, 5, 6}, 2, 1, 3)
	for param, want := range map[string][]float32{
		"":              {1, 2, 3, 4, 5, 6},
		"mirror: true":  {3, 2, 1, 6, 5, 4},
		"scale: 0":      {0, 0, 0, 0, 0, 0},
		"mean_value: 1": {0, 1, 2, 3, 4, 5},
		"crop_size: 1":  {2, 5},
		"scale: 2 mean_value: 1 mean_value: 4 force_color: true": {0, 2, 4, 0, 2, 4},
	} {
		how, err := ParseDataTransform("param", []byte(param), false)
		if err != nil {
			t.Fatal(err)
		}
		out, err := how.Apply(in, Draw{Mirror: how.Mirror})
		if err != nil {
			t.Fatal(err)
		}
		sameBits(t, param, out, tensor.From(want, len(want)))
	}
}

func TestDataTransformRefuses(t *testing.T) {
	for param, want := range map[string]string{
		"crop: 3":                                 `TransformationParameter has no field "crop"`,
		`mean_file: "m" mean_value: 3`:            "param:1:1: mean_file and mean_value cannot both be given",
		"force_color: true force_gray: true":      "force_color and force_gray cannot both be set",
		`mean_file: "m"`:                          "m: the mean image is not read",
		"mean_value: 1 mean_value: 2":             "expected 1 mean_value or as many as channels (3), found 2",
		"crop_size: 5":                            "crop_size 5 is more than the picture's 4x6",
		"crop_size: 3 mean_value: 1 mirror: true": "a crop of 3 at 2, 0 leaves the picture of 4x6",
	} {
		how, err := ParseDataTransform("param", []byte(param), true)
		if err == nil {
			_, err = how.Apply(tensor.New[float32](3, 4, 6), Draw{Top: 2})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", param, err, want)
		}
	}
	how := DataTransform{Scale: 1, MeanFile: "m", Mean: tensor.New[float32](1, 3, 6, 4)}
	if _, err := how.Apply(tensor.New[float32](3, 4, 6), Draw{}); err == nil || err.Error() != "m: the mean image is 1x3x6x4, the picture 3x4x6" {
		t.Errorf("got %v", err)
	}
}
