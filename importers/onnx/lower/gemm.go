package lower

import (
	"fmt"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// gemm is alpha A B + beta C, with A or B transposed if the file says so: a fully connected layer where B and C are constant
// and C does not depend on the row.
func gemm(c *call) error {
	s, err := c.gemmSettings()
	if err != nil {
		return err
	}
	x, ok := c.data(0)
	w, constant := c.weights(1)
	if !ok || !constant || len(w.shape) != 2 || !c.addsRow(w, s) {
		return c.generalProduct(s)
	}
	if x = c.ranked(x, 2); x.rank() != 2 {
		return c.node.Errorf("its input should have 2 dimensions, found the shape %v", x.stored())
	}
	if s.transA {
		x = c.between("/transposed", one{layer: layer.Permute{Axes: []int{1, 0}}, in: []*value{x}, transforms: []string{"the input transposed"}})
	}
	inputs, outputs := w.shape[0], w.shape[1]
	if s.transB {
		inputs, outputs = outputs, inputs
	}
	if n := x.extent(1); n >= 0 && n != inputs {
		return c.node.Errorf("its weights %v take %d inputs, found %d", w.shape, inputs, n)
	}
	params, ok, err := c.gemmParams(w, outputs, s)
	if err != nil {
		return err
	}
	if !ok {
		return c.node.Errorf("it cannot add %v to %d outputs", c.in[2].constant.shape, outputs)
	}
	return c.emit(one{
		layer: layer.InnerProduct{Outputs: outputs, Bias: len(params) > 1}, in: []*value{x}, params: params, shape: tensor.Shape{-1, outputs},
	})
}

// addsRow tells whether C is left out, a constant number or a constant row.
func (c *call) addsRow(w *constant, s gemmSettings) bool {
	if c.omitted(2) {
		return true
	}
	outputs := w.shape[1]
	if s.transB {
		outputs = w.shape[0]
	}
	k, ok := c.weights(2)
	return ok && len(k.shape) <= 2 && (k.shape.Len() == 1 || k.shape.Len() == outputs && k.shape[len(k.shape)-1] == outputs)
}

// generalProduct is alpha A B + beta C of values.
func (c *call) generalProduct(s gemmSettings) error {
	var in []*value
	for i := range c.in {
		v, ok, err := c.value(i)
		if err != nil || !ok && i < 2 {
			return c.unlessErr(err, "its inputs are no numbers")
		}
		if ok {
			in = append(in, v)
		}
	}
	if len(in) < 2 {
		return c.node.Errorf("it takes at least two inputs, found %d", len(in))
	}
	scaled := func(v *value, by float64) *value {
		if by == 1 {
			return v
		}
		return c.on("/scaled", v, times(by))
	}
	last := ""
	if len(in) > 2 || s.alpha != 1 {
		last = "/product"
	}
	y := c.put(last, one{layer: layer.MatMul{TransposeA: s.transA, TransposeB: s.transB}, in: []*value{c.ranked(in[0], 2), c.ranked(in[1], 2)}})
	switch {
	case len(in) > 2:
		c.together("", layer.Binary{Operation: layer.Sum}, y.dtype, scaled(y, s.alpha), scaled(in[2], s.beta))
	case s.alpha != 1:
		c.on("", y, times(s.alpha))
	}
	return nil
}

type gemmSettings struct {
	alpha, beta    float64
	transA, transB bool
}

func (c *call) gemmSettings() (s gemmSettings, err error) {
	if s.alpha, err = c.node.Float("alpha", 1); err != nil {
		return s, err
	}
	if s.beta, err = c.node.Float("beta", 1); err != nil {
		return s, err
	}
	if s.transA, err = c.node.Bool("transA", false); err != nil {
		return s, err
	}
	s.transB, err = c.node.Bool("transB", false)
	return s, err
}

// gemmParams are the weights as outputs x inputs and, if C is there, the bias; alpha and beta are multiplied in.
func (c *call) gemmParams(w *constant, outputs int, s gemmSettings) (params []param, ok bool, err error) {
	weights, err := c.outputsFirst(w, s.transB)
	if err == nil {
		weights, err = c.scaled(weights, s.alpha, fmt.Sprintf("weights multiplied by alpha %v", float32(s.alpha)))
	}
	if err != nil || c.omitted(2) {
		return []param{weights}, true, err
	}
	k, constant := c.weights(2)
	if !constant || len(k.shape) > 2 || k.shape.Len() != 1 && (k.shape.Len() != outputs || k.shape[len(k.shape)-1] != outputs) {
		return nil, false, nil
	}
	bias, err := c.param(k, k.shape.Len())
	if err == nil && k.shape.Len() == 1 {
		bias, err = c.repeated(bias, outputs)
	}
	if err == nil {
		bias, err = c.scaled(bias, s.beta, fmt.Sprintf("bias multiplied by beta %v", float32(s.beta)))
	}
	return []param{weights, bias}, true, err
}

// outputsFirst is a matrix of weights as outputs x inputs.
func (c *call) outputsFirst(w *constant, already bool) (param, error) {
	p, err := c.param(w, w.shape...)
	if err != nil || already {
		return p, err
	}
	return c.transposed(p, "weights transposed to outputs x inputs")
}
