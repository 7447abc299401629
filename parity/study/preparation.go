package study

import (
	"slices"
	"strconv"
	"strings"
)

// Preparation is how a photo becomes an input, in the words of --preprocess: NAME or NAME=VALUE. Which words there are is up to
// whoever makes the inputs.
type Preparation struct{ words []string }

// ParsePreparation reads words separated by commas, without presets.
func ParsePreparation(text string) Preparation {
	var p Preparation
	for _, w := range strings.Split(text, ",") {
		if w = strings.TrimSpace(w); w != "" {
			p.words = append(p.words, w)
		}
	}
	return p
}

func (p Preparation) String() string { return strings.Join(p.words, ",") }

// value returns what a word is set to, and whether it is there.
func (p Preparation) value(name string) (string, bool) {
	for _, w := range p.words {
		if n, v, _ := strings.Cut(w, "="); n == name {
			return v, true
		}
	}
	return "", false
}

// without leaves words out.
func (p Preparation) without(names ...string) Preparation {
	return Preparation{slices.DeleteFunc(slices.Clone(p.words), func(w string) bool {
		n, _, _ := strings.Cut(w, "=")
		return slices.Contains(names, n)
	})}
}

// with puts words in the place of those of the same name.
func (p Preparation) with(words ...string) Preparation {
	for _, w := range words {
		n, _, _ := strings.Cut(w, "=")
		p = p.without(n)
		p.words = append(p.words, w)
	}
	return p
}

// numbers are those of a word that has one or one for each channel.
func (p Preparation) numbers(name string) []float64 {
	text, ok := p.value(name)
	if !ok {
		return nil
	}
	var list []float64
	for _, part := range strings.Split(text, ":") {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return nil
		}
		list = append(list, v)
	}
	return list
}

// numbered is a word with numbers.
func numbered(name string, numbers ...float64) string {
	list := make([]string, len(numbers))
	for i, v := range numbers {
		list[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return name + "=" + strings.Join(list, ":")
}

// size reads HxW.
func (p Preparation) size(name string) (height, width int, ok bool) {
	text, ok := p.value(name)
	h, w, _ := strings.Cut(text, "x")
	height, errH := strconv.Atoi(h)
	width, errW := strconv.Atoi(w)
	return height, width, ok && errH == nil && errW == nil
}
