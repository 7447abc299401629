package keras

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"

	"parity/importers/keras/config"
	"parity/importers/keras/weights"
	"parity/importers/source"
)

func isArchive(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

// readArchive reads a .keras file: a zip of config.json, metadata.json and model.weights.h5.
func readArchive(path string, data []byte) (*config.Model, weights.Source, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, source.Errorf(path, "", "expected a .keras archive, which is a zip: %v", err)
	}
	description, err := member(path, z, "config.json")
	if err != nil {
		return nil, nil, err
	}
	m, err := config.Parse(path+":config.json", description)
	if err != nil {
		return nil, nil, err
	}
	held, err := member(path, z, "model.weights.h5")
	if err != nil {
		return nil, nil, err
	}
	w, err := weights.Parse(path+":model.weights.h5", held)
	if err != nil {
		return nil, nil, err
	}
	return m, w, nil
}

// maxRatio is far above what weights and their description are compressed by.
const maxRatio = 200

// member unpacks a file of the archive. A few bytes can claim to be gigabytes.
func member(path string, z *zip.Reader, name string) ([]byte, error) {
	for _, f := range z.File {
		if f.Name != name {
			continue
		}
		limit := maxRatio * max(f.CompressedSize64, 1)
		if f.UncompressedSize64 > limit {
			return nil, source.Errorf(path, "", "%s claims %d bytes, packed into %d", name, f.UncompressedSize64, f.CompressedSize64)
		}
		data, err := unpack(f, limit)
		if err != nil {
			return nil, source.Errorf(path, "", "%s cannot be unpacked: %v", name, err)
		}
		return data, nil
	}
	return nil, source.Errorf(path, "", "expected %s in a .keras archive, found %d files without it", name, len(z.File))
}

func unpack(f *zip.File, limit uint64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err == nil && uint64(len(data)) > limit {
		err = fmt.Errorf("it is longer than it claims")
	}
	return data, err
}
