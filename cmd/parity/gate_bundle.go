package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"parity/cmd/parity/side"
	"parity/fixtures"
	"parity/parity"
	"parity/parity/compare"
	"parity/parity/gate"
	"parity/reports"
)

// bundle runs what a bundle says is to be compared. What is wrong with the bundle is what its comparisons come to; an error
// is only what ends the whole gate.
func (r *gateRun) bundle(ctx context.Context, dir string) ([]gate.Run, error) {
	name, err := filepath.Rel(r.base, dir)
	if err != nil {
		return nil, err
	}
	key := gate.Key{Bundle: filepath.ToSlash(name), Reference: "?", Candidate: "?"}
	b, err := fixtures.Open(dir)
	if err != nil {
		return []gate.Run{{Key: key, Kind: parity.ProblemNotRun, Err: err}}, nil
	}
	list, err := b.Compared()
	if err != nil {
		return []gate.Run{{Key: key, Kind: parity.ProblemNotRun, Err: err}}, nil
	}
	changed := b.VerifyFiles()
	var runs []gate.Run
	for _, c := range list {
		run := gate.Run{Key: key, Kind: parity.ProblemNotRun}
		run.Reference, run.Candidate = c.Reference, c.Candidate
		if changed != nil {
			run.Kind, run.Err = parity.ProblemChanged, changed
		} else if run.Result, run.Files, run.Err = r.compare(ctx, b, c); ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if run.Result != nil {
			if err := r.page(run); err != nil {
				return nil, err
			}
		}
		runs = append(runs, run)
	}
	return runs, nil
}

func (r *gateRun) compare(ctx context.Context, b *fixtures.Bundle, c fixtures.Comparison) (*parity.Result, []parity.File, error) {
	var specs [2]side.Spec
	var err error
	for i, text := range []string{c.Reference, c.Candidate} {
		if specs[i], err = side.InBundle(b, text); err != nil {
			return nil, nil, err
		}
	}
	files, err := r.manifests(b.Dir, specs[0].Path, specs[1].Path)
	if err != nil {
		return nil, nil, err
	}
	pair, err := side.OpenPair(specs[0], specs[1], side.Overrides{}, side.Overrides{})
	if err != nil {
		return nil, nil, err
	}
	opt := compare.Options{Profiles: r.pages != "", Threads: r.threads, Environment: environment(r.threads)}
	if images := pair.Images(side.ImageOptions{Threads: r.threads}); images != nil {
		ref, cand, list, err := images.Sides()
		if err != nil {
			return nil, nil, err
		}
		result, err := compare.RunImages(ctx, ref, cand, list, opt)
		return result, files, err
	}
	ref, cand, err := pair.Finish(ctx, r.threads)
	if err != nil {
		return nil, nil, err
	}
	result, err := compare.Run(ctx, ref, cand, opt)
	return result, files, err
}

// manifests lists the manifests of the bundle and of those that the paths lead into, each once.
func (r *gateRun) manifests(paths ...string) ([]parity.File, error) {
	var files []parity.File
	seen := map[string]bool{}
	for _, p := range paths {
		for _, dir := range []string{p, filepath.Dir(p)} {
			file := filepath.Join(dir, fixtures.ManifestName)
			if _, err := os.Stat(file); err != nil || seen[file] {
				continue
			}
			seen[file] = true
			digest, err := fixtures.Hash(file)
			if err != nil {
				return nil, err
			}
			name, err := filepath.Rel(r.base, file)
			if err != nil {
				return nil, err
			}
			files = append(files, parity.File{Path: filepath.ToSlash(name), SHA256: digest})
		}
	}
	return files, nil
}

// page writes the HTML report of a comparison, if pages are wanted.
func (r *gateRun) page(run gate.Run) error {
	if r.pages == "" {
		return nil
	}
	plain := func(c rune) rune {
		if strings.ContainsRune(`/\: `, c) {
			return '-'
		}
		return c
	}
	name := strings.Map(plain, fmt.Sprintf("%s.%s.%s.html", run.Bundle, run.Reference, run.Candidate))
	return writeFile(filepath.Join(r.pages, name), func(w io.Writer) error { return reports.HTML(w, run.Result, reports.Options{}) })
}
