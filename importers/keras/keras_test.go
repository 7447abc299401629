package keras

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/fixtures/npz"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/keras/config"
)

const formats = "../../fixtures/formats/"

func load(t *testing.T, model, weights string) *graph.Graph {
	t.Helper()
	g, err := Load(model, weights)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// unpacked writes the members of the .keras archive to files of their own and returns their folder.
func unpackedArchive(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	z, err := zip.OpenReader(formats + "keras3/more.keras")
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, f.Name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// Every layer's output as Keras recorded it, by the layer's name.
func TestRecordedLayers(t *testing.T) {
	for side, layers := range map[string]int{"keras3": 28, "keras2": 1, "checkpoint": 1} {
		model, weights, inputs := formats+"keras3/more.keras", "", "keras3"
		switch side {
		case "keras2":
			model, inputs = formats+"keras2/small.h5", "keras2"
		case "checkpoint":
			model, weights, inputs = formats+"checkpoint/small.json", formats+"checkpoint/model.ckpt", "keras2"
		}
		g := load(t, model, weights)
		fed, err := npz.Read(formats + inputs + "/inputs.npz")
		if err != nil {
			t.Fatal(err)
		}
		x, _ := fed.Get(g.Inputs[0].Name)
		in := map[string]*tensor.Tensor[float32]{g.Inputs[0].Name: graph.ToCommon(g.Values[g.Inputs[0].Name], tensor.As[float32](x))}
		r, err := engine.Run(context.Background(), g, in, engine.Options[float32]{Keep: engine.All})
		if err != nil {
			t.Fatal(err)
		}
		recorded, err := npz.Read(formats + inputs + "/tensors.npz")
		if err != nil || recorded.Len() != layers {
			t.Fatalf("%d tensors, %v", recorded.Len(), err)
		}
		for _, name := range recorded.Names() {
			value := name
			if of, ok := g.Aliases[name]; ok {
				value = of
			}
			got := r.Values[value]
			if got == nil {
				t.Errorf("%s: no value is called %s", side, name)
				continue
			}
			v, _ := recorded.Get(name)
			near(t, side+" "+name, graph.FromCommon(g.Values[value], got), tensor.As[float32](v))
		}
	}
}

// near allows for 2e-5 of the largest value.
func near(t *testing.T, name string, got, want *tensor.Tensor[float32]) {
	t.Helper()
	if !got.Shape.Equal(want.Shape) {
		t.Errorf("%s: got the shape %v, want %v", name, got.Shape, want.Shape)
		return
	}
	largest, worst := 0.0, 0.0
	for i, v := range want.Data {
		largest = max(largest, math.Abs(float64(v)))
		worst = max(worst, math.Abs(float64(v-got.Data[i])))
	}
	if !(worst <= 2e-5*largest) {
		t.Errorf("%s: off by %g of %g", name, worst, largest)
	}
}

func weightsOf(g *graph.Graph) map[string]*tensor.Tensor[float32] {
	m := map[string]*tensor.Tensor[float32]{}
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			m[p.Name] = p.Value.(*tensor.Tensor[float32])
		}
	}
	return m
}

// The same weights in whatever files, bit for bit.
func TestFilesAgree(t *testing.T) {
	folder := unpackedArchive(t)
	archive := weightsOf(load(t, formats+"keras3/more.keras", ""))
	apart := weightsOf(load(t, filepath.Join(folder, "config.json"), filepath.Join(folder, "model.weights.h5")))
	if diff := cmp.Diff(archive, apart); diff != "" || len(archive) != 29 {
		t.Errorf("the archive and its parts: %d weights, %s", len(archive), diff)
	}
	mixed := weightsOf(load(t, filepath.Join(folder, "config.json"), formats+"keras3/more.keras"))
	if diff := cmp.Diff(archive, mixed); diff != "" {
		t.Errorf("weights from an archive: %s", diff)
	}
	h5 := weightsOf(load(t, formats+"keras2/small.h5", ""))
	checkpoint := weightsOf(load(t, formats+"checkpoint/small.json", formats+"checkpoint/model.ckpt"))
	for name, v := range h5 {
		other := checkpoint[name]
		if other == nil { // Keras 3 has another name for it
			other = checkpoint[strings.Replace(name, "/kernel", "/depthwise_kernel", 1)]
		}
		if !cmp.Equal(v, other) {
			t.Errorf("%s differs between HDF5 and checkpoint", name)
		}
	}
	if len(h5) < 24 || len(h5) != len(checkpoint) {
		t.Errorf("%d and %d weights", len(h5), len(checkpoint))
	}
}

