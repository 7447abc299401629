package layer

import (
	"fmt"
	"math"
	"strconv"

	"parity/googlenet/tensor"
)

// ResizeFilter says how a Resize makes a cell from its neighbours.
type ResizeFilter int

const (
	// ResizeNearest copies one cell: that before the place, or with FromCorners the nearest, the later of two.
	ResizeNearest ResizeFilter = iota
	// ResizeLinear blends two cells a direction.
	ResizeLinear
	// ResizeCubic blends four cells a direction with Keys' cubic.
	ResizeCubic
	// ResizeArea takes the mean over what the output cell covers of the input. It begins at FromEdges or FromCorners.
	ResizeArea
)

var resizeFilters = []string{"nearest", "linear", "cubic", "area"}

// String is the filter's name.
func (f ResizeFilter) String() string { return resizeFilters[f] }

// Coordinates say where output cell i of n stands among m input cells, which stand at 0, 1, 2 ...
type Coordinates int

const (
	// FromEdges puts it at i m/n: the first cells fall together.
	FromEdges Coordinates = iota
	// FromCorners puts it at i (m-1)/(n-1): the first cells fall together, and the last.
	FromCorners
	// FromCentres puts it at (i + 1/2) m/n - 1/2: the pictures fall together, cells being squares.
	FromCentres
)

var coordinates = []string{"edges", "corners", "centres"}

// String is their name.
func (c Coordinates) String() string { return coordinates[c] }

// Resize stretches maps, NCHW, to another size. Nothing is smoothed where they shrink, except by ResizeArea.
type Resize struct {
	Size        [2]int // height and width
	Filter      ResizeFilter
	Coordinates Coordinates
	// A, Inside and Steps are of ResizeCubic. A is Keys' parameter: the slope of the kernel at 1, where -1/2 reproduces
	// parabolas and -3/4 is sharper.
	A float64
	// Inside leaves out cells beyond the border and lets those inside count more in turn; else the border is repeated.
	Inside bool
	// Steps rounds a place between two cells to that many parts of their distance, a half to the even one; 0 does not.
	Steps int
}

func (Resize) Kind() string { return "Resize" }

func (l Resize) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	n, c, h, w, err := spatial(l, in)
	if err != nil {
		return nil, err
	}
	if err := resizable(l.Size, h, w); err != nil {
		return nil, err
	}
	if l.Filter == ResizeArea && l.Coordinates == FromCentres {
		return nil, fmt.Errorf("the mean over an area begins at the edges or corners of a map, not at centres")
	}
	return []tensor.Shape{{n, c, l.Size[0], l.Size[1]}}, nil
}

func resizable(size [2]int, h, w int) error {
	if size[0] < 1 || size[1] < 1 {
		return fmt.Errorf("a map cannot be resized to %s", pair(size))
	}
	if h < 1 || w < 1 {
		return fmt.Errorf("a map of %dx%d cells cannot be resized", h, w)
	}
	return nil
}

// Attributes lists the settings.
func (l Resize) Attributes() []Attribute {
	list := []Attribute{{"size", pair(l.Size)}, {"filter", l.Filter.String()}, {"coordinates", l.Coordinates.String()}}
	if l.Filter != ResizeCubic {
		return list
	}
	list = append(list, Attribute{"a", number(l.A)})
	if l.Inside {
		list = append(list, Attribute{"border", "left out"})
	}
	if l.Steps > 0 {
		list = append(list, Attribute{"steps", strconv.Itoa(l.Steps)})
	}
	return list
}

func (l Resize) Forward32(c *Call[float32]) { separableForward(l.Separable(c.In[0].Shape), c) }
func (l Resize) Forward64(c *Call[float64]) { separableForward(l.Separable(c.In[0].Shape), c) }

func (l Resize) Backward32(g *Gradient[float32]) { separableGradient(l.Separable(g.In[0].Shape), g) }
func (l Resize) Backward64(g *Gradient[float64]) { separableGradient(l.Separable(g.In[0].Shape), g) }

// Separable is the map for an input of a shape.
func (l Resize) Separable(in tensor.Shape) Separable {
	if l.Filter == ResizeLinear && in[2] == l.Size[0] && in[3] == l.Size[1] {
		l.Filter = ResizeNearest // which passes infinities on
	}
	s := Separable{Vertical: l.along(in[2], 0), Horizontal: l.along(in[3], 1), VerticalFirst: l.Filter == ResizeCubic, Factor: 1}
	if l.Filter == ResizeArea {
		s.Factor = float64(float32(1 / float64(l.step(in[2], 0)*l.step(in[3], 1))))
	}
	return s
}

