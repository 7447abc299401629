package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// Tile repeats its input Tiles times along one axis.
type Tile struct{ Axis, Tiles int }

func (Tile) Kind() string { return "Tile" }

func (l Tile) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := same(l, in)
	if err != nil {
		return nil, err
	}
	if l.Axis < 0 || l.Axis >= len(in[0]) {
		return nil, fmt.Errorf("Tile axis %d is outside the %d dimensions of %v", l.Axis, len(in[0]), in[0])
	}
	if l.Tiles < 1 {
		return nil, fmt.Errorf("the number of tiles must be positive, got %d", l.Tiles)
	}
	out[0][l.Axis] *= l.Tiles
	return out, nil
}

func (l Tile) Forward32(c *Call[float32]) { tile(l, c) }
func (l Tile) Forward64(c *Call[float64]) { tile(l, c) }

// Attributes lists the settings.
func (l Tile) Attributes() []Attribute {
	return []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"tiles", strconv.Itoa(l.Tiles)}}
}

func tile[T tensor.Float](l Tile, c *Call[T]) {
	row := c.In[0].Shape[l.Axis:].Len()
	for at := 0; at < len(c.Out[0].Data); at += row {
		copy(c.Out[0].Data[at:at+row], c.In[0].Data[at/row/l.Tiles*row:])
	}
}

func (l Tile) Backward32(g *Gradient[float32]) { tileBackward(l, g) }
func (l Tile) Backward64(g *Gradient[float64]) { tileBackward(l, g) }

func tileBackward[T tensor.Float](l Tile, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	row := g.In[0].Shape[l.Axis:].Len()
	for at, v := range g.OutGrad[0].Data {
		g.InGrad[0].Data[at/row/l.Tiles*row+at%row] += v
	}
}
