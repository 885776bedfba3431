package route

import (
	"slices"
	"testing"

	"satsim/arch/norm"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// step is a leg without what it does.
type step struct {
	lane    word.Lane
	in, out []word.Buffer
}

func steps[T any](legs []Leg[T]) (out []step) {
	for _, l := range legs {
		out = append(out, step{l.Lane, l.In, l.Out})
	}
	return out
}

// ways are all routes that there are, each from memory back to it.
func ways() map[string][]step {
	half := nm.Ratio{N: 1, M: 2}
	shape := func(r nm.Ratio, transposed bool) *geometry.Shape {
		s := geometry.ShapeOf(&workloads.Product{
			Stage: workloads.BP, Count: 1, Rows: 4, Taps: 1, Channels: 4, Cols: 4,
			Patches: workloads.Patches{Images: 4, OutH: 1, OutW: 1, InH: 1, InW: 1, Channels: 4, KernelH: 1, KernelW: 1, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1},
			West:    workloads.Tensor{Format: nm.FP16}, North: workloads.Tensor{Format: nm.FP16}, Out: workloads.Tensor{Format: nm.FP16},
		})
		s.Ratio, s.Transposed = r, transposed
		return &s
	}
	lanes := shape(nm.Dense, false)
	lanes.WU, lanes.Lanes = true, true
	read := shape(nm.Dense, false)
	read.Norm = geometry.Norm{Channels: 4, Mask: true}
	fetch, edge := spec.Spec{Arch: spec.DefaultArch()}, spec.Spec{Arch: spec.DefaultArch()}
	edge.Dataflow.PruneAt = word.AtEdge
	part := []word.Part{{Kind: "add", Elements: 16}}
	updates := map[string]UpdateLegs{}
	for name, pruned := range map[string]bool{"sorted ": true, "": false} {
		u := Update{Rule: recipe.Default().Update(), FF: half, BP: nm.Dense, Pregenerate: pruned, Matrix: true, Parameters: 16}
		updates["update, "+name+"from memory"], updates["update, "+name+"on chip"] = u.Legs(false), u.Legs(true)
	}
	searched := Update{Rule: recipe.Default().Update(), FF: half, BP: half, Search: nm.Greedy, Looks: half.Looks(nm.Greedy), Pregenerate: true, Matrix: true, Parameters: 16}
	updates["update, searched"] = searched.Legs(false)
	out := map[string][]step{}
	for name, u := range updates {
		out[name] = append(steps(u.State), steps(u.Copies)...)
	}
	for name, c := range map[string]Chain{"pass": {Parts: part, Reads: 1, Writes: 1}, "reduction": {Parts: part, Reads: 1}, "fill": {Parts: part, Writes: 1}} {
		out[name], out["paced "+name] = steps(c.Legs(false)), steps(c.Legs(true))
	}
	for name, p := range map[string]struct {
		s         *geometry.Shape
		sp        *spec.Spec
		unpruned  bool
		path      Path
		updatedBy string
	}{
		"dense":       {s: shape(nm.Dense, false), sp: &fetch, unpruned: true},
		"pruned":      {s: shape(half, false), sp: &edge},
		"at fetch":    {s: shape(half, false), sp: &fetch, unpruned: true, path: Path{Parts: part}},
		"at edge":     {s: shape(half, false), sp: &edge, unpruned: true, path: Path{Parts: part, Reads: 1}},
		"transposed":  {s: shape(half, true), sp: &edge},
		"normalised":  {s: read, sp: &fetch, unpruned: true},
		"on lanes":    {s: lanes, sp: &fetch, unpruned: true},
		"with update": {s: shape(nm.Dense, false), sp: &fetch, updatedBy: "update, sorted on chip"},
	} {
		way := NorthOf(p.s, p.sp, p.unpruned)
		n := norm.Params{Lanes: 4, PipelineLatency: 2, Channels: 4}
		r := Of(p.s, way, &n, &p.path, p.updatedBy != "")
		out[name] = slices.Concat(steps(r.Before), steps(r.West), steps(r.North), steps(AtArray(p.s, way, &p.sp.STCE, geometry.Array{Mode: stce.OS, Interleave: 1})), steps(r.Out), out[p.updatedBy])
	}
	return out
}

// Legs use buffers as the word list has them, and what one leg leaves another takes: but gradients on chip, which the array leaves, and the
// tokens of a product beside a pass. Of a transfer one side is memory.
func TestLegsJoinBuffersAsTheWordListHasThem(t *testing.T) {
	for name, legs := range ways() {
		var filled, emptied []word.Buffer
		for _, l := range legs {
			u := l.lane.Unit()
			for _, b := range l.in {
				if emptied = append(emptied, b); !b.EmptiedBy(u) {
					t.Errorf("%s: %s takes from %s, which %s does not empty", name, l.lane, b, u)
				}
			}
			for _, b := range l.out {
				if filled = append(filled, b); !b.FilledBy(u) {
					t.Errorf("%s: %s leaves in %s, which %s does not fill", name, l.lane, b, u)
				}
			}
			if in, out := len(l.in), len(l.out); in > 2 || out > 2 || u == word.Memory && (l.lane.IsWrite() && (in != 1 || out != 0) || !l.lane.IsWrite() && (in != 0 || out != 1)) {
				if l.lane == word.ReadWest && slices.Equal(l.in, []word.Buffer{word.Factors}) && len(l.out) == 1 {
					continue // it waits for the normaliser's tables
				}
				t.Errorf("%s: %s takes from %v, leaves in %v", name, l.lane, l.in, l.out)
			}
		}
		for _, b := range emptied {
			if !slices.Contains(filled, b) && b != word.Pace && !(b == word.Output && slices.Contains(filled, word.State)) {
				t.Errorf("%s: nothing fills %s", name, b)
			}
		}
		for _, b := range filled {
			if !slices.Contains(emptied, b) {
				t.Errorf("%s: nothing empties %s", name, b)
			}
		}
	}
}

// Every lane has a leg, and every way between a unit and a buffer that the word list has is some leg's. Tokens of whoever makes a product are no part of its
// route: pace adds them.
func TestEveryLaneAndBufferHasALeg(t *testing.T) {
	type end struct {
		buffer word.Buffer
		unit   word.Unit
	}
	lanes, fills, empties := map[word.Lane]bool{}, map[end]bool{{word.Pace, word.STCE}: true, {word.Pace, word.Vector}: true}, map[end]bool{}
	for _, legs := range ways() {
		for _, l := range legs {
			lanes[l.lane] = true
			for _, b := range l.in {
				empties[end{b, l.lane.Unit()}] = true
			}
			for _, b := range l.out {
				fills[end{b, l.lane.Unit()}] = true
			}
		}
	}
	for l := word.Lane(0); l < word.Lanes; l++ {
		if !lanes[l] {
			t.Errorf("%s has no leg", l)
		}
	}
	for b := word.Buffer(0); b < word.Buffers; b++ {
		for u := word.Unit(0); u < word.Units; u++ {
			if b.FilledBy(u) && !fills[end{b, u}] {
				t.Errorf("no leg of %s fills %s", u, b)
			}
			if b.EmptiedBy(u) && !empties[end{b, u}] {
				t.Errorf("no leg of %s empties %s", u, b)
			}
		}
	}
}

// Pieces asks of gradients that come from memory alone: the legs of those on the chip are not made for it. An update is asked for its pieces tile by tile in a search.
func TestPiecesMakesOneSetOfLegs(t *testing.T) {
	u := Update{Rule: recipe.Default().Update(), FF: nm.Ratio{N: 2, M: 8}, BP: nm.Ratio{N: 2, M: 8}, Pregenerate: true, Matrix: true, Parameters: 1 << 16}
	capacity := func(word.Buffer) int64 { return 1 << 14 }
	c := u.Cuts()
	if got, want := u.Pieces(u.Parameters, capacity), c.Pieces(u.Parameters, capacity); got != want || got < 2 {
		t.Fatalf("%d pieces, of all cuts %d", got, want)
	}
	one := testing.AllocsPerRun(10, func() { u.Legs(false) })
	own := testing.AllocsPerRun(10, func() { c.Pieces(u.Parameters, capacity) })
	if got := testing.AllocsPerRun(10, func() { u.Pieces(u.Parameters, capacity) }); got > one+own {
		t.Errorf("%g allocations; a set of legs takes %g, and counting %g", got, one, own)
	}
}

// TestPlacesOfKeptWeightsAreReadTwice: 8,000 weights that 2:4 keeps, with momentum's state: 4 bytes of master and 4 of state each. Of a place, 2 bits, and whether BP has the weight, 1 bit, the update reads 3,000 bytes
// and the array 2,000, its places alone; memory holds the 3,000 once.
func TestPlacesOfKeptWeightsAreReadTwice(t *testing.T) {
	half := nm.Ratio{N: 2, M: 4}
	u := Update{KeptAlone: true, Pregenerate: true, FF: half, BP: half, Parameters: 8000, Rule: recipe.Update{StateBytes: recipe.Momentum.StateBytes()}}
	u.Copies = Copies{FF: 16000, BP: 8000}
	if got := u.reads(8000); got != 64000+3000+2000 {
		t.Errorf("%d bytes are read; 69,000 by hand", got)
	}
	if got := u.Stored() - u.Copies.Bytes(); got != 64000+3000 {
		t.Errorf("%d bytes are stored beside copies; 67,000 by hand", got)
	}
}
