package lower

import (
	"slices"

	"parity/importers/onnx/model"
)

// format is the order in which feature maps have their axes.
type format int

const (
	nchw format = iota
	nhwc
)

// decisive are the operations that take feature maps, always as NCHW.
var decisive = set(
	"AveragePool", "BatchNormalization", "Conv", "ConvTranspose", "GlobalAveragePool", "GlobalMaxPool", "InstanceNormalization", "LRN", "MaxPool",
)

// opaque are those behind which axes mean something else.
var opaque = set("Flatten", "Gemm", "MatMul", "ReduceMean", "Reshape", "Shape", "Squeeze", "Transpose", "Unsqueeze")

// maxSearch is how many readers are looked at to find out an input's format.
const maxSearch = 1000

// formatRead finds the nearest operation behind a value that tells the value's format.
func (t *network) formatRead(from string) (f format, told bool) {
	queue, seen := []string{from}, map[string]bool{from: true}
	for i := 0; i < len(queue) && i < maxSearch; i++ {
		for _, r := range t.readers[queue[i]] {
			switch perm, err := r.Ints("perm"); {
			case r.Domain != "":
				continue
			case decisive[r.Op]:
				return nchw, true
			case r.Op == "Transpose" && err == nil && slices.Equal(perm, toCommon):
				return nhwc, true
			case r.Op == "Transpose" && err == nil && slices.Equal(perm, fromCommon):
				return nchw, true
			case opaque[r.Op]:
				continue
			}
			queue = appendNew(queue, seen, r)
		}
	}
	return nchw, false
}

func appendNew(queue []string, seen map[string]bool, n *model.Node) []string {
	for _, out := range n.Outputs {
		if !seen[out] {
			seen[out] = true
			queue = append(queue, out)
		}
	}
	return queue
}

func set(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, name := range names {
		m[name] = true
	}
	return m
}
