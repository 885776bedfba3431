package sweep

import (
	"cmp"
	"slices"
)

// balance gives every weight, the largest first, to the shard that has least so far: the shard of each.
func balance[T int64 | float64](weights []T, shards int) []int {
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[b], weights[a]) })
	loads, to := make([]T, shards), make([]int, len(weights))
	for _, i := range order {
		least := 0
		for k := range loads {
			if loads[k] < loads[least] {
				least = k
			}
		}
		loads[least] += weights[i]
		to[i] = least
	}
	return to
}
