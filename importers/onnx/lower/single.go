package lower

// single lowers operations on any number of inputs, which are the identity for one.
func single(c *call) error {
	if len(c.in) == 1 {
		return c.alias()
	}
	return c.unknown("")
}
