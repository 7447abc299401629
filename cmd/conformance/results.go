package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// results are those of all folders of one version of the test data.
type results struct {
	version string
	rows    []*row
}

// row is what the tests of one operator in one folder came to.
type row struct {
	folder, operator            string
	passed, failed, unsupported int
	// reasons say why tests fail or are not supported; one each.
	reasons []string
}

// folders are those that are run, in the order of the table.
var folders = []string{"node", "pytorch-converted", "pytorch-operator", "simple"}

func (r *results) row(folder, operator string) *row {
	for _, x := range r.rows {
		if x.folder == folder && x.operator == operator {
			return x
		}
	}
	x := &row{folder: folder, operator: operator}
	r.rows = append(r.rows, x)
	return x
}

func (r *results) sort() {
	slices.SortFunc(r.rows, func(a, b *row) int {
		return cmp.Or(cmp.Compare(slices.Index(folders, a.folder), slices.Index(folders, b.folder)), cmp.Compare(a.operator, b.operator))
	})
}

func (x *row) add(reason string) {
	if !slices.Contains(x.reasons, reason) {
		x.reasons = append(x.reasons, reason)
		slices.Sort(x.reasons)
	}
}

func (x *row) String() string {
	return fmt.Sprintf("%s\t%s\t%d\t%d\t%d\t%s", x.folder, x.operator, x.passed, x.failed, x.unsupported, strings.Join(x.reasons, "; "))
}

const header = "# Results of ONNX's conformance tests, version "

// String writes the list: a line for each operator of each folder, between tabs.
func (r *results) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s; written by make conformance-list.\n# folder, operator, passed, failed, unsupported, why\n", header, r.version)
	for _, x := range r.rows {
		fmt.Fprintln(&b, x)
	}
	return b.String()
}

func readResults(path string) (*results, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &results{}
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		if version, ok := strings.CutPrefix(line, header); ok {
			r.version, _, _ = strings.Cut(version, ";")
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		x, err := parseRow(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, i+1, err)
		}
		r.rows = append(r.rows, x)
	}
	return r, nil
}

func parseRow(line string) (*row, error) {
	parts := strings.Split(line, "\t")
	if len(parts) != 6 {
		return nil, fmt.Errorf("expected 6 columns between tabs, found %d", len(parts))
	}
	x := &row{folder: parts[0], operator: parts[1]}
	for i, to := range []*int{&x.passed, &x.failed, &x.unsupported} {
		n, err := strconv.Atoi(parts[2+i])
		if err != nil {
			return nil, fmt.Errorf("expected a count, found %q", parts[2+i])
		}
		*to = n
	}
	if parts[5] != "" {
		x.reasons = strings.Split(parts[5], "; ")
	}
	return x, nil
}

// compare lists the lines that differ.
func (r *results) compare(got *results) error {
	if r.version != got.version {
		return fmt.Errorf("the list is of version %s of the test data, found %s", r.version, got.version)
	}
	want, have := lines(r), lines(got)
	var diff []string
	for _, key := range slices.Sorted(maps.Keys(union(want, have))) {
		if want[key] != have[key] {
			diff = append(diff, fmt.Sprintf("  listed %q\n  now    %q", want[key], have[key]))
		}
	}
	if len(diff) > 0 {
		return fmt.Errorf("%d results differ from the list; make conformance-list rewrites it\n%s", len(diff), strings.Join(diff, "\n"))
	}
	return nil
}

func lines(r *results) map[string]string {
	m := map[string]string{}
	for _, x := range r.rows {
		m[x.folder+" "+x.operator] = x.String()
	}
	return m
}

func union(a, b map[string]string) map[string]string {
	m := maps.Clone(a)
	maps.Copy(m, b)
	return m
}
