package pickle

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strings"

	"parity/googlenet/tensor"
	"parity/importers/source"
)

// Weight is one parameter of a layer.
type Weight struct {
	Layer, Name string
	Value       tensor.Any
}

// ReadWeights reads the .npy that caffe-tensorflow writes: a dictionary of layers, each a dictionary of its arrays (weights, biases,
// mean, variance, scale, offset, alpha) or, in its first version, a list of weights and biases.
func ReadWeights(path string) ([]Weight, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseWeights(path, data)
}

func parseWeights(file string, data []byte) ([]Weight, error) {
	at, err := objectData(file, data)
	if err != nil {
		return nil, err
	}
	v, err := Load(file, data[at:], at)
	if err != nil {
		return nil, err
	}
	if a, ok := v.(*Array); ok && len(a.Objects) == 1 {
		v = a.Objects[0]
	}
	d, ok := v.(*Dict)
	if !ok {
		return nil, source.Errorf(file, source.Offset(at), "expected a dictionary of layers, as caffe-tensorflow writes it, found something else")
	}
	var list []Weight
	for _, item := range d.Items {
		layer, ok := text(item.Key)
		if !ok {
			return nil, source.Errorf(file, "", "expected layers by name, found a key %v", item.Key)
		}
		if list, err = appendLayer(file, list, layer, item.Value); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// IsPickled tells whether a file is an array of Python's objects.
func IsPickled(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 128)
	n, _ := f.Read(head)
	return bytes.HasPrefix(head[:n], []byte(magic)) && bytes.Contains(head[:n], []byte("'|O'"))
}

const magic = "\x93NUMPY"

// objectData is where the pickle begins behind the header of a .npy file.
func objectData(file string, data []byte) (int, error) {
	length, from := 0, 0
	switch {
	case !bytes.HasPrefix(data, []byte(magic)) || len(data) < 12:
		return 0, source.Errorf(file, "", "expected a NumPy file, found something else")
	case data[6] == 1:
		length, from = int(binary.LittleEndian.Uint16(data[8:])), 10
	default:
		length, from = int(binary.LittleEndian.Uint32(data[8:])), 12
	}
	if length > len(data)-from {
		return 0, source.Errorf(file, "", "the header claims %d bytes of a file of %d", length, len(data))
	}
	if head := string(data[from : from+length]); !strings.Contains(head, "'|O'") {
		return 0, source.Errorf(file, "", "expected a pickled dictionary, found the header %q", strings.TrimSpace(head))
	}
	return from + length, nil
}

// text is a string of Python 3, or one of Python 2 that was written as bytes.
func text(v any) (string, bool) {
	if b, ok := v.([]byte); ok {
		return string(b), true
	}
	s, ok := v.(string)
	return s, ok
}

func appendLayer(file string, list []Weight, layer string, v any) ([]Weight, error) {
	switch v := v.(type) {
	case *Dict:
		for _, item := range v.Items {
			name, ok := text(item.Key)
			a, isArray := item.Value.(*Array)
			if !ok || !isArray || a.Value == nil {
				return nil, source.Errorf(file, "", "the layer %q should hold arrays by name, found %T under %v", layer, item.Value, item.Key)
			}
			list = append(list, Weight{layer, name, a.Value})
		}
		return list, nil
	case *List:
		for i, item := range v.Items {
			a, isArray := item.(*Array)
			if !isArray || a.Value == nil {
				return nil, source.Errorf(file, "", "the layer %q should hold arrays, found %T", layer, item)
			}
			list = append(list, Weight{layer, listed(i), a.Value})
		}
		return list, nil
	}
	return nil, source.Errorf(file, "", "the layer %q should hold a dictionary or list of arrays, found %T", layer, v)
}

// listed names what caffe-tensorflow's first version wrote without names.
func listed(i int) string {
	if names := []string{"weights", "biases"}; i < len(names) {
		return names[i]
	}
	return fmt.Sprint(i)
}
