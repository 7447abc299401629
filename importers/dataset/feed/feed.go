// Package feed makes batches of a data set's photos in the background: decoded, resized, cropped, mirrored and as a network takes
// them. What it makes depends on the sampler and the seed alone, not on how many threads do it.
package feed

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"parity/googlenet/tensor"
	"parity/googlenet/train/sampler"
	"parity/importers/dataset"
	"parity/importers/image"
)

// Options say how photos become inputs.
type Options struct {
	Preprocess    image.Preprocess
	Height, Width int // that the network takes; 0: what Preprocess leaves
	Augment       Augment
	Seed          uint64 // of the augmentation
	Threads       int    // 0: one for each processor
	Ahead         int    // batches that are made before they are asked for; 0: 2
	// Cache is how many bytes of decoded and resized photos are kept for the next epoch; 0: none.
	Cache int64
}

// Batch is some photos as a network takes them.
type Batch struct {
	sampler.Batch
	Images *tensor.Tensor[float32] // photos x 3 x height x width
	Labels []int
	// State is where the sampler is after this batch: a feed whose sampler is set to it goes on with the next one.
	State sampler.State
}

// Feed makes batches until it is closed.
type Feed struct {
	set     *dataset.Set
	options Options
	cache   *cache
	ready   chan *pending
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// pending is a batch that is being made.
type pending struct {
	Batch
	photos []*tensor.Tensor[float32]
	errs   []error
	made   sync.WaitGroup
}

// New begins to make batches. The sampler belongs to the feed from then on: it is ahead of what Next returned.
func New(ctx context.Context, set *dataset.Set, s sampler.Sampler, o Options) (*Feed, error) {
	if err := o.Augment.check(o.Preprocess); err != nil {
		return nil, err
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if o.Ahead <= 0 {
		o.Ahead = 2
	}
	ctx, stop := context.WithCancel(ctx)
	f := &Feed{set: set, options: o, stop: stop, ready: make(chan *pending, o.Ahead-1), cache: newCache(len(set.Items), o.Cache)}
	work := make(chan func())
	for range o.Threads {
		f.done.Go(func() {
			for task := range work {
				task()
			}
		})
	}
	f.done.Go(func() {
		defer close(work)
		defer close(f.ready)
		f.produce(ctx, s, work)
	})
	return f, nil
}

// produce hands out the photos of batch after batch.
func (f *Feed) produce(ctx context.Context, s sampler.Sampler, work chan<- func()) {
	for {
		p := &pending{Batch: Batch{Batch: s.Next()}}
		p.State = s.State()
		p.photos, p.errs = make([]*tensor.Tensor[float32], len(p.Rows)), make([]error, len(p.Rows))
		p.made.Add(len(p.Rows))
		select {
		case f.ready <- p:
		case <-ctx.Done():
			return
		}
		for i, row := range p.Rows {
			task := func() {
				defer p.made.Done()
				p.photos[i], p.errs[i] = f.photo(row, p.First+uint64(i))
			}
			select {
			case work <- task:
			case <-ctx.Done():
				p.errs[i] = ctx.Err()
				p.made.Done()
			}
		}
	}
}

// photo makes one input; n is its number among all that were drawn.
func (f *Feed) photo(row int, n uint64) (*tensor.Tensor[float32], error) {
	p := f.options.Preprocess
	photo, err := f.cache.get(row, func() (*image.Photo, error) {
		photo, err := f.set.Photo(row, p.Decoding)
		if err != nil {
			return nil, err
		}
		return p.Resized(photo)
	})
	if err != nil {
		return nil, err
	}
	f.options.Augment.apply(&p, sampler.Rand(f.options.Seed, n))
	in, err := p.Input(photo, f.options.Height, f.options.Width)
	if err != nil {
		return nil, err
	}
	return in.Tensor, nil
}

// Next returns the next batch, waiting for it if need be. A photo that cannot be used is an error that names it.
func (f *Feed) Next() (*Batch, error) {
	p, ok := <-f.ready
	if !ok {
		return nil, context.Canceled
	}
	p.made.Wait()
	for i, err := range p.errs {
		if err != nil {
			return nil, fmt.Errorf("photo %d of the batch: %w", i, err)
		}
	}
	first := p.photos[0].Shape
	p.Images = tensor.New[float32](append([]int{len(p.photos)}, first[1:]...)...)
	for i, t := range p.photos {
		if !t.Shape.Equal(first) {
			return nil, fmt.Errorf("%s: is %v as an input, the first photo of its batch %v; add resize=HxW", f.set.File(p.Rows[i]), t.Shape, first)
		}
		copy(p.Images.Data[i*first.Len():], t.Data)
		p.Labels = append(p.Labels, f.set.Items[p.Rows[i]].Label)
	}
	return &p.Batch, nil
}

// Close ends the work in the background and waits for it. Next returns an error then.
func (f *Feed) Close() {
	f.stop()
	for range f.ready { // whoever waits to hand a batch over goes on
	}
	f.done.Wait()
}
