// Package parallel runs independent pieces of work on a fixed number of goroutines.
//
// Determinism is the caller's contract: how the work is cut into pieces must not depend on the number of
// workers, and a piece must write only what belongs to it. Then results are bit-identical for any number.
package parallel

import (
	"sync"
	"sync/atomic"
)

// For calls f(i) for every i in [0, n), on at most workers goroutines at a time. A panic in f is raised
// again in the caller once the others have stopped.
func For(workers, n int, f func(i int)) {
	workers = min(workers, n)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var failed atomic.Pointer[any]
	work := func() {
		defer func() {
			if r := recover(); r != nil {
				failed.CompareAndSwap(nil, &r)
				next.Store(int64(n))
			}
		}()
		for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
			f(int(i))
		}
	}
	var wg sync.WaitGroup
	for range workers - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	if r := failed.Load(); r != nil {
		panic(*r)
	}
}

// Ranges cuts [0, n) into consecutive ranges of at most size elements and calls f(lo, hi) for each.
func Ranges(workers, n, size int, f func(lo, hi int)) {
	For(workers, (n+size-1)/size, func(i int) { f(i*size, min(n, (i+1)*size)) })
}