func TestShared(t *testing.T) {
	g := load(t, formats+"keras3/more.keras", "")
	a, b := g.Node("shared/Conv2D"), g.Node("shared_1/Conv2D")
	if a == nil || b == nil || a.Params[0] != b.Params[0] {
		t.Error("two calls of a layer do not share its weights")
	}
	if g.Aliases["stem"] != "stem/prelu" || g.Aliases["inner:1"] == "" {
		t.Errorf("the models within are known as %v", g.Aliases)
	}
}

func TestErrors(t *testing.T) {
	folder := unpackedArchive(t)
	description, held := filepath.Join(folder, "config.json"), filepath.Join(folder, "model.weights.h5")
	subclass := filepath.Join(folder, "subclass.json")
	if err := os.WriteFile(subclass, []byte(`{"class_name": "MyNet", "config": {}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ model, weights, want string }{
		{held, "", "expected a whole model, found weights only: give the model's JSON"},
		{description, "", "found its description only: give the weights"},
		{description, formats + "keras2/small.h5", "they belong to another model"},
		{description, formats + "v1/model.ckpt", "found none for 24 of them"},
		{subclass, held, `found class_name "MyNet"; what another class does stands in its code`},
		{formats + "v1/graph.pb", "", "expected a Keras model as JSON"},
		{formats + "keras3/none.keras", "", "no such file"},
	} {
		if _, err := Load(c.model, c.weights); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %s: got %v, want %q", c.model, c.weights, err, c.want)
		}
	}
	m, w, err := Read(description)
	if err != nil || w != nil {
		t.Fatal(err)
	}
	g, err := Lower(m, nil)
	if err != nil || len(g.Notes) != 1 || !strings.Contains(g.Notes[0], "weights have no values") {
		t.Errorf("to look at: %v, %v", g, err)
	}
	if HoldsModel(held) || !HoldsModel(formats+"keras2/small.h5") {
		t.Error("models and weights are not told apart")
	}
}

// Damage is an error or does no harm, never a panic.
func TestDamage(t *testing.T) {
	data, err := os.ReadFile(formats + "keras3/more.keras")
	if err != nil {
		t.Fatal(err)
	}
	try := func(data []byte) {
		m, w, err := readArchive("x.keras", data)
		if err == nil {
			_, _ = Lower(m, w)
		}
	}
	for n := 0; n < len(data); n += 503 {
		try(data[:n])
	}
	for i := 0; i < len(data)*8; i += 3019 {
		broken := bytes.Clone(data)
		broken[i/8] ^= 1 << (i % 8)
		try(broken)
	}
	description, err := os.ReadFile(formats + "checkpoint/small.json")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(description); i += 5 {
		broken := bytes.Clone(description)
		broken[i] ^= 1 << (i % 7)
		if m, err := config.Parse("x.json", broken); err == nil {
			_, _ = Lower(m, nil)
		}
		if _, err := config.Parse("x.json", description[:i]); err == nil {
			t.Errorf("cut to %d bytes: want an error", i)
		}
	}
}

func TestArchiveThatClaims(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("config.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := readArchive("x.keras", b.Bytes()); err == nil || !strings.Contains(err.Error(), "config.json claims 1048576 bytes, packed into") {
		t.Errorf("got %v", err)
	}
}
