package cause

var structureEquivalent = &Cause{
	ID:      "structure.equivalent",
	Title:   "the candidate writes it otherwise, with the same numbers",
	Symptom: "The graphs differ in this place, and the numbers behind it agree.",
	Why: "Converters fold normalisations into weights, pad with an operation of its own, write a layer as several or several as one, and put channels " +
		"and branches into another order. A note: it does not change the verdict.",
}
