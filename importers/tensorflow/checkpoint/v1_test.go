package checkpoint

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
)

const formats = "../../../fixtures/formats/"

// The same values in both formats, bit for bit: a whole variable, and one that was saved in three parts.
func TestV1EqualsV2(t *testing.T) {
	want := openOK(t, formats+"saved-v1/variables/variables")
	for _, path := range []string{"v1/model.ckpt", "v1/sharded.ckpt", "v1/sharded.ckpt-00000-of-00001"} {
		got := openOK(t, formats+path)
		if got.Version != 1 || len(got.Entries()) != 5 {
			t.Errorf("%s: version %d with %d tensors", path, got.Version, len(got.Entries()))
		}
		for _, e := range want.Entries() {
			a, err := want.Read(e.Name)
			if err != nil {
				t.Fatal(err)
			}
			b, err := got.Read(e.Name)
			if err != nil || !cmp.Equal(a.(*tensor.Tensor[float32]), b.(*tensor.Tensor[float32])) {
				t.Errorf("%s: %s differs: %v", path, e.Name, err)
			}
		}
	}
	if got := openOK(t, formats+"v1/model.ckpt").byName["parts/v"]; len(got.Slices) != 3 {
		t.Errorf("parts/v has %d slices", len(got.Slices))
	}
}

func TestV1Files(t *testing.T) {
	if got := openOK(t, formats+"v1/sharded.ckpt").Shards(); !cmp.Equal(got, []string{"sharded.ckpt-00000-of-00001"}) {
		t.Errorf("got %v", got)
	}
	for path, want := range map[string]bool{"v1/model.ckpt": true, "v1/graph.pb": false, "saved-v1/variables/variables.index": false, "none": false} {
		if got := IsV1(formats + path); got != want {
			t.Errorf("%s: got %v", path, got)
		}
	}
	for path, want := range map[string]bool{"v1/sharded.ckpt": true, "v1/model.ckpt": true, "saved-v1/variables/variables": true, "v1/graph.pb": false} {
		if got := Exists(formats + path); got != want {
			t.Errorf("%s: got %v", path, got)
		}
	}
}

func TestDamagedV1(t *testing.T) {
	data, err := os.ReadFile(formats + "v1/model.ckpt")
	if err != nil {
		t.Fatal(err)
	}
	try := func(data []byte) error {
		c := newV1("x", []string{"x"})
		err := c.addV1("x", data)
		readAll(c, err)
		return err
	}
	for n := range data {
		if try(data[:n]) == nil {
			t.Errorf("cut to %d bytes: want an error", n)
		}
	}
	for i := range len(data) * 8 {
		broken := bytes.Clone(data)
		broken[i/8] ^= 1 << (i % 8)
		_ = try(broken)
		repair(broken)
		_ = try(broken)
	}
}

// A shard of the one and the head of the other are told apart.
func TestMistakenFiles(t *testing.T) {
	copied := filepath.Join(t.TempDir(), "model.ckpt")
	data, err := os.ReadFile(formats + "v1/graph.pb")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(copied); err == nil || !strings.Contains(err.Error(), "no V1 checkpoint either") {
		t.Errorf("got %v", err)
	}
}

func TestObjects(t *testing.T) {
	c := openOK(t, formats+"checkpoint/model.ckpt")
	e, ok := c.Entry("stem/kernel")
	if !ok || e.Name != "model/layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE" || e.Variable != "stem/kernel" {
		t.Errorf("got %v, %v", e, ok)
	}
	if v, err := c.Read("prob/bias"); err != nil || !v.Dims().Equal(tensor.Shape{5}) {
		t.Errorf("got %v", err)
	}
	// Two variables have the name kernel here, so that it finds neither.
	two := openOK(t, formats+"module/variables/variables")
	if _, ok := two.Entry("kernel"); ok {
		t.Error("a name of two variables found one of them")
	}
	if _, ok := two.Entry("v/.ATTRIBUTES/VARIABLE_VALUE"); !ok {
		t.Error("the path of an object found nothing")
	}
}

