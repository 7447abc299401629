package cause

var numericsNonfinite = &Cause{
	ID:    "numerics.nonfinite",
	Title: "a tensor holds NaN or infinity",
	Symptom: "Some elements are not numbers where the replay of the same layer on the same inputs is finite. Most metrics " +
		"and many comparison tools let NaN pass, because every comparison with it is false.",
	Why: "The recording was damaged or made from uninitialised memory, or the framework overflowed: half precision beyond " +
		"65504, a division by a variance of zero, a logarithm of zero.",
}
