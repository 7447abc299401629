package savedmodel

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/importers/tensorflow/graphdef"
)

const formats = "../../../fixtures/formats/"

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestModule(t *testing.T) {
	file, ok := File(formats + "module")
	if !ok {
		t.Fatal("no saved_model.pb")
	}
	g, err := Parse(file, read(t, file))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"of the signatures head, serving_default the one named serving_default was taken"}; !cmp.Equal(g.Notes, want) {
		t.Errorf("got %q", g.Notes)
	}
	if want := []graphdef.Binding{{Name: "photo", Tensor: "serving_default_photo:0"}}; !cmp.Equal(g.Feeds, want) {
		t.Errorf("got the inputs %v", g.Feeds)
	}
	if !strings.HasSuffix(g.Weights, "variables") {
		t.Errorf("got the weights %q", g.Weights)
	}
	// The graph has two variables that are called kernel; what restores them tells them apart.
	saved := map[string]bool{}
	for _, n := range g.Nodes {
		if n.Op == "VarHandleOp" {
			saved[n.Saved] = true
		}
		if strings.HasSuffix(n.Op, "PartitionedCall") {
			t.Errorf("%s calls a function", n.Name)
		}
	}
	want := map[string]bool{}
	for _, path := range []string{"block/w", "block/b", "v", "c"} {
		want[path+"/.ATTRIBUTES/VARIABLE_VALUE"] = true
	}
	if diff := cmp.Diff(want, saved); diff != "" {
		t.Error(diff)
	}
}

func TestTensorFlow1(t *testing.T) {
	file, _ := File(formats + "saved-v1")
	g, err := Parse(file, read(t, file))
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Notes) > 0 || len(g.Fetches) != 1 || g.Fetches[0].Tensor != "prob" {
		t.Errorf("got %q, %v", g.Notes, g.Fetches)
	}
	for _, n := range g.Nodes {
		if strings.Contains(n.Op, "Save") || strings.Contains(n.Op, "Restore") {
			t.Errorf("%s only saves", n.Name)
		}
		if n.Op == "VariableV2" && n.Saved != n.Name {
			t.Errorf("%s is saved as %q", n.Name, n.Saved)
		}
	}
}

func meta(tags ...string) *graphdef.MetaGraph {
	return &graphdef.MetaGraph{Graph: &graphdef.Graph{}, Tags: tags}
}

func TestChoices(t *testing.T) {
	tpu, cpu, train := meta("serve", "tpu"), meta("serve"), meta("train")
	got, notes := chooseGraph([]*graphdef.MetaGraph{train, tpu, cpu})
	if want := "of the SavedModel's 3 graphs (train; serve,tpu; serve) the one tagged serve was taken"; got != cpu || len(notes) != 1 || notes[0] != want {
		t.Errorf("got %v, %q", got.Tags, notes)
	}
	binding := []graphdef.Binding{{Name: "x", Tensor: "x:0"}}
	signature := func(name string) *graphdef.Signature {
		return &graphdef.Signature{Name: name, Inputs: binding, Outputs: binding}
	}
	cpu.Signatures = []*graphdef.Signature{{Name: "__saved_model_init_op", Outputs: binding}, signature("classify"), signature("predict")}
	s, notes, err := chooseSignature(cpu)
	if err != nil || s.Name != "classify" || len(notes) != 1 || !strings.Contains(notes[0], "of the signatures classify, predict") {
		t.Errorf("got %v, %q, %v", s, notes, err)
	}
	cpu.Signatures = cpu.Signatures[:1]
	if s, notes, err := chooseSignature(cpu); s != nil || err != nil || len(notes) != 1 {
		t.Errorf("got %v, %q, %v", s, notes, err)
	}
	cpu.Functions = []*graphdef.Function{{}}
	if _, _, err := chooseSignature(cpu); err == nil || !strings.Contains(err.Error(), "no signature with inputs and outputs") {
		t.Errorf("got %v", err)
	}
	if _, err := needed(cpu.Graph, signature("classify")); err == nil || !strings.Contains(err.Error(), `names the tensor "x:0" as x`) {
		t.Errorf("got %v", err)
	}
}

// The output of a Keras layer is the last node of its scope; a scope that others read at two places has none.
func TestLayers(t *testing.T) {
	node := func(name, op string, in ...string) *graphdef.Node {
		return &graphdef.Node{Name: name, Op: op, Inputs: in}
	}
	g := &graphdef.Graph{Nodes: []*graphdef.Node{
		node("image", "Placeholder"), node("conv/kernel", "VarHandleOp"), node("net/conv/Conv2D", "Conv2D", "image", "conv/kernel"),
		node("net/conv/Relu", "Relu", "net/conv/Conv2D"), node("net/two/A", "Relu", "net/conv/Relu"), node("net/two/B", "Relu", "net/conv/Relu"),
		node("net/add/add", "AddV2", "net/two/A", "net/two/B"), node("Identity", "Identity", "net/add/add"),
	}, Fetches: []graphdef.Binding{{Name: "out", Tensor: "Identity"}}}
	if got, want := layers(g), map[string]string{"conv": "net/conv/Relu", "add": "net/add/add"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	g.Nodes = append(g.Nodes, node("other/x", "Relu", "image"))
	if got := layers(g); got != nil {
		t.Errorf("two models: got %v", got)
	}
}

// Damage is an error or does no harm, never a panic.
func TestDamage(t *testing.T) {
	for _, side := range []string{"module", "saved-v1"} {
		file, _ := File(formats + side)
		data := read(t, file)
		for n := 0; n < len(data); n += 41 {
			_, _ = Parse(file, data[:n])
		}
		for i := 0; i < len(data)*8; i += 173 {
			broken := bytes.Clone(data)
			broken[i/8] ^= 1 << (i % 8)
			_, _ = Parse(file, broken)
		}
	}
}
