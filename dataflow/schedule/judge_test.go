package schedule_test

import (
	"math"
	"slices"
	"strings"

	"satsim/arch/memory"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/dataflow"
	"satsim/dataflow/schedule"
	"satsim/internal/nm"
	"satsim/workloads"
)

// judge costs words that were built, op by op: nothing of the estimator's sums.
type judge struct {
	spec *spec.Spec
	fast *memory.Fast
	plan *dataflow.Plan
	g    *dataflow.Group
}

func (j *judge) occupied(r memory.Request) int64 { return j.fast.Occupancy(r) }

// cost is doc.go's: max of the units, then the longest first fetch and what follows the array's last tile.
func (j *judge) cost(weigh schedule.Weigh) (c schedule.Score, fits bool) {
	var did unit.Activity
	book := func(u word.Unit, c unit.Counts, n int64) {
		if err := did.Did(u, &c, 0, n); err != nil {
			panic(err)
		}
	}
	s := &j.g.Word.Streams[0]
	times := s.Count()
	var dram, port, array, vector, sorting, first, last int64
	fits = true
	byLane := map[word.Lane]int{}
	for i := range s.Ops {
		byLane[s.Ops[i].Lane] = i
	}
	move := func(r memory.Request, n int64) {
		if r.Write {
			book(word.Memory, unit.Counts{memory.WriteBits: 8 * r.Bytes}, n)
		} else {
			book(word.Memory, unit.Counts{memory.ReadBits: 8 * r.Bytes}, n)
		}
		d, p := j.fast.Demand(r)
		dram, port = dram+n*d, port+n*p
	}
	largest := int64(0)
	least := int64(math.MaxInt64)
	for i := range s.Ops {
		o := &s.Ops[i]
		tiles := int64(1) // that the op sends
		for _, e := range o.Out {
			tiles = 1
			for _, l := range s.Loops[:e.Level] {
				tiles *= l.Trips
			}
		}
		for v, n := range times[i] {
			if n == 0 {
				continue
			}
			w := &o.Variants[v].Work
			for k, e := range o.Out {
				fits = fits && w.Space[k]*min(tiles, 2) <= j.spec.Buffers.Capacity(e.Buffer)
			}
			switch o.Lane {
			case word.Array:
				cfg, err := stce.ConfigOf(j.g.Word.Array)
				if err != nil {
					panic(err)
				}
				cost, stretch := j.spec.STCE.WorkCost(cfg, w)
				array += n * (cost.Cycles + stretch)
				book(word.STCE, unit.Counts(cost.Counts), n)
				n := w.Space[0] / 4 / max(j.g.Word.Array.Diagonal, 1)
				largest, least = max(largest, n), min(least, n)
			case word.Prune:
				cost := j.spec.SORE.Cost(sore.JobOf(j.g.Word.Prune, w))
				sorting += n * cost.Issue
				book(word.SORE, cost.Counts, n)
			case word.VectorOut:
				cost, err := j.spec.Vector.WorkCost(w)
				if err != nil {
					panic(err)
				}
				vector += n * cost.Issue
				book(word.Vector, cost.Counts, n)
				if w.Taps > 0 { // the product
					array += n * cost.Issue
					n := w.Space[0] / 4
					largest, least = max(largest, n), min(least, n)
				}
			default:
				r := memory.RequestOf(o, w)
				move(r, n)
				c.Bytes += n * w.Bytes
				took := j.occupied(r)
				switch o.Lane {
				case word.ReadNorth:
					if at, ok := byLane[word.Prune]; ok && len(s.Ops[at].In) > 0 { // at the fetch: the same tiles in the same variants
						took += j.spec.SORE.Cost(sore.JobOf(j.g.Word.Prune, &s.Ops[at].Variants[v].Work)).Issue
					}
					first = max(first, took)
				case word.ReadWest:
					first = max(first, took)
				case word.WriteOut:
					if at, ok := byLane[word.VectorOut]; ok {
						cost, _ := j.spec.Vector.WorkCost(&s.Ops[at].Variants[v].Work)
						took += cost.Issue
					}
					last = max(last, took)
				}
			}
		}
	}
	updating := int64(0)
	if j.g.Update != nil {
		n := j.g.Product.Out.Elements
		move(memory.Request{Bytes: 8 * n}, 1) // momentum: master weight and velocity
		move(memory.Request{Bytes: 8 * n, Write: true}, 1)
		move(memory.Request{Bytes: j.copies(n), Write: true}, 1)
		wuve, sore := j.update(n), j.sort(n)
		updating, sorting = wuve.Issue, sorting+sore.Issue
		book(word.WUVE, wuve.Counts, 1)
		book(word.SORE, sore.Counts, 1)
		var d, p int64
		for _, r := range []memory.Request{{Bytes: 8 * largest}, {Bytes: 8 * largest, Write: true}, {Bytes: j.copies(largest), Write: true}} {
			a, b := j.fast.Demand(r)
			d, p = d+a, p+b
		}
		last = max(j.update(largest).Issue, max(d, p)/j.fast.Unit())
		fits = fits && j.pieces(largest) <= least
	}
	c.Array = array
	c.Cycles = max(array, max(dram, port)/j.fast.Unit(), vector, sorting, updating) + first + last
	if weigh != nil {
		c.Weight = weigh(c.Cycles, &did)
	}
	return c, fits
}

