// Package side turns what a user types for one side of a comparison into a model with its tensors.
package side

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// Sources of a side's tensors.
const (
	Recorded = "recorded" // by the framework itself, read from a file
	Native   = "native"   // computed here in float32
	Native64 = "native64" // computed here in float64
)

var sources = []string{Recorded, Native, Native64}

// frameworks maps what may stand before the colon to the framework's name.
var frameworks = map[string]string{
	"caffe": "caffe", "tf": "tensorflow", "tensorflow": "tensorflow", "onnx": "onnx", "keras": "keras", "dump": Dump,
}

// Dump is the framework of a side that has tensors and no model.
const Dump = "dump"

// Spec is a side as typed: [FRAMEWORK:]PATH[@SOURCE].
type Spec struct {
	Text      string // as typed
	Framework string // empty to guess
	Path      string
	Source    string // empty for recorded where there are tensors
}

// Parse reads a side's specification. A path that exists is taken as it is, whatever it contains.
func Parse(text string) (Spec, error) {
	s := Spec{Text: text, Path: text}
	if prefix, rest, ok := strings.Cut(text, ":"); ok && !exists(text) {
		f, known := frameworks[strings.ToLower(prefix)]
		if !known && !exists(text[:strings.LastIndexByte(text+"@", '@')]) {
			return s, fmt.Errorf("%s: framework %q is not known (caffe, tf, onnx, keras, dump)", text, prefix)
		}
		if known {
			s.Framework, s.Path = f, rest
		}
	}
	if at := strings.LastIndexByte(s.Path, '@'); at >= 0 && !exists(s.Path) {
		s.Path, s.Source = s.Path[:at], s.Path[at+1:]
		if !slices.Contains(sources, s.Source) {
			return s, fmt.Errorf("%s: source %q is not known (%s)", text, s.Source, strings.Join(sources, ", "))
		}
	}
	if s.Path == "" {
		return s, fmt.Errorf("%q names no model: expected [FRAMEWORK:]PATH[@SOURCE] or a side of the default bundle", text)
	}
	return s, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
