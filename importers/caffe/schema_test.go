package caffe

import (
	"slices"
	"testing"
)

// TestSchema checks that every type in the tables is in the tables, and that no field is there twice.
func TestSchema(t *testing.T) {
	scalars := []string{"bool", "int32", "uint32", "int64", "float", "double", "string"}
	for message, fields := range messages {
		names, numbers := map[string]bool{}, map[int]bool{}
		for _, d := range fields {
			if messages[d.elem()] == nil && enums[d.elem()] == nil && !slices.Contains(scalars, d.elem()) {
				t.Errorf("%s.%s: no type %q", message, d.name, d.elem())
			}
			if names[d.name] || numbers[d.number] {
				t.Errorf("%s: %s or %d is there twice", message, d.name, d.number)
			}
			names[d.name], numbers[d.number] = true, true
		}
	}
}

// TestOldTypes checks that the types of the older formats are types of today.
func TestOldTypes(t *testing.T) {
	known := func(kind string) bool {
		_, computed := lowerings[kind]
		_, input := inputLayers[kind]
		_, sink := sinks[kind]
		return computed || input || sink || slices.Contains(layerTypes, kind)
	}
	for _, name := range enums["V1LayerType"] {
		if kind, ok := v1Types[name]; !ok || name != "NONE" && !known(kind) {
			t.Errorf("V1 type %s became %q", name, kind)
		}
	}
	for name, to := range v0Types {
		if to.kind != paddingType && !known(to.kind) {
			t.Errorf("V0 type %s became %q", name, to.kind)
		}
	}
}

// TestOldFields checks that flat fields move to fields that exist.
func TestOldFields(t *testing.T) {
	for name, to := range v0Fields {
		if _, ok := named("V0LayerParameter", name); !ok {
			t.Errorf("V0LayerParameter has no field %s", name)
		}
		for kind, v0 := range v0Types {
			if !contains(to.types, kind) || v0.message == "" {
				continue
			}
			d, _ := named("LayerParameter", v0.message)
			if _, ok := named(d.elem(), to.name); !ok {
				t.Errorf("%s of %s: %s has no field %s", name, kind, d.elem(), to.name)
			}
		}
	}
}

func TestDistance(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want int
	}{
		{"stride", "stride", 0}, {"strid", "stride", 1}, {"stirde", "stride", 1}, {"pad", "", 3}, {"kernelsize", "kernel_size", 1}, {"abc", "xyz", 3},
	} {
		if got := distance(row.a, row.b); got != row.want {
			t.Errorf("distance(%q, %q): got %d, want %d", row.a, row.b, got, row.want)
		}
	}
}
