package config

import (
	"maps"
	"math"
	"slices"
)

func sorted(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// Text returns a setting that is text; empty for one that is not there.
func (l *Layer) Text(name string) (string, error) {
	v := l.Settings[name]
	s, ok := v.(string)
	if v != nil && !ok {
		return "", l.Errorf("the setting %s should be text, found %v", name, v)
	}
	return s, nil
}

// Bool returns a setting that is true or false.
func (l *Layer) Bool(name string, fallback bool) (bool, error) {
	v := l.Settings[name]
	if v == nil {
		return fallback, nil
	}
	b, ok := v.(bool)
	if !ok {
		return false, l.Errorf("the setting %s should be true or false, found %v", name, v)
	}
	return b, nil
}

// Float returns a setting that is a number, as the float32 that Keras computes with.
func (l *Layer) Float(name string, fallback float64) (float64, error) {
	v := l.Settings[name]
	if v == nil {
		return float64(float32(fallback)), nil
	}
	f, ok := v.(float64)
	if !ok {
		return 0, l.Errorf("the setting %s should be a number, found %v", name, v)
	}
	return float64(float32(f)), nil
}

// Int returns a setting that is an integer.
func (l *Layer) Int(name string, fallback int) (int, error) {
	if l.Settings[name] == nil {
		return fallback, nil
	}
	list, err := l.Ints(name)
	if err == nil && len(list) != 1 {
		err = l.Errorf("the setting %s should be an integer, found %v", name, l.Settings[name])
	}
	if err != nil {
		return 0, err
	}
	return list[0], nil
}

// Ints returns a setting that is an integer, or a list of them, of any depth, in order; nil for none. A null is -1.
func (l *Layer) Ints(name string) ([]int, error) {
	if l.Settings[name] == nil {
		return nil, nil
	}
	list, ok := integers(l.Settings[name], nil)
	if !ok {
		return nil, l.Errorf("the setting %s should hold integers, found %v", name, l.Settings[name])
	}
	return list, nil
}

func integers(v any, to []int) ([]int, bool) {
	switch v := v.(type) {
	case nil:
		return append(to, -1), true
	case float64:
		if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
			return nil, false
		}
		return append(to, int(v)), true
	case []any:
		ok := true
		for _, e := range v {
			if to, ok = integers(e, to); !ok {
				return nil, false
			}
		}
		return to, true
	}
	return nil, false
}

// Pair returns a setting with a number for height and width, or one for both.
func (l *Layer) Pair(name string, fallback int) ([2]int, error) {
	list, err := l.Ints(name)
	switch {
	case err != nil:
		return [2]int{}, err
	case list == nil:
		return [2]int{fallback, fallback}, nil
	case len(list) == 1:
		return [2]int{list[0], list[0]}, nil
	case len(list) == 2:
		return [2]int{list[0], list[1]}, nil
	}
	return [2]int{}, l.Errorf("the setting %s should have a number for height and width, found %v", name, list)
}

// Borders returns a setting with numbers before and after both axes: one for all, one for each axis, or all four.
func (l *Layer) Borders(name string, fallback int) (before, after [2]int, err error) {
	list, err := l.Ints(name)
	if list == nil && err == nil {
		list = []int{fallback}
	}
	switch {
	case err != nil:
	case len(list) == 1:
		before = [2]int{list[0], list[0]}
		after = before
	case len(list) == 2:
		before = [2]int{list[0], list[1]}
		after = before
	case len(list) == 4:
		before, after = [2]int{list[0], list[2]}, [2]int{list[1], list[3]}
	default:
		err = l.Errorf("the setting %s should have numbers for top, bottom, left and right, found %v", name, list)
	}
	if err == nil && min(before[0], before[1], after[0], after[1]) < 0 {
		err = l.Errorf("the setting %s should not be negative, found %v", name, list)
	}
	return before, after, err
}
