package cause

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var actSlope = &Cause{
	ID:      "act.slope",
	Title:   "the slope or scale of negative values is another one",
	Symptom: "Positive values are exact, negative ones off by one factor.",
	Why:     "Converters drop negative_slope, and take one slope for all channels where PReLU has one each; libraries default to 0.01, 0.1, 0.2 or 0.3, ELU's alpha to 1.",
	Fix: Fixes{
		Caffe: "relu_param { negative_slope: A }", TensorFlow: "tf.nn.leaky_relu(x, alpha=A)", Keras: "LeakyReLU(A)", PyTorch: "nn.LeakyReLU(A)",
		ONNX: "LeakyRelu with alpha=A",
	},
	Break: func(p *Port) []Fault {
		list := append(
			resized(p, "any", func(l layer.ReLU, size float64) layer.ReLU { l.Slope += float64(float32(0.5 * size)); return l }),
			resized(p, "any", func(l layer.ELU, size float64) layer.ELU { l.Alpha += float64(float32(size)); return l })...)
		list = append(list, remade(p, func(_ *graph.Node, l layer.ReLU) []remake {
			if l.Slope == 0 {
				return []remake{{"0.01", layer.ReLU{Slope: float64(float32(0.01))}}, {"0.2", layer.ReLU{Slope: float64(float32(0.2))}}}
			}
			return []remake{{"0", layer.ReLU{}}, {"0.3", layer.ReLU{Slope: float64(float32(0.3))}}}
		})...)
		return append(list, breakNodes(p, func(n *graph.Node, _ layer.PReLU) []Fault {
			return []Fault{
				changedParam(n, 0, "all", true, func(_ int, v, size float64) float64 { return v * (1 + size) }),
				changedParam(n, 0, "0", false, func(int, float64, float64) float64 { return 0 }),
				changedParam(n, 0, "0.25, where training starts", false, func(int, float64, float64) float64 { return 0.25 }),
			}
		})...)
	},
	Variants: func(s *Segment) []Variant {
		return slices.Concat(s.leakySlopes(), s.channelSlopes(), s.eluScales())
	},
}

// leakySlopes are other slopes of a leaky ReLU.
func (s *Segment) leakySlopes() []Variant {
	return settings(s, "the slope of negative values", func(n *graph.Node, l layer.ReLU, _ tensor.Shape) []setting {
		tries := append(usual(0, 0.01, 0.1, 0.2, 0.3), solved(rounded(s.solveSlope(n))...)...)
		if d, ok := declared[layer.ReLU](s); ok {
			tries = append([]trial{stated(d.Slope)}, tries...)
		}
		var list []setting
		for _, t := range otherThan(l.Slope, single(tries)) {
			if t.value != 1 { // that is no activation at all
				list = append(list, setting{layer.ReLU{Slope: t.value}, number(l.Slope), number(t.value), t})
			}
		}
		return list
	})
}

// eluScales are other numbers that an ELU approaches.
func (s *Segment) eluScales() []Variant {
	return settings(s, "the scale of negative values (alpha)", func(n *graph.Node, l layer.ELU, _ tensor.Shape) []setting {
		tries := append(usual(1), solved(rounded(s.solveRatio(n, math.Expm1))...)...)
		if d, ok := declared[layer.ELU](s); ok {
			tries = append([]trial{stated(d.Alpha)}, tries...)
		}
		var list []setting
		for _, t := range otherThan(l.Alpha, single(tries)) {
			list = append(list, setting{layer.ELU{Alpha: t.value}, number(l.Alpha), number(t.value), t})
		}
		return list
	})
}

// single holds numbers as frameworks do.
func single(list []trial) []trial {
	for i, t := range list {
		list[i].value = float64(float32(t.value))
	}
	return list
}

// channelSlopes are other slopes of a PReLU: the candidate's own, or those that the numbers show.
func (s *Segment) channelSlopes() []Variant {
	var list []Variant
	for _, n := range s.Nodes {
		if _, ok := n.Layer.(layer.PReLU); !ok || len(n.Params) == 0 {
			continue
		}
		own := tensor.As[float64](n.Params[0].Value)
		for i, slopes := range [][]float64{s.declaredSlopes(len(own.Data)), s.solveSlopes(n, own.Data)} {
			if slopes == nil || slices.Equal(slopes, own.Data) {
				continue
			}
			changed := *n.As(n.Layer, n.Params)
			changed.Params = []*graph.Param{{Name: n.Params[0].Name, Value: tensor.From(slopes, own.Shape...)}}
			list = append(list, Variant{
				Nodes: s.With(n, &changed), Layer: n, Stated: i == 0, Unknowns: i * unequal(slopes, own.Data),
				Parameters:  map[string]string{"reference": slopesText(own.Data), "candidate": slopesText(slopes)},
				Explanation: fmt.Sprintf("the slopes of negative values are %s in the reference, %s in the candidate", slopesText(own.Data), slopesText(slopes)),
			})
		}
	}
	return list
}

// declaredSlopes are those in the candidate's graph, one a channel; nil for none or another number of them.
func (s *Segment) declaredSlopes(channels int) []float64 {
	for _, n := range s.Counterpart {
		if _, ok := n.Layer.(layer.PReLU); !ok || len(n.Params) == 0 {
			continue
		}
		switch t := tensor.As[float64](n.Params[0].Value); len(t.Data) {
		case channels:
			return t.Data
		case 1:
			return slices.Repeat(t.Data, channels)
		}
	}
	return nil
}

// solveSlopes finds for each channel the slope that all its negative elements agree on, the reference's own where it has none.
// A channel with fewer than two of them proves nothing: there it must be the reference's own.
func (s *Segment) solveSlopes(n *graph.Node, own []float64) []float64 {
	x, y := s.direct(n)
	shape := s.shape(n.Inputs[0])
	if x == nil || len(shape) < 2 {
		return nil
	}
	plane := shape[2:].Len()
	pairs := make([][][2]float64, len(own))
	for i, v := range x {
		if c := i / plane % shape[1] % len(own); v < 0 {
			pairs[c] = append(pairs[c], [2]float64{v, y[i]})
		}
	}
	slopes := slices.Clone(own)
	for c, list := range pairs {
		if len(list) > 1 {
			slopes[c] = commonRatio(list, s.Producer.U)
		}
	}
	return slopes
}

// commonRatio is a number r with y = r x up to one rounding for all pairs (x, y): the middle of what they leave, and a
// number of float32 where there is one in it.
func commonRatio(pairs [][2]float64, u float64) float64 {
	lo, hi := math.Inf(-1), math.Inf(1)
	for _, p := range pairs {
		a, b := p[1]*(1-u)/p[0], p[1]*(1+u)/p[0]
		lo, hi = max(lo, min(a, b)), min(hi, max(a, b))
	}
	middle := lo + (hi-lo)/2
	if r := float64(float32(middle)); lo <= r && r <= hi {
		return r
	}
	return middle
}

// unequal counts the places where two lists differ.
func unequal(a, b []float64) int {
	n := 0
	for i, v := range a {
		if v != b[i] {
			n++
		}
	}
	return n
}

func slopesText(slopes []float64) string {
	if lo, hi := slices.Min(slopes), slices.Max(slopes); lo != hi {
		return fmt.Sprintf("%s to %s", number(lo), number(hi))
	}
	return number(slopes[0])
}
