package cause

// Tie is two causes that come to the same numbers in some layers.
type Tie struct {
	A, B string // in alphabetical order
	// Why says when they do, Apart what tells them apart: another input, or more of the candidate.
	Why, Apart string
}

// Ties lists the pairs that are known. The self-test fails for one that occurs and is not here.
var Ties = []Tie{
	{
		"act.clip", "act.extra",
		"a ReLU that is cut off above, and a ReLU with a clip behind it, are one function",
		"the candidate's model: it has one activation or two",
	}, {
		"act.extra", "act.kind",
		"an activation that is applied on top of another one may come to a third, as a sigmoid before a ReLU does",
		"the candidate's model: it has one activation or two",
	}, {
		"act.extra", "act.slope",
		"negative values that an activation before has cut off leave nothing for a slope to act on",
		"the candidate's model: it has one activation or two",
	}, {
		"act.extra", "softmax.temperature",
		"just beyond the bound a factor and a function that hardly bends change scores alike",
		"an input with larger scores, or the candidate's model",
	}, {
		"act.extra", "structure.extra-layer",
		"an activation is a layer",
		"the candidate's model: what the layer is called there",
	}, {
		"act.kind", "act.missing",
		"a function that is nearly the identity, as a linear part of it, passes what was recorded on",
		"an input with larger numbers of either sign",
	}, {
		"act.kind", "act.slope",
		"a slope of 0 makes a ReLU of a leaky one or of a PReLU, one of 1 none at all",
		"the candidate's model: which function it names; no input does",
	}, {
		"act.missing", "structure.missing-layer",
		"an activation is a layer",
		"nothing has to: it is one fault",
	}, {
		"act.missing", "structure.wiring",
		"what reads the value before an activation does without it",
		"the candidate's tensor behind the activation, or its model: whether anything writes it",
	}, {
		"dropout.scale", "structure.extra-layer",
		"a product by one number is a layer of its own in some models",
		"the candidate's model: whether the product belongs to the dropout",
	}, {
		"eltwise.coeff", "structure.extra-layer",
		"a product by one number behind a sum, and the same factor in all its coefficients, are one function",
		"the candidate's model: where the product stands",
	}, {
		"lrn.alpha", "lrn.beta",
		"just beyond the bound a larger factor and a larger power both shrink what has large neighbours",
		"an input with larger activations, as a brighter picture or several of them (--images)",
	}, {
		"numerics.precision", "recording.stale",
		"a difference within the bound of a smaller format may have any other cause as well",
		"a second recording, made on a processor in float32",
	}, {
		"numerics.precision", "weights.different",
		"any small change of weights is within the bound of a smaller format or of another algorithm",
		"the weights of the candidate, or a recording made on a processor in float32",
	}, {
		"numerics.precision", "weights.precision",
		"products of rounded weights are those of rounded factors where the inputs have no more digits",
		"the weights of the candidate",
	}, {
		"pool.padding", "pool.rounding",
		"a window that hangs over the edge and one that lies over padding there see the same cells",
		"an input of another size, for which the two come to other numbers of windows",
	}, {
		"pool.window", "structure.missing-layer",
		"a pool with a window of one cell is none",
		"nothing has to: it is one fault",
	}, {
		"softmax.temperature", "structure.extra-layer",
		"a product by one number before a softmax is a temperature",
		"nothing has to: it is one fault",
	}, {
		"structure.missing-layer", "structure.wiring",
		"what reads the value before a layer does without it",
		"the candidate's tensor behind the layer, or its model: whether anything writes it",
	}, {
		"weights.layout", "weights.transposed",
		"the kernels of a 1x1 convolution are a matrix",
		"nothing has to: it is one fault",
	},
}

// TieOf returns what is known of two causes that were not told apart, nil for nothing.
func TieOf(a, b string) *Tie {
	for i := range Ties {
		if t := &Ties[i]; t.A == a && t.B == b || t.A == b && t.B == a {
			return t
		}
	}
	return nil
}

// Apart says what tells a cause from one that it was not told from; empty where nothing is known.
func Apart(a, b string) string {
	if t := TieOf(a, b); t != nil {
		return t.Apart
	}
	return ""
}
