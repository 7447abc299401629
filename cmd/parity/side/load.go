package side

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"parity/fixtures/npz"
	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/caffe"
	"parity/importers/image"
	"parity/importers/keras"
	"parity/importers/onnx"
	"parity/importers/tensorflow"
	"parity/parity"
	"parity/parity/compare"
	"parity/parity/trace"
)

// Overrides name parts of a side that lie apart from its model.
type Overrides struct {
	Weights, Inputs, Tensors string
	Image, Preprocess        string
	// Producer is what the user says of who recorded the tensors, as in math=tf32,device=cuda.
	Producer string
	// MovingAverages takes the moving averages of a TensorFlow checkpoint's variables for their values.
	MovingAverages bool
	// sharedInputs says that the inputs were named for both sides: they may have the names of one of them.
	sharedInputs bool
}

// Or returns o with what it does not name taken from other.
func (o Overrides) Or(other Overrides) Overrides {
	for _, part := range []struct{ own, other *string }{
		{&o.Weights, &other.Weights}, {&o.Inputs, &other.Inputs}, {&o.Tensors, &other.Tensors},
		{&o.Image, &other.Image}, {&o.Preprocess, &other.Preprocess}, {&o.Producer, &other.Producer},
	} {
		if *part.own == "" {
			*part.own = *part.other
			o.sharedInputs = o.sharedInputs || part.own == &o.Inputs
		}
	}
	o.MovingAverages = o.MovingAverages || other.MovingAverages
	return o
}

// model is a side before its tensors are computed.
type model struct {
	spec     Spec
	parts    parts
	graph    *graph.Graph
	inputs   map[string]tensor.Any // in the graph's layout; nil if the side has none of its own
	leftOut  []string              // what was taken out of the graph for want of an input
	unnamed  error                 // the inputs that both sides share do not have this side's names
	prepared string
	recorded *trace.Trace // nil for none
	// anyLayout: nobody has said how the tensors are laid out.
	anyLayout bool
}

// Load reads one side and computes its tensors if they are not recorded.
func Load(ctx context.Context, s Spec, o Overrides, threads int) (compare.Side, error) {
	m, err := read(s, o)
	if err != nil {
		return compare.Side{}, err
	}
	if m.graph == nil {
		return compare.Side{}, fmt.Errorf("%s: has tensors but no model; name the model's file or folder", s.Text)
	}
	m.exposeAll() // every tensor is wanted
	return m.finish(ctx, threads)
}

// Pair is both sides of a comparison before anything is computed.
type Pair struct{ ref, cand *model }

// OpenPair reads both sides of a comparison. A side without inputs is fed those of the other one, and a
// dump without a model is read as a recording of the other side's.
func OpenPair(refSpec, candSpec Spec, refParts, candParts Overrides) (*Pair, error) {
	return openPair(
		func() (*model, error) { return read(refSpec, refParts) },
		func() (*model, error) { return read(candSpec, candParts) },
	)
}

func openPair(ref, cand func() (*model, error)) (*Pair, error) {
	r, c, err := both(ref, cand)
	if err != nil {
		return nil, err
	}
	if err := lend(r, c); err != nil {
		return nil, err
	}
	exposeAlike(r, c)
	return &Pair{r, c}, nil
}

// both reads two sides at once. The reference's error comes first, whichever came first: the same mistake is always
// reported alike.
func both[T any](ref, cand func() (T, error)) (r, c T, err error) {
	var errRef, errCand error
	var g sync.WaitGroup
	g.Go(func() { r, errRef = ref() })
	g.Go(func() { c, errCand = cand() })
	g.Wait()
	return r, c, cmp.Or(errRef, errCand)
}

// Finish computes the tensors that are not recorded.
func (p *Pair) Finish(ctx context.Context, threads int) (ref, cand compare.Side, err error) {
	if ref, err = p.ref.finish(ctx, threads); err != nil {
		return
	}
	cand, err = p.cand.finish(ctx, threads)
	return
}

// LoadGraphs reads both sides' models alone: what is computed or recorded does not matter. The traces hold inputs of the
// declared shapes, an open batch as one.
func LoadGraphs(refSpec, candSpec Spec, refParts, candParts Overrides) (ref, cand compare.Side, err error) {
	for _, s := range []struct {
		spec  Spec
		parts Overrides
		to    *compare.Side
	}{{refSpec, refParts, &ref}, {candSpec, candParts, &cand}} {
		m, err := read(s.spec, s.parts)
		if err != nil {
			return ref, cand, err
		}
		if m.graph == nil {
			return ref, cand, fmt.Errorf("%s: has tensors but no model; name the model's file or folder", s.spec.Text)
		}
		if *s.to, err = m.weightsOnly(); err != nil {
			return ref, cand, fmt.Errorf("%s: %w", s.spec.Text, err)
		}
	}
	return ref, cand, nil
}

