package stce

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/fp"
	"satsim/internal/nm"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// Random arrays whose elements have places, as those of stce.cosim.
var cosimHeld = flag.Int("stce.cosim.held", 2, "random arrays with places of outputs in Icarus Verilog")

// TestAllThatPlacesMeetIsDrawn: of the first arrays with places, every setting that they meet, and every kind of tile that holds them, is in some.
func TestAllThatPlacesMeetIsDrawn(t *testing.T) {
	drawn := map[string]int{}
	for i := range 30 {
		j := holdingJobs.Example(i)
		drawn[fmt.Sprintf("preload %v", j.P.Preload)]++
		drawn[fmt.Sprintf("drain %v", j.P.Drain)]++
		drawn[fmt.Sprintf("read latency %d", j.Read)]++
		for _, tile := range j.Of {
			if !tile.Held {
				drawn["kept weights bring them"]++
				continue
			}
			drawn[fmt.Sprintf("over %v", tile.Over)]++
			drawn[fmt.Sprintf("start values %v", tile.Resume)]++
			for is, yes := range map[string]bool{
				"of one place": tile.Ratio.M == 1, "of several places": tile.Ratio.M > 1, "a short group": tile.Channels%int64(tile.Ratio.M) > 0, "interleaved": tile.Interleave > 1, "several products": tile.Products > 1,
				"several row folds": tile.Rows > j.P.rowsPerFold(tile.Config), "several column folds": tile.Cols > j.P.colsPerFold(tile.Config), "no multiplier registers": j.P.MulLatency == 0,
			} {
				if yes {
					drawn[is]++
				}
			}
		}
	}
	for _, want := range []string{
		"preload shadow", "preload serial", "preload chase", "drain overlap", "drain serial", "read latency 1", "read latency 2", "read latency 3", "kept weights bring them", "over f", "over t",
		"start values true", "start values false", "of one place", "of several places", "a short group", "interleaved", "several products", "several row folds", "several column folds", "no multiplier registers",
	} {
		if drawn[want] == 0 {
			t.Errorf("%s is never drawn", want)
		}
	}
}

// TestHeldPlacesInVerilog: as TestVerilogEqualsExactModel, of arrays with places, tiles that hold them and tiles that do not in turn.
func TestHeldPlacesInVerilog(t *testing.T) {
	witness.Foreign(t)
	s, all := simulator(t, verilog.Icarus()), sources(t)
	for i := *cosimFrom; i < *cosimFrom+*cosimHeld; i++ {
		if err := holdingJobs.Example(i).hold(t, s, all); err != nil {
			t.Errorf("-stce.cosim.from %d: %v", i, err)
		}
	}
}

// holding is an array of 2 x 3 with tiles that hold places: of several folds, over F and T, without and with start values, of two products; between them one that does not, and one in WS.
var holding = rapid.Custom(func(t *rapid.T) rtlJob { return holdingWith(t, PreloadShadow) })

func holdingWith(t *rapid.T, preload Preload) rtlJob {
	j := rtlJob{P: Params{
		Rows: 2, Cols: 3, MulLatency: 2, AddLatency: 3, MaxN: 2, MaxM: 4, MaxInterleave: 4, LinkWidth: 2, EdgeFolds: EdgeExact, Preload: preload,
		Drain: DrainOverlap, PartialSums: SumsCharged, Subnormals: fp.Flush, OverlapProducts: true,
	}, Read: 2, Held: true}
	held := func(over Over, interleave int, resume bool, products int64) {
		j.add(t, Tile{Config: Config{Mode: OS, Over: over, Interleave: interleave, Ratio: nm.Ratio{N: 1, M: 4}, Held: true}, Products: products, Rows: 5, Cols: 13, Taps: 3, Channels: 7, Resume: resume, Spill: resume}, nil)
	}
	held(OverF, 4, false, 1)
	held(OverT, 2, true, 2)
	j.add(t, Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 2, Ratio: nm.Ratio{N: 2, M: 4}}, Rows: 3, Cols: 7, Taps: 1, Channels: 8, Resume: true}, nil)
	held(OverF, 1, false, 1)
	j.add(t, Tile{Config: Config{Mode: WS, Over: OverF, Interleave: 2, Ratio: nm.Ratio{N: 2, M: 4}}, Rows: 4, Cols: 7, Taps: 1, Channels: 12, Resume: true}, nil)
	held(OverT, 4, false, 1)
	j.resets(t)
	return j
}

