package caffe

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// didYouMean returns `; did you mean "X"?` for the nearest of the known words, or nothing when none is near.
func didYouMean(word string, known []string) string {
	best, least := "", len(word)/3+1
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d <= least && (best == "" || d < least) {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is the number of letters to insert, drop, replace or swap with a neighbour to turn a into b.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var before, above []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before, above, row = above, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(above[j]+cost, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

// fieldHint says what may have been meant by a field that a message does not have: one spelt nearly so, or one of a
// message inside it, as when kernel_size stands outside convolution_param.
func fieldHint(message, name string) string {
	var names, inside []string
	for _, d := range messages[message] {
		names = append(names, d.name)
		if _, ok := named(d.elem(), name); ok {
			inside = append(inside, d.name)
		}
	}
	if hint := didYouMean(name, names); hint != "" {
		return hint
	}
	if len(inside) == 0 {
		return ""
	}
	return "; it is a field of " + strings.Join(inside, ", ")
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
