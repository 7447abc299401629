// Package sketch keeps, instead of a tensor, a hundredth of its size: sums of its elements with random signs, and moments of its
// channels. A sketch is held against a tensor under the same rounding bounds, and says which differences it cannot miss.
//
// # What is kept
//
// The n elements of a tensor, in the order in which they are stored, are cut into runs of g. Of each run the sum s = sum σ_i x_i is kept, with signs
// σ_i = ±1 that are drawn from a seed: a random projection whose matrix has one block of signs a run (Achlioptas, "Database-friendly
// random projections", J. Comput. Syst. Sci. 66, 2003, has the case of one block). Of each group of channels the sum, the sum of squares, the
// least and the largest element are kept. All are computed in float64 and stored in float32.
//
// # What may differ
//
// Let x' be the other tensor, e_i how far x_i may be from x'_i by the rounding of both sides (package bound), E = sum e_i and A = sum |x'_i| over
// a run, u = 2^-24, γ = g 2^-53 / (1 - g 2^-53). Then
//
//	|sum σ_i x_i - sum σ_i x'_i| <= E
//
// and with the rounding of both sums in float64, of which the terms are at most A + E and A in all, and of the storage of s,
//
//	|s - s'| <= L = E + γ (2 A + E) + u/(1-u) |s| + 2^-149.
//
// The sum of a group is the same with all signs 1. Its squares differ by at most E2 = sum (2 |x'_i| e_i + e_i^2), with γ of two terms more for
// rounding the squares and the addition: L = E2 + γ' (2 sum x'_i^2 + E2) + u/(1-u) |s| + 2^-149. The least and the largest element
// of a group move by at most the largest e_i in it.
//
// # What cannot be missed
//
//   - One element of a run that is off by d while the others are within their bounds: |s - s'| >= d - E - (rounding), so that every
//     d > 2 L is seen. With e_i alike this is 2 g bounds of one element. This is certain, for every sign.
//   - An offset of all elements of a group by d: seen if d > 2 L / (elements of the group), L that of the group's sum. This is two bounds of
//     one element, and certain.
//   - An element beyond all others: seen as soon as it leaves the range of the group by more than twice the largest bound.
//
// # What is missed with a small probability
//
// Any other difference δ: over the draw of the signs, v = sum σ_i δ_i of a run has E v^2 = |δ|^2 (the runs' squares add up to an unbiased
// estimate of the whole difference's, as in the lemma of Johnson and Lindenstrauss) and E v^4 <= 3 (E v^2)^2, so that by the inequality of Paley and
// Zygmund P(|v| > |δ|/2) >= (1 - 1/4)^2 / 3 = 3/16. A run whose difference has a norm above 4 L is therefore missed with a probability
// of at most 13/16, and k such runs, whose signs are independent, with at most (13/16)^k: a fault that fills a map of a hundred runs passes with
// a probability below 1e-9. The signs follow from the seed and the tensor's name; the statement is about faults that do not depend on these.
//
// A tensor that holds NaN or an infinity, or whose sums leave the range of float32, has no sketch: it is kept whole.
package sketch
