package loss

import "parity/googlenet/layer"

// MultiSimilarity weighs pairs by their similarity itself and relative to others (Wang, Han, Huang, Dong, Scott, Multi-similarity loss with general
// pair weighting for deep metric learning, 2019, equation 15). With the cosines s, over the batch
//
//	loss = mean_i of 1/Alpha log(1 + sum_(p in P_i) exp(-Alpha (s_ip - Base))) + 1/Beta log(1 + sum_(n in N_i) exp(Beta (s_in - Base)))
//
// Of the positives of an anchor those count (P_i) that are less similar than its most similar negative plus Epsilon, of the negatives (N_i) those that are
// more similar than its least similar positive minus Epsilon (equations 10 and 11). An anchor without positives or without negatives adds 0.
type MultiSimilarity struct{ Alpha, Beta, Base, Epsilon float64 }

func (MultiSimilarity) Name() string { return "multi_similarity" }

// Params: none.
func (MultiSimilarity) Params(int, int) []Param { return nil }

// Attributes lists both inverse temperatures, the similarity that they count from, and the tolerance of the mining.
func (l MultiSimilarity) Attributes() []layer.Attribute {
	return []layer.Attribute{number("alpha", l.Alpha), number("beta", l.Beta), number("base", l.Base), number("epsilon", l.Epsilon)}
}

func (l MultiSimilarity) build(b *builder) string {
	s := b.similarities()
	positive, negative := b.pairs()
	hardest := l.extreme(b, "hardest negative", s, negative, layer.ReduceMax, -none)
	easiest := l.extreme(b, "hardest positive", s, positive, layer.ReduceMin, none)
	pull := b.binary("pulled", layer.And, positive, b.binary("pulled/mined", layer.Less, b.add("pulled/by", plus(1, -l.Epsilon), s), hardest))
	push := b.binary("pushed", layer.And, negative, b.binary("pushed/mined", layer.Greater, b.add("pushed/by", plus(1, l.Epsilon), s), easiest))
	from := b.add("from base", plus(1, -l.Base), s)
	near := b.add("near", layer.LogSumExp{Axis: 1, One: true}, b.add("near/exponents", times(-l.Alpha), from), pull)
	far := b.add("far", layer.LogSumExp{Axis: 1, One: true}, b.add("far/exponents", times(l.Beta), from), push)
	terms := b.binary("terms", layer.Sum, b.add("near/terms", times(1/l.Alpha), near), b.add("far/terms", times(1/l.Beta), far))
	return b.mean("value", terms, 0)
}

// none stands for a cosine where there is none: it is farther than any margin from all that there are.
const none = 1e4

// extreme is the largest or smallest similarity among the marked ones of each row.
func (MultiSimilarity) extreme(b *builder, name, s, marked string, r layer.Reducer, otherwise float64) string {
	filled := b.add(name+"/among", layer.Select{}, marked, s, b.add(name+"/none", plus(0, otherwise), s))
	return b.add(name, layer.Reduce{Reducer: r, Axes: []int{1}, Keep: true}, filled)
}