// step is how many input cells lie between two output cells.
func (l Resize) step(from, axis int) float32 {
	if to := l.Size[axis]; l.Coordinates == FromCorners && to > 1 {
		return float32(from-1) / float32(to-1)
	}
	return float32(from) / float32(l.Size[axis])
}

func (l Resize) along(from, axis int) Sampling {
	s := Sampling{From: from, Between: l.Filter == ResizeLinear}
	step := l.step(from, axis)
	for i := range l.Size[axis] {
		s.Taps = append(s.Taps, l.taps(i, from, step))
	}
	return s
}

func (l Resize) taps(i, from int, step float32) []Tap {
	switch l.Filter {
	case ResizeLinear:
		return linearTaps(l.place(i, step), from)
	case ResizeCubic:
		return l.cubicTaps(l.place(i, step), from)
	case ResizeArea:
		return areaTaps(i, from, step)
	}
	return []Tap{{l.nearest(i, from, step), 1}}
}

// place is that of an output cell. Each operation rounds.
func (l Resize) place(i int, step float32) float32 {
	if l.Coordinates == FromCentres {
		return float32((float32(i)+0.5)*step) - 0.5
	}
	return float32(i) * step
}

func (l Resize) nearest(i, from int, step float32) int {
	var at float64
	switch l.Coordinates {
	case FromCentres:
		at = math.Floor(float64((float32(i) + 0.5) * step))
	case FromCorners:
		at = math.Round(float64(float32(i) * step))
	default:
		at = math.Floor(float64(float32(i) * step))
	}
	return min(int(at), from-1)
}

// linearTaps are the cells before and after a place; beyond the border both are the last cell.
func linearTaps(place float32, from int) []Tap {
	before := math.Floor(float64(place))
	t := float64(place - float32(before))
	first, second := max(int(before), 0), int(math.Ceil(float64(place)))
	return []Tap{{min(first, from-1), 1 - t}, {min(second, from-1), t}}
}

// cubicTaps are the two cells on either side of a place.
func (l Resize) cubicTaps(place float32, from int) []Tap {
	before := math.Floor(float64(place))
	t := place - float32(before)
	if l.Steps > 0 {
		t = float32(math.RoundToEven(float64(t*float32(l.Steps)))) / float32(l.Steps)
	}
	weights := [4]float32{keysFar(l.A, t), keysNear(l.A, t), keysNear(l.A, 1-t), keysFar(l.A, 1-t)}
	var at [4]int
	for i := range at {
		cell := int(before) - 1 + i
		at[i] = max(0, min(cell, from-1))
		if l.Inside && at[i] != cell {
			weights[i] = 0
		}
	}
	if l.Inside {
		weights = shares(weights)
	}
	taps := make([]Tap, 4)
	for i, w := range weights {
		taps[i] = Tap{at[i], float64(w)}
	}
	return taps
}

// shares divides weights by their sum.
func shares(weights [4]float32) [4]float32 {
	sum := weights[0] + weights[1] + weights[2] + weights[3]
	if negligible(sum) {
		return weights
	}
	over := 1 / sum
	for i := range weights {
		weights[i] *= over
	}
	return weights
}

// negligible sums of weights are not divided by.
func negligible(sum float32) bool { return !(math.Abs(float64(sum)) >= 1000*0x1p-126) }

// keysNear and keysFar are Keys' kernel at x and at x+1 for x in [0, 1], computed in float64 and rounded.
func keysNear(a float64, x32 float32) float32 {
	x := float64(x32)
	return float32(float64(float64(float64((a+2)*x)-(a+3))*x*x) + 1)
}

func keysFar(a float64, x32 float32) float32 {
	x := float64(x32 + 1)
	return float32(float64(float64(float64(float64(a*x)-5*a)*x)+8*a)*x - 4*a)
}

// areaTaps are the cells from i step to (i+1) step, each counted by how much of it lies in between.
func areaTaps(i, from int, step float32) []Tap {
	begin, end := float32(i)*step, float32(i+1)*step
	var taps []Tap
	for cell := int(math.Floor(float64(begin))); cell < int(math.Ceil(float64(end))); cell++ {
		taps = append(taps, Tap{max(0, min(cell, from-1)), float64(covered(float32(cell), begin, end, step))})
	}
	return taps
}

// covered is how much of a cell lies between begin and end.
func covered(cell, begin, end, step float32) float32 {
	switch hangsOver := cell+1 > end; {
	case cell < begin && hangsOver:
		return step
	case cell < begin:
		return cell + 1 - begin
	case hangsOver:
		return end - cell
	}
	return 1
}
