package collect

import (
	"reflect"
	"testing"

	"satsim/arch/link"
	"satsim/arch/word"
	"satsim/results/record"
	"satsim/sim"
)

// Two lanes wait at the two ends of one buffer, by hand. The memory fills west and the array empties it, so a wait for a tile in west is for the
// memory, and one for room in west is for the array; the array fills output and the vector unit empties it. Of 100 cycles 5 set the machine up.
//
//	read_west   works 60, waits 20 for room in west (the array), has no word for 15
//	array       waits 30 for a tile in west (the memory), 10 for room in output (the vector unit), works 55
//	vector      waits 40 for a tile in output (the array), works 55
//	others      have no word for all 95 cycles: nothing to tell
func TestWaitsAreForTheUnitAtTheOtherEnd(t *testing.T) {
	west, output := []word.End{{Buffer: word.West}}, []word.End{{Buffer: word.Output}}
	g := &word.Group{Streams: []word.Stream{{Ops: []word.Op{
		{Lane: word.ReadWest, Out: west},
		{Lane: word.Array, In: west, Out: output},
		{Lane: word.VectorOut, In: output},
	}}}}
	o := &sim.Outcome{Cycles: 100}
	for l := range o.Lanes {
		o.Lanes[l][link.NoWord] = 95
	}
	set := func(l word.Lane, causes map[link.Cause]int64) {
		o.Lanes[l] = [link.Causes]int64{}
		for c, n := range causes {
			o.Lanes[l][c] = n
		}
	}
	set(word.ReadWest, map[link.Cause]int64{link.Working: 60, link.WaitRoom(word.West): 20, link.NoWord: 15})
	set(word.Array, map[link.Cause]int64{link.Working: 55, link.WaitTile(word.West): 30, link.WaitRoom(word.Output): 10})
	set(word.VectorOut, map[link.Cause]int64{link.Working: 55, link.WaitTile(word.Output): 40})
	unit := word.Unit.String
	want := []record.Lane{
		{Lane: word.ReadWest.String(), Computing: 60, Waits: []record.Wait{{Unit: unit(word.STCE), Cycles: 20}}, NoWord: 15, Reconfigure: 5},
		{Lane: word.Array.String(), Computing: 55, Waits: []record.Wait{{Unit: unit(word.Memory), Cycles: 30}, {Unit: unit(word.Vector), Cycles: 10}}, Reconfigure: 5},
		{Lane: word.VectorOut.String(), Computing: 55, Waits: []record.Wait{{Unit: unit(word.STCE), Cycles: 40}}, Reconfigure: 5},
	}
	if got := listed(lanesOf(g, o, 5)); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}
