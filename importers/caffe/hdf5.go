package caffe

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scigolib/hdf5"

	"parity/googlenet/tensor"
	"parity/importers/source"
)

func isHDF5(data []byte) bool { return bytes.HasPrefix(data, []byte("\x89HDF\r\n\x1a\n")) }

// readHDF5Weights reads a .caffemodel.h5: the blobs of a layer are datasets named by their index, in the group
// data/LAYER.
func readHDF5Weights(path string) (*Net, error) {
	n := &Net{File: path, binary: true}
	layers := map[string]*Layer{}
	err := eachDataset(path, func(d *dataset) error {
		place, ok := strings.CutPrefix(d.path, "/data/")
		cut := strings.LastIndexByte(place, '/')
		if !ok || cut < 0 {
			return nil
		}
		l := layers[place[:cut]]
		if l == nil {
			l = hdf5Layer(path, place[:cut])
			layers[l.Name], n.Layers = l, append(n.Layers, l)
		}
		return d.addTo(&l.Blobs, place[cut+1:])
	})
	if err != nil {
		return nil, err
	}
	for _, l := range n.Layers {
		if i := slices.Index(l.Blobs, nil); i >= 0 {
			return nil, source.Errorf(path, "/data/"+l.Name, "the layer has %d blobs or more, but not number %d", len(l.Blobs), i)
		}
	}
	if len(n.Layers) == 0 {
		return nil, source.Errorf(path, "", "expected weights in a group named data, as Caffe saves them; found none")
	}
	return n, nil
}

func hdf5Layer(file, name string) *Layer {
	m := &Message{Type: "LayerParameter", File: file, Position: "/data/" + name}
	m.set("name", m.Position, name)
	return &Layer{Name: name, Settings: m, Parts: []string{name}}
}

// readHDF5State reads a .solverstate.h5.
func readHDF5State(path string) (*SolverState, error) {
	s := &SolverState{File: path, Iteration: -1}
	err := eachDataset(path, func(d *dataset) (err error) {
		name, history := strings.CutPrefix(d.path, "/history/")
		switch {
		case history:
			err = d.addTo(&s.History, name)
		case d.path == "/iter":
			s.Iteration, err = d.number()
		case d.path == "/current_step":
			s.CurrentStep, err = d.number()
		case d.path == "/learned_net":
			s.LearnedNet, err = d.text()
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case s.Iteration < 0:
		return nil, source.Errorf(path, "", "expected the state of a solver; found no dataset iter")
	case slices.Contains(s.History, nil):
		return nil, source.Errorf(path, "/history", "the blobs are not numbered from 0 to %d", len(s.History)-1)
	}
	return s, nil
}

// dataset is one array of an HDF5 file.
type dataset struct {
	*hdf5.Dataset
	file, path string
	kind       string // float, integer, string, ...
	size       int    // of an element in bytes
	shape      tensor.Shape
	contiguous bool
	available  int64 // bytes of the file
}

// eachDataset calls f for every dataset of a file. The library may panic on a damaged file: that is an error here.
func eachDataset(path string, f func(*dataset) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = source.Errorf(path, "", "the HDF5 file is damaged: %v", p)
		}
	}()
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := checkHeaps(path, data); err != nil {
		return err
	}
	file, err := hdf5.Open(path)
	if err != nil {
		return source.Errorf(path, "", "expected an HDF5 file: %v", err)
	}
	defer file.Close()
	file.Walk(func(name string, o hdf5.Object) {
		d, ok := o.(*hdf5.Dataset)
		if !ok || err != nil {
			return
		}
		x := &dataset{Dataset: d, file: path, path: name, available: int64(len(data))}
		if err = x.describe(); err == nil {
			err = f(x)
		}
	})
	return err
}

// checkHeaps refuses what the library believes: the sizes that local heaps, where names are kept, claim for their data. Only
// the oldest format is read, in which there are no others; it is what HDF5 writes unless told otherwise.
func checkHeaps(file string, data []byte) error {
	const version, size = 8, 8 // offsets from the signatures of file and heap
	if !isHDF5(data) || len(data) <= version || data[version] != 0 {
		return source.Errorf(file, "", "expected an HDF5 file in the format of Caffe's library, with a superblock of version 0")
	}
	for at := 0; ; {
		next := bytes.Index(data[at:], []byte("HEAP"))
		if next < 0 || at+next+size+8 > len(data) {
			return nil
		}
		at += next + size
		if claimed := binary.LittleEndian.Uint64(data[at:]); claimed > uint64(len(data)) {
			return source.Errorf(file, source.Offset(at), "a heap claims %d bytes of a file that has %d", claimed, len(data))
		}
	}
}

