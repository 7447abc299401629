package lower

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/source"
	"parity/importers/tensorflow/tensorproto"
)

// weight is a constant that becomes a layer's parameter, and what turns it into the layer's layout.
type weight struct {
	constant  *constant
	transform func(tensor.Any) tensor.Any // nil for none
	// stored tells how the result lies in TensorFlow's order of elements.
	stored graph.Stored
	// reshaped says that the result has, as stored, other extents than the constant.
	reshaped bool
}

// load is a parameter that is still to be read.
type load struct {
	weight
	to *graph.Param
}

// attach gives a node its parameters, to be read later; none of them where a variable has no value.
func (l *lowering) attach(n *graph.Node, params []weight) error {
	var loads []load
	for _, w := range params {
		if !l.available(w.constant) {
			return nil
		}
		if err := l.checkShape(w.constant); err != nil {
			return err
		}
		if d := w.constant.dtype().Base(); d == tensorproto.Half || d == tensorproto.BFloat16 {
			n.Origin.Transforms = append(n.Origin.Transforms, fmt.Sprintf("%s widened from %v", w.constant.node.Name, d))
		}
		p := &graph.Param{Name: w.constant.node.Name, Stored: w.stored}
		n.Params = append(n.Params, p)
		loads = append(loads, load{w, p})
		loads = append(loads, l.share(w, p)...)
	}
	l.loads = append(l.loads, loads...)
	return nil
}

// share makes all parameters from one constant share the first one's memory. Where the layer's extents are not the
// constant's, that is a parameter of its own. It returns what else is to be read.
func (l *lowering) share(w weight, p *graph.Param) []load {
	node := w.constant.node
	if !w.constant.dtype().IsFloat() {
		p.Multipliers = &graph.Multipliers{} // nothing to be trained
		return nil
	}
	if owner := l.owners[node]; owner != nil {
		p.Shares = owner
		return nil
	}
	if !w.reshaped {
		l.owners[node] = p
		return nil
	}
	p.Shares = &graph.Param{Name: node.Name}
	l.owners[node] = p.Shares
	return []load{{weight{constant: w.constant}, p.Shares}}
}

// available tells whether a constant has a value, and notes a variable that has none.
func (l *lowering) available(c *constant) bool {
	if !c.variable() {
		return true
	}
	l.variables[c.node.Name] = true
	if _, ok := l.key(c); ok {
		return true
	}
	if !slices.Contains(l.missing, c.node.Name) {
		l.missing = append(l.missing, c.node.Name)
	}
	return false
}

// key is the name under which the checkpoint holds a variable.
func (l *lowering) key(c *constant) (string, bool) {
	if l.vars == nil {
		return "", false
	}
	for _, key := range c.keys() {
		if _, ok := l.vars.Shape(key); ok {
			return key, true
		}
	}
	return "", false
}

// maxFilled is the most elements that a whole file may claim by repeating values.
const maxFilled = 4 * tensorproto.MaxFilled

// checkShape compares a variable with what the checkpoint has, and counts what a Const claims without holding it.
func (l *lowering) checkShape(c *constant) error {
	if !c.variable() {
		if l.filled += c.tensor.Filled(); l.filled > maxFilled {
			return c.node.Errorf("the constants up to here repeat values over more than %d elements", maxFilled)
		}
		return nil
	}
	key, _ := l.key(c)
	if s, _ := l.vars.Shape(key); !s.Equal(c.shape) {
		return c.node.Errorf("the variable has the shape %v in the graph and %v in the checkpoint %s: they do not belong together", c.shape, s, l.vars.Place())
	}
	return nil
}

// loadWeights reads all parameters side by side.
func (l *lowering) loadWeights() error {
	if err := l.missingError(); err != nil {
		return err
	}
	errs := make([]error, len(l.loads))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	read := onceEach(l.read)
	for i, job := range l.loads {
		g.Go(func() error {
			errs[i] = job.run(read)
			return nil
		})
	}
	_ = g.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (j load) run(read func(*constant) (tensor.Any, error)) error {
	v, err := read(j.constant)
	if err != nil {
		return err
	}
	if j.transform != nil {
		v = j.transform(v)
	}
	j.to.Value = v
	return nil
}

// onceEach reads a constant that several layers share only once, by its node.
func onceEach(read func(*constant) (tensor.Any, error)) func(*constant) (tensor.Any, error) {
	type result struct {
		once  sync.Once
		value tensor.Any
		err   error
	}
	var results sync.Map
	return func(c *constant) (tensor.Any, error) {
		kept, _ := results.LoadOrStore(c.node, &result{})
		r := kept.(*result)
		r.once.Do(func() { r.value, r.err = read(c) })
		return r.value, r.err
	}
}

func (l *lowering) read(c *constant) (tensor.Any, error) {
	if c.variable() {
		key, _ := l.key(c)
		return l.vars.Read(key)
	}
	v, err := c.tensor.Value()
	if err != nil {
		return nil, c.node.Errorf("%v", err)
	}
	return v, nil
}

// missingError names variables without a value. Without any checkpoint at all that is as it should be.
func (l *lowering) missingError() error {
	if len(l.missing) == 0 || l.vars == nil {
		return nil
	}
	const most = 3
	names := strings.Join(l.missing[:min(most, len(l.missing))], ", ")
	if len(l.missing) > most {
		names += ", ..."
	}
	if place := l.vars.Place(); place != "" {
		return source.Errorf(place, "", "expected the values of all %d variables of %s, found none for %d of them (%s): the checkpoint belongs to another graph",
			len(l.variables), l.def.File, len(l.missing), names)
	}
	return source.Errorf(l.def.File, "", "expected the values of %d variables (%s), found a graph without its weights: give the checkpoint's prefix (PREFIX.index, PREFIX.data-*) as weights, or a frozen graph",
		len(l.missing), names)
}
