package lower

// identityN gives each of its inputs another name.
func identityN(c *call) error {
	values, ok := c.operands(c.in)
	if !ok {
		return c.unknown("one of its inputs is not known")
	}
	for i, v := range values {
		r := ref{c.node, i}
		c.values[r] = v
		c.out.Aliases[r.name()] = v.name
	}
	return nil
}
