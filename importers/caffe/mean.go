package caffe

import (
	"os"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
	"parity/importers/source"
	"parity/importers/wire"
)

// ReadMean reads a mean image, such as mean.binaryproto: a blob of channels x height x width, usually with a leading 1.
func ReadMean(path string) (*Blob, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseMean(path, data)
}

// ParseMean reads a mean image; file is what errors call it.
func ParseMean(file string, data []byte) (*Blob, error) {
	if err := notProtobuf(file, "mean image (BlobProto)", data); err != nil {
		return nil, err
	}
	b, err := readBlob(wire.New(file, data))
	if err != nil {
		return nil, err
	}
	if n := len(b.Shape); n < 3 || n > 4 || n == 4 && b.Shape[0] != 1 {
		return nil, source.Errorf(file, "", "expected a mean image of channels x height x width, found a blob of shape %v", b.Shape)
	}
	return b, nil
}

// EncodeMean returns a mean image of channels x height x width as Caffe's compute_image_mean writes it, with the shape in
// the older form that every reader knows.
func EncodeMean(t *tensor.Tensor[float32]) []byte {
	var out []byte
	shape := t.Shape[len(t.Shape)-3:]
	for i, d := range []int{1, shape[0], shape[1], shape[2]} {
		out = appendVarint(out, []protowire.Number{blobNum, blobChannels, blobHeight, blobWidth}[i], uint64(d))
	}
	return appendNumbers(out, t)
}
