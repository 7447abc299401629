// Command gen writes the assembly of package kernel and its Go declarations. It is a module of its own, so that
// the program needs neither the generator nor what it depends on. Run it in its folder: go run .
package main

import (
	"fmt"
	"os"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run writes every kernel for every instruction set and precision to the folder above.
func run() error {
	ctx := build.NewContext()
	ctx.ConstraintExpr("amd64,!purego")
	for _, set := range []vectors{avx512, avx2} {
		for _, p := range []precision{float32s, float64s} {
			for _, write := range []func(generator){tile, dot, maximum, mean, floor, normalise, plus, blend, gate, maximumBackward, normaliseBackward} {
				write(generator{ctx, set, p})
			}
		}
	}
	for _, p := range []precision{float32s, float64s} {
		transpose(generator{ctx, avx2, p})
	}
	file, err := ctx.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	config := printer.Config{Name: "avo", Argv: []string{"go", "run", "."}, Pkg: "kernel"}
	if err := write("../kernel_amd64.s", printer.NewGoAsm(config), file); err != nil {
		return err
	}
	return write("../kernel_amd64.go", printer.NewStubs(config), file)
}

func write(path string, p printer.Printer, file *ir.File) error {
	text, err := p.Print(file)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
