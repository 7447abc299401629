package tensor

import (
	"math/bits"
	"sync"
)

// pools hold memory that was given back, by the bits of its length, for each element type.
var (
	pools32 [48]sync.Pool
	pools64 [48]sync.Pool
)

// Scratch lends memory for n elements, with room for Slack behind them. It holds whatever was left there.
func Scratch[T Float](n int) []T {
	class := bits.Len(uint(n + Slack - 1))
	if s, ok := pool[T](class).Get().(*[]T); ok {
		return (*s)[:n]
	}
	return make([]T, n, 1<<class)
}

// Release takes back what Scratch lent. Nothing may refer to it any more.
func Release[T Float](s []T) {
	if cap(s) == 0 {
		return
	}
	s = s[:0]
	pool[T](bits.Len(uint(cap(s)) - 1)).Put(&s)
}

func pool[T Float](class int) *sync.Pool {
	var one T
	if _, ok := any(one).(float32); ok {
		return &pools32[class]
	}
	return &pools64[class]
}
