// Package googlenet is GoogLeNet V1 (Szegedy et al. 2014, Going deeper with convolutions) as BVLC published it for
// Caffe: the table of its modules and the graph built from it. The packages below it hold tensors, layers,
// graphs, the engine that runs them and the bounds of their rounding errors; none of them knows a framework,
// a file format or a report.
package googlenet

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Module is one inception module: the output channels of its six convolutions.
type Module struct {
	Name                                            string
	Conv1, Reduce3, Conv3, Reduce5, Conv5, PoolProj int
	// PoolAfter names the 3x3 max pool with stride 2 that follows the module, if one does.
	PoolAfter string
}

// Modules is table 1 of the paper.
var Modules = []Module{
	{"inception_3a", 64, 96, 128, 16, 32, 32, ""},
	{"inception_3b", 128, 128, 192, 32, 96, 64, "pool3/3x3_s2"},
	{"inception_4a", 192, 96, 208, 16, 48, 64, ""},
	{"inception_4b", 160, 112, 224, 24, 64, 64, ""},
	{"inception_4c", 128, 128, 256, 24, 64, 64, ""},
	{"inception_4d", 112, 144, 288, 32, 64, 64, ""},
	{"inception_4e", 256, 160, 320, 32, 128, 128, "pool4/3x3_s2"},
	{"inception_5a", 256, 160, 320, 32, 128, 128, ""},
	{"inception_5b", 384, 192, 384, 48, 128, 128, ""},
}

// Config sizes the network. The zero value is the published one: 1000 classes, 3x224x224 images, full width.
type Config struct {
	Classes int
	Size    int // height and width of the images
	Narrow  int // divides the number of channels of every convolution
}

func (c Config) withDefaults() Config {
	if c.Classes == 0 {
		c.Classes = 1000
	}
	if c.Size == 0 {
		c.Size = 224
	}
	if c.Narrow == 0 {
		c.Narrow = 1
	}
	return c
}

// Build returns the graph with its layer and value names as in Caffe's deploy.prototxt. Weights are zero, in the
// order in which Caffe stores them: the caller fills node.Params. It panics when Narrow does not divide the
// channels of the network.
func Build(c Config) *graph.Graph {
	c = c.withDefaults()
	b := &builder{config: c, g: &graph.Graph{Name: "GoogLeNet", Stages: map[string][]string{}}}
	b.g.Inputs = []graph.Input{{Name: "data", Shape: tensor.Shape{-1, 3, c.Size, c.Size}}}
	b.shape, b.top = tensor.Shape{1, 3, c.Size, c.Size}, "data"
	b.stem()
	for _, m := range Modules {
		b.module(m)
	}
	b.head()
	b.g.Outputs = []string{b.top}
	return b.g
}

// builder appends layers to a graph; top is the value that the next layer reads and shape its shape.
type builder struct {
	config Config
	g      *graph.Graph
	top    string
	shape  tensor.Shape
}

func (b *builder) stem() {
	b.conv("conv1/7x7_s2", "conv1/relu_7x7", 64, 7, 2)
	b.maxPool("pool1/3x3_s2", 3, 2)
	b.lrn("pool1/norm1")
	b.conv("conv2/3x3_reduce", "conv2/relu_3x3_reduce", 64, 1, 1)
	b.conv("conv2/3x3", "conv2/relu_3x3", 192, 3, 1)
	b.lrn("conv2/norm2")
	b.maxPool("pool2/3x3_s2", 3, 2)
}