func (m *model) weightsOnly() (compare.Side, error) {
	s := compare.Side{Graph: m.graph, Trace: &trace.Trace{Values: map[string]tensor.Any{}}, Info: parity.Side{
		Side: m.spec.Text, Framework: m.parts.Framework, Source: "weights",
	}}
	for _, in := range m.graph.Inputs {
		shape := in.Shape.Clone()
		if len(shape) > 0 && shape[0] < 0 {
			shape[0] = 1
		}
		if _, ok := shape.CheckedLen(); !ok || shape == nil {
			return s, fmt.Errorf("the shape of the input %q is open (%v)", in.Name, in.Shape)
		}
		s.Trace.Values[in.Name] = tensor.New[float32](shape...)
	}
	var err error
	s.Info.Files, err = m.files()
	return s, err
}

// read finds and reads the files of a side, and checks that they go together.
func read(s Spec, o Overrides) (*model, error) {
	p, err := find(s)
	if err != nil {
		return nil, err
	}
	o.apply(&p)
	if err := declare(o.Producer, &p.Producer); err != nil {
		return nil, err
	}
	if p.Model == "" && p.Framework != Dump {
		return nil, fmt.Errorf("%s: no model is named, only what belongs to one (%s): name the model's file, and these with --weights or --tensors",
			s.Text, strings.Join(p.orphans(), ", "))
	}
	m := &model{spec: s, parts: p}
	tensors, err := m.readFiles(o)
	if err != nil {
		return nil, err
	}
	if m.graph == nil {
		m.recorded = &trace.Trace{Values: asMap(tensors)}
		return m, refuseSketches(p.Tensors, tensors)
	}
	return m, m.readInputs(o, tensors)
}

// readFiles reads the model and, at once, the recorded tensors.
func (m *model) readFiles(o Overrides) (tensors *npz.Tensors, err error) {
	var errGraph, errTensors error
	if m.feedsItself(o) {
		if m.graph, err = m.parts.readGraph(); err == nil && m.drawsInputs() {
			tensors, err = readTensors(m.parts.Tensors)
		}
		return tensors, err
	}
	var g sync.WaitGroup
	g.Go(func() { m.graph, errGraph = m.parts.readGraph() })
	g.Go(func() { tensors, errTensors = readTensors(m.parts.Tensors) })
	g.Wait()
	return tensors, cmp.Or(errGraph, errTensors)
}

// feedsItself reports whether a side computes its tensors from inputs of its own: a recording tells it no more than what was drawn.
func (m *model) feedsItself(o Overrides) bool {
	computed := m.spec.Source != "" && m.spec.Source != Recorded
	return computed && m.parts.Model != "" && (m.parts.Inputs != "" || o.Image != "")
}

func (m *model) drawsInputs() bool {
	return m.graph != nil && slices.ContainsFunc(m.graph.Inputs, func(in graph.Input) bool { return in.Drawn })
}

// orphans lists the files of a side that has no model.
func (p parts) orphans() []string {
	var list []string
	for _, path := range []string{p.Weights, p.Inputs, p.Tensors} {
		if path != "" {
			list = append(list, filepath.Base(path))
		}
	}
	return list
}

// apply replaces parts. Other inputs than those beside the model make the recorded tensors worthless, unless these are
// named too.
func (o Overrides) apply(p *parts) {
	p.averages = o.MovingAverages
	if o.Inputs != "" || o.Image != "" {
		p.Tensors = ""
	}
	for _, part := range []struct{ name, path string }{{"weights", strings.TrimSuffix(o.Weights, ".index")}, {"inputs", o.Inputs}, {"tensors", o.Tensors}} {
		if part.path != "" {
			p.set(part.name, part.path)
		}
	}
}

func (p *parts) readGraph() (*graph.Graph, error) {
	switch p.Framework {
	case "caffe":
		return caffe.Load(p.Model, p.Weights)
	case "tensorflow":
		def, vars, err := p.readTensorFlow()
		if err != nil {
			return nil, err
		}
		return tensorflow.Lower(def, vars)
	case "keras":
		return keras.Load(p.Model, p.Weights)
	case "onnx":
		return p.readONNX()
	case Dump:
		return nil, nil
	}
	return nil, fmt.Errorf("%s: models of the framework %q cannot be read (caffe, tensorflow, onnx, keras)", p.Model, p.Framework)
}

