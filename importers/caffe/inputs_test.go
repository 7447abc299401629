package caffe_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestInputs checks the shapes that can be told from each kind of layer that brings data in. The batch is always open.
func TestInputs(t *testing.T) {
	for _, row := range []struct{ name, layer, want string }{
		{"declared", `type: "Input" top: "x" top: "l" input_param { shape { dim: 10 dim: 3 dim: 4 dim: 5 } shape { dim: 10 } }`, "x [-1 3 4 5], l [-1]"},
		{"one for all", `type: "Input" top: "x" top: "l" input_param { shape { dim: 10 dim: 3 } }`, "x [-1 3], l [-1 3]"},
		{"undeclared", `type: "Input" top: "x" top: "l"`, "x [], l []"},
		{"database", `type: "Data" top: "x" top: "l" data_param { batch_size: 7 } transform_param { crop_size: 227 }`, "x [-1 -1 227 227], l [-1]"},
		{"uncropped", `type: "Data" top: "x" top: "l" data_param { batch_size: 7 }`, "x [-1 -1 -1 -1], l [-1]"},
		{"old crop", `type: "Data" top: "x" top: "l" data_param { crop_size: 20 }`, "x [-1 -1 20 20], l [-1]"},
		{"images", `type: "ImageData" top: "x" top: "l" image_data_param { new_height: 20 new_width: 30 }`, "x [-1 3 20 30], l [-1]"},
		{"gray", `type: "ImageData" top: "x" top: "l" image_data_param { is_color: false }`, "x [-1 1 -1 -1], l [-1]"},
		{"windows", `type: "WindowData" top: "x" top: "l" window_data_param { crop_size: 227 }`, "x [-1 3 227 227], l [-1]"},
		{"memory", `type: "MemoryData" top: "x" top: "l" memory_data_param { batch_size: 2 channels: 3 height: 4 width: 5 }`, "x [-1 3 4 5], l [-1]"},
		{"hdf5", `type: "HDF5Data" top: "x" top: "l" hdf5_data_param { source: "a" }`, "x [], l []"},
		{"dummy", `type: "DummyData" top: "x" top: "l" dummy_data_param { num: 2 num: 3 channels: 4 channels: 5 height: 1 height: 1 width: 6 width: 7 }`, "x [-1 4 1 6], l [-1 5 1 7]"},
		{"dummy shape", `type: "DummyData" top: "x" top: "l" dummy_data_param { shape { dim: 2 dim: 5 } }`, "x [-1 5], l [-1 5]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := lower(t, `layer { name: "in" `+row.layer+` } layer { name: "py" type: "Python" bottom: "x" bottom: "l" top: "y" }`)
			var got []string
			for _, in := range g.Inputs {
				got = append(got, fmt.Sprint(in.Name, " ", []int(in.Shape)))
			}
			if diff := cmp.Diff(row.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInputErrors(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{`layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 1 } shape { dim: 2 } } }`,
			`net.prototxt:1:1: layer "in" (Input): expected one shape, or one for each of the 1 tops, found 2`},
		{`layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 1 dim: 0 } } }`,
			`net.prototxt:1:72: layer "in" (Input): extents must be positive, found [1 0]`},
		{`layer { name: "in" type: "DummyData" top: "x" dummy_data_param { num: 1 channels: 1 height: 1 } }`,
			`net.prototxt:1:47: layer "in" (DummyData): num, channels, height and width must be stated equally often`},
		{input + input, `net.prototxt:2:1: layer "in" (Input): writes the blob "x", which a layer before it writes; give it a top of its own`},
		{input + `layer { name: "in2" type: "Input" bottom: "x" top: "y" }`, `net.prototxt:2:1: layer "in2" (Input): reads no blobs, found the bottom "x"`},
	} {
		if got := refused(t, row.text, nil); got != row.want {
			t.Errorf("got\n%s\nwant\n%s", got, row.want)
		}
	}
}

// TestUnreadLabels checks that labels which only training needs do not have to be fed.
func TestUnreadLabels(t *testing.T) {
	g := lower(t, `layer { name: "d" type: "Data" top: "x" top: "label" } layer { name: "r" type: "ReLU" bottom: "x" top: "y" }`)
	if len(g.Inputs) != 1 || g.Inputs[0].Name != "x" || len(g.Notes) != 1 || !strings.Contains(g.Notes[0], `"label"`) {
		t.Errorf("got inputs %v, notes %q", g.Inputs, g.Notes)
	}
}
