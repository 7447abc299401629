package reports

import (
	"io"
	"strings"

	"parity/parity"
)

// SARIF writes a result for each finding in the Static Analysis Results Interchange Format 2.1.0 (OASIS, 2020), with the
// catalogue's text of its cause as the rule. A comparison that is not parity and has no finding of its own becomes one result,
// so that no difference leaves the log empty.
func SARIF(w io.Writer, r *parity.Result, o Options) error {
	return writeSARIF(w, r.Environment.Version, sarifRules(r), sarifResults(r), o)
}

func writeSARIF(w io.Writer, version string, rules []sarifRule, results []sarifResult, o Options) error {
	return encode(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{Tool: sarifTool{sarifDriver{Name: "parity", Version: version, Rules: rules}}, Results: results}},
	}, o)
}

type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string     `json:"id"`
		Short *sarifText `json:"shortDescription,omitempty"`
		Full  *sarifText `json:"fullDescription,omitempty"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	}
)

// sarifFindings are the result's findings, or one that stands for the verdict.
func sarifFindings(r *parity.Result) []parity.Finding {
	for _, f := range r.Findings {
		if f.Severity == parity.Error {
			return r.Findings
		}
	}
	if r.Verdict == parity.Parity {
		return r.Findings
	}
	return append([]parity.Finding{{Cause: parity.Unexplained, Severity: parity.Error, Explanation: headline(r) + ". " + distance(r)}}, r.Findings...)
}

func sarifResults(r *parity.Result) []sarifResult {
	rules, list := sarifRules(r), []sarifResult{}
	for _, f := range sarifFindings(r) {
		s := sarifResult{RuleID: f.Cause, Level: string(f.Severity), Message: sarifText{plain(f)},
			Locations: sarifLocations(r, f), Fingerprints: map[string]string{"layerAndCause/v1": f.Layer + "\x1f" + f.Cause}}
		for rules[s.RuleIndex].ID != f.Cause {
			s.RuleIndex++
		}
		list = append(list, s)
	}
	return list
}

// sarifLocations are the candidate's first file, which is its model, and the layer's name on both sides.
func sarifLocations(r *parity.Result, f parity.Finding) []sarifLocation {
	var at sarifLocation
	if len(r.Candidate.Files) > 0 {
		at.Physical = &sarifPhysical{sarifArtifact{uri(r.Candidate.Files[0].Path)}}
	}
	if f.Layer != "" && len(f.Layers) == 0 {
		at.Logical = append(at.Logical, sarifLogical{f.Layer, "member"})
	}
	for _, name := range f.Layers {
		at.Logical = append(at.Logical, sarifLogical{name, "member"})
	}
	if f.Candidate != "" {
		at.Logical = append(at.Logical, sarifLogical{f.Candidate, "member"})
	}
	if at.Physical == nil && at.Logical == nil {
		return []sarifLocation{}
	}
	return []sarifLocation{at}
}

// uri writes a path as a relative reference of RFC 3986.
func uri(path string) string {
	const keep = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/"
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(strings.ReplaceAll(path, `\`, "/")) {
		if strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// sarifRules are the causes that the findings name, in the order of their first finding.
func sarifRules(r *parity.Result) []sarifRule {
	rules, seen := []sarifRule{}, map[string]bool{}
	for _, f := range sarifFindings(r) {
		if seen[f.Cause] {
			continue
		}
		seen[f.Cause] = true
		rule := sarifRule{ID: f.Cause}
		for _, c := range r.Causes {
			if c.ID == f.Cause {
				rule.Short, rule.Full = &sarifText{c.Title}, &sarifText{c.Symptom + "\n\n" + c.Why}
			}
		}
		rules = append(rules, rule)
	}
	return rules
}
