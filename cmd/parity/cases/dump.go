package cases

import (
	"os"
	"path/filepath"

	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// dumped is a case that can say what was computed for a recorded key.
type dumped interface {
	recorded(file string) []string // the keys of a file
	storedOutput(n *network, key string, p precision) tensor.Any
	storedGradient(n *network, key string, p precision) tensor.Any
}

// dump writes what was computed under the keys of what was recorded, in either precision, whether or not it was
// recorded in that precision.
func dump(c dumped, n *network, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, f := range []struct {
		name, keys string
		get        func(n *network, key string, p precision) tensor.Any
		precision  precision
	}{
		{"outputs.npz", "expect.npz", c.storedOutput, single},
		{"outputs64.npz", "expect.npz", c.storedOutput, double},
		{"grads.npz", "grads.npz", c.storedGradient, single},
		{"grads64.npz", "grads.npz", c.storedGradient, double},
	} {
		var t npz.Tensors
		for _, key := range c.recorded(f.keys) {
			if v := f.get(n, key, f.precision); v != nil {
				t.Set(key, v)
			}
		}
		if t.Len() == 0 {
			continue
		}
		if err := npz.Write(filepath.Join(dir, f.name), &t); err != nil {
			return err
		}
	}
	return nil
}

// stored is a value in its own precision.
func (n *network) stored(p precision, name string) tensor.Any {
	return either(p, n.f32.values[name], n.f64.values[name])
}

// storedGradient is the gradient of a value, nil if there is none.
func (n *network) storedGradient(p precision, name string) tensor.Any {
	if n.f32.gradients == nil {
		return nil
	}
	return either(p, n.f32.gradients.Values[name], n.f64.gradients.Values[name])
}

// storedParamGradient is the gradient of a parameter in the framework's layout, nil if there is none.
func (n *network) storedParamGradient(param *graph.Param, p precision) tensor.Any {
	if n.f32.gradients == nil {
		return nil
	}
	return either(p, n.f32.gradients.Param(param), n.f64.gradients.Param(param))
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
