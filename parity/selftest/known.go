package selftest

import (
	"slices"
	"strings"

	"parity/parity"
	"parity/parity/cause"
)

// Why says why an outcome is right although the very cause was not named at the very layer; empty for no reason.
func (o Outcome) Why() string {
	found, narrowed := strings.CutSuffix(o.Found, Narrowed)
	switch {
	case o.Found == "" && o.Hidden:
		return "what was recorded differs from the reference by no more than rounding"
	case slices.Contains(o.Tied, o.Case.Cause) && cause.TieOf(found, o.Case.Cause) != nil:
		return cause.TieOf(found, o.Case.Cause).Why
	case found == o.Case.Cause && narrowed:
		return "the layers between were not recorded"
	case found == parity.Unexplained:
		return o.unproven()
	}
	return known[[2]string{o.Case.Cause, found}]
}

// known are other causes than the broken one that are right all the same.
var known = map[[2]string]string{
	{"numerics.nonfinite", "recording.stale"}: "an infinity that a later layer has cut off leaves finite numbers that the model does not compute",
	{"recording.stale", "weights.different"}:  "without the model, which is right, the recording shows other weights",
}

// unproven is why a cause cannot be proven from what is there.
func (o Outcome) unproven() string {
	if why := always[o.Case.Cause]; why != "" {
		return why
	}
	if kind := evidenceOf(o.Evidence); kind.Graph {
		return ""
	}
	return withoutModel[o.Case.Cause]
}

func evidenceOf(name string) Evidence {
	return Kinds[slices.IndexFunc(Kinds, func(e Evidence) bool { return e.Name == name })]
}

// always are causes for which no recording suffices.
var always = map[string]string{
	"input.resize": "it takes the picture before it was resized",
}

// withoutModel are causes that only the candidate's own files show, or for which the numbers of a dump may be too few.
var withoutModel = map[string]string{
	"act.clip":              "too few numbers are cut off to tell that from chance",
	"bias.different":        "a bias is a number for each channel, and where the layer has no map the dump has no more than that",
	"numerics.precision":    "the bound of the smaller format is as large as the numbers themselves",
	"recording.stale":       "without the model a recording that does not belong to it is a layer with other weights",
	"structure.extra-layer": "only the model says what kind of layer was added",
	"structure.shape":       "other weights can only be known from the model",
	"weights.different":     "other weights can only be known from the model",
	"weights.precision":     "a matrix product of one image has too few numbers, each of which rounds as much itself",
	"weights.uninitialised": "other weights can only be known from the model",
}
