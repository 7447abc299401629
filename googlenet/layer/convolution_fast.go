package layer

import "parity/googlenet/tensor"

func convolve[T tensor.Float](l Convolution, c *Call[T]) { convolvePlain(l, c) }
