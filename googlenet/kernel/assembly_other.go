//go:build !amd64 || purego

package kernel

// assembly lists the sets of this architecture, best first: none.
func assembly() []sets { return nil }
