package checkpoint

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
)

const narrow = "../../../fixtures/narrow_googlenet/tf-ckpt/model.ckpt"

var two = []saved{
	{name: "logits/biases", shape: tensor.Shape{2}, values: []float32{1, 2}, shard: 0},
	{name: "logits/weights", shape: tensor.Shape{3, 2}, values: []float32{1, 2, 3, 4, 5, 6}, shard: 1},
	{name: "model/layer/kernel/.ATTRIBUTES/VARIABLE_VALUE", shape: tensor.Shape{}, values: []float32{7}, shard: 1},
}

func openOK(t *testing.T, path string) *Checkpoint {
	t.Helper()
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func readOK(t *testing.T, c *Checkpoint, name string) *tensor.Tensor[float32] {
	t.Helper()
	v, err := c.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*tensor.Tensor[float32])
}

// TensorFlow's own file, in two shards, with every checksum verified.
func TestRecordedCheckpoint(t *testing.T) {
	c := openOK(t, narrow)
	if got, want := len(c.Entries()), 116; got != want {
		t.Errorf("got %d tensors, want %d", got, want)
	}
	elements := 0
	for _, e := range c.Entries() {
		v, err := c.Read(e.Name)
		if err != nil {
			t.Error(err)
			continue
		}
		elements += v.Dims().Len()
	}
	if want := (3720 + 387248) / 4; elements != want {
		t.Errorf("got %d elements, want %d: as many as both shards hold", elements, want)
	}
	e, ok := c.Entry("conv1/weights")
	if !ok || e.DType.String() != "float32" || !e.Shape.Equal(tensor.Shape{7, 7, 3, 8}) {
		t.Errorf("got %+v", e)
	}
}

func TestWrittenCheckpoint(t *testing.T) {
	c := openOK(t, write(t, two))
	var names []string
	for _, e := range c.Entries() {
		names = append(names, e.Name)
	}
	if want := []string{two[0].name, two[1].name, two[2].name}; !cmp.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	for _, s := range two {
		got := readOK(t, c, s.name)
		if !cmp.Equal(got.Data, s.values) || !got.Shape.Equal(s.shape) {
			t.Errorf("%s: got %v of %v, want %v", s.name, got.Data, got.Shape, s.values)
		}
	}
	if got := c.Shards(); len(got) != 2 {
		t.Errorf("got the shards %v", got)
	}
}

func TestEveryPathOfACheckpointIsUnderstood(t *testing.T) {
	prefix := write(t, two)
	note := filepath.Join(filepath.Dir(prefix), "checkpoint")
	save(t, note, []byte("model_checkpoint_path: \"model.ckpt\"\nall_model_checkpoint_paths: \"model.ckpt\"\n"))
	for _, path := range []string{prefix, prefix + ".index", prefix + ".meta", prefix + ".data-00001-of-00002", note} {
		if c := openOK(t, path); c.Prefix != prefix {
			t.Errorf("%s: got the prefix %s, want %s", path, c.Prefix, prefix)
		}
	}
	for path, want := range map[string]bool{prefix: false, prefix + ".index": true, prefix + ".data-00000-of-00002": true, note: true, filepath.Dir(prefix): false} {
		if got := IsFile(path); got != want {
			t.Errorf("IsFile(%s): got %v, want %v", path, got, want)
		}
	}
}

func TestCompressedBlocks(t *testing.T) {
	var pairs []pair
	for i := range 20 {
		pairs = append(pairs, pair{fmt.Sprintf("layer_%02d/weights", i), strings.Repeat("x", i)})
	}
	for _, packed := range []bool{false, true} {
		var got []pair
		err := table{"t", writeTable(pairs, packed)}.each(func(k, v []byte) error {
			got = append(got, pair{string(k), string(v)})
			return nil
		})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(pairs) {
			t.Errorf("packed %v: got %v, %v", packed, got, err)
		}
	}
}

// Parts of a partitioned variable: rows 0-1 and 2-4, whole columns.
func TestPartitionedVariable(t *testing.T) {
	top := Slice{[]int64{0, 0}, []int64{2, fullExtent}}
	bottom := Slice{[]int64{2, 0}, []int64{3, fullExtent}}
	tensors := []saved{
		{name: "w", shape: tensor.Shape{5, 2}, slices: []Slice{top, bottom}},
		{name: "w", shape: tensor.Shape{2, 2}, values: []float32{1, 2, 3, 4}, slice: &top},
		{name: "w", shape: tensor.Shape{3, 2}, values: []float32{5, 6, 7, 8, 9, 10}, slice: &bottom, shard: 1},
	}
	c := openOK(t, write(t, tensors))
	if len(c.Entries()) != 1 {
		t.Errorf("got %d tensors, want 1", len(c.Entries()))
	}
	if got, want := readOK(t, c, "w").Data, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	c = openOK(t, write(t, tensors[:2]))
	if _, err := c.Read("w"); err == nil || !strings.Contains(err.Error(), `"w" was saved in parts: the index has no float32 part of shape 3x2 that begins at [2 0]`) {
		t.Error(err)
	}
}

