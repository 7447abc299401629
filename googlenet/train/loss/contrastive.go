package loss

import "parity/googlenet/layer"

// Contrastive draws the samples of one class together and those of different classes apart, up to a margin (Hadsell, Chopra, LeCun, Dimensionality
// reduction by learning an invariant mapping, 2006, equation 4, without its factor 1/2): over all pairs of the batch
//
//	loss = mean of d^2 for one class, of max(0, Margin - d)^2 for two,    d = max(|n(x_i) - n(x_j)|, 1e-8)
//
// The least distance keeps the root's slope finite. Raw compares the embeddings as they are.
type Contrastive struct {
	Margin float64
	Raw    bool
}

func (Contrastive) Name() string { return "contrastive" }

// Params: none.
func (Contrastive) Params(int, int) []Param { return nil }

// Attributes lists the margin, and whether the embeddings are normalised.
func (l Contrastive) Attributes() []layer.Attribute {
	list := []layer.Attribute{number("margin", l.Margin)}
	if l.Raw {
		list = append(list, layer.Attribute{Name: "normalized", Value: "no"})
	}
	return list
}

func (l Contrastive) build(b *builder) string {
	x := b.Embedding
	if !l.Raw {
		x = b.unit()
	}
	squared := b.add("squared", layer.Clip{Min: 1e-16, Max: largest, Strict: true}, b.distances(x))
	gap := b.add("gap", layer.ReLU{}, b.add("short of", plus(-1, l.Margin), b.add("roots", layer.Unary{Function: layer.Sqrt}, squared)))
	positive, negative := b.pairs()
	pull := b.binary("pull", layer.Product, squared, positive)
	push := b.binary("push", layer.Product, b.add("squared gap", layer.Unary{Function: layer.Square}, gap), negative)
	total := b.sum("total", b.binary("terms", layer.Sum, pull, push), 0, 1)
	return b.add("value", times(1/float64(max(b.Batch*(b.Batch-1), 1))), total)
}

// largest is a limit that nothing reaches.
const largest = 1e38
