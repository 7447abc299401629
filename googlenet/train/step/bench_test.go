package step

import (
	"fmt"
	"math"
	"testing"
	"time"

	"parity/googlenet"
	"parity/googlenet/googlenettest"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/schedule"
)

// BenchmarkStep is a whole step of training of the published network: forward, backward, SGD.
func BenchmarkStep(b *testing.B) {
	for _, batch := range []int{1, 10} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("batch%d/threads%d", batch, threads), func(b *testing.B) {
				t, in := trained(b, batch)
				t.Threads = threads
				least := time.Duration(math.MaxInt64)
				for b.Loop() {
					begin := time.Now()
					if _, err := t.Accumulate(b.Context(), in); err != nil {
						b.Fatal(err)
					}
					t.Update()
					least = min(least, time.Since(begin))
				}
				b.ReportMetric(least.Seconds()*1e3/float64(batch), "ms/image")
			})
		}
	}
}

// trained is a trainer of the published network with a softmax loss, and a batch for it.
func trained(b *testing.B, batch int) (*Trainer[float32], Batch[float32]) {
	g, images := googlenettest.Drawn(googlenet.Config{}, 1, batch)
	g.Nodes[len(g.Nodes)-1] = &graph.Node{Name: "loss", Layer: layer.SoftmaxCrossEntropy{Axis: 1}, Inputs: []string{"loss3/classifier", "label"}, Outputs: []string{"loss"}}
	g.Inputs = append(g.Inputs, graph.Input{Name: "label", Shape: tensor.Shape{-1}})
	g.Outputs, g.LossWeights = []string{"loss"}, map[string]float64{"loss": 1}
	t, err := New[float32](g, &optim.Method{Optimizer: optim.SGD{Momentum: 0.9}, Schedule: schedule.Fixed{Base: 1e-6}, Accumulate: 1, Decay: 2e-4, Penalty: optim.L2})
	if err != nil {
		b.Fatal(err)
	}
	labels := tensor.New[float32](batch)
	for i := range labels.Data {
		labels.Data[i] = float32(i)
	}
	return t, Batch[float32]{"data": images, "label": labels}
}
