package reports

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"parity/parity"
)

// deep is a network of many layers one after another, the last of them wrong, with names of all lengths.
func deep(n int) *parity.Result {
	r := &parity.Result{Schema: parity.Schema, Verdict: parity.Diverged}
	for i := range n {
		l := matched(fmt.Sprintf("block%d/%s", i, strings.Repeat("part", i%9)), "Convolution", "c", 0.5)
		if i > 0 {
			l.Inputs = []string{r.Layers[i-1].Name}
		}
		l.Profile = profiled()
		r.Layers = append(r.Layers, l)
	}
	r.Layers[n-1].Verdict = parity.Introduced
	return summed(r)
}

// wide is a module of many branches.
func wide(n int) *parity.Result {
	r := &parity.Result{Schema: parity.Schema, Verdict: parity.Parity, Layers: []parity.Layer{matched("data", "Input", "x", 0)}}
	join := matched("join", "Concat", "j", 0)
	for i := range n {
		l := matched(fmt.Sprint("branch", i), "Pooling", "p", 0.1)
		l.Inputs = []string{"data"}
		join.Inputs = append(join.Inputs, l.Name)
		r.Layers = append(r.Layers, l)
	}
	r.Layers = append(r.Layers, join)
	return summed(r)
}

func summed(r *parity.Result) *parity.Result {
	for _, l := range r.Layers {
		r.Summary.Add(l)
	}
	return r
}

func profiled() *parity.Profile {
	return &parity.Profile{
		Shape: []int{1, 3, 8, 8}, Histogram: []parity.Bin{{UpTo: 0, Count: 100}, {UpTo: 1e-5, Count: 3}, {UpTo: 1, Count: 20}, {UpTo: parity.Number(math.Inf(1)), Count: 71}, {UpTo: parity.Number(math.NaN()), Count: 1}},
		Channels: []parity.Number{0, 0.5, parity.Number(math.NaN())}, Rows: 2, Columns: 2, Cells: []parity.Number{0, 1e-3, 7, parity.Number(math.Inf(1))},
		Worst: []parity.Element{{Index: []int{0, 2, 1, 1}, Ratio: parity.Number(math.NaN()), ReferenceValue: 1.5, CandidateValue: parity.Number(math.NaN())}},
	}
}

// Every name in a result is data: none becomes markup, a link or a script.
func TestPageEscapes(t *testing.T) {
	const evil = `</script><script>alert(1)</script>"'<b>&{{.}}`
	r := deep(3)
	r.Reference.Side, r.Layers[1].Name, r.Layers[2].Inputs = evil, evil, []string{evil}
	r.Findings = []parity.Finding{{Layer: evil, Cause: evil, Severity: parity.Error, Explanation: evil, Fix: evil}}
	text := render(t, "html", r, Options{})
	if n := strings.Count(text, "<script>"); n != 1 {
		t.Errorf("%d scripts", n)
	}
	if strings.Contains(text, "<b>&{{") || strings.Contains(text, "alert(1)</script>") {
		t.Error("a name became markup")
	}
	if !strings.Contains(text, "&lt;script&gt;") {
		t.Error("the name is gone")
	}
}

// The page refers to nothing outside itself.
func TestPageIsSelfContained(t *testing.T) {
	for name, r := range scenarios {
		text := render(t, "html", r, Options{})
		for _, outside := range []string{"http://", "https://", "src=\"/", "@import", "url("} {
			if strings.Contains(text, outside) {
				t.Errorf("%s: %s", name, outside)
			}
		}
	}
}

// Elements nest, but for those that HTML does not close.
func TestPageIsWellFormed(t *testing.T) {
	for _, r := range []*parity.Result{scenarios["diverged"], scenarios["parity"], scenarios["incomparable"], deep(5), wide(4), {}} {
		for _, quiet := range []bool{false, true} {
			text := render(t, "html", r, Options{Quiet: quiet})
			body := text[strings.Index(text, "<body>"):strings.Index(text, "<script>")] + "</body>"
			d := xml.NewDecoder(strings.NewReader(body))
			d.AutoClose, d.Entity = xml.HTMLAutoClose, xml.HTMLEntity
			d.Strict = false
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// The page of a large network stays small, and a shown setting that differs is marked on both sides.
func TestPageShowsWhatDiffers(t *testing.T) {
	r := deep(2)
	same := parity.Attribute{Name: "kernel", Value: "3x3"}
	r.Layers[1].Reference = &parity.Operation{Name: "c", Kind: "Convolution", Attributes: []parity.Attribute{same, {Name: "padding", Value: "3"}}}
	r.Layers[1].Operations = []parity.Operation{{Name: "Conv2D", Kind: "Convolution", Attributes: []parity.Attribute{same, {Name: "padding", Value: "SAME"}}}, {Name: "b", Kind: "Bias"}}
	text := render(t, "html", r, Options{})
	for _, want := range []string{`<td class="num differs">3</td>`, `<td class="num differs">SAME</td>`, `<td class="num">3x3</td>`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if n := len(render(t, "html", deep(200), Options{})); n > 1<<20 {
		t.Errorf("%d bytes for 200 layers", n)
	}
}

func TestDrawing(t *testing.T) {
	d := draw(wide(3).Layers)
	if d.height != 3 || d.width != 3 {
		t.Errorf("%v x %v", d.width, d.height)
	}
	for i, want := range []struct{ x, y float64 }{{1.5, 0.5}, {0.5, 1.5}, {1.5, 1.5}, {2.5, 1.5}, {1.5, 2.5}} {
		if got := d.nodes[i]; got.x != want.x || got.y != want.y {
			t.Errorf("layer %d is at %v,%v, want %v", i, got.x, got.y, want)
		}
	}
	for _, r := range []*parity.Result{deep(200), wide(40), {}} {
		places := map[[2]float64]bool{}
		for _, n := range draw(r.Layers).nodes {
			if at := [2]float64{n.x, n.y}; places[at] {
				t.Errorf("two layers at %v", at)
			} else {
				places[at] = true
			}
		}
	}
}

func TestLevel(t *testing.T) {
	for ratio, want := range map[parity.Number]float64{0: 0, 1e-9: 0, 1: 0.5, 1e6: 1, 1e12: 1, parity.Number(math.Inf(1)): 1, 1e3: 0.75} {
		if got := level(ratio); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v: got %v, want %v", ratio, got, want)
		}
	}
	if level(parity.Number(math.NaN())) != 1 {
		t.Error("NaN is not shown as worst")
	}
	if under, over := heat(0.5), heat(math.Nextafter(0.5, 1)); under.B < under.R || over.R < over.B {
		t.Errorf("the bound is not where blue turns into red: %v, %v", under, over)
	}
}
