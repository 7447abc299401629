// Package cause holds the catalogue of what goes wrong when a network is ported, and proves causes by replay: a cause is
// named only if the reference's layer, changed in the way the cause describes, reproduces the candidate's numbers
// within the rounding bound.
package cause

import (
	"cmp"
	"context"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
)

// Cause is an entry of the catalogue.
type Cause struct {
	ID, Title string
	// Symptom says what the numbers look like, Why how people come to it.
	Symptom, Why string
	// Fix says how each framework writes it right.
	Fix Fixes
	// Variants lists the hypotheses to try on a segment, likeliest first; nil for a cause that is seen
	// directly in the tensors.
	Variants func(s *Segment) []Variant
	// Rest: what it says holds in any case in which the numbers do; it is tried only where nothing before it is proven.
	Rest bool
}

// Fixes are in the terms of each framework.
type Fixes struct{ Caffe, TensorFlow, Keras, PyTorch, ONNX string }

// For is the fix in the terms of a framework; empty for one that has none.
func (f Fixes) For(framework string) string {
	switch framework {
	case "caffe":
		return f.Caffe
	case "tensorflow":
		return f.TensorFlow
	case "keras":
		return f.Keras
	case "pytorch":
		return f.PyTorch
	case "onnx":
		return f.ONNX
	}
	return ""
}

// Catalogue lists the causes in the order in which they are tried.
var Catalogue = []*Cause{
	structureMissingLayer,
	inputChannelOrder,
	inputFlip,
	inputLayout,
	inputMeanOrder,
	inputMean,
	inputScale,
	inputCrop,
	inputPadBeforeMean,
	inputDecode,
	inputResize,
	convPadding,
	convStride,
	convDilation,
	convGroups,
	poolPadding,
	poolRounding,
	poolDivisor,
	poolKind,
	poolWindow,
	poolStride,
	structureShape,
	weightsLayout,
	weightsSwapHW,
	weightsFlip,
	weightsChannelOrder,
	weightsFlattenOrder,
	weightsTransposed,
	weightsGroupOrder,
	weightsOtherLayer,
	weightsUninitialised,
	weightsPrecision,
	biasMissing,
	biasDifferent,
	lrnAlpha,
	lrnWindow,
	lrnBias,
	lrnBeta,
	lrnRegion,
	bnEpsilon,
	bnScaleFactor,
	bnAffine,
	bnStatistics,
	bnVariance,
	weightsDifferent,
	actMissing,
	actSlope,
	actClip,
	actKind,
	actExtra,
	dropoutActive,
	dropoutScale,
	concatOrder,
	concatAxis,
	eltwiseCoeff,
	eltwiseOp,
	softmaxMissing,
	softmaxTemperature,
	softmaxAxis,
	numericsPrecision,
	numericsFlush,
	structureExtraLayer,
	structureWiring,
	structureNetwork,
	structureEquivalent,
	numericsNonfinite,
	recordingStale,
	recordingIncomplete,
	recordingInPlace,
	recordingLayout,
	initDistribution,
}

