package caffe

import "fmt"

// paddingType is the type of the first format's padding layers, which only a convolution or pooling may follow.
const paddingType = "padding"

// foldPadding removes the padding layers and pads the layers that read them instead.
func (n *Net) foldPadding() error {
	last := map[string]*Layer{} // that writes a blob, so far
	var kept []*Layer
	for _, l := range n.Layers {
		for i, b := range l.Bottom {
			if from := last[b]; from != nil && from.Type == paddingType {
				if err := l.takePadding(i, from); err != nil {
					return err
				}
			}
		}
		for _, t := range l.Top {
			last[t] = l
		}
		if l.Type != paddingType {
			kept = append(kept, l)
		}
	}
	n.Layers = kept
	return nil
}

func (l *Layer) takePadding(bottom int, from *Layer) error {
	message := map[string]string{"Convolution": "convolution_param", "Pooling": "pooling_param"}[l.Type]
	if message == "" || len(l.Bottom) != 1 {
		return l.Errorf("reads the padding layer %q; only a convolution or pooling with one bottom may", from.Name)
	}
	if len(from.Bottom) != 1 || len(from.Top) != 1 {
		return from.Errorf("a padding layer has one bottom and one top, found %d and %d", len(from.Bottom), len(from.Top))
	}
	l.Bottom = append([]string(nil), l.Bottom...)
	l.Bottom[bottom] = from.Bottom[0]
	pad := from.Settings.Int("pad", 0)
	to := l.Settings.sub(message, from.Settings.Position)
	to.remove("pad")
	to.set("pad", from.Settings.Position, int64(pad))
	l.Parts = append([]string{from.Name}, l.Parts...)
	l.Transforms = append(l.Transforms, fmt.Sprintf("padding %d of the layer %s taken over", pad, from.Name))
	return nil
}
