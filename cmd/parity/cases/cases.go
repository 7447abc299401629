// Package cases checks the engine against networks that frameworks have run: a folder holds a network, what was fed to it
// and what came out, forward and backward.
package cases

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"parity/parity"
)

// Options steer a run.
type Options struct {
	Threads int
	// Dump is a folder to write what was computed to, as DIR/CASE/outputs.npz and so on; empty for none.
	Dump string
}

// Result is what one case came to.
type Result struct {
	Case string `json:"case"` // its folder's name
	Dir  string `json:"-"`
	Kind string `json:"kind"`
	// Passed is whether everything that was recorded is within its bound.
	Passed bool `json:"passed"`
	// Forward and Backward are the worst of all tensors, in either precision; nil if nothing of the kind was recorded.
	Forward  *Check `json:"forward,omitempty"`
	Backward *Check `json:"backward,omitempty"`
	// Undecided counts gradients for which a choice lies within rounding of flipping, so that either is admitted.
	Undecided int    `json:"undecided,omitempty"`
	Error     string `json:"error,omitempty"`
	// Unsupported says that the error is of something that is not computed here.
	Unsupported bool `json:"unsupported,omitempty"`
}

// Check is the largest difference among some tensors, as a multiple of the rounding bound.
type Check struct {
	Ratio parity.Number `json:"ratio"`
	// Key names the tensor that shows it, as in expect.npz:conv1.
	Key string `json:"key"`
	// Tensors counts what was compared.
	Tensors int `json:"tensors"`
}

// kind is one kind of case.
type kind struct {
	name string
	// is reports whether a folder is such a case.
	is  func(dir string) bool
	run func(ctx context.Context, dir string, o Options) (*Result, error)
}

// kinds lists the kinds of cases, in the order in which a folder is tried.
var kinds = []kind{
	{"caffe layer", isCaffeLayer, runCaffeLayer},
	{"caffe fillers", isCaffeFillers, runCaffeFillers},
	{"caffe solver", isCaffeSolver, runCaffeSolver},
	{"tensorflow initializers", isTensorFlowInitializers, runTensorFlowInitializers},
	{"tensorflow layer", isTensorFlowLayer, runTensorFlowLayer},
	{"loss", isLoss, runLoss},
	{"eval", isEval, runEval},
	{"steps", isSteps, runSteps},
	{"tensorflow optimizer", isTensorFlowOptimizer, runTensorFlowOptimizer},
	{"onnx", isONNX, runONNX},
	{"images", isImages, runImages},
	{"caffe data transforms", isDataTransforms, runDataTransforms},
	{"caffe pictures", isReadings, runReadings},
}

// Find lists the folders at or below a path that are cases, in order.
func Find(root string) ([]string, error) {
	var list []string
	// A link that is named is followed.
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if _, ok := kindOf(path); ok {
			list = append(list, path)
			return filepath.SkipDir
		}
		return nil
	})
	return list, err
}

func kindOf(dir string) (kind, bool) {
	for _, k := range kinds {
		if k.is(dir) {
			return k, true
		}
	}
	return kind{}, false
}

// Run runs one case. Whatever is wrong with it is its result; only an interrupt ends the run.
func Run(ctx context.Context, dir string, o Options) (*Result, error) {
	k, ok := kindOf(dir)
	if !ok {
		return nil, fmt.Errorf("%s: not a case", dir)
	}
	r, err := k.run(ctx, dir, o)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if r == nil {
		r = &Result{}
	}
	r.Case, r.Dir, r.Kind = filepath.Base(filepath.Clean(dir)), dir, k.name
	if err != nil {
		r.Error = err.Error()
		var missing unsupported
		r.Unsupported = errors.As(err, &missing)
	}
	r.Passed = err == nil && r.compared() && r.within()
	return r, nil
}

// compared guards against a case that passes because it holds nothing.
func (r *Result) compared() bool { return r.Forward != nil || r.Backward != nil }

func (r *Result) within() bool {
	return (r.Forward == nil || r.Forward.Ratio.Within()) && (r.Backward == nil || r.Backward.Ratio.Within())
}

// unsupported is the error of what is not computed here.
type unsupported string

func (e unsupported) Error() string { return string(e) }
