// Command conformance runs ONNX's own conformance tests and keeps the table of what passes.
//
//	go run ./cmd/conformance -data /usr/share/libonnx-testdata/data -version 1.12.0-2
//
// runs the folders node, pytorch-converted, pytorch-operator and simple, and fails if the results are not those of the committed
// list; with -write it rewrites the list. Without -data it only makes the table of the list, which needs no test data.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

//go:generate go run . -list ../../docs/onnx/conformance.tsv -table ../../docs/onnx.md

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	list := flag.String("list", filepath.FromSlash("docs/onnx/conformance.tsv"), "the list of results")
	table := flag.String("table", filepath.FromSlash("docs/onnx.md"), "the table to make of the list")
	data := flag.String("data", "", "folder of the test data; none: only make the table")
	version := flag.String("version", "", "of the test data")
	write := flag.Bool("write", false, "rewrite the list")
	flag.Parse()
	if *data != "" {
		if err := check(ctx, *data, *version, *list, *write); err != nil {
			return err
		}
	}
	r, err := readResults(*list)
	if err != nil {
		return err
	}
	return os.WriteFile(*table, []byte(r.markdown()), 0o666)
}

// check runs the tests and compares the results with the list, or rewrites it.
func check(ctx context.Context, data, version, list string, write bool) error {
	got, err := runAll(ctx, data, version)
	if err != nil {
		return err
	}
	if write {
		return os.WriteFile(list, []byte(got.String()), 0o666)
	}
	want, err := readResults(list)
	if err != nil {
		return err
	}
	return want.compare(got)
}
