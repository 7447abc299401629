package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"parity/googlenet/tensor"
	"parity/importers/tensorflow"
)

// isTensorFlowInitializers: statistics of what TensorFlow's initialisers drew, in a list.
func isTensorFlowInitializers(dir string) bool {
	var list []json.RawMessage
	return has(dir, "stats.json") && readJSON(filepath.Join(dir, "stats.json"), &list) == nil
}

func runTensorFlowInitializers(_ context.Context, dir string, _ Options) (*Result, error) {
	r := &Result{}
	files, err := filepath.Glob(filepath.Join(dir, "stats*.json"))
	if err != nil {
		return nil, err
	}
	var all []*drawn
	for _, file := range files {
		list, err := readInitializers(file)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	r.Forward, err = compareDraws("stats", all)
	return r, err
}

func readInitializers(file string) ([]*drawn, error) {
	var entries []struct {
		Name   string
		Params map[string]any
		Shape  tensor.Shape
		Law    any // in words, for entries without params
		drawn
	}
	if err := readJSON(file, &entries); err != nil {
		return nil, err
	}
	var list []*drawn
	for _, e := range entries {
		d, name, params := e.drawn, e.Name, e.Params
		d.name, d.shape = fmt.Sprintf("%s of %v", e.Name, e.Shape), e.Shape
		if words, ok := e.Law.(string); ok && params == nil {
			name, params = fromWords(e.Name, words)
		}
		var err error
		if d.filler, err = tensorflow.Initializer(name, params); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		list = append(list, &d)
	}
	return list, nil
}

// number is a decimal in words.
const number = `(-?[0-9]*\.?[0-9]+)`

// worded finds the arguments of initialisers in a description of their law.
var worded = []struct {
	name   string
	law    *regexp.Regexp
	params []string
}{
	{"truncated_normal", regexp.MustCompile(`normal\(` + number + `,` + number + `\)`), []string{"mean", "stddev"}},
	{"random_normal", regexp.MustCompile(`normal\(` + number + `,` + number + `\)`), []string{"mean", "stddev"}},
	{"random_uniform", regexp.MustCompile(`uniform\(` + number + `,` + number + `\)`), []string{"minval", "maxval"}},
	{"orthogonal", regexp.MustCompile(`gain ` + number), []string{"gain"}},
	{"variance_scaling", regexp.MustCompile(`(?:scale|variance) ` + number), []string{"scale"}},
}

// fromWords reads a name like variance_scaling_fan_out_untruncated or random_normal_0.05 and what is said of its law.
func fromWords(name, law string) (string, map[string]any) {
	params := map[string]any{}
	for _, w := range worded {
		if !strings.HasPrefix(name, w.name) {
			continue
		}
		if found := w.law.FindStringSubmatch(law); found != nil {
			for i, param := range w.params {
				params[param], _ = strconv.ParseFloat(found[i+1], 64)
			}
		}
		if w.name == "variance_scaling" {
			scalingFromName(name, params)
		}
		return w.name, params
	}
	return name, nil
}

func scalingFromName(name string, params map[string]any) {
	for _, mode := range []string{"fan_in", "fan_out", "fan_avg"} {
		if strings.Contains(name, mode) {
			params["mode"] = mode
		}
	}
	for part, distribution := range map[string]string{"_untruncated": "untruncated_normal", "_uniform": "uniform"} {
		if strings.HasSuffix(name, part) {
			params["distribution"] = distribution
		}
	}
}
