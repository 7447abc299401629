package caffe_test

import (
	"strings"
	"testing"
)

// sequences are inputs of recurrent layers: x and cont, a static input and a state.
const sequences = `layer { name: "in" type: "Input" top: "x" top: "cont" top: "s" top: "h" top: "flat" input_param {
shape { dim: 4 dim: 2 dim: 3 } shape { dim: 4 dim: 2 } shape { dim: 2 dim: 6 } shape { dim: 1 dim: 2 dim: 5 } shape { dim: 2 } } }
`

func TestRecurrentLayers(t *testing.T) {
	for _, row := range []struct{ layer, want string }{
		{`type: "RNN" bottom: "x" bottom: "cont" top: "y" recurrent_param { num_output: 5 }`,
			"l: RNN(x cont) outputs=5 truncated=yes -> y"},
		{`type: "LSTM" bottom: "x" bottom: "cont" bottom: "s" top: "y" recurrent_param { num_output: 5 debug_info: true weight_filler { type: "xavier" } bias_filler { value: 1 } }`,
			"l: LSTM(x cont s) outputs=5 static input=yes truncated=yes -> y"},
		{`type: "RNN" bottom: "x" bottom: "cont" bottom: "h" top: "y" top: "hT" recurrent_param { num_output: 5 expose_hidden: true }`,
			"l: RNN(x cont h) outputs=5 states=yes truncated=yes -> y hT"},
		{`type: "LSTM" bottom: "x" bottom: "cont" bottom: "s" bottom: "h" bottom: "h" top: "y" top: "hT" top: "cT" recurrent_param { num_output: 5 expose_hidden: true }`,
			"l: LSTM(x cont s h h) outputs=5 static input=yes states=yes truncated=yes -> y hT cT"},
	} {
		if got := outline(lower(t, sequences+`layer { name: "l" `+row.layer+` }`)); !strings.Contains(got, "\n"+row.want+"\n") {
			t.Errorf("got\n%s\nwant\n%s", got, row.want)
		}
	}
}

func TestRecurrentErrors(t *testing.T) {
	for _, row := range []struct{ name, layer, want string }{
		{"no outputs", `type: "LSTM" bottom: "x" bottom: "cont" top: "y"`, "num_output must be positive, found 0"},
		{"no cont", `type: "LSTM" bottom: "x" top: "y" recurrent_param { num_output: 5 }`, "needs 2 to 5 bottoms, found 1"},
		{"states not exposed", `type: "LSTM" bottom: "x" bottom: "cont" bottom: "h" bottom: "h" top: "y" recurrent_param { num_output: 5 }`,
			"with expose_hidden false it needs 2 to 3 bottoms, found 4"},
		{"a state missing", `type: "LSTM" bottom: "x" bottom: "cont" bottom: "h" top: "y" top: "h1" top: "c1" recurrent_param { num_output: 5 expose_hidden: true }`,
			"with expose_hidden true it needs 4 to 5 bottoms, found 3"},
		{"a top missing", `type: "LSTM" bottom: "x" bottom: "cont" bottom: "h" bottom: "h" top: "y" top: "h1" recurrent_param { num_output: 5 expose_hidden: true }`,
			"with expose_hidden true it needs 3 top(s), found 2"},
		{"a top too many", `type: "RNN" bottom: "x" bottom: "cont" top: "y" top: "h1" recurrent_param { num_output: 5 }`,
			"with expose_hidden false it needs 1 top(s), found 2"},
		{"x without features", `type: "RNN" bottom: "cont" bottom: "cont" top: "y" recurrent_param { num_output: 5 }`,
			"multiplies its input 4x2 from axis 2 on, which it does not have"},
		{"static without features", `type: "RNN" bottom: "x" bottom: "cont" bottom: "flat" top: "y" recurrent_param { num_output: 5 }`,
			"multiplies its static input 2 from axis 1 on, which it does not have"},
		{"cont", `type: "RNN" bottom: "x" bottom: "s" top: "y" recurrent_param { num_output: 5 }`, "one continuation mark for each step and stream, 4x2, got 2x6"},
		{"state shape", `type: "RNN" bottom: "x" bottom: "cont" bottom: "h" top: "y" top: "h1" recurrent_param { num_output: 6 expose_hidden: true }`,
			"takes initial states of shape 1x2x6, state 0 has 1x2x5"},
		{"static shape", `type: "RNN" bottom: "x" bottom: "cont" bottom: "cont" top: "y" recurrent_param { num_output: 5 }`,
			"takes a static input for each of 2 streams, got 4x2"},
		{"in place", `type: "RNN" bottom: "x" bottom: "cont" top: "x" recurrent_param { num_output: 3 }`, `cannot overwrite the blob "x" that it reads`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := refused(t, sequences+`layer { name: "l" `+row.layer+` }`, nil)
			if !strings.Contains(got, row.want) || !strings.HasPrefix(got, "net.prototxt:3:") {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

func TestRecurrentNotes(t *testing.T) {
	for _, row := range []struct{ layer, want string }{
		{`bottom: "x" bottom: "cont" top: "y" recurrent_param { num_output: 5 }`, "from the hidden state that the run before it left"},
		{`bottom: "x" bottom: "cont" bottom: "h" top: "y" top: "h1" recurrent_param { num_output: 5 expose_hidden: true }`, "nor out to the initial ones"},
	} {
		notes := lower(t, sequences+`layer { name: "l" type: "RNN" `+row.layer+` }`).Node("l").Notes
		if len(notes) != 1 || !strings.Contains(notes[0], row.want) {
			t.Errorf("%s: got %q, want %q", row.layer, notes, row.want)
		}
	}
}

// TestRecurrentWeights checks the order and shapes of Caffe's blobs.
func TestRecurrentWeights(t *testing.T) {
	const lstm = sequences + `layer { name: "l" type: "LSTM" bottom: "x" bottom: "cont" bottom: "s" top: "y" recurrent_param { num_output: 2 } }`
	model := weights("l", blob([]int{8, 3}, count(24, 0)...), blob([]int{8}, count(8, 100)...), blob([]int{8, 6}, count(48, 200)...), blob([]int{8, 2}, count(16, 300)...))
	n := load(t, lstm, model).Node("l")
	if len(n.Params) != 4 {
		t.Fatalf("%d parameters", len(n.Params))
	}
	for i, want := range []string{"8x3", "8", "8x6", "8x2"} {
		if got := n.Params[i].Value.Dims().String(); got != want {
			t.Errorf("parameter %d has shape %s, want %s", i, got, want)
		}
	}
}
