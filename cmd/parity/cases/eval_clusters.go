package cases

import (
	"context"
	"errors"
	"fmt"
	"math"

	"parity/googlenet/retrieval"
	"parity/googlenet/tensor"
	"parity/parity"
)

// clustered lists the expectations of a clustering.
var clustered = []string{"nmi_arithmetic", "nmi_geometric", "ami", "kmeans_inertia"}

// clustering judges k-means. Rows that lie between two centres but for rounding may go to either, and with them all that
// follows: where there were such rows and a recorded clustering is another one, it is judged for itself. Each row must then
// lie with its nearest centre, and each centre must be the mean of its rows.
func (j *evalJudge) clustering(ctx context.Context) error {
	wanted := j.kmeans != nil
	for _, key := range clustered {
		_, ok := j.expected(key)
		wanted = wanted || ok
	}
	if !wanted {
		return nil
	}
	if j.centres == nil {
		return errors.New("inputs.npz: expected initial_centres, which k-means begins with")
	}
	own, err := retrieval.KMeans(ctx, j.set.Features, j.clusterOptions(j.centres, 0))
	if err != nil {
		return fmt.Errorf("inputs.npz: %w", err)
	}
	j.clusters = own
	if err := j.keepOwn(own); err != nil {
		return err
	}
	judged, err := j.recorded(ctx, own)
	if err != nil {
		return err
	}
	return j.agreement(judged)
}

// mostLloyd is more iterations than a case takes: they end where nothing changes.
const mostLloyd = 10000

func (j *evalJudge) clusterOptions(centres tensor.Any, iterations int) retrieval.ClusterOptions {
	if iterations == 0 {
		iterations = mostLloyd
	}
	return retrieval.ClusterOptions{
		Clusters: j.centres.Dims()[0], Centres: centres, Normalize: j.options.Normalize, Threads: j.options.Threads, Iterations: iterations,
	}
}

// keepOwn notes the numbers of this program's clustering.
func (j *evalJudge) keepOwn(c *retrieval.Clusters) error {
	a, err := retrieval.Agree(j.set.Labels, c.Assignments)
	if err != nil {
		return err
	}
	j.own["nmi_arithmetic"], j.own["nmi_geometric"], j.own["ami"] = a.NMIArithmetic(), a.NMIGeometric(), a.AMI()
	j.own["kmeans_inertia"] = c.Inertia
	return nil
}

// recorded judges kmeans.npz, and returns the clustering that the other expectations are of.
func (j *evalJudge) recorded(ctx context.Context, own *retrieval.Clusters) (*retrieval.Clusters, error) {
	if j.kmeans == nil {
		return own, nil
	}
	assigned, err := wholes(j.kmeans, "assignments")
	if err != nil {
		return nil, fmt.Errorf("kmeans.npz: %w", err)
	}
	if len(assigned) != len(own.Assignments) {
		return nil, fmt.Errorf("kmeans.npz: expected %d assignments, found %d", len(own.Assignments), len(assigned))
	}
	judged, differ := own, 0
	for i, c := range assigned {
		if c != own.Assignments[i] {
			differ++
		}
	}
	if differ > 0 && own.Undecided > 0 {
		if judged, differ, err = j.other(ctx, assigned); err != nil {
			return nil, err
		}
	}
	ratio := 0.0
	if differ > 0 {
		ratio = math.Inf(1)
	}
	j.check.add(parity.Number(ratio), "kmeans.npz:assignments")
	return judged, j.check.compare("kmeans.npz", j.kmeans, func(key string) (value, error) { return j.lookCluster(judged, key, assigned) })
}

// other judges a clustering that came about another way: one more iteration from its centres must leave it as it is, but for
// rows that lie between two of them.
func (j *evalJudge) other(ctx context.Context, assigned []int) (*retrieval.Clusters, int, error) {
	centres, ok := j.kmeans.Get("centres")
	if !ok {
		return nil, 0, errors.New("kmeans.npz: expected centres")
	}
	again, err := retrieval.KMeans(ctx, j.set.Features, j.clusterOptions(centres, 1))
	if err != nil {
		return nil, 0, fmt.Errorf("kmeans.npz: %w", err)
	}
	differ := 0
	for i, c := range assigned {
		if c != again.Assignments[i] {
			differ++
		}
	}
	if differ <= again.Undecided {
		j.undecided += max(differ, 1)
		differ = 0
	}
	return again, differ, nil
}

// lookCluster is what was computed for a key of kmeans.npz, and how far off rounding may be.
func (j *evalJudge) lookCluster(c *retrieval.Clusters, key string, recorded []int) (value, error) {
	limits := j.clusterLimits(c)
	switch key {
	case "assignments":
		list := make([]float64, len(recorded)) // judged one by one before
		for i, v := range recorded {
			list[i] = float64(v)
		}
		return value{got: tensor.From(list, len(list))}, nil
	case "centres":
		return value{got: c.Centres, limit: limits.centres}, nil
	case "inertia":
		return value{got: scalar(c.Inertia), limit: scalar(limits.inertia)}, nil
	}
	return value{}, errors.New("expected centres, assignments, inertia")
}

// agreement judges what a clustering says about the classes.
func (j *evalJudge) agreement(c *retrieval.Clusters) error {
	a, err := retrieval.Agree(j.set.Labels, c.Assignments)
	if err != nil {
		return err
	}
	l := agreementLimits(a, len(j.set.Labels), c.Centres.Shape[0])
	for _, n := range []struct {
		key          string
		value, limit float64
	}{
		{"nmi_arithmetic", a.NMIArithmetic(), l.arithmetic}, {"nmi_geometric", a.NMIGeometric(), l.geometric}, {"ami", a.AMI(), l.adjusted},
		{"kmeans_inertia", c.Inertia, j.clusterLimits(c).inertia},
	} {
		j.number(n.key, n.value, n.value, n.limit)
	}
	return nil
}