// TestHeldPlacesInVerilator is the same in the other simulator: a build of some seconds, and of random arrays some more.
func TestHeldPlacesInVerilator(t *testing.T) {
	witness.Foreign(t)
	s, all := simulator(t, verilog.Verilator()), sources(t)
	if err := holding.Example(1).hold(t, s, all); err != nil {
		t.Error(err)
	}
	if os.Getenv("SATSIM_RTL") == "" {
		return
	}
	for i := *cosimFrom; i < *cosimFrom+*verilators; i++ {
		if err := holdingJobs.Example(i).hold(t, s, all); err != nil {
			t.Errorf("-stce.cosim.from %d: %v", i, err)
		}
	}
}

// TestFaultsOfPlacesAreFound plants faults where places enter, are taken, held and used.
func TestFaultsOfPlacesAreFound(t *testing.T) {
	witness.Foreign(t)
	s, all := simulator(t, verilog.Icarus()), sources(t)
	j := holding.Example(1)
	if err := j.hold(t, s, all); err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct{ file, from, to string }{
		{"stce_held.v", "assign place = first ? entered : taken;", "assign place = taken;"},                            // the fold before's in the first slot
		{"stce_held.v", "assign place = first ? entered : taken;", "assign place = entered;"},                          // the next fold's, when it has come
		{"stce_held.v", ".we(first & |slot_reach_in)", ".we(|slot_reach_in)"},                                          // taken in every slot
		{"stce_held.v", "holds ? {place, factor} : weight_in", "holds ? {weight_in[16+:PLACE_W], factor} : weight_in"}, // the weight's
		{"stce_held.v", "holds ? {place, factor} : weight_in", "{place, factor}"},                                      // an output's of a tile that holds none
		{"stce_held.v", "load ? weight_in[15:0] : weight_out[15:0]", "weight_in[15:0]"},                                // a weight for several outputs comes once
		{"stce_held.v", "load_east, slot_east", "1'b1, slot_east"},                                                     // every slot loads in the east
		{"stce_held.v", "if (enters & ~keep) place_south", "if (enters & keep) place_south"},                           // places of the rows below are left
		{"stce_array.v", ".d(helds[r]), .q(helds[r+1])", ".d(1'b0), .q(helds[r+1])"},                                   // row 0 alone
		{"stce_place.v", "holds = held_in & ~ws;", "holds = ~ws;"},                                                     // places for every start value
		{"stce_place.v", "out_ren_in & ~(holds & ~start);", "out_ren_in;"},                                             // start values that there are not
		{"stce_place.v", "held_out <= held_in;", "held_out <= 1'b0;"},                                                  // column 0 alone
		{"stce.v", "column_held & ~ws & ~starts ? {REACH_W{1'b0}} : load_reach;", "load_reach;"},                       // and counted
		{"stce.v", "to_row <= tile[32*`STCE_MODE+4];", "to_row <= tile[32*`STCE_MODE+3];"},                             // results in FP32 for places
	} {
		mutant := append([]verilog.Source(nil), all...)
		for i := range mutant {
			if mutant[i].Name != f.file {
				continue
			}
			if strings.Count(mutant[i].Text, f.from) != 1 {
				t.Errorf("%s has %q %d times", f.file, f.from, strings.Count(mutant[i].Text, f.from))
			}
			mutant[i].Text = strings.Replace(mutant[i].Text, f.from, f.to, 1)
		}
		if err := j.hold(t, s, mutant); err == nil || !strings.Contains(err.Error(), "tile ") {
			t.Errorf("%s with %q: %v, want a difference", f.file, f.to, err)
		}
	}
}
