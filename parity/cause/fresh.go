package cause

import "parity/googlenet/tensor"

// Fresh describes weights of a candidate that look like an initialiser's draw and not like the reference's; it is empty if
// they do not.
func Fresh(reference, candidate *tensor.Tensor[float32]) string {
	return freshLaw(reference, candidate)
}
