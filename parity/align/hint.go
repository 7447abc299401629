package align

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"maps"
	"math"
	"slices"
	"strings"

	"parity/googlenet/tensor"
)

// hint collects what names and weights point to, names first. A name or a weight tensor that is not unique on
// both sides points nowhere.
func (a *alignment) hint() {
	a.hints = map[string]hint{}
	a.hintBy(ByName, func(u *unit) string { return u.kind + " " + normal(u.name()) },
		func(r, c *unit) string { return fmt.Sprintf("%s and %s have the same name", r.name(), c.name()) })
	seed := maphash.MakeSeed()
	weights := func(u *unit) string {
		if u.weights == nil {
			return ""
		}
		return digest(seed, u.weights)
	}
	why := func(r, c *unit) string {
		return fmt.Sprintf("the %d weights are identical to those of %s", r.weights.Dims().Len(), c.name())
	}
	a.hintBy(ByWeights, weights, why)
	a.belongs = a.ordered(weights)
	for c, r := range a.belongs {
		a.hints[r.output] = hint{c, ByWeights, why(r, c)}
	}
}

// ordered pairs units of the same weights that come in the same order on both sides as all other such pairs do. These are not
// overruled: where a layer is missing or extra in a long chain, all that follow would otherwise be paired with their neighbours.
// Two layers that have each other's weights are out of order, and so are branches that stand in another order: for them
// structure decides.
func (a *alignment) ordered(weights func(*unit) string) map[*unit]*unit {
	refs, cands := unique(a.ref.units, weights), unique(a.cand.units, weights)
	type couple struct {
		r, c *unit
		at   int
	}
	places := map[*unit]int{}
	for i, c := range a.cand.units {
		places[c] = i
	}
	var couples []couple
	for _, r := range a.ref.units {
		if k := weights(r); k != "" && refs[k] == r && cands[k] != nil {
			couples = append(couples, couple{r, cands[k], places[cands[k]]})
		}
	}
	before, after := make([]int, len(couples)+1), make([]int, len(couples)+1)
	before[0], after[len(couples)] = -1, len(a.cand.units)
	for i, c := range couples {
		before[i+1] = max(before[i], c.at)
	}
	for i := len(couples) - 1; i >= 0; i-- {
		after[i] = min(after[i+1], couples[i].at)
	}
	m := map[*unit]*unit{}
	for i, c := range couples {
		if before[i] < c.at && c.at < after[i+1] {
			m[c.c] = c.r
		}
	}
	return m
}

func (a *alignment) hintBy(by string, key func(*unit) string, why func(r, c *unit) string) {
	refs, cands := unique(a.ref.units, key), unique(a.cand.units, key)
	for k, r := range refs {
		c := cands[k]
		if _, done := a.hints[r.output]; k == "" || c == nil || done {
			continue
		}
		a.hints[r.output] = hint{c, by, why(r, c)}
	}
}

// unique maps every key that exactly one unit has to that unit.
func unique(units []*unit, key func(*unit) string) map[string]*unit {
	m := map[string]*unit{}
	for _, u := range units {
		k := key(u)
		if _, twice := m[k]; twice {
			m[k] = nil
			continue
		}
		m[k] = u
	}
	for k, u := range m {
		if u == nil {
			delete(m, k)
		}
	}
	return m
}

// digest tells weight tensors apart by their numbers in order; extents of 1 do not count, so that a fully
// connected layer equals the convolution made of it.
func digest(seed maphash.Seed, t tensor.Any) string {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, d := range t.Dims() {
		if d != 1 {
			fmt.Fprint(&h, d, " ")
		}
	}
	buffer := make([]byte, 0, 4096)
	for _, v := range tensor.As[float32](t).Data {
		if buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(v)); len(buffer) == cap(buffer) {
			h.Write(buffer)
			buffer = buffer[:0]
		}
	}
	h.Write(buffer)
	return fmt.Sprint(h.Sum64())
}

// ByNames pairs values with tensors of a dump, of which there is no graph, where the names are the same, and the shapes:
// those that are the same to the letter first.
func (a *Alignment) ByNames(ref, cand map[string]tensor.Shape) {
	taken := map[string]bool{}
	for _, p := range a.Pairs {
		taken[p.Candidate] = true
	}
	alike := map[string]string{} // the dump's names by their normal form; empty where that is not unique
	for name := range cand {
		n := normal(name)
		if _, twice := alike[n]; twice {
			name = ""
		}
		alike[n] = name
	}
	values := slices.Sorted(maps.Keys(ref))
	for _, nameOf := range []func(v string) string{func(v string) string { return v }, func(v string) string { return alike[normal(v)] }} {
		for _, v := range values {
			name := nameOf(v)
			if _, done := a.Pairs[v]; done || name == "" || taken[name] || cand[name] == nil || !SameNumbers(ref[v], cand[name]) {
				continue
			}
			taken[name] = true
			a.Pairs[v] = Pair{v, name, ByName, fmt.Sprintf("%s and %s have the same name", v, name)}
		}
	}
}

// normal reduces a name to what frameworks agree on: case, and which separator is used, do not count; neither does a
// last part that only names the operation ("conv1/Relu" is the ReLU of conv1, its kind is compared anyway).
func normal(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if !('a' <= r && r <= 'z' || '0' <= r && r <= '9') {
			r = '/'
		}
		b.WriteRune(r)
	}
	parts := strings.FieldsFunc(b.String(), func(r rune) bool { return r == '/' })
	if n := len(parts); n > 1 && operations[parts[n-1]] {
		parts = parts[:n-1]
	}
	return strings.Join(parts, "/")
}

var operations = map[string]bool{
	"conv2d": true, "biasadd": true, "matmul": true, "relu": true, "maxpool": true, "avgpool": true, "lrn": true,
	"concat": true, "concatv2": true, "softmax": true,
}

// near lists up to three names that contain the wanted one or are contained in it, as ", did you mean a, b?".
func near(name string, all []string) string {
	var list []string
	wanted := normal(name)
	for _, other := range all {
		if n := normal(other); len(list) < 3 && wanted != "" && (strings.Contains(n, wanted) || strings.Contains(wanted, n)) {
			list = append(list, other)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return ", did you mean " + strings.Join(list, ", ") + "?"
}
