package side

import (
	"path/filepath"
	"runtime"
	"slices"

	"parity/fixtures"
	"parity/googlenet/parallel"
	"parity/parity"
)

// files lists what was read, with digests. Those of a bundle were verified when it was opened.
func (m *model) files() ([]parity.File, error) {
	var paths []string
	for _, p := range []string{m.parts.Model, m.parts.Weights, m.parts.Inputs, m.parts.Tensors} {
		paths = append(paths, expand(p)...)
	}
	paths = append(paths, m.parts.data...)
	files, errs := make([]parity.File, len(paths)), make([]error, len(paths))
	parallel.For(runtime.GOMAXPROCS(0), len(paths), func(i int) {
		digest, known := m.parts.digests[paths[i]]
		if !known {
			digest, errs[i] = fixtures.Hash(paths[i])
		}
		files[i] = parity.File{Path: filepath.ToSlash(paths[i]), SHA256: digest}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// expand turns the prefix of a checkpoint into its files.
func expand(path string) []string {
	if path == "" {
		return nil
	}
	if exists(path) {
		return []string{path}
	}
	shards, _ := filepath.Glob(globEscape(path) + ".data-*")
	slices.Sort(shards)
	if !exists(path + ".index") { // a V1 checkpoint in shards
		shards, _ = filepath.Glob(globEscape(path) + "-*-of-*")
		return shards
	}
	return append([]string{path + ".index"}, shards...)
}

// globEscape quotes what has a meaning in a pattern.
func globEscape(path string) string {
	var out []byte
	for _, b := range []byte(path) {
		if slices.Contains([]byte(`*?[\`), b) {
			out = append(out, '\\')
		}
		out = append(out, b)
	}
	return string(out)
}
