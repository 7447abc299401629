// Package gate holds comparisons against a committed baseline and a list of accepted differences, and says what keeps a
// change from being let through. It runs nothing itself.
//
// What a gate is there for is that a pass means something. So these fail: a comparison that the baseline lacks, one of the baseline that is not
// run any more, one without a result, a layer that is no longer compared, files that are others than the baseline was made with, a verdict
// that got worse, a difference that nobody has accepted, and an accepted one that has grown, has expired or is spelt so that it could never
// apply. Ratios to the bound are shown beside the baseline's and never compared with them: processors with other instructions compute others.
package gate
