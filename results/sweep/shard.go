package sweep

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is one part of a sweep: Index of Count, from 1.
type Shard struct{ Index, Count int }

// ParseShard reads I/N; an empty text is the whole.
func ParseShard(text string) (Shard, error) {
	if text == "" {
		return Shard{1, 1}, nil
	}
	i, n, ok := strings.Cut(text, "/")
	index, err1 := strconv.Atoi(i)
	count, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || index < 1 || index > count {
		return Shard{}, fmt.Errorf("%q is no shard; I/N with I from 1 to N is accepted, such as 1/4", text)
	}
	return Shard{index, count}, nil
}

// most jobs of a chunk: enough that word groups are shared, few enough that workers end together.
const chunkSize = 8

// chunks cuts jobs into runs of neighbours on one architecture with one network.
func chunks(jobs []PlannedPoint, size int) [][]PlannedPoint {
	var out [][]PlannedPoint
	for from := 0; from < len(jobs); {
		to := from + 1
		for to < len(jobs) && to-from < size && together(&jobs[from], &jobs[to]) {
			to++
		}
		out = append(out, jobs[from:to])
		from = to
	}
	return out
}

func together(a, b *PlannedPoint) bool {
	return a.Err == nil && b.Err == nil && a.Step == b.Step && string(a.Point.Arch) == string(b.Point.Arch) && string(a.Point.Energy) == string(b.Point.Energy)
}

func weight(jobs []PlannedPoint) (w int64) {
	for i := range jobs {
		w += jobs[i].weight()
	}
	return w
}

// Jobs of a shard, in the plan's order.
func (p *Plan) Shard(s Shard) []PlannedPoint {
	if s.Count == 1 {
		return p.Jobs
	}
	size := max(1, min(chunkSize, len(p.Jobs)/(4*s.Count))) // at least four chunks a shard, if there are as many jobs
	parts := chunks(p.Jobs, size)
	weights := make([]int64, len(parts))
	for i := range parts {
		weights[i] = weight(parts[i])
	}
	var out []PlannedPoint
	for i, shard := range balance(weights, s.Count) {
		if shard == s.Index-1 {
			out = append(out, parts[i]...)
		}
	}
	return out
}