func (p *parts) readONNX() (*graph.Graph, error) {
	m, err := onnx.Read(p.Model)
	if err != nil {
		return nil, err
	}
	p.data = m.DataFiles()
	return onnx.Lower(m)
}

func readTensors(path string) (*npz.Tensors, error) {
	if path == "" {
		return nil, nil
	}
	t, err := npz.Read(path)
	if err == nil && t.Len() == 0 {
		err = fmt.Errorf("%s: the archive holds no tensors", path)
	}
	return t, err
}

func asMap(t *npz.Tensors) map[string]tensor.Any {
	m := map[string]tensor.Any{}
	if t == nil {
		return m
	}
	for _, name := range t.Names() {
		m[name], _ = t.Get(name)
	}
	return m
}

// readInputs reads what is fed to the graph, and the recording.
func (m *model) readInputs(o Overrides, tensors *npz.Tensors) error {
	var err error
	switch {
	case o.Image != "":
		err = m.readImage(o)
	case m.parts.Inputs != "":
		err = m.readArrays()
	}
	if errors.As(err, &unnamedInput{}) && o.sharedInputs {
		m.inputs, m.unnamed, err = nil, err, nil
	}
	if err != nil || tensors == nil {
		return err
	}
	whole, sketches, err := apart(m.parts.Tensors, tensors)
	if err != nil {
		return err
	}
	m.expose(names(whole, sketches))
	m.recorded = trace.FromSketches(m.graph, whole, sketches)
	// An output's name alone, such as prob, is no sign that the tensors belong to the model.
	if known := len(m.recorded.Values) + len(m.recorded.Sketches); known == 0 || known*10 < len(whole)+len(sketches) {
		return fmt.Errorf("%s: %d of its %d tensors (%s, ...) are named like values of %s: it was recorded from another model; give the right --tensors, or name it as a side of its own",
			m.parts.Tensors, known, len(whole)+len(sketches), tensors.Names()[0], m.parts.Model)
	}
	return nil
}

// unnamedInput is the error of an input that no array has the name of.
type unnamedInput struct{ message string }

func (e unnamedInput) Error() string { return e.message }

// readArrays reads inputs.npz: tensors by the inputs' names, or one tensor of any name for a single input.
func (m *model) readArrays() error {
	tensors, err := readTensors(m.parts.Inputs)
	if err != nil {
		return err
	}
	m.leaveOutLosses(tensors.Len(), func(input string) bool { _, ok := tensorOf(tensors, m.graph, input); return ok })
	m.inputs = map[string]tensor.Any{}
	var unfed []string
	for _, in := range m.graph.Inputs {
		t, ok := tensorOf(tensors, m.graph, in.Name)
		if !ok && tensors.Len() == 1 && len(m.graph.Fed()) == 1 && !in.Drawn {
			t, ok = tensors.Get(tensors.Names()[0])
		}
		if !ok {
			if !in.Drawn {
				unfed = append(unfed, in.Name)
			}
			continue
		}
		if m.inputs[in.Name], err = trace.Input(m.graph, in.Name, t); err != nil {
			return fmt.Errorf("%s: %w", m.parts.Inputs, err)
		}
		if got := m.inputs[in.Name].Dims(); !takes(in.Shape, got) {
			return fmt.Errorf("%s: the input %q of %s takes %v (NCHW), found %v (stored as %v)",
				m.parts.Inputs, in.Name, m.parts.Model, in.Shape, got, t.Dims())
		}
	}
	if len(unfed) > 0 {
		return unnamedInput{fmt.Sprintf("%s: has no tensor for the input %q of %s (found %s)", m.parts.Inputs, unfed[0], m.parts.Model, strings.Join(tensors.Names(), ", "))}
	}
	return nil
}

// tensorOf finds an input's tensor by its name, or by another that the model has for it, such as its signature's.
func tensorOf(tensors *npz.Tensors, g *graph.Graph, input string) (tensor.Any, bool) {
	if t, ok := tensors.Get(input); ok {
		return t, true
	}
	for _, name := range tensors.Names() {
		if g.Aliases[name] == input {
			return tensors.Get(name)
		}
	}
	return nil, false
}

