//go:build opencv

package caffe_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"parity/importers/caffe"
)

// TestOpenCVReadsModel has OpenCV's Caffe reader run the published GoogLeNet from its own file and from the file written
// here, which holds other bytes: the outputs have to be the same to the last bit. PYTHON names an interpreter with cv2.
func TestOpenCVReadsModel(t *testing.T) {
	const folder = "../../fixtures/bvlc_googlenet/caffe/"
	prototxt, published := folder+"deploy.prototxt", folder+"bvlc_googlenet.caffemodel"
	n, err := caffe.ReadNet(prototxt)
	if err != nil {
		t.Fatal(err)
	}
	data, err := caffe.EncodeModel(n, lowerWith(t, n, published), caffe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(data, readFile(t, published)) {
		t.Fatal("the file is as it was published: this shows nothing")
	}
	written := filepath.Join(t.TempDir(), "written.caffemodel")
	if err := os.WriteFile(written, data, 0o644); err != nil {
		t.Fatal(err)
	}
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	out, err := exec.Command(python, "testdata/opencv.py", prototxt, published, written).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
