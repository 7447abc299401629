package side

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parity/fixtures"
)

// DefaultBundle is where the short names of sides are looked up, from the working folder or one above it.
const DefaultBundle = "fixtures/bvlc_googlenet"

// shortName finds a side of the default bundle; ok is false if the text is not a plain name or there is no bundle.
func shortName(s Spec) (p parts, ok bool, err error) {
	if s.Path != filepath.Base(s.Path) || s.Path == "." || s.Path == ".." {
		return p, false, nil
	}
	dir, found := findUp(DefaultBundle)
	if !found {
		return p, false, nil
	}
	b, err := fixtures.Open(dir)
	if err != nil {
		return p, false, err
	}
	if _, known := b.Sides[s.Path]; !known {
		return p, false, nil
	}
	p, err = fromBundle(b, s.Path)
	return p, true, err
}

// findUp looks for a path below the working folder and the folders above it.
func findUp(path string) (string, bool) {
	prefix := ""
	for range 32 {
		if candidate := filepath.Join(prefix, filepath.FromSlash(path)); exists(candidate) {
			return candidate, true
		}
		prefix = filepath.Join(prefix, "..")
	}
	return "", false
}

// fromSideFile reads a folder's side.json. If the folder is a side of a bundle, its files are verified.
func fromSideFile(folder string) (parts, error) {
	b, err := fixtures.Open(folder) // a bundle of one side
	if errors.Is(err, os.ErrNotExist) {
		b, err = fixtures.Open(filepath.Dir(filepath.Clean(folder)))
	}
	switch {
	case errors.Is(err, os.ErrNotExist):
		s, err := fixtures.ReadSide(filepath.Join(folder, fixtures.SideName))
		if err != nil {
			return parts{}, err
		}
		return parts{Side: *s}, nil
	case err != nil:
		return parts{}, err
	}
	for name, dir := range b.Sides {
		if samePath(filepath.Join(b.Dir, filepath.FromSlash(dir)), folder) {
			return fromBundle(b, name)
		}
	}
	return parts{}, fmt.Errorf("%s: the bundle %s has no side in this folder", folder, b.Dir)
}

func fromBundle(b *fixtures.Bundle, name string) (parts, error) {
	s, err := b.Side(name)
	if err != nil {
		return parts{}, err
	}
	p := parts{Side: *s, digests: map[string]string{}}
	for _, f := range b.Files {
		p.digests[filepath.Join(b.Dir, filepath.FromSlash(f.Path))] = f.SHA256
	}
	return p, nil
}

// InBundle is a side as a bundle's manifest names it: by the name that it has there, or by its path from the bundle's folder.
func InBundle(b *fixtures.Bundle, text string) (Spec, error) {
	name, source, given := strings.Cut(text, "@")
	path, framework := text, ""
	if folder, ok := b.Sides[name]; ok {
		if path = folder; given {
			path += "@" + source
		}
	} else if prefix, rest, ok := strings.Cut(text, ":"); ok && frameworks[strings.ToLower(prefix)] != "" {
		framework, path = prefix+":", rest
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(b.Dir, filepath.FromSlash(path))
	}
	s, err := Parse(framework + path)
	s.Text = text
	return s, err
}
