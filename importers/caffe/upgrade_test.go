package caffe_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/importers/caffe"
)

// The same network in Caffe's three formats.
const (
	present = `name: "net" layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 8 dim: 9 } } }
layer { name: "c" type: "Convolution" bottom: "x" top: "c" param { lr_mult: 3 decay_mult: 0.5 }
  convolution_param { num_output: 4 kernel_size: 3 pad: 2 stride: 2 group: 1 bias_term: false } }
layer { name: "r" type: "ReLU" bottom: "c" top: "c" }
layer { name: "n" type: "LRN" bottom: "c" top: "n" lrn_param { local_size: 3 alpha: 0.5 beta: 0.25 k: 2 } }
layer { name: "p" type: "Pooling" bottom: "n" top: "p" pooling_param { pool: AVE kernel_size: 2 stride: 1 pad: 1 } }
layer { name: "d" type: "Dropout" bottom: "p" top: "p" dropout_param { dropout_ratio: 0.25 } }
layer { name: "f" type: "InnerProduct" bottom: "p" top: "f" inner_product_param { num_output: 5 } }
layer { name: "cc" type: "Concat" bottom: "f" bottom: "f" top: "cc" concat_param { concat_dim: 0 } }
layer { name: "s" type: "Softmax" bottom: "cc" top: "s" }`

	v1 = `name: "net" input: "x" input_shape { dim: 2 dim: 3 dim: 8 dim: 9 }
layers { name: "c" type: CONVOLUTION bottom: "x" top: "c" blobs_lr: 3 weight_decay: 0.5
  convolution_param { num_output: 4 kernel_size: 3 pad: 2 stride: 2 group: 1 bias_term: false } }
layers { name: "r" type: RELU bottom: "c" top: "c" }
layers { name: "n" type: LRN bottom: "c" top: "n" lrn_param { local_size: 3 alpha: 0.5 beta: 0.25 k: 2 } }
layers { name: "p" type: 17 bottom: "n" top: "p" pooling_param { pool: AVE kernel_size: 2 stride: 1 pad: 1 } }
layers { name: "d" type: DROPOUT bottom: "p" top: "p" dropout_param { dropout_ratio: 0.25 } }
layers { name: "f" type: INNER_PRODUCT bottom: "p" top: "f" inner_product_param { num_output: 5 } }
layers { name: "cc" type: CONCAT bottom: "f" bottom: "f" top: "cc" concat_param { concat_dim: 0 } }
layers { name: "s" type: SOFTMAX bottom: "cc" top: "s" }`

	v0 = `name: "net" input: "x" input_dim: 2 input_dim: 3 input_dim: 8 input_dim: 9
layers { layer { name: "pad" type: "padding" pad: 2 } bottom: "x" top: "pad" }
layers { layer { name: "c" type: "conv" num_output: 4 kernelsize: 3 stride: 2 group: 1 biasterm: false blobs_lr: 3 weight_decay: 0.5
  weight_filler { type: "constant" } } bottom: "pad" top: "c" }
layers { layer { name: "r" type: "relu" } bottom: "c" top: "c" }
layers { layer { name: "n" type: "lrn" local_size: 3 alpha: 0.5 beta: 0.25 k: 2 } bottom: "c" top: "n" }
layers { layer { name: "pad2" type: "padding" pad: 1 } bottom: "n" top: "pad2" }
layers { layer { name: "p" type: "pool" pool: AVE kernelsize: 2 stride: 1 } bottom: "pad2" top: "p" }
layers { layer { name: "d" type: "dropout" dropout_ratio: 0.25 } bottom: "p" top: "p" }
layers { layer { name: "f" type: "innerproduct" num_output: 5 } bottom: "p" top: "f" }
layers { layer { name: "cc" type: "concat" concat_dim: 0 } bottom: "f" bottom: "f" top: "cc" }
layers { layer { name: "s" type: "softmax" } bottom: "cc" top: "s" }`
)

func TestFormatsAgree(t *testing.T) {
	want := parse(t, present)
	wantGraph := outline(lower(t, present))
	for name, text := range map[string]string{"V1": v1, "V0": v0} {
		if diff := cmp.Diff(wantGraph, outline(lower(t, text))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(want.Layers[1].Params, parse(t, text).Layers[1].Params); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestPaddingOrigin(t *testing.T) {
	got := lower(t, v0).Node("c").Origin.String()
	if want := "net.prototxt:3:1 (pad, c; padding 2 of the layer pad taken over)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestV1Sharing(t *testing.T) {
	n := parse(t, `layers { name: "f" type: INNER_PRODUCT param: "w" param: "b" blob_share_mode: STRICT blob_share_mode: PERMISSIVE }`)
	want := []caffe.ParamSpec{{Name: "w", LR: 1, Decay: 1}, {Name: "b", Permissive: true, LR: 1, Decay: 1}}
	if diff := cmp.Diff(want, n.Layers[0].Params); diff != "" {
		t.Error(diff)
	}
}

func TestV0Errors(t *testing.T) {
	const in = "input: \"x\" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 9\n"
	for _, row := range []struct{ name, text, want string }{
		{"type", `layers { layer { name: "c" type: "convolution" } }`, `net.prototxt:2:28: unknown layer type "convolution"`},
		{"near type", `layers { layer { name: "c" type: "cnov" } }`, `net.prototxt:2:28: unknown layer type "cnov"; did you mean "conv"?`},
		{"two formats", `layers { layer { name: "r" type: "relu" } bottom: "x" top: "x" } layers { name: "s" type: SOFTMAX bottom: "x" top: "s" }`,
			"net.prototxt:2:66: expected layers { layer { ... } } as elsewhere in this file, found a layer without it"},
		{"padding before relu", `layers { layer { name: "p" type: "padding" pad: 1 } bottom: "x" top: "p" } layers { layer { name: "r" type: "relu" } bottom: "p" top: "r" }`,
			`net.prototxt:2:76: layer "r" (ReLU): reads the padding layer "p"; only a convolution or pooling with one bottom may`},
		{"padding with two tops", `layers { layer { name: "p" type: "padding" pad: 1 } bottom: "x" top: "p" top: "q" } layers { layer { name: "c" type: "conv" num_output: 1 kernelsize: 1 } bottom: "p" top: "c" }`,
			`net.prototxt:2:1: layer "p" (padding): a padding layer has one bottom and one top, found 1 and 2`},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := refused(t, in+row.text, nil); got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

func TestV0IgnoredField(t *testing.T) {
	g := lower(t, `input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 9 layers { layer { name: "r" type: "relu" stride: 2 } bottom: "x" top: "y" }`)
	if want := []string{"net.prototxt:1:104: Caffe ignores stride in a layer of type relu"}; !cmp.Equal(g.Notes, want) {
		t.Errorf("got %q, want %q", g.Notes, want)
	}
}
