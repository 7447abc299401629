package main

import (
	"fmt"
	"strings"
)

const introduction = `# ONNX operators

Results of ONNX's own conformance tests, from the test data of Debian's libonnx-testdata %s: a test passes if every output is
within the rounding bound of what the test data state. What is not supported counts as that, not as passed. ` + "`make conformance`" + ` runs the tests and compares the results with this list.

%s
`

// markdown is the table of the results.
func (r *results) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, introduction, r.version, r.totals())
	folder := ""
	for _, x := range r.rows {
		if x.folder != folder {
			folder = x.folder
			fmt.Fprintf(&b, "\n## %s\n\n| operator | passed | failed | unsupported | why |\n|---|---:|---:|---:|---|\n", folder)
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %s |\n", x.operator, x.passed, x.failed, x.unsupported, strings.ReplaceAll(strings.Join(x.reasons, "; "), "|", `\|`))
	}
	return b.String()
}

// totals adds up the rows of each folder.
func (r *results) totals() string {
	var b strings.Builder
	b.WriteString("| folder | passed | failed | unsupported |\n|---|---:|---:|---:|")
	all := row{folder: "all"}
	var sums []*row
	for _, folder := range folders {
		sums = append(sums, &row{folder: folder})
	}
	for _, x := range r.rows {
		for _, sum := range append(sums, &all) {
			if sum.folder == x.folder || sum == &all {
				sum.passed += x.passed
				sum.failed += x.failed
				sum.unsupported += x.unsupported
			}
		}
	}
	for _, sum := range append(sums, &all) {
		fmt.Fprintf(&b, "\n| %s | %d | %d | %d |", sum.folder, sum.passed, sum.failed, sum.unsupported)
	}
	return b.String()
}
