package lower

import (
	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/tensorproto"
)

// constant is a value that does not depend on what is fed: a Const, or a variable.
type constant struct {
	node   *graphdef.Node
	tensor *tensorproto.Tensor // of a Const
	shape  tensor.Shape        // nil for a variable that does not say
}

// constantOps are the nodes that constants come from.
var constantOps = map[string]bool{"Const": true, "VariableV2": true, "Variable": true, "VarHandleOp": true}

// aliasOps are the nodes whose output is their first input.
var aliasOps = map[string]bool{
	"Identity": true, "StopGradient": true, "CheckNumerics": true, "Snapshot": true, "PreventGradient": true,
	"ReadVariableOp": true, "EnsureShape": true, "PlaceholderWithDefault": true, "RefIdentity": true,
}

// constant follows identities and reads back to a constant. It fails to find one for what depends on an input.
func (t *network) constant(r ref) (*constant, bool) {
	replaceable := false
	r = t.follow(r)
	for hops := 0; aliasOps[r.node.Op] && r.output == 0 && len(t.inputs[r.node]) > 0; hops++ {
		if hops > len(t.def.Nodes) {
			return nil, false
		}
		if r.node.Op == "PlaceholderWithDefault" {
			replaceable = true
			if _, fed := t.fed[r.node.Name]; fed {
				return nil, false
			}
		}
		r = t.follow(t.inputs[r.node][0])
	}
	if !constantOps[r.node.Op] || r.output != 0 {
		return nil, false
	}
	c := &constant{node: r.node}
	var err error
	if r.node.Op == "Const" {
		if c.tensor, err = r.node.Tensor("value"); err == nil {
			c.shape = c.tensor.Shape
		}
	} else {
		c.shape, err = r.node.Shape("shape")
	}
	return c, err == nil && (!replaceable || c.setting())
}

// setting tells whether a constant that may be replaced by what is fed is one that need not be: a number, or what is none, such
// as is_training and keep_prob.
func (c *constant) setting() bool {
	return !c.variable() && (len(c.shape) == 0 || !c.dtype().IsFloat())
}

func (c *constant) variable() bool { return c.tensor == nil }

// dtype is the type of the elements.
func (c *constant) dtype() tensorproto.DType {
	if !c.variable() {
		return c.tensor.DType
	}
	d, _ := c.node.Type("dtype")
	return d
}

// keys are the names that a checkpoint may hold a variable's value under.
func (c *constant) keys() []string {
	var keys []string
	if c.node.Saved != "" {
		keys = append(keys, c.node.Saved)
	}
	keys = append(keys, c.node.Name)
	if shared, err := c.node.Text("shared_name", ""); err == nil && shared != "" && shared != c.node.Name {
		keys = append(keys, shared)
	}
	return keys
}