// takes reports whether an input of the declared shape takes a tensor: as many dimensions and channels. Batch and map may
// have other sizes; what does not fit then is found layer by layer.
func takes(declared, got tensor.Shape) bool {
	if len(declared) < 2 {
		return true
	}
	return len(got) == len(declared) && (declared[1] < 0 || got[1] == declared[1])
}

// lend gives each side what it lacks and the other has.
func lend(ref, cand *model) error {
	if ref.graph == nil && cand.graph == nil {
		return errors.New("neither side has a model: name at least one model's file or folder")
	}
	for _, pair := range [][2]*model{{ref, cand}, {cand, ref}} {
		own, other := pair[0], pair[1]
		switch {
		case own.graph != nil:
		case own == ref:
			other.exposeFor(names(own.recorded.Values, nil))
			own.readAs(other)
		default:
			other.exposeFor(names(own.recorded.Values, nil))
			if err := own.readAlone(other); err != nil {
				return err
			}
		}
		if own.inputs == nil {
			own.borrowInputs(other)
		}
	}
	return nil
}

// readAs reads a dump as a recording of another side's model.
func (m *model) readAs(other *model) {
	m.graph, m.recorded = other.graph, m.resolved(other)
}

// resolved gives a dump's tensors the names and layout of another side's values, as far as it has them.
func (m *model) resolved(other *model) *trace.Trace {
	dump := m.recorded.Values
	if m.parts.Layout == "NHWC" {
		for name, t := range dump {
			if len(t.Dims()) == 4 {
				dump[name] = tensor.PermuteAny(t, 0, 3, 1, 2)
			}
		}
	}
	plain := *other.graph
	if m.parts.Layout != "" {
		plain.Values = nil // the dump's own layout is undone already
	}
	return trace.FromRecording(&plain, dump)
}

// readAlone reads a dump as a model of which nothing is known but its tensors: those with names of the other side's values
// are probably these, of the others the numbers have to tell.
func (m *model) readAlone(other *model) error {
	dump := m.recorded.Values
	m.recorded = m.resolved(other)
	for _, name := range m.recorded.Unmatched {
		m.recorded.Values[name] = dump[name]
	}
	m.recorded.Unmatched = nil
	m.graph = &graph.Graph{Framework: Dump}
	for _, in := range other.graph.Inputs {
		m.graph.Inputs = append(m.graph.Inputs, graph.Input{Name: in.Name})
	}
	m.anyLayout = m.parts.Layout == ""
	if m.parts.Inputs == "" {
		return nil
	}
	if m.parts.Layout == "NHWC" {
		m.graph.Values = map[string]graph.Stored{}
		for _, in := range m.graph.Inputs {
			m.graph.Values[in.Name] = graph.Stored{ToCommon: []int{0, 3, 1, 2}}
		}
	}
	return m.readArrays()
}

// borrowInputs feeds this side what the other one is fed, input by input in order.
func (m *model) borrowInputs(other *model) {
	lender := other.graph.Fed()
	m.leaveOutLosses(len(lender), nil)
	if other.inputs == nil || len(lender) != len(m.graph.Fed()) {
		return
	}
	m.inputs = map[string]tensor.Any{}
	for i, in := range m.graph.Fed() {
		m.inputs[in.Name] = other.inputs[lender[i].Name]
	}
	m.prepared = other.prepared
	if m.prepared == "" {
		m.prepared = "fed the input of " + other.spec.Text
	}
}

// readImage makes the input from a photo.
func (m *model) readImage(o Overrides) error {
	p, err := m.preparation("--image", o)
	if err != nil {
		return err
	}
	made, err := p.input(o.Image)
	if err != nil {
		return err
	}
	m.inputs, m.prepared = map[string]tensor.Any{p.name: made.Tensor}, made.String()
	return nil
}

// preparation turns photos into what a network's only input takes.
type preparation struct {
	name          string // of the input
	how           image.Preprocess
	height, width int // 0 where the network leaves them open
}

// preparation reads how photos become the input; flag is the one that they were named with.
func (m *model) preparation(flag string, o Overrides) (*preparation, error) {
	m.leaveOutLosses(1, nil)
	fed := m.graph.Fed()
	if len(fed) != 1 {
		return nil, fmt.Errorf("%s feeds networks with one input; %s has %d", flag, m.spec.Text, len(fed))
	}
	words := o.Preprocess
	if words == "" {
		words = "caffe"
	}
	how, err := image.Parse(words)
	if err != nil {
		return nil, fmt.Errorf("--preprocess: %w", err)
	}
	if how.MeanImage, err = readMean(how.MeanFile); err != nil {
		return nil, err
	}
	p := &preparation{name: fed[0].Name, how: how}
	if shape := fed[0].Shape; len(shape) == 4 {
		p.height, p.width = max(shape[2], 0), max(shape[3], 0)
	}
	return p, nil
}

