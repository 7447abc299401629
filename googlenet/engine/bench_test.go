package engine

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
)

// BenchmarkRun is the forward pass of the whole network.
func BenchmarkRun(b *testing.B) {
	b.Run("float32", benchmarkRun[float32])
	b.Run("float64", benchmarkRun[float64])
}

func benchmarkRun[T tensor.Float](b *testing.B) {
	for _, batch := range []int{1, 10} {
		for _, threads := range []int{1, 2} {
			for _, keep := range []string{"outputs", "all"} {
				b.Run(fmt.Sprintf("batch%d/threads%d/%s", batch, threads, keep), func(b *testing.B) {
					g, in := published[T](batch)
					opt := Options[T]{Threads: threads}
					if keep == "all" {
						opt.Keep = All
					}
					opt.Packed = &layer.Packed{}
					least := time.Duration(math.MaxInt64)
					for b.Loop() {
						begin := time.Now()
						r, err := Run(b.Context(), g, in, opt)
						if err != nil {
							b.Fatal(err)
						}
						r.Release()
						least = min(least, time.Since(begin))
					}
					b.ReportMetric(least.Seconds()*1e3/float64(batch), "ms/image")
				})
			}
		}
	}
}

// published is the network in its published size, with drawn weights and images.
func published[T tensor.Float](batch int) (*graph.Graph, map[string]*tensor.Tensor[T]) {
	g, images := googlenettest.Drawn(googlenet.Config{}, 1, batch)
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			p.Value = tensor.As[T](p.Value)
		}
	}
	return g, map[string]*tensor.Tensor[T]{"data": tensor.As[T](images)}
}
