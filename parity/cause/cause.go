// Package cause holds the catalogue of what goes wrong when a network is ported, and proves causes by replay: a cause is
// named only if the reference's layer, changed in the way the cause describes, reproduces the candidate's numbers
// within the rounding bound.
package cause

// Cause is an entry of the catalogue.
type Cause struct {
	ID, Title string
	// Symptom says what the numbers look like, Why how people come to it.
	Symptom, Why string
	// Fix says how each framework writes it right.
	Fix Fixes
	// General says that it is only that numbers differ: any more particular cause that holds too explains why.
	General bool
	// Break lists the ways to make this mistake in a network: the self-test breaks networks in all of them, and the cause must
	// be found.
	Break func(p *Port) []Fault
	// Variants lists the hypotheses to try on a segment, likeliest first; nil for a cause that is seen
	// directly in the tensors.
	Variants func(s *Segment) []Variant
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
