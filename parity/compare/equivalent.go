package compare

import (
	"fmt"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/align"
	"parity/parity/structure"
)

// noteEquivalents says what the candidate writes otherwise and what comes to the same: whatever differs between the graphs in
// places where the numbers agree.
func (c *comparison) noteEquivalents() {
	if c.diff == nil {
		return
	}
	e := &equivalents{comparison: c, axes: map[*structure.Element]int{}}
	e.differences()
	for _, recognise := range []func(){
		e.explicitPadding, e.otherForm, e.orderOfBranches, e.orderOfChannels, e.factors, e.normalisedInside, e.fused,
	} {
		recognise()
	}
	c.findings = append(c.findings, e.notes...)
}

// equivalents collects what was recognised.
type equivalents struct {
	*comparison
	notes []parity.Finding
	axes  map[*structure.Element]int // what permutedAlong returns, by the reference's element
}

// note adds a finding about layers of the reference; candidate is what stands for the first of them.
func (e *equivalents) note(what, text string, layers []string, candidate string) {
	f := parity.Finding{
		Cause: "structure.equivalent", Severity: parity.Note, Candidate: candidate,
		Parameters: map[string]string{"recognised": what}, Explanation: text,
	}
	if len(layers) > 0 {
		f.Layer = layers[0]
	}
	if len(layers) > 1 {
		f.Layers = layers
	}
	if len(layers) == 0 || slices.ContainsFunc(layers, e.asked) {
		e.notes = append(e.notes, f)
	}
}

// asked reports whether a layer is among the rows that were asked for.
func (c *comparison) asked(name string) bool {
	return slices.ContainsFunc(c.rows, func(r *row) bool { return r.Name == name && c.selected(r) })
}

// right reports whether the candidate's numbers are right where an element ends, and no part of it is to blame.
func (c *comparison) right(r *structure.Element) bool {
	if slices.ContainsFunc(r.Nodes, func(n *graph.Node) bool { return c.nodeRow(n).Verdict == parity.Introduced }) {
		return false
	}
	return slices.Contains([]parity.Verdict{parity.Match, parity.Covered, parity.Inherited}, c.byValue[r.Output].Verdict)
}

// differences goes through what differs in structure. A piece that one side lacks and one that the other has in its place
// are the same, written otherwise.
func (e *equivalents) differences() {
	list := e.diff.Differences()
	done := map[int]bool{}
	for i, d := range list {
		for k, other := range list {
			if d.Missing() && other.Extra() && len(d.At) == len(other.At) && e.inPlaceOf(d, other) {
				e.rewritten(d, other)
				done[i], done[k] = true, true
			}
		}
	}
	for i, d := range list {
		if e.rightAt(d) {
			e.structure.Differences[i].Equivalent = true
			if !done[i] {
				e.difference(d)
			}
		}
	}
}

// rightAt reports whether the numbers are right wherever a difference shows.
func (e *equivalents) rightAt(d structure.Difference) bool {
	for _, p := range d.At {
		switch {
		case p.Reference == nil:
			if reader := e.diff.Reader(p.Piece); reader == nil || !e.right(reader) {
				return false
			}
		case p.Piece != nil:
			if slices.ContainsFunc(p.Piece, func(r *structure.Element) bool { return !e.right(r) }) {
				return false
			}
		case !e.right(p.Reference):
			return false
		}
	}
	return true
}

// inPlaceOf reports whether each piece of the candidate stands where one of the reference is missing.
func (e *equivalents) inPlaceOf(missing, extra structure.Difference) bool {
	return slices.EqualFunc(missing.At, extra.At, func(m, x structure.Place) bool {
		return m.Behind == x.Behind && e.diff.ReaderOf(m.Piece) == e.diff.Reader(x.Piece)
	})
}

// rewritten notes pieces that are written as other layers.
func (e *equivalents) rewritten(missing, extra structure.Difference) {
	if !e.rightAt(missing) {
		return
	}
	var names []string
	for _, p := range missing.At {
		for _, r := range p.Piece {
			names = append(names, r.Name())
		}
	}
	by := strings.Join(kindsOf(extra.At[0].Piece), ", ")
	text := fmt.Sprintf("%s: in the candidate other layers compute it (%s), with the same numbers", names[0], by)
	if len(missing.At) > 1 {
		text = fmt.Sprintf("%s: in the candidate other layers compute each (%s), with the same numbers", structure.Counted(missing), by)
	}
	e.note("other layers", text, names, extra.At[0].Candidate.Name())
}

func kindsOf(piece []*structure.Element) (list []string) {
	for _, e := range piece {
		for _, n := range e.Nodes {
			list = append(list, operationName(n))
		}
	}
	return list
}

