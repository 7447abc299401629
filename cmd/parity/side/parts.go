package side

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parity/fixtures"
	"parity/importers/keras"
	"parity/importers/tensorflow"
)

// parts are the files that make up a side, and what is known of who recorded its tensors.
type parts struct {
	fixtures.Side
	// averages takes the moving averages of a TensorFlow checkpoint.
	averages bool
	// data are further files that the model keeps its weights in.
	data []string
	// digests are the files of a bundle that were verified on the way, by path.
	digests map[string]string
}

// kindOfFile is one kind of file that a side may consist of.
type kindOfFile struct {
	part      string
	framework string
	matches   func(name string) bool
}

func extension(list ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(list, strings.ToLower(filepath.Ext(name))) }
}

func named(list ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(list, name) }
}

// except leaves out names.
func except(matches func(string) bool, names ...string) func(string) bool {
	return func(name string) bool { return matches(name) && !slices.Contains(names, name) }
}

// isKerasWeights knows the weights that Keras saves without their model.
func isKerasWeights(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".weights.h5") }

// isKerasFile knows the rest of Keras's HDF5 files, among those of Caffe.
func isKerasFile(name string) bool {
	return extension(".h5", ".hdf5")(name) && !isKerasWeights(name) && !isCaffemodel(name) && !strings.HasSuffix(strings.ToLower(name), ".solverstate.h5")
}

// isCaffemodel knows Caffe's weights in both of its formats.
func isCaffemodel(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(strings.ToLower(name), ".h5"), ".caffemodel")
}

var kinds = []kindOfFile{
	{"inputs", "", named("inputs.npz")},
	{"tensors", "", named("tensors.npz")},
	{"model", "caffe", extension(".prototxt")},
	{"weights", "caffe", isCaffemodel},
	{"model", "tensorflow", except(extension(".pb", ".pbtxt"), "fingerprint.pb", "keras_metadata.pb")},
	{"weights", "tensorflow", extension(".index")},
	{"weights", "", named("weights.npz", "weights.npy")},
	{"model", "keras", extension(".keras")},
	{"model", "keras", isKerasFile},
	{"weights", "keras", isKerasWeights},
	{"model", "onnx", extension(".onnx")},
}

// kindOf knows a file by its name, and where that may stand for several kinds by what it holds.
func kindOf(path string) (kindOfFile, bool) {
	name := filepath.Base(path)
	for _, k := range kinds {
		if !k.matches(name) {
			continue
		}
		if isKerasFile(name) && exists(path) && !keras.HoldsModel(path) {
			k.part = "weights"
		}
		return k, true
	}
	return kindOfFile{}, false
}

func (p *parts) set(part, path string) {
	switch part {
	case "model":
		p.Model = path
	case "weights":
		p.Weights = path
	case "inputs":
		p.Inputs = path
	case "tensors":
		p.Tensors = path
	}
}

// find finds the parts of a side, which must be those of the framework that the user named.
func find(s Spec) (parts, error) {
	p, ok, err := shortName(s)
	if !ok && err == nil {
		p, err = locate(s)
	}
	if err == nil && p.Framework == "tensorflow" && p.Weights == "" {
		p.Weights = tensorflow.OwnWeights(p.Model)
	}
	if err == nil && s.Framework != "" && p.Framework != s.Framework {
		err = fmt.Errorf("%s: the files are those of %s, not of %s", s.Text, p.Framework, s.Framework)
	}
	return p, err
}

// locate finds the parts of a side: in a folder by its side.json or by the names of its files, next to a file of
// the model in the same way.
func locate(s Spec) (parts, error) {
	info, err := os.Stat(s.Path)
	if err != nil {
		return locateCheckpoint(s, err)
	}
	if info.IsDir() {
		return locateFolder(s, withoutVariables(s.Path))
	}
	return locateFile(s)
}

// withoutVariables is the folder of a SavedModel for the folder of its variables.
func withoutVariables(folder string) string {
	above := filepath.Join(folder, "..")
	if _, ok := tensorflow.SavedModel(above); ok && exists(filepath.Join(folder, "variables.index")) {
		return above
	}
	return folder
}

