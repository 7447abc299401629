package layer

import (
	"testing"

	"parity/googlenet/tensor"
)

func TestMatMulRefuses(t *testing.T) {
	for _, row := range []struct {
		l    MatMul
		in   []tensor.Shape
		want string
	}{
		{MatMul{}, []tensor.Shape{{3}, {3, 4}}, "MatMul takes tensors of at least 2 dimensions, got 3 and 3x4"},
		{MatMul{TransposeB: true}, []tensor.Shape{{2, 3}, {3, 4}}, "MatMul needs as many columns as rows: 2x3 times 3x4, once they are turned, has 3 and 4"},
		{MatMul{}, []tensor.Shape{{2, 2, 3}, {4, 3, 5}}, "MatMul cannot repeat input 1 of shape 4 to meet [2]"},
	} {
		if _, err := row.l.Infer(row.in); err == nil || err.Error() != row.want {
			t.Errorf("got %v, want %s", err, row.want)
		}
	}
}
