package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// InnerProduct is y = x W^T + b over inputs flattened from axis 1 on. Parameters: weights
// [Outputs, inputs], then, with Bias, bias [Outputs].
type InnerProduct struct {
	Outputs int
	Bias    bool
}

func (InnerProduct) Kind() string { return "InnerProduct" }

func (l InnerProduct) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if len(in[0]) < 2 {
		return nil, fmt.Errorf("InnerProduct takes a batch of at least 2 dimensions, got %v", in[0])
	}
	return []tensor.Shape{{in[0][0], l.Outputs}}, nil
}

// ParamShapes returns the shapes of the weights and, with Bias, the bias.
func (l InnerProduct) ParamShapes(in []tensor.Shape) []tensor.Shape {
	shapes := []tensor.Shape{{l.Outputs, in[0][1:].Len()}}
	if l.Bias {
		shapes = append(shapes, tensor.Shape{l.Outputs})
	}
	return shapes
}

func (l InnerProduct) Forward32(c *Call[float32]) { innerProduct(l, c) }
func (l InnerProduct) Forward64(c *Call[float64]) { innerProduct(l, c) }

// Attributes lists the settings.
func (l InnerProduct) Attributes() []Attribute {
	list := []Attribute{{"outputs", strconv.Itoa(l.Outputs)}}
	if !l.Bias {
		list = append(list, Attribute{"bias", "none"})
	}
	return list
}

func innerProduct[T tensor.Float](l InnerProduct, c *Call[T]) {
	x, w, y := c.In[0], c.Params[0], c.Out[0]
	n, kernels := w.Shape[1], kernel.For[T]()
	parallel.For(c.Workers, len(y.Data), func(i int) {
		row, o := x.Data[i/l.Outputs*n:][:n], i%l.Outputs
		sum := kernels.Dot(w.Data[o*n:][:n], row)
		if l.Bias {
			sum += c.Params[1].Data[o]
		}
		y.Data[i] = sum
	})
}

func (l InnerProduct) Backward32(g *Gradient[float32]) { innerProductBackward(l, g) }
func (l InnerProduct) Backward64(g *Gradient[float64]) { innerProductBackward(l, g) }

// innerProductBackward: dx = dy W, dW = dy^T x, db = sum dy.
func innerProductBackward[T tensor.Float](l InnerProduct, g *Gradient[T]) {
	x, w, d := g.In[0].Data, g.Params[0], g.OutGrad[0].Data
	n := w.Shape[1]
	rows := len(d) / l.Outputs
	parallel.For(g.Workers, rows, func(i int) {
		for o, v := range d[i*l.Outputs:][:l.Outputs] {
			axpy(v, w.Data[o*n:][:n], g.InGrad[0].Data[i*n:][:n])
		}
	})
	parallel.For(g.Workers, l.Outputs, func(o int) {
		for i := range rows {
			axpy(d[i*l.Outputs+o], x[i*n:][:n], g.ParamGrad[0].Data[o*n:][:n])
		}
	})
	if l.Bias {
		addUp(g.OutGrad[0], 1, g.ParamGrad[1].Data)
	}
}

// axpy adds a x to y.
func axpy[T tensor.Float](a T, x, y []T) {
	for i, v := range x {
		y[i] += a * v
	}
}
