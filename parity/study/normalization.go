package study

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Embedding is what retrieval makes of the features before it compares them.
type Embedding string

// Embeddings.
const (
	Direction    Embedding = ""             // divided by their length: what is compared is the angle
	Raw          Embedding = "raw"          // as they are
	Standardised Embedding = "standardised" // each number less its mean over the images, divided by its deviation: batch norm without gamma
)

// normalization is what scales activations: within the network, and of the features.
var normalization = Factor{
	Name:  "normalization",
	About: "local response normalisation, batch normalisation and the length of the features",
	Variants: []Variant{
		{ID: "base", Title: "as the model has it"},
		{ID: "lrn-none", Title: "no LRN", Graph: relayered(func(layer.LRN) layer.Layer { return layer.Identity{} })},
		{ID: "lrn-alpha-whole", Title: "LRN: alpha not divided by the window", Graph: lrn(func(l *layer.LRN) { l.Alpha *= float64(l.Size) })},
		{ID: "lrn-alpha-twice", Title: "LRN: alpha divided by the window twice", Graph: lrn(func(l *layer.LRN) { l.Alpha /= float64(l.Size) })},
		{ID: "lrn-k-2", Title: "LRN: k of 2", Graph: lrn(func(l *layer.LRN) { l.K = 2 })},
		{ID: "lrn-beta-0.5", Title: "LRN: beta of 0.5", Graph: lrn(func(l *layer.LRN) { l.Beta = 0.5 })},
		{ID: "lrn-size-radius", Title: "LRN: the window taken for its radius", Graph: lrn(func(l *layer.LRN) { l.Size = 2*l.Size + 1 })},
		{ID: "lrn-size-half", Title: "LRN: the radius taken for the window, alpha with it", Graph: lrn(func(l *layer.LRN) {
			half := l.Size / 2
			l.Alpha *= float64(l.Size) / float64(max(half, 1))
			l.Size = max(half, 1)
		})},
		{ID: "lrn-within", Title: "LRN within each channel", Graph: relayered(func(l layer.LRN) layer.Layer {
			size := l.Size | 1 // an odd window
			return layer.SpatialLRN{Size: size, Alpha: l.Alpha * float64(l.Size) / float64(size*size), Beta: l.Beta}
		})},
		{ID: "bn-epsilon-large", Title: "batch norm: epsilon of 1e-2", Graph: batchNorm(func(epsilon *float64, _ *bool) { *epsilon = 1e-2 })},
		{ID: "bn-epsilon-small", Title: "batch norm: epsilon of 1e-5", Graph: batchNorm(func(epsilon *float64, _ *bool) { *epsilon = 1e-5 })},
		{ID: "bn-batch", Title: "batch norm: statistics of the batch", Graph: batchNorm(func(_ *float64, batch *bool) { *batch = true })},
		{ID: "features-raw", Title: "features with their length", Embed: Raw},
		{ID: "features-standardised", Title: "features less their mean, divided by their deviation", Embed: Standardised},
	},
}

// relayered puts another layer in the place of every one of a type.
func relayered[L layer.Layer](f func(L) layer.Layer) func(*Model) (*graph.Graph, []string, error) {
	return func(m *Model) (*graph.Graph, []string, error) {
		return m.edit(func(n *graph.Node, _ tensor.Shape) []*graph.Node {
			l, ok := n.Layer.(L)
			if !ok {
				return nil
			}
			return []*graph.Node{with(n, f(l))}
		})
	}
}

func lrn(f func(*layer.LRN)) func(*Model) (*graph.Graph, []string, error) {
	return relayered(func(l layer.LRN) layer.Layer { f(&l); return l })
}

// batchNorm changes epsilon, or whose statistics are taken, of either kind of batch normalisation.
func batchNorm(f func(epsilon *float64, batch *bool)) func(*Model) (*graph.Graph, []string, error) {
	return func(m *Model) (*graph.Graph, []string, error) {
		return m.edit(func(n *graph.Node, _ tensor.Shape) []*graph.Node {
			switch l := n.Layer.(type) {
			case layer.BatchNorm:
				was := l
				if f(&l.Epsilon, &l.Batch); l != was {
					return []*graph.Node{with(n, l)}
				}
			case layer.FusedBatchNorm:
				was := l
				if f(&l.Epsilon, &l.Batch); l != was {
					return []*graph.Node{with(n, l)}
				}
			}
			return nil
		})
	}
}
