package lower

// identityN gives each of its inputs another name.
func identityN(c *call) error {
	for _, in := range c.in {
		if in.value == nil {
			return c.unknown("it passes constants on")
		}
	}
	for i, in := range c.in {
		r := ref{c.node, i}
		c.values[r] = in.value
		c.out.Aliases[r.name()] = in.value.name
	}
	return nil
}
