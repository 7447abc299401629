package cases

import (
	"fmt"
	"math"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/replay"
)

// value is a tensor as it was computed here, and how far what was recorded may be from it.
type value struct {
	got   *tensor.Tensor[float64]
	limit *tensor.Tensor[float64] // nil: not at all
}

// compare holds every tensor of a recording against what was computed; look finds it by its key.
func (c *Check) compare(file string, recorded *npz.Tensors, look func(key string) (value, error)) error {
	for _, key := range recorded.Names() {
		want, _ := recorded.Get(key)
		v, err := look(key)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", file, key, err)
		}
		ratio, err := v.ratio(want)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", file, key, err)
		}
		c.add(ratio, file+":"+key)
	}
	return nil
}

func (c *Check) add(ratio parity.Number, key string) {
	if c.Tensors == 0 || !(ratio <= c.Ratio) && !math.IsNaN(float64(c.Ratio)) {
		c.Ratio, c.Key = ratio, key
	}
	c.Tensors++
}

// ratio measures the difference. What was recorded as not a number must be none here too.
func (v value) ratio(recorded tensor.Any) (parity.Number, error) {
	if !sameShape(recorded.Dims(), v.got.Shape) {
		return 0, fmt.Errorf("the recorded shape is %v, computed %v", recorded.Dims(), v.got.Shape)
	}
	want, got := tensor.As[float64](recorded).Clone(), v.got.Clone()
	for i, w := range want.Data {
		if math.IsNaN(w) && math.IsNaN(got.Data[i]) {
			want.Data[i], got.Data[i] = 0, 0
		}
	}
	return replay.Measure(want.Reshaped(got.Shape...), got, v.limit, 1).Ratio, nil
}

// sameShape compares shapes. A single number may have an axis or none: Caffe has blobs of no dimension where there is one here.
func sameShape(a, b tensor.Shape) bool {
	return a.Equal(b) || max(len(a), len(b)) == 1 && a.Len() == 1 && b.Len() == 1
}

// orNil drops a check that compared nothing.
func (c *Check) orNil() *Check {
	if c.Tensors == 0 {
		return nil
	}
	return c
}
