package cases

import (
	"os"
	"path/filepath"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
)

// dump writes what was computed under the keys of what was recorded. Gradients in float64 are there for every recorded
// one, whether or not they were recorded in that precision.
func (c *caffeLayer) dump(n *network, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	outputs := func(p precision) func(key string) tensor.Any {
		return func(key string) tensor.Any { return n.stored(p, c.last(key)) }
	}
	gradients := func(p precision) func(key string) tensor.Any {
		return func(key string) tensor.Any { return c.storedGradient(n, key, p) }
	}
	for _, f := range []struct {
		name, keys string
		get        func(key string) tensor.Any
	}{
		{"outputs.npz", "expect.npz", outputs(single)},
		{"outputs64.npz", "expect.npz", outputs(double)},
		{"grads.npz", "grads.npz", gradients(single)},
		{"grads64.npz", "grads.npz", gradients(double)},
	} {
		if err := write(filepath.Join(dir, f.name), c.files[f.keys].Names(), f.get); err != nil {
			return err
		}
	}
	return nil
}

func write(file string, keys []string, get func(key string) tensor.Any) error {
	var t npz.Tensors
	for _, key := range keys {
		if v := get(key); v != nil {
			t.Set(key, v)
		}
	}
	if t.Len() == 0 {
		return nil
	}
	return npz.Write(file, &t)
}

// stored is a value in its own precision.
func (n *network) stored(p precision, name string) tensor.Any {
	return either(p, n.f32.values[name], n.f64.values[name])
}

func either(p precision, f32 *tensor.Tensor[float32], f64 *tensor.Tensor[float64]) tensor.Any {
	if p == double && f64 != nil {
		return f64
	}
	if p == single && f32 != nil {
		return f32
	}
	return nil
}

func (c *caffeLayer) storedGradient(n *network, key string, p precision) tensor.Any {
	if n.f32.gradients == nil {
		return nil
	}
	if blob, ok := strings.CutPrefix(key, "blob/"); ok {
		return either(p, n.f32.gradients.Values[blob], n.f64.gradients.Values[blob])
	}
	node, i, err := c.parameter(strings.TrimPrefix(key, "param/"))
	if err != nil {
		return nil
	}
	param := node.Params[i]
	return either(p, n.f32.gradients.Param(param), n.f64.gradients.Param(param))
}
