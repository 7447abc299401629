package caffe

import (
	"fmt"

	"parity/googlenet/layer"
)

// lowerPooling lowers max and average pooling with one top. Caffe rounds the number of windows up, unless round_mode
// says otherwise, and where there is padding drops a last window that would start outside the map.
func lowerPooling(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("pooling_param")
	method := p.Text("pool", "MAX")
	pool, err := s.poolWindow(p)
	if err != nil {
		return nil, err
	}
	switch {
	case len(s.Top) > 1, method == "STOCHASTIC":
		return nil, nil
	case method == "AVE":
		s.notePool(pool)
		return one(layer.AveragePool{Pool: pool, Divisor: layer.PaddedCells})
	}
	s.notePool(pool)
	return one(layer.MaxPool{Pool: pool})
}

func (s *step) poolWindow(p *Message) (layer.Pool, error) {
	if p.Bool("global_pooling", false) {
		return layer.Pool{Global: true}, s.checkGlobal(p)
	}
	kernel, err := s.poolPair(p, "kernel_size", "kernel_h", "kernel_w", 0)
	if err != nil {
		return layer.Pool{}, err
	}
	stride, err := s.poolPair(p, "stride", "stride_h", "stride_w", 1)
	if err != nil {
		return layer.Pool{}, err
	}
	pad, err := s.poolPair(p, "pad", "pad_h", "pad_w", 0)
	if err != nil {
		return layer.Pool{}, err
	}
	if kernel[0] < 1 || kernel[1] < 1 || stride[0] < 1 || stride[1] < 1 {
		return layer.Pool{}, s.bad(p, "kernel_size", "kernel %v and stride %v must be positive; state kernel_size, or kernel_h and kernel_w", kernel, stride)
	}
	padded := pad != [2]int{}
	if padded && (pad[0] >= kernel[0] || pad[1] >= kernel[1]) {
		return layer.Pool{}, s.bad(p, "pad", "pad %v must be smaller than the kernel %v", pad, kernel)
	}
	window := layer.Window{Kernel: kernel, Stride: stride, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(pad[0], pad[1])}
	ceil := p.Text("round_mode", "CEIL") == "CEIL"
	return layer.Pool{Window: window, Ceil: ceil, Clip: ceil && padded}, nil
}

// checkGlobal refuses what Caffe refuses beside global_pooling.
func (s *step) checkGlobal(p *Message) error {
	for _, setting := range []struct {
		name    string
		neutral int
	}{
		{"kernel_size", -1}, {"kernel_h", -1}, {"kernel_w", -1}, {"pad", 0}, {"pad_h", 0}, {"pad_w", 0},
		{"stride", 1}, {"stride_h", 1}, {"stride_w", 1},
	} {
		if p.Has(setting.name) && p.Int(setting.name, 0) != setting.neutral {
			return s.bad(p, setting.name, "%s cannot be stated with global_pooling", setting.name)
		}
	}
	return nil
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
