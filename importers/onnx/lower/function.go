package lower

import (
	"slices"

	"parity/importers/onnx/model"
)

// expand collects the model's nodes, with the bodies of its functions in place of their calls.
func (t *network) expand(m *model.Model) error {
	e := &expansion{network: t, functions: map[string]*model.Function{}, most: len(m.Graph.Nodes) + maxExpanded}
	for _, f := range m.Functions {
		e.functions[key(f.Domain, f.Name, f.Overload)] = f
	}
	for _, n := range m.Graph.Nodes {
		if err := e.node(n, captures(n), 0); err != nil {
			return err
		}
	}
	return nil
}

// Functions may call functions, so that a small file could stand for a network without end.
const (
	maxExpanded  = 1 << 16 // nodes
	maxCallDepth = 20
)

func key(domain, name, overload string) string { return domain + "." + name + ":" + overload }

type expansion struct {
	*network
	functions map[string]*model.Function
	most      int
}

func (e *expansion) node(n *model.Node, captured []string, depth int) error {
	f := e.functions[key(n.Domain, n.Op, n.Overload)]
	if f == nil {
		if len(e.nodes) >= e.most || depth > maxCallDepth {
			return n.Errorf("the model's functions expand to more than %d nodes, or call each other more than %d deep", maxExpanded, maxCallDepth)
		}
		e.nodes = append(e.nodes, n)
		e.captured[n] = captured
		return nil
	}
	if depth > maxCallDepth {
		return n.Errorf("the model's functions call each other more than %d deep", maxCallDepth)
	}
	return e.body(n, f, depth)
}

// body puts the nodes of a function in place of a call. Values inside it are named after the call, as the function may be
// called again.
func (e *expansion) body(call *model.Node, f *model.Function, depth int) error {
	if len(call.Inputs) > len(f.Inputs) || len(call.Outputs) > len(f.Outputs) {
		return call.Errorf("the function takes %d inputs and gives %d outputs, found %d and %d", len(f.Inputs), len(f.Outputs), len(call.Inputs), len(call.Outputs))
	}
	actual := map[string]string{"": ""}
	for i, name := range f.Inputs {
		actual[name] = ""
		if i < len(call.Inputs) {
			actual[name] = call.Inputs[i]
		}
	}
	for i, name := range call.Outputs {
		if name != "" {
			actual[f.Outputs[i]] = name
		}
	}
	rename := func(name string) string {
		if _, ok := actual[name]; !ok {
			actual[name] = call.Title() + "/" + name
		}
		return actual[name]
	}
	for _, n := range f.Nodes {
		inner := *n
		inner.Name = call.Title() + "/" + n.Title()
		inner.Inputs, inner.Outputs, inner.Attrs = renamed(n.Inputs, rename), renamed(n.Outputs, rename), arguments(n, call, f)
		if err := e.node(&inner, renamed(captures(n), rename), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func renamed(names []string, rename func(string) string) []string {
	out := slices.Clone(names)
	for i, name := range out {
		out[i] = rename(name)
	}
	return out
}

// arguments gives a node of a function the attributes that it takes from the call, or their defaults.
func arguments(n, call *model.Node, f *model.Function) map[string]*model.Attr {
	out := map[string]*model.Attr{}
	for name, a := range n.Attrs {
		if a.Ref == "" {
			out[name] = a
			continue
		}
		from := call.Attrs[a.Ref]
		if from == nil {
			from = f.Defaults[a.Ref]
		}
		if from != nil {
			value := *from
			value.Name = name
			out[name] = &value
		}
	}
	return out
}
