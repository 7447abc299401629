package pickle

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
)

// The files in testdata hold one dictionary, {"block": {"weights": 3x2x3x4, "biases": 4}, "classifier": {"weights": 4x5, "biases":
// 5}}, in each of Python's protocols, written by NumPy 2.4; evil.npy calls a function.
func path(protocol int) string { return fmt.Sprintf("testdata/p%d.npy", protocol) }

func TestProtocolsAgree(t *testing.T) {
	want, err := ReadWeights(path(2))
	if err != nil {
		t.Fatal(err)
	}
	if got := want[0]; len(want) != 4 || got.Layer != "block" || got.Name != "weights" || !got.Value.Dims().Equal(tensor.Shape{3, 2, 3, 4}) {
		t.Fatalf("got %d weights, the first %s/%s of %v", len(want), got.Layer, got.Name, got.Value.Dims())
	}
	// rng.normal of NumPy's default_rng(3), the first of all, times 0.3.
	if got := want[0].Value.(*tensor.Tensor[float32]).Data[0]; got != 0.6122757 {
		t.Errorf("got %v first", got)
	}
	for protocol := range 6 {
		got, err := ReadWeights(path(protocol))
		if err != nil {
			t.Errorf("protocol %d: %v", protocol, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("protocol %d: %s", protocol, diff)
		}
	}
}

func TestNothingIsCalled(t *testing.T) {
	_, err := ReadWeights("testdata/evil.npy")
	if want := "offset 323: pickle: it would call posix.system"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestLoad(t *testing.T) {
	for _, c := range []struct {
		pickle string
		want   any
	}{
		{"N.", nil},
		{"I01\n.", true},
		{"\x88.", true},
		{"J\xfe\xff\xff\xff.", int64(-2)},
		{"M\x00\x02.", int64(512)},
		{"\x8a\x02\x00\xff.", int64(-256)},
		{"\x8a\x00.", int64(0)},
		{"L12L\n.", int64(12)},
		{"G?\xf8\x00\x00\x00\x00\x00\x00.", 1.5},
		{"S'a\\'\\x41'\n.", "a'A"},
		{"U\x02ab.", "ab"},
		{"Va\\u00e9\n.", "aé"},
		{"\x80\x05C\x02\x00\xff.", []byte{0, 255}},
		{"(lI1\na.", &List{[]any{int64(1)}}},
		{"]q\x00(K\x01h\x00e0N.", nil},
		{"(dU\x01aK\x01s.", &Dict{[]Item{{"a", int64(1)}}}},
		{"}(U\x01aK\x01U\x01bNu.", &Dict{[]Item{{"a", int64(1)}, {"b", nil}}}},
		{"K\x01K\x02\x86p7\n0g7\n.", &List{[]any{int64(1), int64(2)}}},
		{"c_codecs\nencode\n(V\u00ff\nU\x06latin1tR.", []byte{0xc3, 0xbf}},
	} {
		got, err := Load("x", []byte(c.pickle), 0)
		if err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("%q: got %v, %v; want %v", c.pickle, got, err, c.want)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ pickle, want string }{
		{"", "expected 1 bytes, found 0"},
		{".", "expected one value at the end, found 0"},
		{"NN.", "expected one value at the end, found 2"},
		{"cos\nsystem\n.", "it would call os.system"},
		{"U\x02osU\x06system\x93.", "it would call os.system"},
		{"(ios\nsystem\n.", "the instruction INST"},
		{"N\x81.", "the instruction NEWOBJ"},
		{"Q.", "the instruction BINPERSID"},
		{"\x82\x01.", "the instruction EXT1"},
		{"X\xff\xff\xff\x7fa.", "the file is cut off"},
		{"\x8d\xff\xff\xff\xff\xff\xff\xff\xffa.", "it claims a length of"},
		{"a.", "empty stack"},
		{"Na.", "empty stack"},
		{"NNa.", "it appends to what is no list"},
		{"NNNs.", "it puts items into what is no dictionary"},
		{"(Nd.", "a key without a value"},
		{"t.", "a group that was not begun"},
		{"h\x01.", "value 1, which was not kept"},
		{"I1.5\n.", "expected an integer"},
		{"\x8a\x09123456789.", "beyond what data needs"},
		{"cnumpy\ndtype\n(tR.", "in a way that is not known"},
		{"NNR.", "with what is no tuple"},
		{"c_codecs\nencode\n(Va\nU\x04utf8tR.", "in a way that is not known"},
	} {
		_, err := Load("x", []byte(c.pickle), 0)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q", c.pickle, err, c.want)
		}
	}
}

// Elements that are used again and again would fill all memory.
func TestRepeatedElements(t *testing.T) {
	data := "B\xd0\x07\x00\x00" + strings.Repeat("x", 2000) + "q\x000(l"
	array := "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tU\x01btR(K\x01(M\xf4\x01tcnumpy\ndtype\n(U\x02f4K\x00K\x01tR(K\x03U\x01<tbI00\nh\x00tba"
	if _, err := Load("x", []byte(data+array+array+"."), 0); err != nil {
		t.Error(err)
	}
	_, err := Load("x", []byte(data+strings.Repeat(array, 100)+"."), 0)
	if want := "its arrays have more elements than the file"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestFirstVersionsLists(t *testing.T) {
	data := "\x93NUMPY\x01\x00\x2e\x00{'descr': '|O', 'fortran_order': False, 'shape': ()}"
	data = data[:8] + string([]byte{byte(len(data) - 10), 0}) + data[10:]
	array := "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tU\x01btR(K\x01(K\x01tcnumpy\ndtype\n(U\x02f4K\x00K\x01tR(K\x03U\x01<tbI00\nU\x04\x00\x00\x80?tb"
	got, err := parseWeights("x.npy", []byte(data+"(dU\x04conv(l"+array+"a"+array+"as."))
	if err != nil || len(got) != 2 || got[0].Name != "weights" || got[1].Name != "biases" || got[0].Value.(*tensor.Tensor[float32]).Data[0] != 1 {
		t.Errorf("got %v, %v", got, err)
	}
	for _, c := range []struct{ pickle, want string }{
		{"N.", "expected a dictionary of layers"},
		{"(dK\x01(dss.", "expected layers by name"},
		{"(dU\x01a(dU\x01bNss.", `the layer "a" should hold arrays by name`},
		{"(dU\x01a(lNas.", `the layer "a" should hold arrays, found <nil>`},
		{"(dU\x01aNs.", `the layer "a" should hold a dictionary or list of arrays`},
	} {
		pickle := strings.Replace(c.pickle, "(dss.", "(ds.", 1)
		if _, err := parseWeights("x.npy", []byte(data+pickle)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q", c.pickle, err, c.want)
		}
	}
}

// Whatever is damaged: an error or other numbers, never a panic, and no memory to speak of.
func TestDamage(t *testing.T) {
	for _, protocol := range []int{0, 2, 5} {
		data, err := os.ReadFile(path(protocol))
		if err != nil {
			t.Fatal(err)
		}
		try := func(data []byte) error {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := parseWeights("x.npy", data)
			if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 1<<20 {
				t.Errorf("allocated %d bytes", after.TotalAlloc-before.TotalAlloc)
			}
			return err
		}
		for n := range data {
			if try(data[:n]) == nil {
				t.Errorf("protocol %d cut to %d bytes: want an error", protocol, n)
			}
		}
		for i := range len(data) * 8 {
			broken := bytes.Clone(data)
			broken[i/8] ^= 1 << (i % 8)
			_ = try(broken)
		}
	}
}

func TestIsPickled(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain.npy")
	if err := os.WriteFile(plain, []byte("\x93NUMPY\x01\x00\x10\x00{'descr': '<f4'}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]bool{path(4): true, plain: false, "no/such": false} {
		if got := IsPickled(file); got != want {
			t.Errorf("%s: got %v", file, got)
		}
	}
	if _, err := ReadWeights(plain); err == nil || !strings.Contains(err.Error(), "expected a pickled dictionary") {
		t.Errorf("got %v", err)
	}
}