// copies is what n of the weights leave of every stored copy, in proportion and whole bytes.
func (j *judge) copies(n int64) (bytes int64) {
	for _, all := range j.stored() {
		bytes += all * n / j.g.Product.Out.Elements
	}
	return bytes
}

// stored is the bytes of each copy that products read, element by element: pruned for FF, pruned for BP, dense. Nothing is chosen for the
// readers, so each reads its weights in one tile, padded to 64 bytes; phases of a strided BP read a part each.
func (j *judge) stored() (all [3]int64) {
	name := strings.TrimSuffix(strings.TrimPrefix(j.g.Product.Out.Name, "d("), ")")
	var dense [2]int64
	for i := range j.plan.Step.Items {
		for k := range j.plan.Step.Items[i].Products {
			p := &j.plan.Step.Items[i].Products[k]
			if p.North.Name != name {
				continue
			}
			r := p.Sparse.Ratio
			pruned := j.plan.Options.Pregenerate && r.N < r.M && p.Sparse.Operand == workloads.North
			var bits int64
			for c := range p.Channels {
				switch {
				case !pruned:
					bits += 16
				case c%int64(r.M) < int64(r.N):
					bits += 16 + int64(math.Ceil(math.Log2(float64(r.M))))
				}
			}
			bytes := (p.Count*p.Taps*p.Cols*bits + 511) / 512 * 64
			switch {
			case !pruned:
				dense[p.Stage] += bytes
			default:
				all[p.Stage] += bytes
			}
		}
	}
	all[2] = max(dense[0], dense[1])
	return all
}

func (j *judge) update(n int64) unit.Cost {
	u := wuve.Job{Optimiser: word.Momentum, Parameters: n, Unscale: true}
	return j.spec.WUVE.Cost(u)
}

func (j *judge) sorts() (k int64) {
	for _, r := range []nm.Ratio{j.g.Update.FF, j.g.Update.BP} {
		if j.g.Update.Pregenerate && !r.IsDense() {
			k++
		}
	}
	return k
}

func (j *judge) sort(n int64) unit.Cost {
	if j.sorts() == 0 {
		return unit.Cost{}
	}
	r := j.g.Update.FF
	if r.IsDense() {
		r = j.g.Update.BP
	}
	return j.spec.SORE.Cost(sore.Job{Runs: 1, Channels: j.sorts() * n, Ratio: r})
}

// pieces of a tile of n weights, so that two fit each buffer of the update: 12 bytes with the gradient's place in, 8 out, 2 and the copies.
func (j *judge) pieces(n int64) int64 {
	k := int64(1)
	need := func(bytes int64, b word.Buffer) {
		half := j.spec.Buffers.Capacity(b) / 2
		k = max(k, (bytes+half-1)/half)
	}
	need(12*n, word.State)
	need(8*n, word.StateOut)
	need(2*n, word.Updated)
	if j.sorts() > 0 {
		need(j.copies(n), word.Copies)
	}
	return min(k, n)
}

// less is the order of scores: the weight, the objective's figure, then latency, bytes, the array's time.
func less(o spec.Objective, a, b *schedule.Score) bool {
	keys := func(c *schedule.Score) []float64 {
		k := []float64{c.Weight, float64(c.Cycles), float64(c.Bytes), float64(c.Array)}
		if o == spec.ObjectiveBytes {
			k[1], k[2] = k[2], k[1]
		}
		return k
	}
	return slices.Compare(keys(a), keys(b)) < 0
}
