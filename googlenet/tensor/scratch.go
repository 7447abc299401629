package tensor

import (
	"math/bits"
	"sync"
)

// steps is how many sizes of memory there are from one power of two to the next.
const steps = 8

// pools hold memory that was given back, by size, for each element type.
var (
	pools32 [bits.UintSize * steps]sync.Pool
	pools64 [bits.UintSize * steps]sync.Pool
)

// Scratch lends memory for n elements, with room for Slack behind them. It holds whatever was left there.
func Scratch[T Float](n int) []T {
	size, class := sizeClass(n + Slack)
	if s, ok := pool[T](class).Get().(*[]T); ok {
		return (*s)[:n]
	}
	return make([]T, n, size)
}

// Release takes back what Scratch lent. Nothing may refer to it any more.
func Release[T Float](s []T) {
	if size, class := sizeClass(cap(s)); size == cap(s) {
		s = s[:0]
		pool[T](class).Put(&s)
	}
}

// sizeClass rounds a number of elements up to one of the sizes that are kept, and numbers that.
func sizeClass(n int) (size, class int) {
	power := max(bits.Len(uint(n-1))-1, bits.Len(steps)) // 2^power < n
	unit := 1 << power / steps
	count := (n + unit - 1) / unit // in units: more than steps, at most twice as many but for small sizes
	return count * unit, power*steps + min(count, 2*steps) - steps - 1
}

func pool[T Float](class int) *sync.Pool {
	var one T
	if _, ok := any(one).(float32); ok {
		return &pools32[class]
	}
	return &pools64[class]
}