// ByID returns the catalogue's entry, or nil.
func ByID(id string) *Cause {
	for _, c := range Catalogue {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// Proof is what brings a segment inside the bound: one variant, or two at once where one alone does not.
type Proof struct {
	Steps  []Step
	After  parity.Difference
	nodes  []*graph.Node // of the segment
	output string
}

// Step is a variant of a cause.
type Step struct {
	Cause   *Cause
	Variant Variant
	// Others are causes that reproduce the same numbers here.
	Others []string
}

// Hypotheses multiply with the layers of a segment, and each is a replay of what follows it: beyond these lengths single
// causes and pairs of causes are not tried, and beyond the first only where all replays together take no more than so many
// products. A longer segment calls for more recorded tensors.
const (
	longest      = 48
	longestLarge = 8
	longestPairs = 3
	products     = 4e9
	perLayer     = 20 // hypotheses, about
	// Over many layers and few numbers one of so many hypotheses may fit by chance unless the difference is this many bounds.
	plain = 100
)

// tooLong reports whether the segment is beyond what is tried.
func (s *Segment) tooLong() bool {
	n := float64(len(s.Nodes))
	if len(s.Nodes) <= longestLarge || n > longest {
		return n > longest
	}
	if !(s.before.Ratio > plain) {
		return true
	}
	return s.work()*n*perLayer > products
}

// work is the number of products of one replay.
func (s *Segment) work() float64 {
	work := 0.0
	for _, node := range s.Nodes {
		for _, v := range node.Outputs {
			each := 1
			if t := s.own[v]; t != nil && len(node.Params) > 0 {
				each = perOutput(node.Params[0].Value.Dims())
			}
			if t := s.own[v]; t != nil {
				work += float64(len(t.Data) * each)
			}
		}
	}
	return work
}

// perOutput is how many weights one output has.
func perOutput(weights tensor.Shape) int {
	if len(weights) == 0 {
		return 1
	}
	return max(weights[1:].Len(), 1)
}

// Explain tries the whole catalogue on a segment, first singly, then in pairs. Without a proof it returns nil and the ids
// of the causes that were tried and excluded.
func Explain(ctx context.Context, s *Segment) (proof *Proof, excluded []string, err error) {
	s.begin()
	if s.tooLong() {
		return nil, nil, nil
	}
	proof, tried, err := s.single(ctx)
	if len(s.Fitting) > 0 {
		return nil, nil, err // no proof of any of them
	}
	if err != nil || proof != nil {
		return proof, nil, err
	}
	if len(s.Nodes) <= longestPairs {
		if proof, err = s.pairs(ctx, tried); err != nil || proof != nil {
			return proof, nil, err
		}
	}
	for _, h := range tried {
		if n := len(excluded); n == 0 || excluded[n-1] != h.cause.ID {
			excluded = append(excluded, h.cause.ID)
		}
	}
	return nil, excluded, nil
}

// hypothesis is a variant that was tried alone.
type hypothesis struct {
	cause   *Cause
	variant Variant
	after   parity.Difference
}

// single tries every variant alone. The first that holds is the proof; other causes that hold too are named with it.
func (s *Segment) single(ctx context.Context) (proof *Proof, tried []hypothesis, err error) {
	for _, c := range Catalogue {
		if c.Variants == nil || c.Rest && proof != nil {
			continue
		}
		for _, v := range c.Variants(s) {
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
			after, ok := s.try(v)
			if !ok {
				continue
			}
			tried = append(tried, hypothesis{c, v, after})
			if !after.Ratio.Within() {
				continue
			}
			if proof == nil {
				proof = &Proof{[]Step{{Cause: c, Variant: v}}, after, s.Nodes, s.Output}
			} else if first := &proof.Steps[0]; len(s.Nodes) > longestLarge && first.Variant.Layer != v.Layer {
				s.Fitting = append(s.Fitting, first.Variant.Layer.Name, v.Layer.Name)
			} else if c != first.Cause && !slices.Contains(first.Others, c.ID) {
				first.Others = append(first.Others, c.ID)
			}
			if len(s.Nodes) <= longestLarge {
				break
			}
		}
	}
	return proof, tried, nil
}

// holds reports whether a layer, or none, is one of the segment's.
func (s *Segment) holds(n *graph.Node) bool {
	return n == nil || slices.ContainsFunc(s.Nodes, func(own *graph.Node) bool { return own.Name == n.Name && slices.Equal(own.Outputs, n.Outputs) })
}

// pairProducts is how many products may be spent on pairs of causes for one segment.
const pairProducts = 2e10

// pairs tries a second cause on top of every variant that alone brought the numbers closer, the closest first. Of two faults
// that are independent of each other, mending either does; how much depends on which of them is the larger.
func (s *Segment) pairs(ctx context.Context, tried []hypothesis) (*Proof, error) {
	nearer := slices.DeleteFunc(slices.Clone(tried), func(h hypothesis) bool { return !(h.after.RMS < s.before.RMS) })
	slices.SortStableFunc(nearer, func(a, b hypothesis) int { return cmp.Compare(a.after.RMS, b.after.RMS) })
	spent, each := 0.0, s.work()
	for _, h := range nearer {
		changed := *s
		changed.Nodes, changed.Inputs = h.variant.Nodes, s.inputs(h.variant)
		changed.begin()
		for _, c := range Catalogue {
			if c.Variants == nil || c == h.cause || c.Rest || h.cause.Rest {
				continue // what fits by itself fits any numbers after another change
			}
			for _, v := range c.Variants(&changed) {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				if !s.holds(v.Layer) {
					continue // about a layer that the first change has put in
				}
				if spent += each; spent > pairProducts {
					return nil, nil
				}
				if after, ok := changed.try(v); ok && after.Ratio.Within() {
					return &Proof{[]Step{{Cause: h.cause, Variant: h.variant}, {Cause: c, Variant: v}}, after, s.Nodes, s.Output}, nil
				}
			}
		}
	}
	return nil, nil
}
