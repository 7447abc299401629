// Package parity holds the result of a comparison: everything that a report may show. The packages below it align
// two sides, compare them and explain what differs.
package parity

// Schema is the version of the result's JSON form; result.schema.json describes it.
const Schema = "parity.result/1"

// Verdict is what a whole comparison or one layer came to.
type Verdict string

// Verdicts of a whole comparison.
const (
	Parity   Verdict = "parity"
	Diverged Verdict = "diverged"
	// Incomparable is the verdict of a comparison without any comparable tensor, and of a layer whose shapes differ.
	Incomparable Verdict = "incomparable"
)

// Verdicts of a layer.
const (
	Match      Verdict = "match"      // within the bound on the candidate's own inputs and in the whole run
	Covered    Verdict = "covered"    // not recorded by the candidate; a compared tensor that it flows into is right
	Introduced Verdict = "introduced" // wrong on the candidate's own inputs
	Inherited  Verdict = "inherited"  // right on its inputs, wrong in the whole run
	Missing    Verdict = "missing"    // nothing compared covers it
)

// Result is one comparison.
type Result struct {
	Schema    string  `json:"schema"`
	Verdict   Verdict `json:"verdict"`
	Reference Side    `json:"reference"`
	Candidate Side    `json:"candidate"`
	Summary   Summary `json:"summary"`
	// Structure is what the two networks are as graphs; nil where the candidate has none.
	Structure *Structure `json:"structure,omitempty"`
	Layers    []Layer    `json:"layers"`
	Findings  []Finding  `json:"findings"`
	Causes    []Cause    `json:"causes"` // what the catalogue says of those that the findings name
	// Images lists, in order, the images that were compared one by one; nil where the inputs were compared as they are.
	Images      []Image     `json:"images,omitempty"`
	Environment Environment `json:"environment"`
}

// Image is one image of a comparison over several.
type Image struct {
	Name       string  `json:"name"`             // the file's path in its folder, or FILE.npz[3] for the fourth of a batch
	SHA256     string  `json:"sha256,omitempty"` // of a photo's file
	Verdict    Verdict `json:"verdict"`          // of this image alone
	WorstRatio Number  `json:"worst_ratio"`
	WorstLayer string  `json:"worst_layer"`
}

// Side says what was compared.
type Side struct {
	Side      string `json:"side"` // as the user named it
	Framework string `json:"framework"`
	Producer  string `json:"producer"` // who computed the tensors, with its version
	Source    string `json:"source"`   // recorded, native or native64
	// Preparation says how the input was made, where this program made it.
	Preparation string `json:"preparation,omitempty"`
	Files       []File `json:"files"`
}

// File is one file that was read.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// Summary counts the layers by verdict.
type Summary struct {
	Layers       int `json:"layers"`
	Match        int `json:"match"`
	Covered      int `json:"covered"`
	Introduced   int `json:"introduced"`
	Inherited    int `json:"inherited"`
	Missing      int `json:"missing"`
	Incomparable int `json:"incomparable"`
	// Sketched counts the layers of which the candidate has kept a sketch.
	Sketched int `json:"sketched,omitempty"`
	// WorstRatio is the largest isolated ratio to the bound and WorstLayer the layer that shows it.
	WorstRatio Number `json:"worst_ratio"`
	WorstLayer string `json:"worst_layer"`
	// Images counts the images of a comparison over several, ImagesDiffering those that are not parity alone.
	Images          int `json:"images,omitempty"`
	ImagesDiffering int `json:"images_differing,omitempty"`
}

// Layer is one layer of the reference.
type Layer struct {
	Name      string      `json:"name"`
	Kind      string      `json:"kind"`
	Candidate string      `json:"candidate,omitempty"` // the candidate's tensor
	PairedBy  string      `json:"paired_by,omitempty"` // map, name, weights, structure or values
	Why       string      `json:"why,omitempty"`       // why these two were paired
	Verdict   Verdict     `json:"verdict"`
	Isolated  *Difference `json:"isolated,omitempty"`
	Chained   *Difference `json:"chained,omitempty"`
	CoveredBy string      `json:"covered_by,omitempty"`
	Detail    string      `json:"detail,omitempty"` // what keeps the layer from being compared
	// Inputs are the rows that it reads, in order.
	Inputs []string `json:"inputs,omitempty"`
	// Reference is what the reference does here, Operations what the candidate does between its tensors before and this one.
	Reference  *Operation  `json:"reference,omitempty"`
	Operations []Operation `json:"operations,omitempty"`
	// Sketch says what a sketch that stood for the candidate's tensor could have shown; nil where the tensor was there.
	Sketch *Sketch `json:"sketch,omitempty"`
	// Profile shows where the isolated difference lies.
	Profile *Profile `json:"profile,omitempty"`
	// Images says how the images of a comparison over several add up here: the verdict is the worst of theirs, the
	// differences are those of the images named.
	Images *LayerImages `json:"images,omitempty"`
}

