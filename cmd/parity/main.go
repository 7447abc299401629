// Command parity verifies ports of neural networks between frameworks: it reads both sides from files, compares them
// layer by layer under proven rounding bounds, names the cause of every difference and proves it by replay.
//
// Exit status: 0 for parity or done, 1 for a difference, 2 for wrong usage, unreadable or inconsistent input and a
// comparison of nothing, 130 after an interrupt.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"

	"github.com/spf13/cobra"

	"parity/googlenet/kernel"
)

func main() {
	// What lives is a few large tensors: collecting at a quarter more than their size costs little time and saves memory.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes.
const (
	exitDone        = 0
	exitDifference  = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// status is an exit code that is not an error: the report has said everything.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// run is the whole program. A panic is a fault of its own: it says so and ends like any other error.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(stderr, "parity: internal error, please report it: %v\n%s", r, debug.Stack())
			code = exitUsage
		}
	}()
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var s status
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &s):
		return int(s)
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "parity: interrupted")
		return exitInterrupted
	}
	fmt.Fprintln(stderr, "parity:", err)
	return exitUsage
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "parity",
		Short: "verify ports of neural networks between frameworks, layer by layer",
		Long: `parity reads a network and its port from files, compares them layer by layer under proven rounding
bounds, names the cause of every difference and proves it by replay.

A SIDE is [FRAMEWORK:]PATH[@SOURCE], or the name of a side of the bundle fixtures/bvlc_googlenet (caffe, tf, tf-same).
FRAMEWORK is caffe, tf or dump (tensors only), guessed from the files when absent. PATH is a file of the model or a
folder. SOURCE is recorded (what the framework computed; the default where tensors are there), native (computed
here in float32) or native64.

Exit status: 0 parity or done, 1 a difference, 2 wrong usage, unreadable input or nothing to compare, 130 interrupted.`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		// A choice of the environment that cannot be honoured is not passed over.
		PersistentPreRunE: func(*cobra.Command, []string) error { return kernel.Problem() },
	}
	root.AddCommand(newCompare(), newExplain(), newReport(), newGate(), newRecord(), newInspect(), newRun(), newStudy(), newVerify(), newExport())
	return root
}

// version is that of the module, and of the commit if the build knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
