package collect

import (
	"reflect"
	"testing"

	"satsim/arch/link"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/results/record"
	"satsim/sim"
	"satsim/workloads"
)

// hundred is a group in which the memory reads west operands for the array, the array's results go through the vector unit, and the memory
// writes them: memory -west-> array -output-> vector -out_path-> memory. It takes 100 cycles, 4 of them to reconfigure.
//
//	read_west   60 computes, 21 waits for room in west, 15 without a word
//	array       50 computes, 7 fills, 3 drains, 20 waits for a tile in west, 16 waits for room in output
//	vector_out  30 computes, 45 waits for a tile in output, 21 waits for room in out_path
//	write_out   10 computes, 86 waits for a tile in out_path
func hundred() (*word.Group, *sim.Outcome) {
	op := func(l word.Lane, in, out []word.End) word.Op { return word.Op{Lane: l, In: in, Out: out} }
	end := func(b word.Buffer) []word.End { return []word.End{{Buffer: b}} }
	g := &word.Group{Streams: []word.Stream{
		{Ops: []word.Op{op(word.ReadWest, nil, end(word.West)), op(word.Array, end(word.West), end(word.Output))}},
		{Ops: []word.Op{op(word.VectorOut, end(word.Output), end(word.OutPath)), op(word.WriteOut, end(word.OutPath), nil)}},
	}}
	o := &sim.Outcome{Cycles: 100}
	for l := range o.Lanes {
		o.Lanes[l][link.NoWord] = 96
	}
	o.Lanes[word.ReadWest] = spent(map[link.Cause]int64{link.Working: 60, link.WaitRoom(word.West): 21, link.NoWord: 15})
	o.Lanes[word.Array] = spent(map[link.Cause]int64{
		link.Working: 50, link.Filling: 7, link.Draining: 3, link.WaitTile(word.West): 20, link.WaitRoom(word.Output): 16,
	})
	o.Lanes[word.VectorOut] = spent(map[link.Cause]int64{link.Working: 30, link.WaitTile(word.Output): 45, link.WaitRoom(word.OutPath): 21})
	o.Lanes[word.WriteOut] = spent(map[link.Cause]int64{link.Working: 10, link.WaitTile(word.OutPath): 86})
	return g, o
}

func spent(causes map[link.Cause]int64) (out [link.Causes]int64) {
	for c, n := range causes {
		out[c] = n
	}
	return out
}

// A wait for a tile is for whoever fills the buffer, a wait for room for whoever empties it. Where two lanes wait at the two ends of one buffer
// each blames the other.
func TestWhoIsBlamedForAStall(t *testing.T) {
	g, o := hundred()
	want := []record.Lane{
		{Lane: "read_west", Computing: 60, Waits: []record.Wait{{Unit: "stce", Cycles: 21}}, NoWord: 15, Reconfigure: 4},
		{Lane: "write_out", Computing: 10, Waits: []record.Wait{{Unit: "vector", Cycles: 86}}, Reconfigure: 4},
		{Lane: "array", Computing: 50, Filling: 7, Draining: 3, Waits: []record.Wait{{Unit: "memory", Cycles: 20}, {Unit: "vector", Cycles: 16}}, Reconfigure: 4},
		{Lane: "vector_out", Computing: 30, Waits: []record.Wait{{Unit: "memory", Cycles: 21}, {Unit: "stce", Cycles: 45}}, Reconfigure: 4},
	}
	got := listed(lanesOf(g, o, 4))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for i := range got {
		if n := got[i].Sum(); n != 100 {
			t.Errorf("%s adds up to %d of 100 cycles", got[i].Lane, n)
		}
	}
}

// Stalls of groups add up by stage and over the step; a lane that a group does not use had no word all the time.
func TestStallsAddUp(t *testing.T) {
	p := &dataflow.Plan{Step: &workloads.Step{Items: []workloads.Item{{Stage: workloads.FF}, {Stage: workloads.WU}}}}
	p.Spec.Controller.Reconfigure = 4
	g, o := hundred()
	busy := lanesOf(g, o, 4)
	var sums [4][word.Lanes]lane
	for _, item := range []int{0, 1, 1} {
		if err := addStalls(sums[:], p, &dataflow.Group{Item: item}, busy, 100); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ stage, groups int64 }{{0, 1}, {1, 0}, {2, 2}, {3, 3}} {
		array := sums[c.stage][word.Array].row()
		want := record.Lane{Lane: "array", Computing: 50 * c.groups, Filling: 7 * c.groups, Draining: 3 * c.groups, Waits: []record.Wait{}, Reconfigure: 4 * c.groups}
		if c.groups == 0 {
			want.Lane = ""
		} else {
			want.Waits = []record.Wait{{Unit: "memory", Cycles: 20 * c.groups}, {Unit: "vector", Cycles: 16 * c.groups}}
		}
		if !reflect.DeepEqual(array, want) {
			t.Errorf("sum %d: the array's time is %+v, want %+v", c.stage, array, want)
		}
		idle := sums[c.stage][word.Prune].row()
		if idle.NoWord != 96*c.groups || idle.Reconfigure != 4*c.groups || idle.Sum() != 100*c.groups {
			t.Errorf("sum %d: SORE's time is %+v", c.stage, idle)
		}
	}
}

// A lane whose causes do not add up to the group's cycles is an error that names the group and the lane.
func TestStallsThatDoNotAddUp(t *testing.T) {
	p := &dataflow.Plan{Step: &workloads.Step{Items: []workloads.Item{{Stage: workloads.FF}}}}
	p.Spec.Controller.Reconfigure = 4
	g, o := hundred()
	o.Lanes[word.VectorOut][link.Working]++
	var sums [4][word.Lanes]lane
	err := addStalls(sums[:], p, &dataflow.Group{Label: "conv FF"}, lanesOf(g, o, 4), 100)
	if err == nil || err.Error() != "conv FF: the causes of vector_out add up to 101 of 100 cycles" {
		t.Errorf("%v", err)
	}
}
