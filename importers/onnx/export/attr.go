package export

import "parity/importers/onnx/model"

// with lists attributes.
func with(list ...*model.Attr) []*model.Attr { return list }

func number(name string, v float64) *model.Attr {
	return &model.Attr{Name: name, Field: "f", Float: float32(v)}
}

func integer(name string, v int) *model.Attr {
	return &model.Attr{Name: name, Field: "i", Int: int64(v)}
}

func word(name, v string) *model.Attr {
	return &model.Attr{Name: name, Field: "s", Bytes: []byte(v)}
}

func list(name string, v ...int) *model.Attr {
	return &model.Attr{Name: name, Field: "ints", Ints: wide(v)}
}

func flag(name string, v bool) *model.Attr {
	if v {
		return integer(name, 1)
	}
	return integer(name, 0)
}

func wide(v []int) []int64 {
	out := make([]int64, len(v))
	for i, x := range v {
		out[i] = int64(x)
	}
	return out
}
