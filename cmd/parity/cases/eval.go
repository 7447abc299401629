package cases

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/retrieval"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/replay"
)

// isEval: an embedding with its scores of retrieval and of clustering.
func isEval(dir string) bool { return kindIn(dir) == "eval" && has(dir, "inputs.npz") }

// evalCase is one case: what is judged, how, and what somebody else found.
type evalCase struct {
	set     retrieval.Set
	options retrieval.Options
	centres tensor.Any // to begin k-means with, nil for none
	expect  []expectation
	kmeans  *npz.Tensors // nil for none
}

// expectation is a number of case.json.
type expectation struct {
	key   string
	value float64
}

// evalSettings is case.json. The texts say what this program does; what would be something else is not passed over.
type evalSettings struct {
	Kind, Metric       string
	Normalize          bool
	Ties, Self, Lone   string
	KMeans             string `json:"kmeans"`
	Expect             map[string]float64
	Comment, Generator string
}

// evalTexts are the texts that are understood.
var evalTexts = map[string][]string{
	"ties":   {"", "equal distances: the lower index first"},
	"self":   {"", "excluded", "query and gallery are disjoint"},
	"lone":   {"", "queries without a partner are left out and counted"},
	"kmeans": {"", "Lloyd from initial_centres to convergence; NMI and AMI between labels and its assignments"},
}

func openEval(dir string, threads int) (*evalCase, error) {
	file := filepath.Join(dir, "case.json")
	s, err := readEval(file)
	if err != nil {
		return nil, err
	}
	metric, err := retrieval.ParseMetric(s.Metric)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	c := &evalCase{options: retrieval.Options{Metric: metric, Normalize: s.Normalize, Threads: threads}}
	for key, v := range s.Expect {
		c.expect = append(c.expect, expectation{key, v})
	}
	slices.SortFunc(c.expect, func(a, b expectation) int { return strings.Compare(a.key, b.key) })
	for _, e := range c.expect {
		if k, ok, err := recallOf(e.key); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		} else if ok {
			c.options.Recall = append(c.options.Recall, k)
		}
	}
	return c, c.read(dir)
}