// Sketch is what was kept of a tensor, and which differences cannot be missed by it.
type Sketch struct {
	Elements int `json:"elements"` // of the tensor
	Numbers  int `json:"numbers"`  // of the sketch
	// Element is the largest difference of one element that may be missed while the others are within their bounds, Offset that
	// of a group of channels by the same amount.
	Element Number `json:"element"`
	Offset  Number `json:"offset"`
}

// Operation is one node of a side's graph.
type Operation struct {
	Name       string      `json:"name"`
	Kind       string      `json:"kind"`
	Attributes []Attribute `json:"attributes,omitempty"`
	Origin     string      `json:"origin,omitempty"` // file, place and what was done to it since
}

// Attribute is a setting as its kind writes it.
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Profile is how the multiples of the bound are spread over a tensor.
type Profile struct {
	Shape     []int `json:"shape"`
	Histogram []Bin `json:"histogram"` // bins that are not empty, by ratio
	// Channels holds the largest ratio of each channel, or of as many equal groups as there are numbers.
	Channels []Number `json:"channels"`
	// Cells holds the largest ratio in each cell of a map, Rows x Columns, into which all planes are pooled.
	Rows    int       `json:"rows,omitempty"`
	Columns int       `json:"columns,omitempty"`
	Cells   []Number  `json:"cells,omitempty"`
	Worst   []Element `json:"worst,omitempty"` // the worst elements, worst first
}

// Bin counts the elements with a ratio up to a number and beyond that of the bin before.
type Bin struct {
	UpTo  Number `json:"up_to"`
	Count int    `json:"count"`
}

// Element is one number of a tensor.
type Element struct {
	Index          []int  `json:"index"`
	Ratio          Number `json:"ratio"`
	ReferenceValue Number `json:"reference_value"`
	CandidateValue Number `json:"candidate_value"`
}

// LayerImages counts the images that show a layer wrong.
type LayerImages struct {
	Introduced int `json:"introduced"` // images where the layer is wrong on its own inputs
	Inherited  int `json:"inherited"`  // images where it is wrong because of a layer before it
	// The images of the isolated and of the chained difference; empty where no image differs at all.
	Worst        string `json:"worst,omitempty"`
	WorstChained string `json:"worst_chained,omitempty"`
}

// Difference is how far two tensors are apart, elementwise, in absolute terms and as multiples of the bound.
type Difference struct {
	Ratio  Number `json:"ratio"` // largest |difference| / bound; 1 is the limit
	MaxAbs Number `json:"max_abs"`
	RMS    Number `json:"rms"`
	// The element with the largest ratio: its coordinates (NCHW), both values and the bound there.
	Index          []int  `json:"index"`
	ReferenceValue Number `json:"reference_value"`
	CandidateValue Number `json:"candidate_value"`
	Bound          Number `json:"bound"`
}

// Severity tells a fault from a remark.
type Severity string

const (
	Error Severity = "error"
	Note  Severity = "note" // never changes the verdict
)

// Unexplained is the cause of a finding for which no cause could be proven.
const Unexplained = "unexplained"

// Finding is one difference with its cause.
type Finding struct {
	Layer string `json:"layer"` // the reference's; the input blob's name for a fault in the input
	// Layers are all that the finding is about where these are several; Layer is the first of them.
	Layers            []string          `json:"layers,omitempty"`
	Candidate         string            `json:"candidate,omitempty"`
	Cause             string            `json:"cause"`
	Severity          Severity          `json:"severity"`
	Parameters        map[string]string `json:"parameters,omitempty"`
	Evidence          *Evidence         `json:"evidence,omitempty"`
	Indistinguishable []string          `json:"indistinguishable,omitempty"`
	NarrowedTo        []string          `json:"narrowed_to,omitempty"`
	// RecordNext lists tensors that the candidate has not recorded and that would narrow the blame: the first n are the best n.
	RecordNext []Recording `json:"record_next,omitempty"`
	// Image is the one of several that the finding was proven on, Images how many show it.
	Image       string `json:"image,omitempty"`
	Images      int    `json:"images,omitempty"`
	Explanation string `json:"explanation"`
	Fix         string `json:"fix,omitempty"`
}

// Recording is a tensor to record.
type Recording struct {
	Layer  string `json:"layer"`            // the reference's layer that computes it
	Tensor string `json:"tensor,omitempty"` // what the candidate calls it; empty if that is not known
	// Left is how many layers are under suspicion at most once it is recorded, whatever it shows.
	Left int `json:"left,omitempty"`
}

// Cause is the catalogue's text of a cause.
type Cause struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Symptom string `json:"symptom"`
	Why     string `json:"why"`
}

// Evidence is the layer's ratio to the bound before and after the cause was applied to the reference.
type Evidence struct {
	RatioBefore Number `json:"ratio_before"`
	RatioAfter  Number `json:"ratio_after"`
}

// Environment is what the result was computed with.
type Environment struct {
	Version string `json:"version"`
	CPU     string `json:"cpu"`
	Threads int    `json:"threads"`
	Go      string `json:"go"`
}

// ExitCode is what a program that made this result should exit with: 0 for parity, 1 for a difference, 2 when there was
// nothing to compare.
func (r *Result) ExitCode() int {
	switch r.Verdict {
	case Parity:
		return 0
	case Diverged:
		return 1
	}
	return 2
}