func (p *preparation) input(file string) (*image.Input, error) {
	photo, err := image.LoadWith(file, p.how.Decoding)
	if err != nil {
		return nil, err
	}
	return p.how.Input(photo, p.height, p.width)
}

// readMean reads the mean image of a photo's preprocessing, a .npy or Caffe's .binaryproto; nil if there is none.
func readMean(path string) (*tensor.Tensor[float32], error) {
	if path == "" {
		return nil, nil
	}
	if strings.EqualFold(filepath.Ext(path), ".npy") {
		mean, err := npz.ReadNpy(path)
		if err != nil {
			return nil, err
		}
		return tensor.As[float32](mean), nil
	}
	blob, err := caffe.ReadMean(path)
	if err != nil {
		return nil, err
	}
	mean := tensor.As[float32](blob.Value)
	if s := mean.Shape; len(s) == 4 && s[0] == 1 { // as Caffe writes it
		mean = mean.Reshaped(s[1:]...)
	}
	return mean, nil
}

// source is where the tensors come from: what was asked for, or the recording where there is one.
func (m *model) source() string {
	switch {
	case m.spec.Source != "":
		return m.spec.Source
	case m.recorded != nil:
		return Recorded
	}
	return Native
}

// finish computes the tensors if need be.
func (m *model) finish(ctx context.Context, threads int) (compare.Side, error) {
	source := m.source()
	s := compare.Side{Graph: m.graph, Info: parity.Side{
		Side: m.spec.Text, Framework: m.parts.Framework, Source: source, Preparation: m.preparedAs(),
	}, AnyLayout: m.anyLayout}
	if err := m.haveInputs(); err != nil {
		return s, err
	}
	var err error
	if source == Recorded {
		err = m.useRecording(&s)
	} else {
		err = m.replay(ctx, &s, threads)
	}
	if err != nil {
		return s, fmt.Errorf("%s: %w", m.spec.Text, err)
	}
	s.Info.Files, err = m.files()
	return s, err
}

func (m *model) haveInputs() error {
	if m.inputs == nil {
		m.inputs = map[string]tensor.Any{}
	}
	for _, in := range m.graph.Inputs {
		if m.inputs[in.Name] == nil && m.recorded != nil && m.recorded.Values[in.Name] != nil {
			m.inputs[in.Name] = m.recorded.Values[in.Name]
		}
		if m.inputs[in.Name] == nil && !in.Drawn {
			if m.unnamed != nil {
				return m.unnamed
			}
			return fmt.Errorf("%s: nothing to feed to the input %q (%v): give --inputs FILE.npz or --image PHOTO", m.spec.Text, in.Name, in.Shape)
		}
	}
	return engine.Draw(m.graph, m.inputs)
}

func (m *model) useRecording(s *compare.Side) (err error) {
	if m.recorded == nil {
		return errors.New("has no recorded tensors (tensors.npz); give --tensors FILE.npz, or use the source @native")
	}
	s.Trace = m.recorded
	for name, t := range m.inputs {
		if s.Trace.Values[name] == nil {
			s.Trace.Values[name] = t
		}
	}
	if m.parts.Producer.Name == Here {
		s.Producer = computedBy(sourceOf(m.parts.Producer.Math))
		s.Producer.Name = described(m.parts.Producer)
		s.Info.Producer = s.Producer.Name
		return nil
	}
	s.Producer, err = bound.Declared(m.recordedBy(), described(m.parts.Producer), m.parts.Producer.Device, m.parts.Producer.Math)
	s.Info.Producer = s.Producer.Name
	return err
}

// sourceOf is the source that computes in the arithmetic that a recording made here declares.
func sourceOf(math string) string {
	if math == mathOf[Native64] {
		return Native64
	}
	return Native
}

// recordedBy is the framework whose arithmetic the recording has; that of a dump is only in the producer's name.
func (m *model) recordedBy() string {
	if m.parts.Framework == Dump {
		return strings.ToLower(m.parts.Producer.Name)
	}
	return m.parts.Framework
}
