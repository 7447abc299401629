package graph

import (
	"parity/googlenet/tensor"
	"parity/googlenet/train/filler"
)

// Stored says how a framework lays a value out.
type Stored struct {
	// ToCommon is the permutation that turns the framework's axes into this package's, as for
	// tensor.Permute; nil for none.
	ToCommon []int
}

// FromCommon returns a tensor of this package's layout in the framework's.
func FromCommon[T tensor.Float](s Stored, t *tensor.Tensor[T]) *tensor.Tensor[T] {
	if s.ToCommon == nil {
		return t
	}
	back := make([]int, len(s.ToCommon))
	for i, a := range s.ToCommon {
		back[a] = i
	}
	return tensor.Permute(t, back...)
}

// ToCommon returns a tensor of the framework's layout in this package's.
func ToCommon[T tensor.Float](s Stored, t *tensor.Tensor[T]) *tensor.Tensor[T] {
	if s.ToCommon == nil {
		return t
	}
	return tensor.Permute(t, s.ToCommon...)
}

// Param is a weight tensor in the layout of the layer that it belongs to.
type Param struct {
	Name  string // as the framework calls it
	Value tensor.Any
	// Stored says how the framework lays the weights out.
	Stored Stored
	// Shares is the parameter in whose memory the framework holds this one too, for a layer that reads it with other
	// extents or axes: as stored, both have the same elements in the same order. Nil for a parameter of its own.
	Shares *Param
	// Filler draws the first weights, before training; nil where the file does not say which one does.
	Filler filler.Filler
	// Multipliers scale the learning rate and the weight decay in training; nil leaves both as they are.
	Multipliers *Multipliers
}

// Multipliers of a parameter in training. A learning rate of zero freezes it: no gradient is computed.
type Multipliers struct{ LR, Decay float64 }

// Owner is the parameter that holds the memory: p itself unless it shares another's.
func (p *Param) Owner() *Param {
	if p.Shares != nil {
		return p.Shares
	}
	return p
}

// StoredShape is the parameter's shape as the framework stores it.
func (p *Param) StoredShape() tensor.Shape {
	shape := p.Value.Dims()
	if p.Stored.ToCommon == nil {
		return shape
	}
	stored := make(tensor.Shape, len(shape))
	for to, from := range p.Stored.ToCommon {
		stored[from] = shape[to]
	}
	return stored
}

// ToOwner returns what belongs to a parameter element by element, such as its gradient, in the layout of its owner.
func ToOwner[T tensor.Float](p *Param, t *tensor.Tensor[T]) *tensor.Tensor[T] {
	if p.Shares == nil || t == nil {
		return t
	}
	return ToCommon(p.Shares.Stored, FromCommon(p.Stored, t).Reshaped(p.Shares.StoredShape()...))
}

// AsStored returns what belongs to the owner of a parameter as the framework lays that parameter out.
func AsStored[T tensor.Float](p *Param, t *tensor.Tensor[T]) *tensor.Tensor[T] {
	if t == nil {
		return nil
	}
	return FromCommon(p.Owner().Stored, t).Reshaped(p.StoredShape()...)
}
