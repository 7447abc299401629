package layer

import (
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

func vectorOf(values ...float64) *tensor.Tensor[float64] { return tensor.From(values, len(values)) }

func TestFilterKeepsWhatIsSelected(t *testing.T) {
	x, y := tensor.From([]float64{1, 2, 3, 4, 5, 6}, 3, 2), vectorOf(7, 8, 9)
	for _, c := range []struct {
		selector    []float64
		first, then []float64
	}{
		{[]float64{1, 0, -0.5}, []float64{1, 2, 5, 6}, []float64{7, 9}},
		{[]float64{1, 1, 1}, x.Data, y.Data},
		{[]float64{0, 0, 0}, nil, nil},
	} {
		out := forward(t, Filter{}, []*tensor.Tensor[float64]{x, y, tensor.From(c.selector, 3, 1)})
		close64(t, "first", out[0], tensor.From(c.first, len(c.first)/2, 2))
		close64(t, "second", out[1], vectorOf(c.then...))
	}
}

func TestIndicesPickRows(t *testing.T) {
	x := tensor.From([]float64{1, 2, 3, 4, 5, 6}, 3, 2)
	got := forward(t, BatchReindex{}, []*tensor.Tensor[float64]{x, vectorOf(2, 0.9, 2)})[0]
	close64(t, "batch", got, tensor.From([]float64{5, 6, 1, 2, 5, 6}, 3, 2))
	index := tensor.From([]float64{1, -0.5}, 2, 1)
	got = forward(t, Embed{3, 2, true}, []*tensor.Tensor[float64]{index}, x, vectorOf(10, 20))[0]
	close64(t, "vectors", got, tensor.From([]float64{13, 24, 11, 22}, 2, 1, 2))
}

func TestIndicesOutOfRange(t *testing.T) {
	x := tensor.From([]float64{1, 2, 3, 4, 5, 6}, 3, 2)
	for _, c := range []struct {
		l    Layer
		in   []*tensor.Tensor[float64]
		want string
	}{
		{BatchReindex{}, []*tensor.Tensor[float64]{x, vectorOf(0, 3)}, "index 1 is 3, outside a batch of 3"},
		{BatchReindex{}, []*tensor.Tensor[float64]{x, vectorOf(-0.5)}, "index 0 is -0.5, outside a batch of 3"},
		{Embed{6, 2, false}, []*tensor.Tensor[float64]{x}, "the index 6 at [2 1] is outside 6 vectors"},
		{Filter{}, []*tensor.Tensor[float64]{x, vectorOf(1, 0)}, "input 0 of shape 3x2 has not the 2 items that the selector 2 has"},
	} {
		if _, err := OutputShapes(c.l, c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.l.Kind(), err, c.want)
		}
	}
}
