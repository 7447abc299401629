package pickle

import "strconv"

func (m *machine) list() error {
	items, err := m.group()
	if err != nil {
		return err
	}
	return m.push(&List{items})
}

func (m *machine) tuple(n int) error {
	items := make([]any, n)
	for i := range items {
		var err error
		if items[n-1-i], err = m.pop(); err != nil {
			return err
		}
	}
	return m.push(&List{items})
}

func (m *machine) dict() error {
	items, err := m.group()
	if err != nil {
		return err
	}
	d := &Dict{}
	if err := m.set(d, items); err != nil {
		return err
	}
	return m.push(d)
}

func (m *machine) appendOne() error {
	v, err := m.pop()
	if err != nil {
		return err
	}
	return m.appendTo([]any{v})
}

func (m *machine) appendGroup() error {
	items, err := m.group()
	if err != nil {
		return err
	}
	return m.appendTo(items)
}

func (m *machine) appendTo(items []any) error {
	top, err := m.top()
	if err != nil {
		return err
	}
	l, ok := top.(*List)
	if !ok {
		return m.errorf("it appends to what is no list")
	}
	l.Items = append(l.Items, items...)
	return nil
}

func (m *machine) setOne() error {
	value, err := m.pop()
	if err != nil {
		return err
	}
	key, err := m.pop()
	if err != nil {
		return err
	}
	return m.setIn([]any{key, value})
}

func (m *machine) setGroup() error {
	items, err := m.group()
	if err != nil {
		return err
	}
	return m.setIn(items)
}

func (m *machine) setIn(items []any) error {
	top, err := m.top()
	if err != nil {
		return err
	}
	d, ok := top.(*Dict)
	if !ok {
		return m.errorf("it puts items into what is no dictionary")
	}
	return m.set(d, items)
}

func (m *machine) set(d *Dict, items []any) error {
	if len(items)%2 != 0 {
		return m.errorf("a dictionary has a key without a value")
	}
	for i := 0; i < len(items); i += 2 {
		d.Items = append(d.Items, Item{items[i], items[i+1]})
	}
	return nil
}

// The memo holds values that are referred to again.

func (m *machine) remember(key int) error {
	v, err := m.top()
	if err != nil {
		return err
	}
	m.memo[key] = v
	return nil
}

func (m *machine) recall(key int) error {
	v, ok := m.memo[key]
	if !ok {
		return m.errorf("it refers to value %d, which was not kept", key)
	}
	return m.push(v)
}

func (m *machine) put(size int) error {
	key, err := m.unsigned(size)
	if err != nil {
		return err
	}
	return m.remember(key)
}

func (m *machine) get(size int) error {
	key, err := m.unsigned(size)
	if err != nil {
		return err
	}
	return m.recall(key)
}

func (m *machine) lineKey() (int, error) {
	line, err := m.readLine()
	if err != nil {
		return 0, err
	}
	key, err := strconv.Atoi(line)
	if err != nil {
		return 0, m.errorf("expected the number of a kept value, found %q", line)
	}
	return key, nil
}

func (m *machine) putLine() error {
	key, err := m.lineKey()
	if err != nil {
		return err
	}
	return m.remember(key)
}

func (m *machine) getLine() error {
	key, err := m.lineKey()
	if err != nil {
		return err
	}
	return m.recall(key)
}
