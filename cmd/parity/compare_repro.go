package main

import (
	"errors"
	"fmt"

	"parity/cmd/parity/repro"
	"parity/cmd/parity/side"
	"parity/parity"
	"parity/parity/compare"
)

const reproHelp = `--repro FOLDER writes for every finding the layer that it is about, cut out of both networks: a folder with ref/ and cand/, which
'parity compare' reads and shows the same finding of, finding.json with the cause, expected.npz with both outputs and the bound, and
reproduce.py, which runs the one layer in the candidate's framework, needs nothing but that folder, and prints the difference; its exit
status is 1 while there is one. repro.json lists them, and the findings that nothing could be cut out for, with the reason. FOLDER
must be empty, or hold the reproductions of an earlier run, which are replaced; if anything fails it stays as it was.`

// sourced is told which sides a comparison opened.
type sourced func(ref, cand side.Source)

// reproducing runs a comparison with --repro, if that was asked for.
func (f *compareFlags) reproducing(opt compare.Options, run func(compare.Options, sourced) (*parity.Result, error)) (*parity.Result, error) {
	if f.repro == "" {
		return run(opt, func(side.Source, side.Source) {})
	}
	if f.initializers || f.structure {
		return nil, errors.New("--repro excludes --initializers and --structure: no layer is run")
	}
	w, err := repro.New(f.repro, version())
	if err != nil {
		return nil, err
	}
	opt.Reproduce = w.Add
	result, err := run(opt, w.From)
	if err != nil {
		w.Abort()
		return nil, err
	}
	for _, s := range w.Skipped() {
		fmt.Fprintf(f.stderr, "parity: --repro: nothing was written for %s\n", s)
	}
	return result, w.Close()
}
