package feed

import (
	"sync/atomic"

	"parity/importers/image"
)

// cache keeps photos as long as there is room. What is kept changes nothing but the time that it takes.
type cache struct {
	kept []atomic.Pointer[image.Photo]
	room atomic.Int64
}

func newCache(items int, bytes int64) *cache {
	c := &cache{kept: make([]atomic.Pointer[image.Photo], items)}
	c.room.Store(bytes)
	return c
}

func (c *cache) get(i int, load func() (*image.Photo, error)) (*image.Photo, error) {
	if p := c.kept[i].Load(); p != nil {
		return p, nil
	}
	p, err := load()
	if err != nil {
		return nil, err
	}
	size := int64(len(p.Pixels))
	if c.room.Add(-size) < 0 || !c.kept[i].CompareAndSwap(nil, p) {
		c.room.Add(size)
	}
	return p, nil
}
