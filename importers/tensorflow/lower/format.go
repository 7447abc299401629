package lower

import "parity/importers/tensorflow/graphdef"

// format is the order in which an operation takes the axes of a feature map.
type format string

const (
	nhwc format = "NHWC"
	nchw format = "NCHW"
)

// formatOf reads an operation's data_format.
func formatOf(n *graphdef.Node) (format, error) {
	s, err := n.Text("data_format", string(nhwc))
	return format(s), err
}

// places gives those of N, C, H and W in lists by axis, such as strides.
func (f format) places() (n, c, h, w int) {
	if f == nchw {
		return 0, 1, 2, 3
	}
	return 0, 3, 1, 2
}

// decisive are the operations that say how their input's axes are to be read.
var decisive = map[string]bool{
	"Conv2D": true, "DepthwiseConv2dNative": true, "MaxPool": true, "MaxPoolV2": true, "MaxPoolWithArgmax": true, "AvgPool": true, "BiasAdd": true,
	"FusedBatchNorm": true, "FusedBatchNormV2": true, "FusedBatchNormV3": true,
}

// always are the operations that know no other format than NHWC.
var always = set("CropAndResize", "Dilation2D", "ExtractImagePatches", "LRN", "ResizeArea", "ResizeBicubic", "ResizeBilinear", "ResizeNearestNeighbor", "ScaleAndTranslate")

// opaque are those behind which axes mean something else.
var opaque = map[string]bool{
	"Reshape": true, "Squeeze": true, "ExpandDims": true, "Mean": true, "MatMul": true, "Shape": true, "Transpose": true,
}

// maxSearch is how many nodes are looked at to find out a placeholder's format.
const maxSearch = 1000

// formatRead finds the nearest operation behind a node that tells the format of the node's output.
func (t *network) formatRead(from *graphdef.Node) (f format, told bool) {
	queue, seen := []*graphdef.Node{from}, map[*graphdef.Node]bool{from: true}
	for i := 0; i < len(queue) && i < maxSearch; i++ {
		for _, r := range t.readers[queue[i]] {
			if seen[r] {
				continue
			}
			seen[r] = true
			if f, told := t.formatFrom(r); told {
				return f, true
			}
			if !opaque[r.Op] {
				queue = append(queue, r)
			}
		}
	}
	return nhwc, false
}

// formatFrom is what one reader tells. One that transposes from one format into the other tells the first.
func (t *network) formatFrom(r *graphdef.Node) (format, bool) {
	switch {
	case decisive[r.Op]:
		f, err := formatOf(r)
		return f, err == nil && (f == nhwc || f == nchw)
	case always[r.Op]:
		return nhwc, true
	case r.Op == "Transpose" && len(t.inputs[r]) == 2:
		if c, ok := t.constant(t.inputs[r][1]); ok && !c.variable() {
			return formatBefore(c)
		}
	}
	return "", false
}

func formatBefore(perm *constant) (format, bool) {
	axes, err := perm.tensor.Integers()
	switch {
	case err != nil || len(axes) != 4:
		return "", false
	case [4]int(axes) == [4]int(toCommon):
		return nhwc, true
	case [4]int(axes) == [4]int(fromCommon):
		return nchw, true
	}
	return "", false
}