// description is how the library tells a dataset's type and shape, which it does in words only:
// "Dataset: float (size=4 bytes), 4D array [4 2 3 3], contiguous (...)", "2D array [4 x 20]" and "scalar".
var description = regexp.MustCompile(`^Dataset: (\S+) \(size=(\d+) bytes\), (?:scalar|\d+D array \[([0-9 x]*)\]), (\w+)`)

func (d *dataset) describe() error {
	words, err := d.Info()
	if err != nil {
		return d.errorf("%v", err)
	}
	m := description.FindStringSubmatch(words)
	if m == nil {
		return d.errorf("expected an array of numbers, found %q", words)
	}
	d.kind, d.contiguous = m[1], m[4] == "contiguous" || m[4] == "compact"
	if d.size, err = strconv.Atoi(m[2]); err != nil {
		return d.errorf("%v", err)
	}
	for _, extent := range strings.Fields(strings.ReplaceAll(m[3], "x", " ")) {
		n, err := strconv.Atoi(extent)
		if err != nil {
			return d.errorf("%v", err)
		}
		d.shape = append(d.shape, n)
	}
	return nil
}

func (d *dataset) errorf(format string, args ...any) error {
	return source.Errorf(d.file, d.path, format, args...)
}

// check refuses what the library would allocate memory for that the file cannot fill.
func (d *dataset) check(kind string) error {
	n, ok := d.shape.CheckedLen()
	switch {
	case d.kind != kind:
		return d.errorf("expected %s numbers, found %s", kind, d.kind)
	case !d.contiguous:
		return d.errorf("the dataset is stored in chunks, which Caffe does not write")
	case !ok || d.size < 1 || int64(n) > d.available/int64(d.size):
		return d.errorf("the dataset claims shape %v, which the file of %d bytes cannot hold", d.shape, d.available)
	}
	return nil
}

// addTo reads the dataset as the blob of a number.
func (d *dataset) addTo(blobs *[]*Blob, number string) error {
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= maxBlobs {
		return d.errorf("expected a blob's number, found %q", number)
	}
	b, err := d.blob()
	if err != nil {
		return err
	}
	for len(*blobs) <= i {
		*blobs = append(*blobs, nil)
	}
	(*blobs)[i] = b
	return nil
}

// maxBlobs is beyond the number of parameters of any network.
const maxBlobs = 1 << 16

func (d *dataset) blob() (*Blob, error) {
	if err := d.check("float"); err != nil {
		return nil, err
	}
	values, err := d.Read()
	if err == nil && len(values) != d.shape.Len() {
		err = fmt.Errorf("%d numbers do not fill the shape %v", len(values), d.shape)
	}
	if err != nil {
		return nil, d.errorf("%v", err)
	}
	b := &Blob{Shape: d.shape, Dtype: "float64", Value: tensor.From(values, d.shape...), File: d.file, Position: d.path}
	if d.size == 4 {
		b.Dtype, b.Value = "float32", tensor.As[float32](b.Value)
	}
	return b, nil
}

func (d *dataset) number() (int, error) {
	if err := d.check("integer"); err != nil {
		return 0, err
	}
	v, err := d.Read()
	if err == nil && (len(v) != 1 || v[0] < 0) {
		err = fmt.Errorf("expected one number, found %v", v)
	}
	if err != nil {
		return 0, d.errorf("%v", err)
	}
	return int(v[0]), nil
}

func (d *dataset) text() (string, error) {
	if err := d.check("string"); err != nil {
		return "", err
	}
	v, err := d.ReadStrings()
	if err == nil && len(v) != 1 {
		err = fmt.Errorf("expected one string, found %d", len(v))
	}
	if err != nil {
		return "", d.errorf("%v", err)
	}
	return v[0], nil
}
