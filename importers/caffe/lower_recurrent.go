package caffe

import "parity/googlenet/layer"

// lowerRNN lowers the recurrent network with one state.
func lowerRNN(s *step) ([]layer.Layer, error) {
	r, err := s.recurrence(1)
	if err != nil {
		return nil, err
	}
	return one(layer.RNN{Recurrence: r})
}

// lowerLSTM lowers the network with two states, the hidden one and the cell.
func lowerLSTM(s *step) ([]layer.Layer, error) {
	r, err := s.recurrence(2)
	if err != nil {
		return nil, err
	}
	return one(layer.LSTM{Recurrence: r})
}

// recurrence reads what both have in common. A bottom more than x, cont and the exposed states is the static input.
func (s *step) recurrence(states int) (layer.Recurrence, error) {
	p := s.Settings.Sub("recurrent_param")
	r := layer.Recurrence{Outputs: p.Int("num_output", 0), States: p.Bool("expose_hidden", false), Truncated: true}
	if r.Outputs < 1 {
		return r, s.bad(p, "num_output", "num_output must be positive, found %d", r.Outputs)
	}
	bottoms, tops := 2, 1
	if r.States {
		bottoms, tops = bottoms+states, tops+states
		s.note("gradients flow neither in through the final states nor out to the initial ones")
	} else {
		s.note("every run goes on from the hidden state that the run before it left, except where cont is 0; here, as in the first run, it is zero")
	}
	if n := len(s.Bottom); n < bottoms || n > bottoms+1 {
		return r, s.bad(p, "expose_hidden", "with expose_hidden %t it needs %s, found %d", r.States, arity([2]int{bottoms, bottoms + 1}, "bottom"), n)
	}
	if n := len(s.Top); n != tops {
		return r, s.bad(p, "expose_hidden", "with expose_hidden %t it needs %s, found %d", r.States, arity([2]int{tops, tops}, "top"), n)
	}
	r.Static = len(s.Bottom) > bottoms
	return r, s.checkRanks(r)
}

// checkRanks refuses inputs that have no axes left for features: the products start behind those of time and streams.
func (s *step) checkRanks(r layer.Recurrence) error {
	if x := s.in[0]; x != nil && len(x) < 3 {
		return s.Errorf("multiplies its input %v from axis 2 on, which it does not have", x)
	}
	if r.Static && s.in[2] != nil && len(s.in[2]) < 2 {
		return s.Errorf("multiplies its static input %v from axis 1 on, which it does not have", s.in[2])
	}
	return nil
}
