package caffe

import (
	"fmt"

	"parity/googlenet/layer"
)

// lowerPooling lowers a pool. Caffe rounds the number of windows up, unless round_mode says otherwise, and where there is
// padding drops a last window that would start outside the map.
func lowerPooling(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("pooling_param")
	method := p.Text("pool", "MAX")
	if method != "MAX" && len(s.Top) > 1 {
		return nil, s.bad(p, "pool", "only pool: MAX has a second top, the places of the largest values")
	}
	pool, err := s.poolWindow(p)
	if err != nil {
		return nil, err
	}
	s.notePool(pool)
	outside := s.outside(pool)
	switch {
	case outside && method == "MAX":
		s.note("the last windows lie outside the map: Caffe takes -3.4e38 for the largest of none, and its backward pass writes their gradients before the plane, out of bounds for the first")
		return one(layer.MaxPool{Pool: pool, Mask: len(s.Top) > 1, Spill: true})
	case outside && method == "AVE":
		s.note("the last windows lie outside the map: Caffe's mean of none is 0, -0 or NaN")
	}
	return s.pooling(p, method, pool)
}

// outside tells whether a last window lies outside the map altogether.
func (s *step) outside(pool layer.Pool) bool {
	out, err := infer(layer.MaxPool{Pool: pool}, s.in)
	if err != nil || len(out[0]) != 4 || pool.Global {
		return false
	}
	for axis, n := range s.in[0][2:] {
		last := (out[0][axis+2]-1)*pool.Stride[axis] - [2]int{pool.Padding.Top, pool.Padding.Left}[axis]
		if n >= 0 && last >= n {
			return true
		}
	}
	return false
}

// pooling returns the pool of a method.
func (s *step) pooling(p *Message, method string, pool layer.Pool) ([]layer.Layer, error) {
	switch method {
	case "MAX":
		return one(layer.MaxPool{Pool: pool, Mask: len(s.Top) > 1})
	case "AVE":
		return one(layer.AveragePool{Pool: pool, Divisor: layer.PaddedCells})
	}
	if pool.Padding != (layer.Padding{}) {
		return nil, s.bad(p, "pool", "only pool: MAX and AVE can have padding, which STOCHASTIC gets here")
	}
	if s.phase == Train {
		s.note("in training the value of a window is drawn at random, which Caffe can on a GPU only; it is not computed")
		return nil, nil
	}
	s.note("Caffe computes stochastic pooling on a GPU only")
	return one(layer.StochasticPool{Pool: pool})
}

func (s *step) poolWindow(p *Message) (layer.Pool, error) {
	stride, err := s.poolPair(p, "stride", "stride_h", "stride_w", 1)
	if err != nil {
		return layer.Pool{}, err
	}
	pad, err := s.poolPair(p, "pad", "pad_h", "pad_w", 0)
	if err != nil {
		return layer.Pool{}, err
	}
	if p.Bool("global_pooling", false) {
		return layer.Pool{Global: true}, s.checkGlobal(p, stride, pad)
	}
	kernel, err := s.poolKernel(p)
	if err != nil {
		return layer.Pool{}, err
	}
	return s.pool(p, kernel, stride, pad, p.Text("round_mode", "CEIL") == "CEIL")
}

func (s *step) pool(p *Message, kernel, stride, pad [2]int, ceil bool) (layer.Pool, error) {
	if kernel[0] < 1 || kernel[1] < 1 || stride[0] < 1 || stride[1] < 1 {
		return layer.Pool{}, s.bad(p, "kernel_size", "kernel %v and stride %v must be positive; state kernel_size, or kernel_h and kernel_w", kernel, stride)
	}
	padded := pad != [2]int{}
	if padded && (pad[0] >= kernel[0] || pad[1] >= kernel[1]) {
		return layer.Pool{}, s.bad(p, "pad", "pad %v must be smaller than the kernel %v", pad, kernel)
	}
	window := layer.Window{Kernel: kernel, Stride: stride, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(pad[0], pad[1])}
	return layer.Pool{Window: window, Ceil: ceil, Clip: ceil && padded}, nil
}

// checkGlobal refuses what Caffe refuses beside global_pooling.
func (s *step) checkGlobal(p *Message, stride, pad [2]int) error {
	for _, name := range []string{"kernel_size", "kernel_h", "kernel_w"} {
		if p.Has(name) {
			return s.bad(p, name, "%s cannot be stated with global_pooling", name)
		}
	}
	if pad != [2]int{} {
		return s.bad(p, "pad", "pad cannot be stated with global_pooling")
	}
	if stride != [2]int{1, 1} {
		return s.bad(p, "stride", "stride cannot be stated with global_pooling")
	}
	return nil
}

// poolKernel reads the kernel. Beside kernel_size Caffe passes over a kernel_h or a kernel_w that stands alone.
func (s *step) poolKernel(p *Message) ([2]int, error) {
	for _, name := range []string{"kernel_h", "kernel_w"} {
		if p.Has("kernel_size") && p.Has(name) && p.Has("kernel_h") != p.Has("kernel_w") {
			s.note(fmt.Sprintf("%s is passed over beside kernel_size", name))
			v := p.Int("kernel_size", 0)
			return [2]int{v, v}, nil
		}
	}
	return s.poolPair(p, "kernel_size", "kernel_h", "kernel_w", 0)
}

// poolPair reads a setting that is stated once for both axes or once for each.
func (s *step) poolPair(p *Message, both, h, w string, otherwise int) ([2]int, error) {
	if !p.Has(h) && !p.Has(w) {
		v := p.Int(both, otherwise)
		return [2]int{v, v}, nil
	}
	if p.Has(both) || !p.Has(h) || !p.Has(w) {
		return [2]int{}, s.bad(p, both, "state either %s, or both %s and %s", both, h, w)
	}
	return [2]int{p.Int(h, 0), p.Int(w, 0)}, nil
}

// notePool says where the rounding shows: other frameworks round down.
func (s *step) notePool(pool layer.Pool) {
	if s.in[0] == nil || !pool.Ceil {
		return
	}
	down := pool
	down.Ceil, down.Clip = false, false
	up, err1 := infer(layer.MaxPool{Pool: pool}, s.in)
	plain, err2 := infer(layer.MaxPool{Pool: down}, s.in)
	if err1 == nil && err2 == nil && up[0] != nil && plain[0] != nil && !up[0].Equal(plain[0]) {
		s.note(fmt.Sprintf("the number of windows is rounded up to %dx%d, so that the last ones hang over the edge; rounded down it would be %dx%d",
			up[0][2], up[0][3], plain[0][2], plain[0][3]))
	}
}
