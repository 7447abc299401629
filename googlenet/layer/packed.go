package layer

import (
	"sync"
	"unsafe"

	"parity/googlenet/tensor"
)

// Packed keeps weights in the layout of the kernels from one run to the next. Whoever uses one promises not to change the
// weights meanwhile. It may be used by several runs at once.
type Packed struct {
	mutex sync.Mutex
	known map[packedKey]any
}

// packedKey is where the weights are and how they are laid out.
type packedKey struct {
	at     unsafe.Pointer
	kernel [2]int
	pitch  int
}

// get returns what make makes, once for each key.
func get[T tensor.Float](p *Packed, key packedKey, pack func() []T) []T {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if w, ok := p.known[key].([]T); ok {
		return w
	}
	if p.known == nil {
		p.known = map[packedKey]any{}
	}
	w := pack()
	p.known[key] = w
	return w
}
