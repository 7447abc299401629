package checkpoint

import (
	"fmt"

	"parity/googlenet/tensor"
	"parity/importers/source"
)

// Averaged is a checkpoint whose variables have their moving averages for values. A variable without one, such as the
// statistics of a batch norm, has its own value.
type Averaged struct{ *Checkpoint }

// NewAveraged returns the averaged variables of a checkpoint that holds any.
func NewAveraged(c *Checkpoint) (Averaged, error) {
	if c.Averages() == 0 {
		return Averaged{}, source.Errorf(c.index(), "", "expected moving averages (NAME%s), found none among %d tensors", average, len(c.entries))
	}
	return Averaged{c}, nil
}

// Averages counts the variables that have a moving average.
func (c *Checkpoint) Averages() (n int) {
	for name := range c.byName {
		if c.byName[name+average] != nil {
			n++
		}
	}
	return n
}

func (a Averaged) name(variable string) string {
	if _, ok := a.Entry(variable + average); ok {
		return variable + average
	}
	return variable
}

// Shape returns the shape of a variable.
func (a Averaged) Shape(variable string) (tensor.Shape, bool) {
	return a.Checkpoint.Shape(a.name(variable))
}

// Read returns a variable's moving average.
func (a Averaged) Read(variable string) (tensor.Any, error) {
	return a.Checkpoint.Read(a.name(variable))
}

// Note says what was taken.
func (a Averaged) Note() string {
	return fmt.Sprintf("the moving averages of %d variables were taken instead of their values", a.Averages())
}

// Note says what was not taken; empty if there is nothing else to take.
func (c *Checkpoint) Note() string {
	if n := c.Averages(); n > 0 {
		return fmt.Sprintf("the checkpoint also holds moving averages of %d variables, which were not taken", n)
	}
	return ""
}