// operationName is what a node does in one word.
func operationName(n *graph.Node) string {
	switch l := n.Layer.(type) {
	case layer.Binary:
		return string(l.Operation)
	case layer.Unary:
		return string(l.Function)
	}
	return n.Layer.Kind()
}

// difference notes one that is no rewriting.
func (e *equivalents) difference(d structure.Difference) {
	var names []string
	candidate := ""
	for _, p := range d.Result().Layers {
		if p.Reference != "" {
			names = append(names, p.Reference)
		}
		if candidate == "" {
			candidate = p.Candidate
		}
	}
	switch {
	case d.Foldable() && scaled(d.At[0].Reference, d.At[0].Candidate) != 0:
		return // factors tells
	case d.Foldable() && d.Cause == "structure.missing-layer":
		e.note("folded normalisation", fmt.Sprintf("%s; it is folded into the weights or into a factor and an offset, with the same numbers", d.Text), names, candidate)
	case d.Foldable():
		e.note("folded normalisation", d.Text+"; the reference has it folded into weights and bias, with the same numbers", names, candidate)
	case d.Extra() && d.At[0].Behind == nil:
		return // before everything else: normalisedInside tells
	default:
		if len(names) == 0 && d.At[0].Behind != nil {
			names = []string{d.At[0].Behind.Name()}
		}
		e.note("other structure", d.Text+"; the numbers are the same", names, candidate)
	}
}

// explicitPadding notes padding that is a layer of its own on one side.
func (e *equivalents) explicitPadding() {
	for _, side := range []struct {
		text  string
		apart func(r, c *structure.Element) bool
	}{
		{"the candidate pads the input of %s with an operation of its own, and not in the layer", func(r, c *structure.Element) bool { return c.Padded() && !r.Padded() }},
		{"the candidate pads the input of %s in the layer, the reference with a layer of its own", func(r, c *structure.Element) bool { return r.Padded() && !c.Padded() }},
	} {
		names, first := e.where(side.apart)
		e.noteWhere("explicit padding", side.text+"; it comes to the same", "layers", names, first)
	}
}

// noteWhere notes what was recognised at some layers, if at any: text is a format for their number or for the name of one.
func (e *equivalents) noteWhere(what, text, plural string, names []string, candidate string) {
	switch n := len(names); n {
	case 0:
	case 1:
		e.note(what, fmt.Sprintf(text, names[0]), names, candidate)
	default:
		e.note(what, fmt.Sprintf(text, fmt.Sprintf("%d %s", n, plural)), names, candidate)
	}
}

// where lists the reference's layers that are right and show something, and the candidate's first counterpart.
func (e *equivalents) where(shows func(r, c *structure.Element) bool) (names []string, first string) {
	for _, r := range e.diff.Reference {
		if c := e.diff.Counterpart[r]; c != nil && e.right(r) && shows(r, c) {
			if names = append(names, r.Name()); first == "" {
				first = c.Name()
			}
		}
	}
	return names, first
}

// otherForm notes fully connected layers that are written as convolutions, or the reverse.
func (e *equivalents) otherForm() {
	convolution := func(n *graph.Node) bool {
		_, ok := n.Layer.(layer.Convolution)
		return ok
	}
	for _, from := range []bool{false, true} {
		names, first := e.where(func(r, c *structure.Element) bool {
			return weightsOf(r) != nil && weightsOf(c) != nil && convolution(r.Main) == from && convolution(c.Main) != from
		})
		text := "%s: a fully connected layer of the reference is a convolution over the whole map in the candidate, with the same numbers"
		if from {
			text = "%s: a convolution of the reference is a fully connected layer in the candidate, with the same numbers"
		}
		e.noteWhere("fully connected as convolution", text, "layers", names, first)
	}
}

// orderOfBranches notes joins that take their inputs in another order, where what reads them takes the channels so.
func (e *equivalents) orderOfBranches() {
	names, first := e.where(func(r, c *structure.Element) bool {
		_, joins := r.Main.Layer.(layer.Concat)
		return joins && e.diff.Reordered(r, c)
	})
	e.noteWhere("permuted branches", "%s: the candidate joins the branches in another order, and the layers behind take their channels so", "concatenations", names, first)
}

// orderOfChannels notes weights whose channels are in another order, made up for on the other side of the layer.
func (e *equivalents) orderOfChannels() {
	flattens := func(r *structure.Element) bool {
		_, connected := r.Main.Layer.(layer.InnerProduct)
		return connected && r.Kernel() != "1x1"
	}
	for _, row := range []struct {
		axis     int
		flattens bool
		text     string
	}{
		{0, false, "%s: the output channels are in another order in the candidate's weights, and the layers behind take them so"},
		{0, true, "%s: the outputs are in another order in the candidate's weights, and the layers behind take them so"},
		{1, false, "%s: the input channels are in another order in the candidate's weights, as what they are applied to"},
		{1, true, "%s: the candidate flattens the map before it in another order, and its weights take their inputs so"},
	} {
		names, first := e.where(func(r, c *structure.Element) bool {
			return flattens(r) == row.flattens && e.permutedAlong(r, c) == row.axis
		})
		e.noteWhere("permuted channels", row.text, "layers", names, first)
	}
}

