package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// sigmoidCrossEntropy bounds the sum of
//
//	f(x, t) = x ([x >= 0] - t) + log(1 + exp(-|x|))
//
// over the elements that are not left out, divided. f is smooth: df/dx = sigmoid(x) - t is monotone in x, df/dt = -x, so
// that errors e of x and g of t move it by at most max |sigmoid(x +- e) - t| e + (|x| + e) g.
func sigmoidCrossEntropy(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.SigmoidCrossEntropy)
	e, g := c.inputError(0), c.inputError(1)
	var s sum
	var n counts
	for i, x := range c.In[0].Data {
		t := targetOf(l.Labels, c.In[1].Data[i], g(i), &n)
		s.add(t.of(crossEntropyOf(x, c.In[1].Data[i], e(i), g(i), c.Producer)))
	}
	all := len(c.In[0].Data)
	return scalar(s.rounded(all, c.Producer).over(n.divisor(l.Normalization, c.In[0].Shape[0], all), c.Producer).e)
}

// sigmoidCrossEntropyGradient bounds dy (sigmoid(x) - t) / divisor. As 1 / (1 + exp(-x)) the sigmoid has the errors of the
// exponential, the sum and the quotient; Caffe takes tanh(x/2)/2 + 1/2 in double precision and rounds that.
func sigmoidCrossEntropyGradient(c *GradientCall) GradientBounds {
	l, u := c.Layer.(layer.SigmoidCrossEntropy), c.Producer.U
	e, g := atOrZero(c.InErr[0]), atOrZero(c.InErr[1])
	out := c.none()
	var n counts
	values := make([]num, len(c.In[0].Data))
	for i, x := range c.In[0].Data {
		y := sigmoidOf(x)
		moved := max(sigmoidOf(x+e(i))-y, y-sigmoidOf(x-e(i)))
		t := targetOf(l.Labels, c.In[1].Data[i], g(i), &n)
		sigmoid := num{y, moved + (kExp+2)*u*(y+moved) + 4*U64 + c.Producer.Tiny}
		values[i] = t.of(sigmoid.sub(num{c.In[1].Data[i], g(i)}, u))
		out.Undecided += count(t.undecided)
	}
	scale := c.lossScale(n.divisor(l.Normalization, c.In[0].Shape[0], len(values)))
	out.In[0] = tensor.New[float64](c.In[0].Shape...)
	for i, v := range values {
		out.In[0].Data[i] = v.mul(scale, u).e + c.Producer.Tiny
	}
	return out
}

// target says whether a target is left out, and whether its error may change that.
type target struct{ skipped, undecided bool }

// targetOf reads a target t that is off by e, and counts it.
func targetOf(labels layer.Labels, t, e float64, n *counts) target {
	lo, hi := layer.Label(t-e), layer.Label(t+e)
	may := labels.Ignore && lo <= labels.Ignored && labels.Ignored <= hi
	mayNot := !may || lo != hi
	skipped := labels.Skips(layer.Label(t))
	n.add(!skipped, mayNot, may)
	return target{skipped, may && mayNot}
}

// of is a value where the target counts and 0 where it is left out, with a bound that covers both if both may be.
func (t target) of(v num) num {
	switch {
	case t.skipped && t.undecided:
		return num{0, math.Abs(v.v) + v.e}
	case t.skipped:
		return num{}
	case t.undecided:
		return num{v.v, max(v.e, math.Abs(v.v))}
	}
	return v
}

// crossEntropyOf is f(x, t) with what errors of x and t move it by, and with its roundings. Those are, with X = |x| + e, side
// = [x >= 0], E = exp(-|x|) and L = log(1 + E): two of the product x (side - t), or one of x t and one of the difference
// where it is written as max(x, 0) - x t; K_exp of E and one of 1 + E, which become absolute errors of L; K_log of L; one of the sum.
func crossEntropyOf(x, t, e, g float64, p Producer) num {
	size := math.Abs(x) + e
	far := math.Abs(count64(x >= 0) - t)
	if math.Abs(x) <= e { // on either side of 0
		far = max(math.Abs(t), math.Abs(1-t))
	}
	product := size * (far + g)
	exp := math.Exp(-max(math.Abs(x)-e, 0))
	log := math.Log1p(exp)
	slope := max(math.Abs(sigmoidOf(x+e)-t), math.Abs(sigmoidOf(x-e)-t))
	rounding := 3*product + size*(math.Abs(t)+g) + 1 + kExp*exp + (kLog+1)*log
	v := x*(count64(x >= 0)-t) + math.Log1p(math.Exp(-math.Abs(x)))
	return num{v, slope*e + size*g + (1+8*p.U)*p.U*rounding + p.Tiny}
}

func sigmoidOf(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func count64(b bool) float64 { return float64(count(b)) }