func readEval(file string) (*evalSettings, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s := &evalSettings{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for name, text := range map[string]string{"ties": s.Ties, "self": s.Self, "lone": s.Lone, "kmeans": s.KMeans} {
		if known := evalTexts[name]; !slices.Contains(known, text) {
			return nil, fmt.Errorf("%s: %s: expected %q, found %q", file, name, known[1:], text)
		}
	}
	if len(s.Expect) == 0 {
		return nil, fmt.Errorf("%s: expect: expected at least one number, found none", file)
	}
	return s, nil
}

// recallOf reads recall@K.
func recallOf(key string) (k int, ok bool, err error) {
	text, ok := strings.CutPrefix(key, "recall@")
	if !ok {
		return 0, false, nil
	}
	if k, err = strconv.Atoi(text); err != nil || k < 1 {
		return 0, false, fmt.Errorf("expect: %s: expected recall@ and a positive number", key)
	}
	return k, true, nil
}

// read reads the arrays of a case.
func (c *evalCase) read(dir string) error {
	file := filepath.Join(dir, "inputs.npz")
	in, err := npz.Read(file)
	if err != nil {
		return err
	}
	var ok bool
	if c.set.Features, ok = in.Get("features"); !ok {
		return fmt.Errorf("%s: expected features, found %v", file, in.Names())
	}
	if c.set.Labels, err = wholes(in, "labels"); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if _, ok := in.Get("is_query"); ok {
		flags, err := wholes(in, "is_query")
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for _, f := range flags {
			c.set.Query = append(c.set.Query, f != 0)
		}
	}
	c.centres, _ = in.Get("initial_centres")
	if has(dir, "kmeans.npz") {
		c.kmeans, err = npz.Read(filepath.Join(dir, "kmeans.npz"))
	}
	return err
}

// wholes reads a list of whole numbers.
func wholes(t *npz.Tensors, name string) ([]int, error) {
	v, ok := t.Get(name)
	if !ok {
		return nil, fmt.Errorf("expected %s, found %v", name, t.Names())
	}
	if len(v.Dims()) != 1 {
		return nil, fmt.Errorf("%s: expected a list of numbers, found %v", name, v.Dims())
	}
	var list []int
	for i, x := range tensor.As[float64](v).Data {
		if x != math.Trunc(x) || math.Abs(x) > 1<<53 {
			return nil, fmt.Errorf("%s[%d]: expected a whole number, found %v", name, i, x)
		}
		list = append(list, int(x))
	}
	return list, nil
}

func runEval(ctx context.Context, dir string, o Options) (*Result, error) {
	c, err := openEval(dir, o.Threads)
	if err != nil {
		return nil, err
	}
	j := &evalJudge{evalCase: c, own: map[string]float64{}, check: &Check{}}
	if err := j.retrieval(ctx); err != nil {
		return nil, err
	}
	if err := j.clustering(ctx); err != nil {
		return nil, err
	}
	for _, e := range c.expect {
		if _, ok := j.own[e.key]; !ok {
			return nil, fmt.Errorf("%s: expect: %s is not a number that is known here", filepath.Join(dir, "case.json"), e.key)
		}
	}
	if o.Dump != "" {
		err = j.dump(filepath.Join(o.Dump, filepath.Base(filepath.Clean(dir))))
	}
	return &Result{Forward: j.check.orNil(), Undecided: j.undecided}, err
}

// evalJudge holds expectations against what was computed.
type evalJudge struct {
	*evalCase
	own       map[string]float64 // by the key of an expectation
	clusters  *retrieval.Clusters
	check     *Check
	undecided int
}

// expected looks for an expectation.
func (c *evalCase) expected(key string) (float64, bool) {
	for _, e := range c.expect {
		if e.key == key {
			return e.value, true
		}
	}
	return 0, false
}

// number judges one expectation: between least and most, but for the limit.
func (j *evalJudge) number(key string, least, most, limit float64) {
	v, ok := j.expected(key)
	if !ok {
		return
	}
	nearest := min(max(v, least), most)
	if math.IsNaN(v) {
		nearest = least
	}
	j.check.add(parity.Number(replay.Ratio(replay.Distance(v, nearest), limit)), "case.json:"+key)
}

// scored is whether any of the expectations is of a ranking.
func (c *evalCase) scored() bool {
	return slices.ContainsFunc(c.expect, func(e expectation) bool {
		return strings.HasPrefix(e.key, "recall@") || e.key == "r_precision" || e.key == "map@r" || e.key == "lone_queries"
	})
}

// retrieval judges rankings. Only where they differ is it asked whether rounding may have put rows in another order.
func (j *evalJudge) retrieval(ctx context.Context) error {
	if !j.scored() {
		return nil
	}
	s, err := retrieval.Evaluate(ctx, j.set, j.options)
	if err != nil {
		return err
	}
	for key, v := range scoresOf(s) {
		j.own[key] = v
	}
	exact := &evalJudge{evalCase: j.evalCase, check: &Check{}}
	exact.scores(s, s)
	if exact.check.Ratio.Within() {
		j.scores(s, s)
		return nil
	}
	least, most, undecided, err := retrieval.Admissible(ctx, j.set, j.options)
	if err != nil {
		return err
	}
	j.undecided += undecided
	j.scores(least, most)
	return nil
}

func scoresOf(s *retrieval.Scores) map[string]float64 {
	m := map[string]float64{"r_precision": s.RPrecision, "map@r": s.MAPAtR, "lone_queries": float64(s.Lone)}
	for i, k := range s.K {
		m[fmt.Sprintf("recall@%d", k)] = s.Recall[i]
	}
	return m
}

func (j *evalJudge) scores(least, most *retrieval.Scores) {
	low, high := scoresOf(least), scoresOf(most)
	for key := range low {
		j.number(key, low[key], high[key], scoreLimit(key, high[key], j.set.Labels, least.Queries))
	}
}

// dump writes this program's numbers, and its clustering beside them.
func (j *evalJudge) dump(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var out npz.Tensors
	for _, e := range j.expect {
		out.Set(e.key, scalar(j.own[e.key]))
	}
	err := npz.Write(filepath.Join(dir, "outputs.npz"), &out)
	if j.clusters == nil {
		return err
	}
	var k npz.Tensors
	assigned := make([]float64, len(j.clusters.Assignments))
	for i, c := range j.clusters.Assignments {
		assigned[i] = float64(c)
	}
	k.Set("centres", j.clusters.Centres)
	k.Set("assignments", tensor.From(assigned, len(assigned)))
	k.Set("inertia", scalar(j.clusters.Inertia))
	return errors.Join(err, npz.Write(filepath.Join(dir, "kmeans.npz"), &k))
}