func (e *equivalents) permutedAlong(r, c *structure.Element) int {
	axis, known := e.axes[r]
	if !known {
		axis = permutedAlong(weightsOf(r), weightsOf(c))
		e.axes[r] = axis
	}
	return axis
}

// permutedAlong is the axis along which the candidate's weights are the reference's in another order, -1 for none: 0 if the
// outputs are others (the inputs may be too), 1 for the inputs alone.
func permutedAlong(a, b tensor.Any) int {
	if a == nil || b == nil || !align.SameNumbers(a.Dims(), b.Dims()) || len(a.Dims()) < 2 || equalTensors(a, b) {
		return -1
	}
	own, other := tensor.As[float32](a), tensor.As[float32](b)
	outputs, size := own.Shape[0], own.Shape[1:].Len()
	if size < 2 || outputs < 2 {
		return -1
	}
	channel := func(t *tensor.Tensor[float32], o int) []float32 { return t.Data[o*size:][:size] }
	prints := make([]fingerprint, outputs)
	for o := range prints {
		prints[o] = marks(channel(other, o))
	}
	used, moved := make([]bool, outputs), false
	for o := range outputs {
		at, print := -1, marks(channel(own, o))
		for k := range outputs {
			k = (o + k) % outputs
			if !used[k] && print.like(prints[k]) && sameNumbers(channel(own, o), channel(other, k)) {
				at = k
				break
			}
		}
		if at < 0 {
			return -1
		}
		used[at], moved = true, moved || at != o
	}
	if moved {
		return 0
	}
	return 1
}

// sameNumbers reports whether two lists hold the same numbers in any order.
func sameNumbers(a, b []float32) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// factors notes weights that are the reference's times one number, which something behind the layer takes back.
func (e *equivalents) factors() {
	for _, r := range e.diff.Reference {
		c := e.diff.Counterpart[r]
		if c == nil || !e.right(r) {
			continue
		}
		if k := scaled(r, c); k != 0 {
			e.note("folded factor", fmt.Sprintf("the weights of %s are %.4g times the reference's in the candidate, and what follows makes up for it", r.Name(), k), []string{r.Name()}, c.Name())
		}
	}
}

// scaled is the factor between the weights of a layer and those of its counterpart, 0 for none.
func scaled(r, c *structure.Element) float64 {
	if k := factor(weightsOf(r), weightsOf(c)); k != 1 {
		return k
	}
	return 0
}

// factor is what all numbers of a have to be multiplied with to be those of b, within their rounding; 0 for none.
func factor(a, b tensor.Any) float64 {
	if a == nil || b == nil || a.Dims().Len() != b.Dims().Len() {
		return 0
	}
	x, y := tensor.As[float64](a).Data, tensor.As[float64](b).Data
	k, most := 0.0, 0.0
	for i, v := range x {
		if v*v > most {
			most, k = v*v, y[i]/v
		}
	}
	const roundings = 4.0 / (1 << 24)
	for i, v := range x {
		if d := v*k - y[i]; !(d*d <= roundings*roundings*y[i]*y[i]) {
			return 0
		}
	}
	return k
}

// normalisedInside notes inputs of the reference that the candidate computes inside its graph from what it is fed.
func (e *equivalents) normalisedInside() {
	for _, in := range e.ref.Graph.Inputs {
		found := e.found[in.Name]
		if found == nil || e.byValue[in.Name].Verdict != parity.Match || slices.ContainsFunc(e.cand.Graph.Inputs, func(c graph.Input) bool { return c.Name == found.name }) {
			continue
		}
		var kinds []string
		for _, n := range e.counterpart(found.name) {
			if _, constant := n.Layer.(layer.Constant); !constant {
				kinds = append(kinds, operationName(n))
			}
		}
		e.note("normalisation inside the graph", fmt.Sprintf("the candidate prepares its input inside its graph (%s): %s holds what the reference is fed as %s",
			strings.Join(kinds, ", "), found.name, in.Name), []string{in.Name}, found.name)
	}
}

// fused notes activations that the candidate computes in one operation with the layer before them.
func (e *equivalents) fused() {
	names, first := e.where(func(r, c *structure.Element) bool { return e.diff.Fused(c) && !e.diff.Fused(r) })
	e.noteWhere("fused activations", "%s: the candidate computes it in one operation with the layer before", "activations", names, first)
}
