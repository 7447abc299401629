package reports

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"

	"parity/parity"
)

//go:embed page/report.html
var pageText string

var page = template.Must(template.New("report").Parse(pageText))

// HTML writes one self-contained page: verdict and findings in words, the network as a graph, and for every layer what both
// sides do there and where they differ. With Quiet the page ends after the findings.
func HTML(w io.Writer, r *parity.Result, o Options) error {
	return page.Execute(w, view(r, o.Quiet))
}

// pageView is what the template is filled with.
type pageView struct {
	Verdict                     parity.Verdict
	Headline, Distance, Counted string
	Sides                       []sideView
	Findings                    []findingView
	Notes                       int
	Graph                       *graphView
	Layers                      []layerView
	Wrong                       int // layers that neither match nor are covered
	Environment                 parity.Environment
	BarsWidth, BarsHeight       int
}

type sideView struct {
	Role, Text string
	Files      []parity.File
}

type findingView struct {
	parity.Finding
	ID, Anchor string
	Paragraphs []paragraph
	Cause      *parity.Cause
	Heat       template.URL
	More       []linkView // layers that it is narrowed to
}

type linkView struct{ Text, Anchor string }

type layerView struct {
	parity.Layer
	ID                string
	Alone, Chained    string
	At                string
	Difference        *parity.Difference
	Reference         *operationView
	CandidateDoes     []operationView
	Heat              template.URL
	Bars              string
	Histogram         []bar
	Worst             []elementView
	Findings          []findingView
	CoveredAnchor     string
	Channels, Grouped int
}

type elementView struct{ At, Reference, Candidate, Ratio string }

type operationView struct {
	parity.Operation
	Attributes []attributeView
}

// attributeView is a setting; Differs marks one that the other side has with another value.
type attributeView struct {
	parity.Attribute
	Differs bool
}

func view(r *parity.Result, short bool) *pageView {
	p := &pageView{
		Verdict: r.Verdict, Headline: headline(r), Distance: distance(r), Counted: strings.TrimSpace(counted(r) + " " + pairing(r)),
		Sides:       []sideView{{"reference", produced(r.Reference), r.Reference.Files}, {"candidate", produced(r.Candidate), r.Candidate.Files}},
		Environment: r.Environment, BarsWidth: barsWidth, BarsHeight: barsHeight,
		Wrong: r.Summary.Layers - r.Summary.Match - r.Summary.Covered,
	}
	anchors := map[string]string{}
	for i, l := range r.Layers {
		anchors[l.Name] = fmt.Sprintf("layer-%d", i)
	}
	for i, f := range r.Findings {
		p.Findings = append(p.Findings, newFindingView(r, f, i, anchors))
		if f.Severity == parity.Note {
			p.Notes++
		}
	}
	if short {
		return p
	}
	p.Graph = newGraphView(r.Layers, anchors)
	for _, l := range r.Layers {
		p.Layers = append(p.Layers, newLayerView(l, anchors, p.Findings))
	}
	return p
}

func newFindingView(r *parity.Result, f parity.Finding, i int, anchors map[string]string) findingView {
	v := findingView{Finding: f, ID: fmt.Sprintf("finding-%d", i), Anchor: anchors[f.Layer], Paragraphs: paragraphs(f)}
	for _, c := range r.Causes {
		if c.ID == f.Cause {
			v.Cause = &c
		}
	}
	for _, l := range r.Layers {
		if l.Name == f.Layer && f.Severity == parity.Error {
			v.Heat = heatMap(l.Profile)
		}
	}
	for _, name := range f.NarrowedTo {
		v.More = append(v.More, linkView{name, anchors[name]})
	}
	return v
}

func newLayerView(l parity.Layer, anchors map[string]string, findings []findingView) layerView {
	v := layerView{
		Layer: l, ID: anchors[l.Name], Alone: differenceRatio(l.Isolated), Chained: differenceRatio(l.Chained),
		Difference: worstOf(l), At: coordinates(worstOf(l)), Heat: heatMap(l.Profile), Bars: channelBars(l.Profile),
		Histogram: histogram(l.Profile), CoveredAnchor: anchors[l.CoveredBy],
	}
	v.Reference, v.CandidateDoes = operations(l)
	if l.Profile != nil {
		v.worst(l.Profile)
	}
	for _, f := range findings {
		if f.Layer == l.Name || slices.Contains(f.Layers, l.Name) {
			v.Findings = append(v.Findings, f)
		}
	}
	return v
}

