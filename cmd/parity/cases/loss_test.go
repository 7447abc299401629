package cases

import (
	"path/filepath"
	"reflect"
	"testing"

	"parity/googlenet/train/loss"
)

const losses = "../../../fixtures/metric_cases/losses"

// TestEverySettingOfALossMatters changes every setting of every recorded loss, one at a time: for each there must be a case that fails then.
func TestEverySettingOfALossMatters(t *testing.T) {
	caught := map[string]bool{}
	for _, dir := range folders(t, losses) {
		l, layout, err := readLoss(filepath.Join(dir, "case.json"))
		if err != nil {
			t.Fatal(err)
		}
		c, err := openLoss(dir)
		if err != nil {
			t.Fatal(err)
		}
		passes := func(l loss.Loss) bool {
			if err := c.attach(l, layout); err != nil {
				t.Fatal(err)
			}
			r, err := judge(t.Context(), c, c.network(1), dir, Options{})
			return err == nil && r.within()
		}
		if !passes(l) {
			t.Errorf("%s fails", dir)
		}
		for _, x := range mutations(reflect.ValueOf(l), l.Name()) {
			caught[x.what] = caught[x.what] || !passes(x.value.Interface().(loss.Loss))
		}
	}
	for what, ok := range caught {
		if !ok {
			t.Errorf("changed %s, and nothing fails", what)
		}
	}
}

// TestEveryLossIsRecorded: each has a name in case.json, and a case.
func TestEveryLossIsRecorded(t *testing.T) {
	recorded := map[string]bool{}
	for _, dir := range folders(t, losses) {
		l, _, err := readLoss(filepath.Join(dir, "case.json"))
		if err != nil {
			t.Fatal(err)
		}
		recorded[l.Name()] = true
	}
	for _, l := range loss.Losses {
		if lossKinds[l.Name()] == nil || !recorded[l.Name()] {
			t.Errorf("%s: known %v, recorded %v", l.Name(), lossKinds[l.Name()] != nil, recorded[l.Name()])
		}
	}
	if len(lossKinds) != len(loss.Losses) {
		t.Errorf("%d names for %d losses", len(lossKinds), len(loss.Losses))
	}
}

func TestLossesRefused(t *testing.T) {
	for name, parameters := range map[string]string{
		"centre": `{}`, "ln": `{"alhpa": 16}`, "arcface": `{"continuation": "easy"}`, "bn": `{"alpha": "16"}`,
	} {
		if l, err := lossOf(name, []byte(parameters)); err == nil {
			t.Errorf("%s %s: got %+v", name, parameters, l)
		}
	}
}
