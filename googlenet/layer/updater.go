package layer

import "parity/googlenet/tensor"

// Updater is a layer that changes its own parameters in a forward run while training, as running statistics.
type Updater interface {
	Layer
	// Update32 and Update64 return what the parameters are after the forward run c, with nil for those that stay.
	Update32(c *Call[float32]) []*tensor.Tensor[float32]
	Update64(c *Call[float64]) []*tensor.Tensor[float64]
}
