package caffeio

import (
	"math"
	"testing"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
)

func array(t *testing.T, name string) *tensor.Tensor[float32] {
	t.Helper()
	a, err := npz.ReadNpy("testdata/" + name + ".npy")
	if err != nil {
		t.Fatal(err)
	}
	return tensor.As[float32](a)
}

// sameBits reports where two tensors differ, which they may not at all.
func sameBits(t *testing.T, name string, got, want *tensor.Tensor[float32]) {
	t.Helper()
	if len(got.Data) != len(want.Data) {
		t.Errorf("%s: got %v, want %v", name, got.Shape, want.Shape)
		return
	}
	for i, v := range want.Data {
		if math.Float32bits(got.Data[i]) != math.Float32bits(v) {
			t.Errorf("%s: got %v at %v, want %v", name, got.Data[i], want.Shape.Index(i), v)
			return
		}
	}
}

// meanImage keeps the float64 of NumPy.
func meanImage(t *testing.T) *tensor.Tensor[float64] {
	t.Helper()
	a, err := npz.ReadNpy("testdata/mean_3x3x5.npy")
	if err != nil {
		t.Fatal(err)
	}
	return tensor.As[float64](a)
}
