package main

import (
	"math"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
)

// edits are what `npz EDIT FILE [TENSOR [NAME]]` can do to a file of tensors in a script.
var edits = map[string]func(ts *testscript.TestScript, t *npz.Tensors, args []string) *npz.Tensors{
	// nan makes the last element of a tensor NaN.
	"nan": func(ts *testscript.TestScript, t *npz.Tensors, args []string) *npz.Tensors {
		x := stored(ts, t, args[0])
		x.Data[len(x.Data)-1] = float32(math.NaN())
		return t
	},
	// add adds a number to the first element of a tensor, as recorded.
	"add": func(ts *testscript.TestScript, t *npz.Tensors, args []string) *npz.Tensors {
		x := stored(ts, t, args[0])
		x.Data[0]++
		return t
	},
	"drop": func(ts *testscript.TestScript, t *npz.Tensors, args []string) *npz.Tensors {
		stored(ts, t, args[0])
		return kept(t, func(name string) bool { return name != args[0] })
	},
	"only": func(ts *testscript.TestScript, t *npz.Tensors, args []string) *npz.Tensors {
		stored(ts, t, args[0])
		return kept(t, func(name string) bool { return name == args[0] })
	},
	// cut takes the last row of the first axis away.
	"cut": func(ts *testscript.TestScript, t *npz.Tensors, args []string) *npz.Tensors {
		x := stored(ts, t, args[0])
		shape := x.Shape.Clone()
		shape[0]--
		t.Set(args[0], tensor.From(x.Data[:shape.Len()], shape...))
		return t
	},
	"rename": func(ts *testscript.TestScript, t *npz.Tensors, args []string) *npz.Tensors {
		out := kept(t, func(name string) bool { return name != args[0] })
		out.Set(args[1], stored(ts, t, args[0]))
		return out
	},
	// last makes of a recording with stages what an ordinary pycaffe dump holds: the last value of each blob.
	"last": func(ts *testscript.TestScript, t *npz.Tensors, _ []string) *npz.Tensors {
		out := &npz.Tensors{}
		for _, name := range t.Names() {
			blob, _, _ := strings.Cut(name, "@")
			v, _ := t.Get(name)
			out.Set(blob, v)
		}
		return out
	},
	"empty": func(*testscript.TestScript, *npz.Tensors, []string) *npz.Tensors { return &npz.Tensors{} },
}

func editNpz(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || edits[args[0]] == nil {
		ts.Fatalf("usage: npz EDIT FILE [TENSOR [NAME]]")
	}
	file := ts.MkAbs(args[1])
	t, err := npz.Read(file)
	ts.Check(err)
	ts.Check(npz.Write(file, edits[args[0]](ts, t, args[2:])))
}

func stored(ts *testscript.TestScript, t *npz.Tensors, name string) *tensor.Tensor[float32] {
	v, ok := t.Get(name)
	if !ok {
		ts.Fatalf("no tensor %q", name)
	}
	return v.(*tensor.Tensor[float32])
}

func kept(t *npz.Tensors, keep func(name string) bool) *npz.Tensors {
	out := &npz.Tensors{}
	for _, name := range t.Names() {
		if v, _ := t.Get(name); keep(name) {
			out.Set(name, v)
		}
	}
	return out
}
