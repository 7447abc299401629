// Package study measures what one choice in a network does to its results, variant by variant: how far every layer moves, in
// multiples of its rounding bound and relative to its values, how often the answer stays the same, and what retrieval gains or
// loses. A list declares the variants of each factor.
package study

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
)

// Image is one picture of those that are studied.
type Image struct {
	Name   string
	SHA256 string
	Label  int // its class; -1 for none
}

// Images are the pictures and how they become inputs.
type Images struct {
	Source string // as the user named it
	List   []Image
	// Input returns an image prepared in the words of a Preparation, 1 x channels x height x width.
	Input func(ctx context.Context, image int, words string) (*tensor.Tensor[float32], error)
}

// Options steer a study.
type Options struct {
	Base    Preparation
	Batch   int // images computed at a time; results may depend on it in networks that mix the images of a batch
	Bounds  int // images held against rounding bounds
	Threads int
	// Store keeps what was computed, so that an interrupted study goes on; nil for none.
	Store Store
	// Begin is called before every batch of images.
	Begin   func(batch, of int)
	Version string
}

// Store keeps parts of a study.
type Store interface {
	// Load fills a part of a name; false where there is none.
	Load(name string, part any) (bool, error)
	Save(name string, part any) error
}

// runner is a study under way.
type runner struct {
	m        *Model
	images   Images
	o        Options
	factor   Factor
	variants []applied
	layers   []studied
	// packed keeps weights as the kernels read them: no variant changes any.
	packed layer.Packed
	shapes map[string]tensor.Shape
}

// studied is a node whose first output is compared.
type studied struct{ name, kind, value string }

// Run studies a factor on a trained network.
func Run(ctx context.Context, m *Model, images Images, f Factor, o Options) (*Result, error) {
	r, err := newRunner(m, images, f, o)
	if err != nil {
		return nil, err
	}
	var parts []part
	n := (len(images.List) + o.Batch - 1) / o.Batch
	for b := range n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if o.Begin != nil {
			o.Begin(b, n)
		}
		p, err := r.stored(ctx, b)
		if err != nil {
			return nil, err
		}
		parts = append(parts, *p)
	}
	return r.result(parts), nil
}

func newRunner(m *Model, images Images, f Factor, o Options) (*runner, error) {
	if len(images.List) == 0 {
		return nil, errors.New("there are no images to study")
	}
	if o.Batch < 1 {
		return nil, fmt.Errorf("a batch of %d images: expected at least 1", o.Batch)
	}
	r := &runner{m: m, images: images, o: o, factor: f}
	for _, v := range f.Variants {
		a, err := v.apply(m, o.Base)
		if err != nil {
			return nil, err
		}
		r.variants = append(r.variants, a)
	}
	for _, n := range m.Graph.Nodes {
		if len(n.Outputs) > 0 {
			r.layers = append(r.layers, studied{n.Name, n.Layer.Kind(), n.Outputs[0]})
		}
	}
	var err error
	r.shapes, err = m.Graph.Shapes(m.shapes(1))
	return r, err
}

// stored computes a part unless it is stored.
func (r *runner) stored(ctx context.Context, batch int) (*part, error) {
	name, p := fmt.Sprintf("%s-%05d", r.factor.Name, batch), &part{}
	if r.o.Store != nil {
		if ok, err := r.o.Store.Load(name, p); ok || err != nil {
			return p, err
		}
	}
	p, err := r.batch(ctx, batch*r.o.Batch, min((batch+1)*r.o.Batch, len(r.images.List)))
	if err == nil && r.o.Store != nil {
		err = r.o.Store.Save(name, p)
	}
	return p, err
}

// Identity tells studies apart whose parts must not be mixed: it names everything that the numbers depend on.
func Identity(m *Model, images Images, f Factor, o Options) string {
	type variant struct{ ID, Words, Graph string }
	id := struct {
		Schema, Version        string
		Files                  []parity.File
		Output, Feature, Input string
		Image                  tensor.Shape
		Images, Base           string
		Batch, Bounds          int
		Variants               []variant
	}{Schema, o.Version, m.Files, m.Output, m.Feature, m.Input, m.Image, digest(images.List), o.Base.String(), o.Batch, o.Bounds, nil}
	for _, v := range f.Variants {
		a, err := v.apply(m, o.Base)
		if err != nil {
			a.words = err.Error()
		}
		id.Variants = append(id.Variants, variant{v.ID, a.words, fmt.Sprint(a.changed, v.Embed, a.absent)})
	}
	data, _ := json.Marshal(id) // of strings and numbers alone
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// digest is that of the images studied, in their order.
func digest(list []Image) string {
	h := sha256.New()
	for _, i := range list {
		fmt.Fprintf(h, "%q %s %d\n", i.Name, i.SHA256, i.Label)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// info is what the head of a result says.
func (r *runner) info() *Result {
	classes := map[int]bool{}
	for _, i := range r.images.List {
		if i.Label >= 0 {
			classes[i.Label] = true
		}
	}
	return newResult(r.m, r.factor, r.o, DataInfo{r.images.Source, len(r.images.List), len(classes), digest(r.images.List)})
}