func (v *layerView) worst(p *parity.Profile) {
	if v.Channels = 1; len(p.Shape) > 1 {
		v.Channels = p.Shape[1]
	}
	if n := len(p.Channels); n > 0 {
		v.Grouped = v.Channels / n
	}
	for _, e := range p.Worst {
		at := strings.Trim(strings.ReplaceAll(fmt.Sprint(e.Index), " ", ","), "[]")
		v.Worst = append(v.Worst, elementView{at, number(e.ReferenceValue), number(e.CandidateValue), ratio(e.Ratio)})
	}
}

func number(n parity.Number) string {
	switch v := float64(n); {
	case math.IsNaN(v), math.IsInf(v, 0):
		return fmt.Sprint(v)
	default:
		return fmt.Sprintf("%.6g", v)
	}
}

// operations marks the settings in which the candidate's only operation of the reference's kind differs from it.
func operations(l parity.Layer) (*operationView, []operationView) {
	var cand []operationView
	same, of := -1, 0
	for i, o := range l.Operations {
		cand = append(cand, settings(o))
		if l.Reference != nil && o.Kind == l.Reference.Kind {
			same, of = i, of+1
		}
	}
	if l.Reference == nil {
		return nil, cand
	}
	ref := settings(*l.Reference)
	if of == 1 {
		mark(ref.Attributes, cand[same].Attributes)
	}
	return &ref, cand
}

func settings(o parity.Operation) operationView {
	v := operationView{Operation: o}
	for _, a := range o.Attributes {
		v.Attributes = append(v.Attributes, attributeView{Attribute: a})
	}
	return v
}

func mark(a, b []attributeView) {
	for i := range a {
		for k := range b {
			if a[i].Name == b[k].Name && a[i].Value != b[k].Value {
				a[i].Differs, b[k].Differs = true, true
			}
		}
	}
}

// Size of a column and a row of the graph, and of a layer in it.
const (
	columnWidth, rowHeight = 170, 40
	boxWidth, boxHeight    = 160, 24
)

type graphView struct {
	Width, Height float64
	Boxes         []boxView
	Edges         []string // paths
}

type boxView struct {
	X, Y, Width, Height float64
	Text, Title, Anchor string
	Verdict             parity.Verdict
	Mark                string // says what the colour says
}

var marks = map[parity.Verdict]string{parity.Match: "=", parity.Covered: "·", parity.Introduced: "✗", parity.Inherited: "~", parity.Missing: "?", parity.Incomparable: "≠"}

func newGraphView(layers []parity.Layer, anchors map[string]string) *graphView {
	d := draw(layers)
	g := &graphView{Width: d.width * columnWidth, Height: d.height * rowHeight}
	for _, n := range d.nodes {
		l := layers[n.layer]
		g.Boxes = append(g.Boxes, boxView{
			X: n.x*columnWidth - boxWidth/2, Y: n.y*rowHeight - boxHeight/2, Width: boxWidth, Height: boxHeight,
			Text: shorten(l.Name, 20), Title: fmt.Sprintf("%s (%s): %s, alone %s, chained %s", l.Name, l.Kind, l.Verdict, differenceRatio(l.Isolated), differenceRatio(l.Chained)),
			Anchor: anchors[l.Name], Verdict: l.Verdict, Mark: marks[l.Verdict],
		})
	}
	for _, e := range d.edges {
		g.Edges = append(g.Edges, curve(d.nodes[e.from], d.nodes[e.to]))
	}
	return g
}

// curve leaves a layer downwards, stays in its column until the row above the reader, and enters that from above.
func curve(from, to drawn) string {
	x0, y0 := from.x*columnWidth, from.y*rowHeight+boxHeight/2
	x1, y1 := to.x*columnWidth, to.y*rowHeight-boxHeight/2
	turn := max(y1-rowHeight+boxHeight, y0)
	middle := (turn + y1) / 2
	return fmt.Sprintf("M%g %gV%gC%g %g %g %g %g %g", x0, y0, turn, x0, middle, x1, middle, x1, y1)
}
