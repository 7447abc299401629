package caffe_test

import (
	"encoding/binary"
	"os"
	"runtime"
	"strings"
	"testing"

	"parity/googlenet/tensor"
	"parity/importers/caffe"
)

const hdf5Weights = recorded + "weights.caffemodel.h5"

// TestHDF5Weights reads what real Caffe saved: the weights that the same run began with.
func TestHDF5Weights(t *testing.T) {
	list, err := caffe.ReadWeights(hdf5Weights)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range list {
		got = append(got, w.Name()+" "+w.Shape.String()+" "+w.Dtype)
	}
	want := "conv1[0] 4x2x3x3 float32, conv1[1] 4 float32, conv2[0] 5x4x3x3 float32, conv2[1] 5 float32, ip[0] 4x20 float32, ip[1] 4 float32"
	if g := strings.Join(got, ", "); g != want {
		t.Errorf("got %s, want %s", g, want)
	}
	g, err := caffe.LoadWith(recorded+"net.prototxt", hdf5Weights, caffe.Options{Phase: caffe.Train})
	if err != nil {
		t.Fatal(err)
	}
	// The first number that h5dump prints of /data/ip/0.
	if got := g.Node("ip").Params[0].Value.(*tensor.Tensor[float32]).Data[0]; got != -0.20167366 {
		t.Errorf("got %g", got)
	}
}

// TestHDF5Damage flips bits of the file, cuts it off and lets heaps claim gigabytes: an error or other numbers, never a
// panic, and no memory to speak of.
func TestHDF5Damage(t *testing.T) {
	data := readFile(t, hdf5Weights)
	path := write(t, "w.h5", data)
	try := func(what string, data []byte) {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		caffe.ReadWeights(path)
		caffe.ReadSolverState(path)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 32<<20 {
			t.Errorf("%s: allocated %d bytes", what, got)
		}
	}
	for i := 0; i < len(data); i += 61 {
		try("cut off", data[:i])
	}
	for i := 0; i < len(data)*8; i += 97 {
		broken := append([]byte(nil), data...)
		broken[i/8] ^= 1 << (i % 8)
		try("bit flipped", broken)
	}
	for at := 0; ; {
		next := strings.Index(string(data[at:]), "HEAP")
		if next < 0 {
			break
		}
		at += next + 8
		broken := append([]byte(nil), data...)
		binary.LittleEndian.PutUint64(broken[at:], 1<<40)
		try("heap", broken)
	}
}

func TestHDF5Refused(t *testing.T) {
	data := readFile(t, hdf5Weights)
	newer := append([]byte(nil), data...)
	newer[8] = 3
	for _, c := range []struct{ path, want string }{
		{write(t, "newer.h5", newer), "with a superblock of version 0"},
		{recorded + "state.solverstate.h5", "expected weights in a group named data"},
	} {
		if _, err := caffe.ReadWeights(c.path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if _, err := caffe.ReadSolverState(hdf5Weights); err == nil || !strings.Contains(err.Error(), "found no dataset iter") {
		t.Errorf("got %v", err)
	}
	if _, err := caffe.ReadNet(hdf5Weights); err == nil || !strings.Contains(err.Error(), "expected a caffemodel, found an HDF5 file") {
		t.Errorf("a network: got %v", err)
	}
}