func TestDamagedObjects(t *testing.T) {
	folder := t.TempDir()
	index, err := os.ReadFile(formats + "checkpoint/model.ckpt.index")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(formats + "checkpoint/model.ckpt.data-00000-of-00001")
	if err != nil {
		t.Fatal(err)
	}
	prefix := filepath.Join(folder, "model.ckpt")
	save(t, prefix+".index", index)
	e := openOK(t, prefix).byName[objectGraph]
	for i := e.offset; i < e.offset+e.size; i += 7 {
		broken := bytes.Clone(data)
		broken[i] ^= 4
		save(t, prefix+".data-00000-of-00001", broken)
		if _, err := Open(prefix); err == nil {
			t.Fatalf("byte %d is wrong: want an error", i)
		}
	}
}

func TestRoles(t *testing.T) {
	prefix := write(t, []saved{
		{name: "conv/weights", shape: tensor.Shape{2}, values: []float32{1, 2}},
		{name: "conv/weights/ExponentialMovingAverage", shape: tensor.Shape{2}, values: []float32{3, 4}},
		{name: "conv/weights/Momentum", shape: tensor.Shape{2}, values: []float32{5, 6}},
		{name: "conv/weights/Adam_1", shape: tensor.Shape{2}, values: []float32{7, 8}},
		{name: "conv/moving_mean", shape: tensor.Shape{1}, values: []float32{9}},
		{name: "beta1_power", shape: tensor.Shape{}, values: []float32{10}},
		{name: "global_step", shape: tensor.Shape{}, values: []float32{11}},
		{name: "m/k/.OPTIMIZER_SLOT/opt/v/.ATTRIBUTES/VARIABLE_VALUE", shape: tensor.Shape{}, values: []float32{12}},
		{name: "optimizer/_variables/1/.ATTRIBUTES/VARIABLE_VALUE", shape: tensor.Shape{}, values: []float32{13}},
		{name: "optimizer/_trainable_variables/0/.ATTRIBUTES/VARIABLE_VALUE", shape: tensor.Shape{}, values: []float32{15}}, // the model's own
		{name: "save_counter/.ATTRIBUTES/VARIABLE_VALUE", shape: tensor.Shape{}, values: []float32{14}},
	})
	c := openOK(t, prefix)
	got := map[string]Role{}
	for _, e := range c.Entries() {
		if r := c.Role(e); r != "" {
			got[e.Name] = r
		}
	}
	want := map[string]Role{
		"conv/weights/ExponentialMovingAverage": "moving average of conv/weights",
		"conv/weights/Momentum":                 "slot Momentum of conv/weights",
		"conv/weights/Adam_1":                   "slot Adam_1 of conv/weights",
		"beta1_power":                           "state of the optimiser",
		"global_step":                           "step",
		"m/k/.OPTIMIZER_SLOT/opt/v/.ATTRIBUTES/VARIABLE_VALUE": "slot opt/v of m/k",
		"optimizer/_variables/1/.ATTRIBUTES/VARIABLE_VALUE":    "state of the optimiser",
		"save_counter/.ATTRIBUTES/VARIABLE_VALUE":              "step",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	averaged, err := NewAveraged(c)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float32{"conv/weights": 3, "conv/moving_mean": 9} {
		v, err := averaged.Read(name)
		if err != nil || v.(*tensor.Tensor[float32]).Data[0] != want {
			t.Errorf("%s: got %v, %v", name, v, err)
		}
		raw, err := c.Read(name)
		if err != nil || raw.(*tensor.Tensor[float32]).Data[0] == 3 {
			t.Errorf("%s: got the average unasked", name)
		}
	}
	if _, err := NewAveraged(openOK(t, narrow)); err == nil || !strings.Contains(err.Error(), "expected moving averages") {
		t.Errorf("got %v", err)
	}
}
