package caffe

import (
	"fmt"
	"slices"
	"strings"
)

// fillerReads lists, for each filler, the settings that it reads; Caffe passes over the others in silence.
var fillerReads = map[string][]string{
	"bilinear":          {},
	"constant":          {"value"},
	"gaussian":          {"mean", "std", "sparse"},
	"msra":              {"variance_norm"},
	"positive_unitball": {},
	"uniform":           {"min", "max"},
	"xavier":            {"variance_norm"},
}

// noteFillers points out settings of the layer's fillers that have no effect.
func (s *step) noteFillers() {
	for _, f := range s.Settings.Fields {
		param, ok := f.Value.(*Message)
		if !ok {
			continue
		}
		for _, f := range param.Fields {
			if filler, ok := f.Value.(*Message); ok && filler.Type == "FillerParameter" {
				s.noteFiller(f.Name, filler)
			}
		}
	}
}

func (s *step) noteFiller(name string, filler *Message) {
	kind := filler.Text("type", "constant")
	reads, known := fillerReads[kind]
	var left []string
	for _, f := range filler.Fields {
		if f.Name != "type" && !slices.Contains(reads, f.Name) {
			left = append(left, f.Name+" "+f.String())
		}
	}
	if known && len(left) > 0 {
		s.note(fmt.Sprintf("the %s of type %s does not read %s", name, kind, strings.Join(left, ", ")))
	}
}
