package lower

import (
	"fmt"
	"slices"

	"parity/googlenet/layer"
)

// A list of tensors, as loops collect their results in, is known while lowering: its items are values of the graph.

// maxItems is how many items a list has at most.
const maxItems = 1 << 12

// listReserve is TensorListReserve, or TensorListResize of none: so many items that are set later.
func listReserve(c *call) error {
	if len(c.in) != 2 {
		return c.node.Errorf("it takes a shape and a number, found %d inputs", len(c.in))
	}
	n, ok := c.number(c.in[1])
	if !ok || n < 0 || n > maxItems {
		return c.unknown("how many items it has is not known before something is fed")
	}
	return c.list(make([]*value, n))
}

// listFromTensor makes the cells along the first axis items.
func listFromTensor(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 1 {
		return c.unknown("its input's dimensions are not known")
	}
	x = c.as(x, false)
	n := x.extent(0)
	if n < 0 || n > maxItems {
		return c.unknown("how many items it has is not known before something is fed")
	}
	items := make([]*value, n)
	for i := range items {
		l := layer.StridedSlice{Ranges: []layer.Range{{Begin: i, Stride: 1, Drop: true}}}
		for range x.rank() - 1 {
			l.Ranges = append(l.Ranges, layer.Whole)
		}
		items[i] = c.between(fmt.Sprintf("/item %d", i), l, x, false, "an item of the list")
	}
	return c.list(items)
}

// list makes the node's output a list.
func (c *call) list(items []*value) error {
	c.values[ref{c.node, 0}] = &value{name: c.node.Name, items: items, isList: true}
	return nil
}

// items returns the list that input 0 is.
func (c *call) items() ([]*value, bool) {
	if v, ok := c.data(0); ok && v.isList {
		return v.items, true
	}
	return nil, false
}

// listItem is an item, by its number, of a list.
func (c *call) listItem() (items []*value, at int, ok bool) {
	items, ok = c.items()
	if !ok || len(c.in) < 2 {
		return nil, 0, false
	}
	at, ok = c.number(c.in[1])
	return items, at, ok && at >= 0 && at < len(items)
}

// listGet is TensorListGetItem.
func listGet(c *call) error {
	items, at, ok := c.listItem()
	if !ok || items[at] == nil {
		return c.unknown("its item is not known before something is fed")
	}
	c.values[ref{c.node, 0}] = items[at]
	c.out.Aliases[c.node.Name] = items[at].name
	return nil
}

// listSet is TensorListSetItem, which makes a new list.
func listSet(c *call) error {
	items, at, ok := c.listItem()
	item, known := c.operand(2)
	if !ok || !known {
		return c.unknown("its item is not known before something is fed")
	}
	items = slices.Clone(items)
	items[at] = item
	return c.list(items)
}

// listStack is TensorListStack: all items along a new first axis.
func listStack(c *call) error {
	items, ok := c.items()
	if !ok || len(items) == 0 || slices.Contains(items, nil) {
		return c.unknown("its list is not known before something is fed")
	}
	var in []*value
	for _, v := range items {
		in = append(in, c.as(v, false))
	}
	return c.emit(one{layer: layer.Stack{}, in: in})
}

// listLength is TensorListLength.
func listLength(c *call) error {
	items, ok := c.items()
	if !ok {
		return c.unknown("its list is not known before something is fed")
	}
	return c.numbers(single(float64(len(items))))
}
