package cases

import (
	"reflect"
	"slices"
	"strconv"
	"testing"

	"parity/googlenet/layer"
)

// mutation is a value with one part changed.
type mutation struct {
	what  string
	value reflect.Value
	// renamed says that a name was replaced.
	renamed bool
}

// mutations lists the changed copies of a value: numbers a little larger, truths turned round, a name replaced by each other
// one of its kind, in structures, arrays and slices one element at a time.
func mutations(v reflect.Value, what string) []mutation {
	switch v.Kind() {
	case reflect.Int:
		return []mutation{{what, reflect.ValueOf(v.Int() + 1).Convert(v.Type()), false}}
	case reflect.Float64:
		return []mutation{{what, reflect.ValueOf(v.Float()*1.01 + 0.0137), false}}
	case reflect.Bool:
		return []mutation{{what, reflect.ValueOf(!v.Bool()), false}}
	case reflect.String:
		return renamed(v, what)
	case reflect.Struct:
		return parts(v, what, v.NumField(), reflect.Value.Field, func(i int) string { return v.Type().Field(i).Name })
	case reflect.Array, reflect.Slice:
		return parts(v, what, v.Len(), reflect.Value.Index, strconv.Itoa)
	}
	return nil
}

func parts(v reflect.Value, what string, n int, part func(reflect.Value, int) reflect.Value, name func(int) string) []mutation {
	var list []mutation
	for i := range n {
		for _, m := range mutations(part(v, i), what+"."+name(i)) {
			changed := reflect.New(v.Type()).Elem()
			changed.Set(v)
			if v.Kind() == reflect.Slice {
				changed.Set(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, n), v))
			}
			part(changed, i).Set(m.value)
			list = append(list, mutation{m.what, changed, m.renamed})
		}
	}
	return list
}

// renamed puts the other names of its type in the place of a name.
func renamed(v reflect.Value, what string) []mutation {
	var list []mutation
	for _, name := range names[v.Type()] {
		if name != v.String() {
			list = append(list, mutation{what + " " + v.String() + " as " + name, reflect.ValueOf(name).Convert(v.Type()), true})
		}
	}
	return list
}

// names are what settings of a type may be called, as the examples of all layers have them.
var names = func() map[reflect.Type][]string {
	found := map[reflect.Type][]string{}
	for _, k := range layer.Kinds {
		for _, e := range k.Examples {
			collect(reflect.ValueOf(e.Layer), found)
		}
	}
	return found
}()

func collect(v reflect.Value, found map[reflect.Type][]string) {
	switch v.Kind() {
	case reflect.String:
		if list := found[v.Type()]; !slices.Contains(list, v.String()) {
			found[v.Type()] = append(list, v.String())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			collect(v.Field(i), found)
		}
	}
}

// TestMutations covers every kind of setting that a layer has.
func TestMutations(t *testing.T) {
	for _, k := range layer.Kinds {
		for _, e := range k.Examples {
			for _, v := range fields(reflect.ValueOf(e.Layer)) {
				if len(mutations(v, "")) == 0 && !(v.Kind() == reflect.Slice && v.Len() == 0) {
					t.Errorf("%s: no other value of the type %v", k.Name, v.Type())
				}
			}
		}
	}
}

// fields lists the parts of a structure that are none themselves.
func fields(v reflect.Value) []reflect.Value {
	if v.Kind() != reflect.Struct {
		return []reflect.Value{v}
	}
	var list []reflect.Value
	for i := range v.NumField() {
		list = append(list, fields(v.Field(i))...)
	}
	return list
}
