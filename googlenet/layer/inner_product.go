package layer

import (
	"fmt"
	"strconv"

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
	n := w.Shape[1]
	parallel.For(c.Workers, len(y.Data), func(i int) {
		row, o := x.Data[i/l.Outputs*n:][:n], i%l.Outputs
		sum := dot(w.Data[o*n:][:n], row)
		if l.Bias {
			sum += c.Params[1].Data[o]
		}
		y.Data[i] = sum
	})
}

// dot sums in four interleaved chains, which a processor can run side by side.
func dot[T tensor.Float](a, b []T) T {
	var s0, s1, s2, s3 T
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return (s0 + s1) + (s2 + s3)
}
