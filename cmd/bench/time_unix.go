//go:build unix

package main

import (
	"syscall"
	"time"
)

// processTime is how long the process has computed, on all processors together.
func processTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