// locateCheckpoint understands the prefix of a checkpoint, which is no file itself.
func locateCheckpoint(s Spec, missing error) (parts, error) {
	if !tensorflow.IsCheckpoint(s.Path) {
		return parts{}, fmt.Errorf("%s: expected a model's file, a folder or a side of the default bundle: %w", s.Text, missing)
	}
	p, err := locateFolder(Spec{Text: s.Text, Framework: "tensorflow", Path: filepath.Dir(s.Path)}, filepath.Dir(s.Path))
	p.Weights = s.Path
	return p, err
}

// locateFile takes the file that was named for what it is, and looks for the rest beside it.
func locateFile(s Spec) (parts, error) {
	k, ok := kindOf(s.Path)
	switch {
	case s.Framework == "keras" && !ok:
		k, ok = kindOfFile{part: "model", framework: "keras"}, true // the description, by whatever name
	case s.Framework != Dump && !ok && strings.EqualFold(filepath.Ext(s.Path), ".json"):
		k, ok = kindOfFile{part: "model", framework: "keras"}, true
	case s.Framework != Dump && strings.EqualFold(filepath.Ext(s.Path), ".meta"):
		k, ok = kindOfFile{part: "model", framework: "tensorflow"}, true
	case s.Framework != Dump && (!ok || k.part == "weights") && tensorflow.IsCheckpointFile(s.Path):
		return ofCheckpoint(s)
	}
	if s.Framework == "onnx" && (!ok || k.part == "model") {
		k, ok = kindOfFile{part: "model", framework: "onnx"}, true // by whatever name
	}
	if s.Framework == Dump || !ok && strings.EqualFold(filepath.Ext(s.Path), ".npz") {
		return parts{Side: fixtures.Side{Framework: Dump, Tensors: s.Path}}, nil
	}
	if !ok {
		return parts{}, fmt.Errorf("%s: not a file of a model that this program reads (*.prototxt, *.caffemodel, *.caffemodel.h5, *.pb, *.pbtxt, a checkpoint, *.onnx, *.keras, *.h5, *.npz)", s.Path)
	}
	if k.framework == "" {
		return parts{Side: fixtures.Side{Framework: Dump, Tensors: s.Path}}, nil
	}
	return besides(s, k)
}

// ofCheckpoint finds the model that a file of a checkpoint belongs to. In a SavedModel that is in the folder above.
func ofCheckpoint(s Spec) (parts, error) {
	prefix, err := tensorflow.CheckpointPrefix(s.Path)
	if err != nil {
		return parts{}, err
	}
	if above := withoutVariables(filepath.Dir(prefix)); above != filepath.Dir(prefix) {
		return locateFolder(s, above)
	}
	s.Path = prefix
	return besides(s, kindOfFile{part: "weights", framework: "tensorflow"})
}

// besides fills what belongs to the named file from its folder: everything where a side.json names the file, otherwise
// what is there exactly once.
func besides(s Spec, k kindOfFile) (parts, error) {
	folder := filepath.Dir(s.Path)
	if p, err := fromSideFile(folder); err == nil && (samePath(p.Model, s.Path) || samePath(p.Weights, s.Path)) {
		return p, nil
	}
	p := parts{Side: fixtures.Side{Framework: k.framework}}
	found, err := list(folder, k.framework)
	if err != nil {
		return p, err
	}
	for part, files := range found {
		if len(files) == 1 {
			p.set(part, files[0])
		}
	}
	if p.Model == "" && len(found["description"]) == 1 {
		p.Model = found["description"][0]
	}
	p.set(k.part, s.Path)
	switch {
	case filepath.Ext(s.Path) == ".meta" && p.Weights == "":
		p.Weights = besideMeta(s.Path)
	case k.framework == "keras" && k.part == "model":
		if p.Weights, err = besideKeras(s.Path, p.Weights); err != nil {
			return p, err
		}
	}
	if p.Model == "" {
		return p, fmt.Errorf("%s: these are weights; name the model file that they belong to, and these with --weights", s.Path)
	}
	return p, nil
}

// besideKeras is the weights of a Keras model: those in its own file, or beside its description.
func besideKeras(model, weights string) (string, error) {
	if !isDescription(model) {
		return "", nil
	}
	if weights != "" {
		return weights, nil
	}
	found, err := list(filepath.Dir(model), "tensorflow")
	if checkpoints := found["weights"]; len(checkpoints) == 1 {
		weights = checkpoints[0]
	}
	return weights, err
}

