package layer

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// Transform says where output cell i of n stands among m input cells, which stand at 0, 1, 2 ..., for a scale s.
type Transform string

const (
	// HalfPixel is (i + 1/2)/s - 1/2: the pictures fall together, cells being squares.
	HalfPixel Transform = "half pixel"
	// HalfPixelOrFirst is HalfPixel, but 0 for a single output cell.
	HalfPixelOrFirst Transform = "half pixel, the first cell for one"
	// HalfPixelFromEdge is (i + 1/2)/s.
	HalfPixelFromEdge Transform = "half pixel from the edge"
	// Corners is i (m-1)/(n-1), 0 for a single output cell: the outermost cells fall together.
	Corners Transform = "corners"
	// Asymmetric is i/s: the first cells fall together.
	Asymmetric Transform = "asymmetric"
	// CropToRegion stretches the cells over a Region of the input, of which 0 and 1 are the outermost cells.
	CropToRegion Transform = "region"
)

// Nearest says which of two neighbouring cells a place is that is not on a cell.
type Nearest string

const (
	// NearestBefore is the nearer one, and of two as near the one before.
	NearestBefore Nearest = "nearest, before"
	// NearestAfter is the nearer one, and of two as near the one after.
	NearestAfter Nearest = "nearest, after"
	// CellBefore is the one before.
	CellBefore Nearest = "before"
	// CellAfter is the one after.
	CellAfter Nearest = "after"
)

// Interpolate resizes maps, NCHW, as ONNX's Resize does. Places are computed in float64 of the scales; beyond the border the
// outermost cells are repeated.
type Interpolate struct {
	Size [2]int // height and width
	// Scale is what a place of the input is multiplied by; 0 for the ratio of the sizes.
	Scale     [2]float64
	Filter    ResizeFilter // nearest, linear or cubic
	Transform Transform
	Nearest   Nearest       // with ResizeNearest
	A         float64       // of ResizeCubic: Keys' parameter
	Inside    bool          // ResizeCubic leaves out cells beyond the border and lets those inside count more in turn
	Region    [2][2]float64 // with CropToRegion: from and to, of rows and of columns
}

func (Interpolate) Kind() string { return "Interpolate" }

func (l Interpolate) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	n, c, h, w, err := spatial(l, in)
	if err != nil {
		return nil, err
	}
	if err := resizable(l.Size, h, w); err != nil {
		return nil, err
	}
	if l.Scale[0] < 0 || l.Scale[1] < 0 || l.Filter == ResizeArea {
		return nil, fmt.Errorf("Interpolate takes positive scales and cells in between, got %v and %v", l.Scale, l.Filter)
	}
	return []tensor.Shape{{n, c, l.Size[0], l.Size[1]}}, nil
}

// Attributes lists the settings.
func (l Interpolate) Attributes() []Attribute {
	list := []Attribute{{"size", pair(l.Size)}, {"filter", l.Filter.String()}, {"coordinates", string(l.Transform)}}
	if l.Scale != [2]float64{} {
		list = append(list, Attribute{"scale", number(l.Scale[0]) + "x" + number(l.Scale[1])})
	}
	switch l.Filter {
	case ResizeNearest:
		list = append(list, Attribute{"cell", string(l.Nearest)})
	case ResizeCubic:
		list = append(list, Attribute{"a", number(l.A)})
		if l.Inside {
			list = append(list, Attribute{"border", "left out"})
		}
	}
	if l.Transform == CropToRegion {
		list = append(list, Attribute{"region", fmt.Sprint(l.Region)})
	}
	return list
}

func (l Interpolate) Forward32(c *Call[float32]) { separableForward(l.Separable(c.In[0].Shape), c) }
func (l Interpolate) Forward64(c *Call[float64]) { separableForward(l.Separable(c.In[0].Shape), c) }

func (l Interpolate) Backward32(g *Gradient[float32]) {
	separableGradient(l.Separable(g.In[0].Shape), g)
}
func (l Interpolate) Backward64(g *Gradient[float64]) {
	separableGradient(l.Separable(g.In[0].Shape), g)
}

// Separable is the map for an input of a shape.
func (l Interpolate) Separable(in tensor.Shape) Separable {
	return Separable{Vertical: l.along(in[2], 0), Horizontal: l.along(in[3], 1), VerticalFirst: true, Factor: 1}
}

// along finds the cells and weights of every output cell. A producer may round places in float32 three times, which moves them, and
// weights with them, by as many roundings for each input cell.
func (l Interpolate) along(from, axis int) Sampling {
	s := Sampling{From: from}
	if l.Filter != ResizeNearest {
		s.Doubt = 3 * from
	}
	for i := range l.Size[axis] {
		s.Taps = append(s.Taps, l.taps(l.Place(i, from, axis), from))
	}
	return s
}

// Place is where an output cell stands along an axis of that many input cells.
func (l Interpolate) Place(i, from, axis int) float64 {
	x, n, m := float64(i), float64(l.Size[axis]), float64(from)
	scale := l.Scale[axis]
	if scale == 0 {
		scale = n / m
	}
	switch {
	case l.Transform == Asymmetric:
		return x / scale
	case l.Transform == HalfPixelFromEdge:
		return (x + 0.5) / scale
	case l.Transform == CropToRegion:
		return l.inRegion(x, n, m, axis)
	case n == 1 && l.Transform != HalfPixel:
		return 0
	case l.Transform == Corners:
		return x * (m - 1) / (n - 1)
	}
	return (x+0.5)/scale - 0.5
}

func (l Interpolate) inRegion(x, n, m float64, axis int) float64 {
	start, end := l.Region[axis][0], l.Region[axis][1]
	if n == 1 {
		return 0.5 * (start + end) * (m - 1)
	}
	return start*(m-1) + x*(end-start)*(m-1)/(n-1)
}

// taps are the input cells that a place is made of.
func (l Interpolate) taps(place float64, from int) []Tap {
	inside := func(at float64) int { return int(max(0, min(at, float64(from-1)))) }
	before := math.Floor(place)
	t := place - before
	switch l.Filter {
	case ResizeLinear:
		return []Tap{{inside(before), 1 - t}, {inside(before + 1), t}}
	case ResizeCubic:
		return l.cubic(before, t, from)
	}
	return []Tap{{inside(l.Nearest.cell(place)), 1}}
}

func (n Nearest) cell(place float64) float64 {
	switch n {
	case CellBefore:
		return math.Floor(place)
	case CellAfter:
		return math.Ceil(place)
	case NearestAfter:
		return math.Floor(place + 0.5)
	}
	return math.Ceil(place - 0.5)
}

// cubic are the two cells on either side, weighted by Keys' kernel (Cubic convolution interpolation for digital image processing,
// 1981).
func (l Interpolate) cubic(before, t float64, from int) []Tap {
	taps, sum := make([]Tap, 4), 0.0
	for i := range taps {
		at := before - 1 + float64(i)
		w := keysAt(l.A, math.Abs(before+t-at))
		if l.Inside && (at < 0 || at >= float64(from)) {
			w = 0
		}
		taps[i] = Tap{int(max(0, min(at, float64(from-1)))), w}
		sum += w
	}
	if l.Inside {
		for i := range taps {
			taps[i].Weight /= sum
		}
	}
	return taps
}

// keysAt is the kernel with the parameter a at a distance of at most 2.
func keysAt(a, x float64) float64 {
	if x <= 1 {
		return ((a+2)*x-(a+3))*x*x + 1
	}
	return a * (((x-5)*x+8)*x - 4)
}
