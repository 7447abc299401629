package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var convGroups = &Cause{
	ID:      "conv.groups",
	Title:   "the input channels are shared out to the groups differently",
	Symptom: "A grouped convolution is wrong in all channels, or only its first group is right.",
	Why:     "A group has consecutive channels in Caffe, PyTorch and ONNX; a port that splits by hand takes every n-th channel, or the same ones for all groups.",
	Fix: Fixes{
		Caffe: "convolution_param { group: G }", TensorFlow: "split the channels into G consecutive parts: tf.split(x, G, axis=-1)", Keras: "Conv2D(groups=G)", PyTorch: "nn.Conv2d(groups=G)", ONNX: "the attribute group of Conv",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, l layer.Convolution) []Fault {
			if l.Groups < 2 {
				return nil
			}
			each := p.Shapes[n.Inputs[0]][1] / l.Groups
			var list []Fault
			for _, share := range []struct {
				what    string
				channel func(group, i int) int
			}{
				{"every n-th channel", func(group, i int) int { return i*l.Groups + group }},
				{"groups reversed", func(group, i int) int { return (l.Groups-1-group)*each + i }},
				{"the first group's channels", func(_, i int) int { return i }},
			} {
				if each == 1 && share.what == "every n-th channel" {
					continue // as it should be
				}
				list = append(list, Fault{Layer: n.Name, What: share.what, Make: func(p *Port, _ float64) { p.dense(n.Name, share.channel) }})
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			l, ok := n.Layer.(layer.Convolution)
			if !ok || l.Groups < 2 {
				continue
			}
			x := s.Inputs[n.Inputs[0]]
			if x == nil || len(x.Shape) != 4 {
				continue
			}
			for _, order := range groupOrders(x.Shape[1], l.Groups) {
				shuffled := tensor.New[float64](x.Shape...)
				cells := x.Shape[2] * x.Shape[3]
				for image := range x.Shape[0] {
					for to, from := range order.from {
						copy(shuffled.Data[(image*x.Shape[1]+to)*cells:][:cells], x.Data[(image*x.Shape[1]+from)*cells:])
					}
				}
				// Only this layer reads them so.
				value := n.Inputs[0] + "#shared out"
				changed := *n.As(n.Layer, n.Params)
				changed.Inputs = []string{value}
				list = append(list, Variant{
					Nodes: s.With(n, &changed), Layer: n, Inputs: map[string]*tensor.Tensor[float64]{value: shuffled},
					Parameters:  map[string]string{"reference": "consecutive channels", "candidate": order.name},
					Explanation: fmt.Sprintf("each of the %d groups reads consecutive channels in the reference, in the candidate %s", l.Groups, order.name),
				})
			}
		}
		return list
	},
}

// groupOrder says for every channel that a grouped convolution reads which one it gets.
type groupOrder struct {
	name string
	from []int
}

func groupOrders(channels, groups int) []groupOrder {
	each := channels / groups
	var every, reversed, first []int
	for g := range groups {
		for i := range each {
			every = append(every, i*groups+g)
			reversed = append(reversed, (groups-1-g)*each+i)
			first = append(first, i)
		}
	}
	list := []groupOrder{
		{fmt.Sprintf("every %d-th channel", groups), every},
		{"the groups in reverse order", reversed},
		{"the first group's channels", first},
	}
	if each > 1 && each != groups {
		inverse := make([]int, channels)
		for to, from := range every {
			inverse[from] = to
		}
		list = append(list, groupOrder{fmt.Sprintf("every %d-th channel", each), inverse})
	}
	return list
}
