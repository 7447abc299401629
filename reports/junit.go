package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"parity/parity"
)

// JUnit writes a test case for the verdict and one for each layer, in the form that CI systems have taken over from Ant's
// JUnit task. A layer that matches or is covered passes; every other one fails, and so does the verdict unless it is parity:
// no report of a difference is green.
func JUnit(w io.Writer, r *parity.Result, _ Options) error {
	suite := junitSuite{Name: clean(r.Reference.Side + " and " + r.Candidate.Side)}
	suite.add(junitVerdict(r))
	for _, l := range r.Layers {
		suite.add(junitLayer(l, r))
	}
	return writeJUnit(w, suite)
}

func writeJUnit(w io.Writer, suite junitSuite) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
	s.Time, c.Time = "0", "0" // nothing here was timed
	s.Cases = append(s.Cases, c)
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Skipped *junitSkipped `xml:"skipped,omitempty"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func junitVerdict(r *parity.Result) junitCase {
	c := junitCase{Class: "parity", Name: "verdict", Out: clean(distance(r) + "\n" + counted(r))}
	if len(r.Images) > 0 {
		c.Out += "\n" + clean(images(r))
	}
	var text []string
	for _, f := range r.Findings {
		text = append(text, plain(f))
	}
	if r.Verdict == parity.Parity {
		c.Out = clean(strings.TrimSpace(c.Out + "\n" + strings.Join(text, "\n")))
	} else {
		c.Failure = &junitFailure{Message: clean(headline(r)), Type: string(r.Verdict), Text: clean(strings.Join(text, "\n"))}
	}
	return c
}

func junitLayer(l parity.Layer, r *parity.Result) junitCase {
	c := junitCase{Class: clean("parity." + l.Kind), Name: clean(l.Name)}
	switch l.Verdict {
	case parity.Match:
		return c
	case parity.Covered:
		c.Out = clean("covered by " + l.CoveredBy)
		return c
	}
	var text []string
	for _, f := range r.Findings {
		if f.Layer == l.Name || slices.Contains(f.Layers, l.Name) {
			text = append(text, plain(f))
		}
	}
	c.Failure = &junitFailure{Message: clean(junitMessage(l, r)), Type: string(l.Verdict), Text: clean(strings.Join(text, "\n"))}
	return c
}

func junitMessage(l parity.Layer, r *parity.Result) string {
	if d := worstOf(l); d != nil && l.Detail == "" {
		text := fmt.Sprintf("%s: alone %s, chained %s times the bound; %.6g for %.6g at %s", l.Verdict, differenceRatio(l.Isolated),
			differenceRatio(l.Chained), float64(d.CandidateValue), float64(d.ReferenceValue), coordinates(d))
		if l.Images != nil {
			text += fmt.Sprintf(" of %s; alone in %s images", worstImage(l), wrongIn(l, r))
		}
		return text
	}
	return strings.TrimSuffix(string(l.Verdict)+": "+l.Detail, ": ")
}

// clean drops what XML cannot hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r >= ' ' && r != 0xfffe && r != 0xffff {
			return r
		}
		return '?'
	}, s)
}