// What tensorflow/core/lib/strings/ordered_code.cc writes.
func TestOrderedCode(t *testing.T) {
	for v, want := range map[int64]string{
		0: "\x80", 1: "\x81", 63: "\xbf", 64: "\xc0\x40", -1: "\x7f", -64: "\x40", -65: "\x3f\xbf", 8191: "\xdf\xff", 8192: "\xe0\x20\x00",
		0x424242: "\xf0\x42\x42\x42", -0x800: "\x38\x00", // the examples in its comments
	} {
		if got := string(orderedInt(nil, v)); got != want {
			t.Errorf("%d: got %x, want %x", v, got, want)
		}
	}
	if got, want := string(orderedUint(nil, 256)), "\x02\x01\x00"; got != want {
		t.Errorf("got %x, want %x", got, want)
	}
	if got, want := string(orderedString(nil, "a\x00\xff")), "a\x00\xff\xff\x00\x00\x01"; got != want {
		t.Errorf("got %x, want %x", got, want)
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	shard := ".data-00001-of-00002"
	for _, c := range []struct {
		name   string
		damage func(prefix string) error
		want   string
	}{
		{"missing shard", func(p string) error { return os.Remove(p + shard) }, "model.ckpt" + shard + `: expected this shard of the checkpoint, which holds "logits/weights", found no such file; copy all 2 shards`},
		{"short shard", func(p string) error { return os.Truncate(p+shard, 20) }, `expected the 24 bytes of "logits/weights", found a file of 20 bytes`},
		{"damaged shard", func(p string) error { return flip(p+shard, 5) }, `offset 0: the checksum of the 24 bytes of "logits/weights" is wrong`},
		{"damaged index", func(p string) error { return flip(p+".index", 3) }, "the checksum of this block of the index is wrong"},
		{"no index", func(p string) error { return os.Remove(p + ".index") }, "model.ckpt.index: expected the index of a V2 checkpoint, found no such file"},
		{"V1", func(p string) error { return os.Rename(p+".index", p) }, "field 1 should hold a message, found wire type 0"},
		{"empty index", func(p string) error { return os.Truncate(p+".index", 0) }, "expected the index of a TensorFlow checkpoint"},
	} {
		prefix := write(t, two)
		if err := c.damage(prefix); err != nil {
			t.Fatal(err)
		}
		opened, err := Open(prefix)
		if err == nil {
			_, err = opened.Read("logits/weights")
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := openOK(t, narrow).Read("conv9/weights"); err == nil || !strings.Contains(err.Error(), `expected the tensor "conv9/weights", found 116 tensors without it`) {
		t.Error(err)
	}
}

func flip(path string, at int) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data[at] ^= 1
	return os.WriteFile(path, data, 0o600)
}

// Every damage of the index is noticed or does no harm; checksums guard the blocks, so they are made to fit again to reach
// what lies behind them.
func TestDamagedIndex(t *testing.T) {
	prefix := write(t, two)
	data, err := os.ReadFile(prefix + ".index")
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(data) {
		if _, err := parse(prefix, "x.index", data[:n]); err == nil {
			t.Errorf("cut to %d bytes: want an error", n)
		}
	}
	for i := range data {
		for bit := range 8 {
			broken := bytes.Clone(data)
			broken[i] ^= 1 << bit
			readAll(parse(prefix, "x.index", broken))
			repair(broken)
			readAll(parse(prefix, "x.index", broken))
		}
	}
}

func readAll(c *Checkpoint, err error) {
	if err != nil {
		return
	}
	for _, e := range c.Entries() {
		_, _ = c.Read(e.Name)
	}
}

// repair sets the checksums of the blocks anew. A table of 4 entries has two blocks, an empty one and the index.
func repair(data []byte) {
	t := table{"", data}
	footer := data[len(data)-footerSize:]
	_, n := readHandle(footer)
	h, _ := readHandle(footer[n:])
	seal(t, h)
	index, err := t.block(h)
	if err != nil {
		return
	}
	_ = index.each(func(_, value []byte) error {
		h, _ := readHandle(value)
		seal(t, h)
		return nil
	})
}

func seal(t table, h handle) {
	if n := uint64(len(t.data)); h.offset < n && h.size < n && h.offset+h.size+trailerSize <= n {
		end := h.offset + h.size + 1
		binary.LittleEndian.PutUint32(t.data[end:], checksum(t.data[h.offset:end]))
	}
}

func FuzzIndex(f *testing.F) {
	data, err := os.ReadFile(narrow + ".index")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data[len(data)-200:])
	f.Add(writeTable([]pair{{"", "\x08\x01"}, {"a", "\x08\x01"}}, true))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if len(data) >= footerSize {
			repair(data)
		}
		readAll(parse("no/such", "x.index", data))
	})
}

// A variable is found by the objects that lead to it, too.
func TestPathsOfObjects(t *testing.T) {
	c := openOK(t, "../../../fixtures/formats/checkpoint/model.ckpt")
	if got := c.Objects(); !slices.Contains(got, "model") {
		t.Fatalf("got %q", got)
	}
	e, ok := c.At("model", "layer_with_weights-0", "kernel")
	if want := "model/layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE"; !ok || e.Name != want {
		t.Errorf("got %v, want %s", e, want)
	}
	for _, path := range [][]string{{"model"}, {"model", "kernel"}, {}} {
		if e, ok := c.At(path...); ok {
			t.Errorf("%q: got %v", path, e)
		}
	}
}
