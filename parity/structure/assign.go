package structure

import "math"

// assigned is the cheapest assignment of one item's branches to another's.
type assigned struct {
	cost cost
	to   []int // the candidate's branch for each of the reference, -1 for none
}

// block assigns branches to branches; those without a counterpart are left out or put in.
func (m *matcher) block(a, b *item) *assigned {
	key := [2]*item{a, b}
	if done := m.blocks[key]; done != nil {
		return done
	}
	n, k := len(a.branches), len(b.branches)
	costs := make([][]cost, n+k) // the candidate's branches, then one place for each that is left out
	for x := range costs {
		costs[x] = make([]cost, n+k)
		for y := range costs[x] {
			switch {
			case x < n && y < k:
				p, q := a.branches[x], b.branches[y]
				costs[x][y] = m.whole(p, q).cost(len(p), len(q)) + anOrder*cost(max(x-y, y-x))
			case x < n:
				costs[x][y] = a.branches[x].weight()
			case y < k:
				costs[x][y] = b.branches[y].weight()
			}
		}
	}
	result := &assigned{to: make([]int, n)}
	for x, y := range assignment(costs) {
		result.cost += costs[x][y]
		if x < n {
			if result.to[x] = y; y >= k {
				result.to[x] = -1
			}
		}
	}
	m.blocks[key] = result
	return result
}

// assignment returns the column for each row of a square matrix that makes the sum of their costs least: the Hungarian
// method with potentials (Kuhn 1955, Munkres 1957), in O(n^3).
func assignment(costs [][]cost) []int {
	n := len(costs)
	rows, columns := make([]cost, n+1), make([]cost, n+1) // potentials; place 0 is a helper
	rowOf, before := make([]int, n+1), make([]int, n+1)
	for row := 1; row <= n; row++ {
		rowOf[0] = row
		column := 0
		least, used := make([]cost, n+1), make([]bool, n+1)
		for j := range least {
			least[j] = math.MaxInt64
		}
		for rowOf[column] != 0 {
			used[column] = true
			step, next := cost(math.MaxInt64), 0
			for j := 1; j <= n; j++ {
				if used[j] {
					continue
				}
				if c := costs[rowOf[column]-1][j-1] - rows[rowOf[column]] - columns[j]; c < least[j] {
					least[j], before[j] = c, column
				}
				if least[j] < step {
					step, next = least[j], j
				}
			}
			for j := 0; j <= n; j++ {
				if used[j] {
					rows[rowOf[j]] += step
					columns[j] -= step
				} else if least[j] != math.MaxInt64 {
					least[j] -= step
				}
			}
			column = next
		}
		for column != 0 {
			rowOf[column] = rowOf[before[column]]
			column = before[column]
		}
	}
	to := make([]int, n)
	for j := 1; j <= n; j++ {
		to[rowOf[j]-1] = j - 1
	}
	return to
}
