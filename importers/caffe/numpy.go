package caffe

import (
	"slices"
	"strings"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/pickle"
	"parity/importers/source"
)

// readNumPyWeights reads the .npy that caffe-tensorflow makes of a caffemodel: the same weights by the layers' names, in
// which it puts an underscore for every slash, in TensorFlow's order of axes. The scale behind a batch norm is part
// of it there.
func readNumPyWeights(path string, net *Net) (*Net, error) {
	list, err := pickle.ReadWeights(path)
	if err != nil {
		return nil, err
	}
	held := map[string]map[string]tensor.Any{}
	for _, w := range list {
		if held[w.Layer] == nil {
			held[w.Layer] = map[string]tensor.Any{}
		}
		held[w.Layer][w.Name] = w.Value
	}
	n := &Net{File: path, binary: true}
	for _, l := range net.Layers {
		from := held[l.Name]
		if from == nil {
			from = held[strings.ReplaceAll(l.Name, "/", "_")]
		}
		names := numPyNames[l.Type]
		if l.Type == "Scale" {
			from = scaleOf(net, l, held)
		}
		layer := hdf5Layer(path, l.Name)
		for _, name := range names {
			if v := from[name]; v != nil {
				layer.Blobs = append(layer.Blobs, numPyBlob(path, l.Name, name, v))
			}
		}
		if l.Type == "BatchNorm" && len(layer.Blobs) > 0 { // divided by Caffe's third blob already
			layer.Blobs = append(layer.Blobs, numPyBlob(path, l.Name, "factor", tensor.From([]float32{1}, 1)))
		}
		if len(layer.Blobs) > 0 {
			n.Layers = append(n.Layers, layer)
		}
	}
	if len(n.Layers) == 0 {
		return nil, source.Errorf(path, "", "expected the weights of %s, found %d layers (%s, ...) of which it has none", net.File, len(held), list[0].Layer)
	}
	return n, nil
}

// numPyNames are caffe-tensorflow's names of a layer's blobs, in Caffe's order.
var numPyNames = map[string][]string{
	"BatchNorm":    {"mean", "variance"},
	"Convolution":  {"weights", "biases"},
	"InnerProduct": {"weights", "biases"},
	"PReLU":        {"alpha"},
	"Scale":        {"scale", "offset"},
}

// scaleOf finds the weights of a Scale with the batch norm that it stands behind.
func scaleOf(net *Net, scale *Layer, held map[string]map[string]tensor.Any) map[string]tensor.Any {
	for _, l := range net.Layers {
		if l.Type == "BatchNorm" && len(scale.Bottom) > 0 && slices.Contains(l.Top, scale.Bottom[0]) {
			return held[strings.ReplaceAll(l.Name, "/", "_")]
		}
	}
	return nil
}

func numPyBlob(file, layer, name string, v tensor.Any) *Blob {
	b := &Blob{Shape: v.Dims(), Dtype: "float32", Value: v, File: file, Position: layer + "/" + name, tensorFlow: true}
	if _, double := v.(*tensor.Tensor[float64]); double {
		b.Dtype = "float64"
	}
	return b
}

// inCaffesOrder turns the weights of a convolution from HWIO, and those of a product from inputs x outputs, where the inputs of
// a map are in the order height, width, channels.
func inCaffesOrder(blobs []*Blob, x layer.Layer, in []tensor.Shape) []*Blob {
	if len(blobs) == 0 || !blobs[0].tensorFlow {
		return blobs
	}
	v := blobs[0].Value
	switch rank := len(v.Dims()); {
	case rank == 4:
		v = tensor.PermuteAny(v, 3, 2, 0, 1)
	case rank == 2 && x.Kind() == "InnerProduct":
		v = productWeights(v, in[0])
	}
	turned := *blobs[0]
	turned.Value, turned.Shape = v, v.Dims()
	return append([]*Blob{&turned}, blobs[1:]...)
}

func productWeights(v tensor.Any, in tensor.Shape) tensor.Any {
	rows, outputs := v.Dims()[0], v.Dims()[1]
	if len(in) != 4 || slices.Contains(in[1:], -1) || in[1:].Len() != rows {
		return tensor.PermuteAny(v, 1, 0)
	}
	v = tensor.PermuteAny(tensor.ReshapeAny(v, in[2], in[3], in[1], outputs), 3, 2, 0, 1)
	return tensor.ReshapeAny(v, outputs, rows)
}