func (b *builder) module(m Module) {
	in, inShape := b.top, b.shape
	var branches []string
	channels := 0
	end := func() {
		branches = append(branches, b.top)
		channels += b.shape[1]
		b.top, b.shape = in, inShape
	}
	conv := func(part string, outputs, kernel int) {
		b.conv(m.Name+"/"+part, m.Name+"/relu_"+part, outputs, kernel, 1)
	}
	conv("1x1", m.Conv1, 1)
	end()
	conv("3x3_reduce", m.Reduce3, 1)
	conv("3x3", m.Conv3, 3)
	end()
	conv("5x5_reduce", m.Reduce5, 1)
	conv("5x5", m.Conv5, 5)
	end()
	b.maxPool(m.Name+"/pool", 3, 1)
	conv("pool_proj", m.PoolProj, 1)
	end()
	b.add(m.Name+"/output", m.Name+"/output", layer.Concat{Axis: 1}, branches, tensor.Shape{1, channels, inShape[2], inShape[3]})
	if m.PoolAfter != "" {
		b.maxPool(m.PoolAfter, 3, 2)
	}
}

func (b *builder) head() {
	side := b.shape[2]
	pool := layer.AveragePool{Pool: layer.Pool{Window: window(side, 1, 0), Ceil: true}, Divisor: layer.PaddedCells}
	b.next("pool5/7x7_s1", pool)
	b.inPlace("pool5/drop_7x7_s1", layer.Dropout{Ratio: 0.4})
	b.next("loss3/classifier", layer.InnerProduct{Outputs: b.config.Classes, Bias: true})
	b.next("prob", layer.Softmax{Axis: 1})
}

func window(kernel, stride, pad int) layer.Window {
	return layer.Window{
		Kernel: [2]int{kernel, kernel}, Stride: [2]int{stride, stride}, Dilation: [2]int{1, 1},
		Padding: layer.Symmetric(pad, pad),
	}
}

// conv appends a convolution padded to keep the size at stride 1, and its ReLU in place.
func (b *builder) conv(name, relu string, outputs, kernel, stride int) {
	if outputs%b.config.Narrow != 0 {
		panic(fmt.Sprintf("googlenet: %d channels of %s cannot be divided by %d", outputs, name, b.config.Narrow))
	}
	b.next(name, layer.Convolution{Window: window(kernel, stride, kernel/2), Outputs: outputs / b.config.Narrow, Groups: 1, Bias: true})
	b.inPlace(relu, layer.ReLU{})
}

// maxPool appends Caffe's max pool; with stride 1 it is padded to keep the size.
func (b *builder) maxPool(name string, kernel, stride int) {
	pad := 0
	if stride == 1 {
		pad = kernel / 2
	}
	b.next(name, layer.MaxPool{Pool: layer.Pool{Window: window(kernel, stride, pad), Ceil: true, Clip: pad > 0}})
}

// lrn appends local response normalisation with local_size 5, alpha 1e-4 (of which Caffe takes a fifth), beta 0.75.
func (b *builder) lrn(name string) {
	b.next(name, layer.LRN{Size: 5, Alpha: float64(float32(1e-4)) / 5, Beta: 0.75, K: 1})
}

func (b *builder) next(name string, l layer.Layer) { b.add(name, name, l, []string{b.top}, b.infer(l)) }

// inPlace appends a layer that overwrites the blob it reads.
func (b *builder) inPlace(name string, l layer.Layer) {
	blob := b.top
	b.add(name, blob+"@"+name, l, []string{blob}, b.infer(l))
	b.g.Stages[blob] = []string{blob, b.top}
}

func (b *builder) infer(l layer.Layer) tensor.Shape {
	shapes, err := l.Infer([]tensor.Shape{b.shape})
	if err != nil {
		panic("googlenet: " + err.Error())
	}
	return shapes[0]
}

func (b *builder) add(name, value string, l layer.Layer, inputs []string, out tensor.Shape) {
	n := &graph.Node{Name: name, Layer: l, Inputs: inputs, Outputs: []string{value}}
	if p, ok := l.(layer.Parametric); ok {
		for i, s := range p.ParamShapes([]tensor.Shape{b.shape}) {
			n.Params = append(n.Params, &graph.Param{Name: fmt.Sprintf("%s[%d]", name, i), Value: tensor.New[float32](s...)})
		}
	}
	b.g.Nodes = append(b.g.Nodes, n)
	b.top, b.shape = value, out
}
