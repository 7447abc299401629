package caffe_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/importers/caffe"
)

func TestTextErrors(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"typo in a setting", input + "layer { name: \"c\" type: \"Convolution\" bottom: \"x\" top: \"c\"\n  convolution_param { num_output: 4 kernelsize: 3 } }",
			`net.prototxt:3:37: ConvolutionParameter has no field "kernelsize"; did you mean "kernel_size"?`},
		{"typo in a layer", "layer { name: \"c\" tpye: \"Convolution\" }", `net.prototxt:1:19: LayerParameter has no field "tpye"; did you mean "type"?`},
		{"typo in the net", "nmae: \"net\"", `net.prototxt:1:1: NetParameter has no field "nmae"; did you mean "name"?`},
		{"setting outside its message", "layer { num_axes: 3 }", `net.prototxt:1:9: LayerParameter has no field "num_axes"; it is a field of bias_param, reshape_param, scale_param`},
		{"no such thing at all", "layer { zzzzzzzz: 3 }", `net.prototxt:1:9: LayerParameter has no field "zzzzzzzz"`},
		{"stated twice", "name: \"a\"\nname: \"b\"", "net.prototxt:2:1: name is stated twice; it was at 1:1 before"},
		{"a number for a name", "name: 3", `net.prototxt:1:1: name should hold a string in quotes, found "3"`},
		{"a message for a number", "layer { pooling_param { stride { } } }", "net.prototxt:1:25: stride should hold an integer, found a message"},
		{"a number for a message", "layer { pooling_param: 3 }", "net.prototxt:1:9: pooling_param should hold a message in braces: pooling_param { ... }"},
		{"negative", "layer { pooling_param { pad: -1 } }", "net.prototxt:1:25: pad should be between 0 and 4294967295, found -1"},
		{"too large", "layer { concat_param { axis: 2147483648 } }", "net.prototxt:1:24: axis should be between -2147483648 and 2147483647, found 2147483648"},
		{"enum", "layer { pooling_param { pool: AVG } }", `net.prototxt:1:25: pool has no value AVG; did you mean "AVE"?`},
		{"far enum", "layer { pooling_param { pool: MEDIAN } }", "net.prototxt:1:25: pool has no value MEDIAN; it is one of MAX, AVE, STOCHASTIC"},
		{"enum's number", "layer { reduction_param { operation: 0 } }", "net.prototxt:1:27: operation has no value 0; it is one of SUM, ASUM, SUMSQ, MEAN"},
		{"enum as a string", "layers { type: \"CONVOLUTION\" }", "net.prototxt:1:10: type should hold a name without quotes, such as DECONVOLUTION"},
		{"both formats", "layer { name: \"a\" }\nlayers { name: \"b\" }",
			"net.prototxt:2:1: the file has layers of both formats, 'layers' here and 'layer' at 1:1; write all as layer { type: \"Convolution\" ... }"},
		{"a solver", "net: \"train.prototxt\"\nbase_lr: 0.1", "net.prototxt: this is a solver's file; name the network's, which the solver gives as `net: \"...\"`"},
		{"no layers", "name: \"empty\"", "net.prototxt: the network has no layers in phase TEST"},
		{"no type", "layer { name: \"a\" }", `net.prototxt:1:1: layer "a" has no type`},
		{"cut off", "layer { name: \"a\"", "net.prototxt:1:7: expected the } that closes this message, found the end of the file"},
		{"input_dim", "input: \"x\" input_dim: 1 input_dim: 3 input_dim: 8", "net.prototxt:1:38: expected 4 input_dim for each of 1 inputs, found 3"},
		{"input_shape", "input: \"x\" input: \"y\" input_shape { dim: 1 }", "net.prototxt:1:23: expected one input_shape for each of 2 inputs, found 1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := refused(t, row.text, nil); got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

// TestTextForms checks what may be written in several ways.
func TestTextForms(t *testing.T) {
	want := outline(lower(t, input+`layer { name: "p" type: "Pooling" bottom: "x" top: "p" pooling_param { pool: AVE kernel_size: 3 round_mode: FLOOR } }`))
	for _, text := range []string{
		"# a comment\n" + input + `layer { name: 'p' type: "Poo" "ling" bottom: ["x"] top: "p" pooling_param: { pool: 1, kernel_size: 0x3; round_mode: 1 } }`,
		input + `layer < name: "p" type: "Pooling" bottom: "x" top: "p" pooling_param < pool: AVE # the mean
			kernel_size: 3 round_mode: FLOOR > >`,
	} {
		if diff := cmp.Diff(want, outline(lower(t, text))); diff != "" {
			t.Error(diff)
		}
	}
}

// TestModel checks what a Net holds for those who want to look at it.
func TestModel(t *testing.T) {
	n := parse(t, `name: "small" state { phase: TRAIN }
layer { name: "c" type: "Convolution" bottom: "x" top: "y"
  param { name: "w" lr_mult: 0.1 share_mode: PERMISSIVE } param { decay_mult: 0 }
  convolution_param { num_output: 2 kernel_size: 1 weight_filler { type: "xavier" } } }`)
	l := n.Layers[0]
	want := []caffe.ParamSpec{{Name: "w", Permissive: true, LR: 0.1, Decay: 1, LRStated: true}, {LR: 1, Decay: 0, DecayStated: true}}
	if diff := cmp.Diff(want, l.Params); diff != "" {
		t.Error(diff)
	}
	p := l.Settings.Sub("convolution_param")
	if got, want := []any{n.Name, l.Name, l.Type, l.Settings.Position, p.Int("num_output", 0), p.Position}, []any{"small", "c", "Convolution", "2:1", 2, "4:3"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTooDeep(t *testing.T) {
	text := strings.Repeat("layer {", 1<<16)
	if got, want := refused(t, text, nil), "nested more than 100 deep"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}
