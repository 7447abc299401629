package parity

// Likeness of two networks as graphs.
const (
	// SameStructure: the same layers, connected in the same way.
	SameStructure = "same"
	// OtherStructure: two versions of one network.
	OtherStructure = "different"
	// OtherNetwork: more of both networks differs than agrees.
	OtherNetwork = "unrelated"
)

// Structure is what the two networks are as graphs, before any number is compared: layers that pair by their kinds, settings
// and places, and what differs between them. Padding is left out: how it is said depends on the size of the map, and the
// numbers tell.
type Structure struct {
	Verdict string `json:"verdict"` // same, different or unrelated
	// Likeness is the share of the facts about both networks' layers that stay if one is made of the other, from 0 to 1.
	Likeness  Number      `json:"likeness"`
	Paired    int         `json:"paired"` // layers of the reference that have a counterpart
	Reference []KindCount `json:"reference"`
	Candidate []KindCount `json:"candidate"`
	// Differences are those of kind and shape, the ones of most layers first; empty for unrelated networks.
	Differences []StructureDifference `json:"differences"`
	Weights     *WeightsRelation      `json:"weights,omitempty"`
}

// KindCount is how many layers of a kind a network has. A layer is what people count as one: a convolution with its
// padding, bias and normalisation.
type KindCount struct {
	Kind  string `json:"kind"` // in words, as in "convolution"
	Count int    `json:"count"`
}

// StructureDifference is one difference, with all layers that show it.
type StructureDifference struct {
	Cause     string `json:"cause"`               // the catalogue's entry
	Reference string `json:"reference,omitempty"` // the setting, where it is that of all layers
	Candidate string `json:"candidate,omitempty"`
	// Layers of both sides; of those that one side lacks, the other's alone.
	Layers []LayerPair `json:"layers"`
	Text   string      `json:"text"`
	// Equivalent says that the numbers agree behind these layers: the same, written in another way.
	Equivalent bool `json:"equivalent,omitempty"`
}

// LayerPair is a layer by its names on both sides, with the setting where it is its own.
type LayerPair struct {
	Reference      string `json:"reference,omitempty"`
	Candidate      string `json:"candidate,omitempty"`
	ReferenceValue string `json:"reference_value,omitempty"`
	CandidateValue string `json:"candidate_value,omitempty"`
}

// WeightsRelation counts the pairs of weights by whether the numbers have anything to do with each other; those of other
// shapes are not compared.
type WeightsRelation struct {
	Related   int `json:"related"`
	Unrelated int `json:"unrelated"`
	Reshaped  int `json:"reshaped"`
	// Replaced says that the reference's layers were given the candidate's weights: the numbers of most have nothing to do
	// with each other, and what can be compared is what the layers do with them.
	Replaced bool `json:"replaced,omitempty"`
}
