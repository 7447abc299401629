package cases

import (
	"math"
	"path/filepath"
	"testing"

	"parity/googlenet/retrieval"
	"parity/googlenet/tensor"
)

const evals = "../../../fixtures/eval_cases"

// judged runs an opened case.
func judgedEval(t *testing.T, c *evalCase) *Check {
	t.Helper()
	j := &evalJudge{evalCase: c, own: map[string]float64{}, check: &Check{}}
	if err := j.retrieval(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := j.clustering(t.Context()); err != nil {
		t.Fatal(err)
	}
	return j.check
}

// TestEveryNumberOfAnEvaluationMatters moves every expected number a little, and every setting: the case must then fail.
func TestEveryNumberOfAnEvaluationMatters(t *testing.T) {
	for _, dir := range folders(t, evals) {
		name := filepath.Base(dir)
		c, err := openEval(dir, 2)
		if err != nil {
			t.Fatal(err)
		}
		if got := judgedEval(t, c); !got.Ratio.Within() || got.Tensors < 7 {
			t.Errorf("%s: %+v", name, got)
		}
		for i, e := range c.expect {
			for _, wrong := range []float64{e.value*(1+1e-7) + 1e-9, e.value*(1-1e-7) - 1e-9, math.NaN()} {
				c.expect[i].value = wrong
				if got := judgedEval(t, c); got.Ratio.Within() || got.Key != "case.json:"+e.key {
					t.Errorf("%s: %s is %v, not %v, and nothing is said of it: %+v", name, e.key, wrong, e.value, got)
				}
			}
			c.expect[i].value = e.value
		}
		right := c.options
		c.options.Normalize = !right.Normalize
		if cosine := right.Metric == retrieval.Cosine; judgedEval(t, c).Ratio.Within() && !cosine && name != "copies" {
			t.Errorf("%s: with rows normalised or not, nothing differs", name)
		}
		c.options = right
		c.options.Metric = 1 - right.Metric
		if judgedEval(t, c).Ratio.Within() != right.Normalize {
			t.Errorf("%s: only of normalised rows cosines and distances have the same order", name)
		}
	}
}

// TestEveryCentreMatters moves numbers of k-means.
func TestEveryCentreMatters(t *testing.T) {
	for _, dir := range folders(t, evals) {
		c, err := openEval(dir, 2)
		if err != nil {
			t.Fatal(err)
		}
		if c.kmeans == nil {
			continue
		}
		for _, key := range c.kmeans.Names() {
			v, _ := c.kmeans.Get(key)
			list := tensor.As[float64](v)
			for i, x := range list.Data {
				moved := list.Clone()
				moved.Data[i] = x + 1e-9*max(1, math.Abs(x))
				if key == "assignments" {
					moved.Data[i] = math.Mod(x+1, float64(c.centres.Dims()[0]))
				}
				c.kmeans.Set(key, moved)
				if got := judgedEval(t, c); got.Ratio.Within() {
					t.Errorf("%s: %s[%d] moved, and nothing fails", filepath.Base(dir), key, i)
				}
				if i >= 8 {
					break
				}
			}
			c.kmeans.Set(key, v)
		}
	}
}