// besideMeta is the prefix of the checkpoint that a graph was saved with; empty if it is not there.
func besideMeta(path string) string {
	if prefix := strings.TrimSuffix(path, ".meta"); tensorflow.IsCheckpoint(prefix) {
		return prefix
	}
	return ""
}

func samePath(a, b string) bool { return filepath.Clean(a) == filepath.Clean(b) }

func locateFolder(s Spec, folder string) (parts, error) {
	if exists(filepath.Join(folder, fixtures.SideName)) {
		return fromSideFile(folder)
	}
	found, err := list(folder, s.Framework)
	if err != nil {
		return parts{}, err
	}
	p := parts{Side: fixtures.Side{Framework: s.Framework}}
	if saved, ok := tensorflow.SavedModel(folder); ok {
		found["model"] = []string{saved}
	}
	for _, fallback := range []string{"description", "meta"} {
		if list := found[fallback]; len(found["model"]) == 0 && len(list) > 0 {
			found["model"] = list
		}
		delete(found, fallback)
	}
	for _, part := range slices.Sorted(maps.Keys(found)) {
		files := found[part]
		if len(files) > 1 {
			return p, fmt.Errorf("%s: %d files could be the %s (%s): name the model's file itself, and --weights if need be",
				folder, len(files), part, strings.Join(base(files), ", "))
		}
		p.set(part, files[0])
	}
	if p.Framework == "" {
		p.Framework = frameworkOf(p)
	}
	if p.Framework == "keras" && p.Model != "" && p.Weights != "" && !isDescription(p.Model) {
		return p, fmt.Errorf("%s: both %s and %s hold weights: name the model's file itself, and --weights if these are to be taken",
			folder, filepath.Base(p.Model), filepath.Base(p.Weights))
	}
	if p.Model == "" && p.Framework != Dump {
		return p, fmt.Errorf("%s: the folder holds no model (*.prototxt, *.pb, *.pbtxt, *.onnx, *.keras, *.h5) and no tensors.npz%s", folder, hint(p))
	}
	return p, nil
}

// hint says what to do with weights that lie alone.
func hint(p parts) string {
	if p.Weights == "" {
		return ""
	}
	return fmt.Sprintf("; %s are weights: name the file of the model that they belong to, and these with --weights", p.Weights)
}

func base(paths []string) []string {
	list := make([]string, len(paths))
	for i, p := range paths {
		list[i] = filepath.Base(p)
	}
	return list
}

func frameworkOf(p parts) string {
	if k, ok := kindOf(p.Model); p.Model != "" && ok {
		return k.framework
	}
	switch {
	case filepath.Ext(p.Model) == ".meta":
		return "tensorflow"
	case isDescription(p.Model):
		return "keras"
	}
	if p.Tensors != "" {
		return Dump
	}
	return ""
}

// list groups a folder's files by the part that they can be.
func list(folder, framework string) (map[string][]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	found := map[string][]string{}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		k, ok := kindOf(filepath.Join(folder, e.Name()))
		if !ok {
			k, ok = kindByContent(filepath.Join(folder, e.Name()))
		}
		if !ok || framework == Dump && k.part == "model" || framework != "" && k.framework != "" && k.framework != framework {
			continue
		}
		path := filepath.Join(folder, e.Name())
		if k.framework == "tensorflow" && k.part == "weights" {
			if path, err = tensorflow.CheckpointPrefix(path); err != nil {
				return nil, err
			}
		}
		if !slices.Contains(found[k.part], path) { // shards have one prefix
			found[k.part] = append(found[k.part], path)
		}
	}
	return found, nil
}

// isDescription knows a Keras model's description without its weights.
func isDescription(path string) bool {
	return strings.EqualFold(filepath.Ext(path), ".json") && filepath.Base(path) != fixtures.SideName && keras.IsDescription(path)
}

// kindByContent knows files that have no ending of their own: checkpoints in one file, and what counts where there is no other
// model, the description of Keras's and graphs saved with a checkpoint.
func kindByContent(path string) (kindOfFile, bool) {
	switch {
	case isDescription(path):
		return kindOfFile{part: "description", framework: "keras"}, true
	case filepath.Ext(path) == ".meta":
		return kindOfFile{part: "meta", framework: "tensorflow"}, true
	case tensorflow.IsSingleCheckpoint(path):
		return kindOfFile{part: "weights", framework: "tensorflow"}, true
	}
	return kindOfFile{}, false
}
