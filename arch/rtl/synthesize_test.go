package rtl

import (
	"context"
	"errors"
	"fmt"
	number "go/constant"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"satsim/arch/fpga"
	"satsim/arch/norm"
	"satsim/arch/rtl/synthesis"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// The modules of a small architecture by hand: 2:4 counts with 2 bits (0 to 2), 3 bits (0 to 4) and has an index of 2; of momentum's lanes, whose operators take 3 and 5 cycles and
// whose conversion takes 2, the times of a lane are 2 x 3 + 4 x 5 + 2 + 1 = 29 at most, 5 bits.
func TestModulesByHand(t *testing.T) {
	s := design()
	s.STCE.Rows, s.STCE.Cols, s.WUVE.Lanes = 5, 3, 7
	all, err := Modules(s, "", Options{Read: 3})
	if err != nil {
		t.Fatal(err)
	}
	count, of := map[string]int64{}, map[string]string{}
	for _, m := range all {
		name := m.Name
		if strings.HasPrefix(name, "feed_") {
			name = m.Unit + "'s " + name
		}
		count[name], of[name] = m.Count, m.Point.String()
	}
	for module, n := range map[string]int64{
		"stce_uspe": 15, "stce_row": 5, "stce_column": 3, "stce_sequencer": 1, "stce_registers": 1, "stce_loader": 1, "stce_counters": 1, "sore_lane": 3, "sore_control": 1, "sore_counters": 1, "wuve_lane": 7, "wuve_control": 1, "wuve_waves": 1, "wuve_counters": 1,
		"vector_lane": 32, "vector_scalar": 1, "vector_control": 1, "vector_front": 1, "vector_shuffle": 1, "vector_counters": 1,
		"sore's feed_reader": 1, "sore's feed_writer 3x18": 1, "wuve's feed_reader": 1, "wuve's feed_writer 7x32": 3, "wuve's feed_writer 7x16": 1,
		"vector's feed_reader": 1, "vector's feed_writer 32x16": 2, "vector's feed_writer 32x1": 1, "vector's feed_writer 1x35": 1,
		"norm_lane": 3, "norm_control": 1, "norm_counters": 1, "norm's feed_reader": 1, "norm's feed_writer 3x16": 1, "norm's feed_writer 3x1": 1,
	} {
		if count[module] != n {
			t.Errorf("%d of %s, want %d", count[module], module, n)
		}
	}
	for module, want := range map[string]string{
		"sore_lane":    "MAX_N=2 N_BITS=2 INDEX=2",
		"sore_control": "MAX_N=2 STAGES=2 N_BITS=2 M_BITS=3 INDEX=2",
		"wuve_lane":    "OPTIMISER=1 MUL=3 ADD=5 DIV=15 SQRT=14 CONVERT=2 FLUSH=1 BITS=5",
		"wuve_control": "LANES=7 COUNT=3 BITS=5",
		"wuve_waves":   "LANES=7 COUNT=3 BITS=5",
		// Behind the constants of 4 x 64 columns, 2 x 64 segments' coefficients; behind 256 sums, those of rows.
		"vector_lane":    "STRIP=32 MUL=3 ADD=5 FLUSH=1 PLACE=5 BWORD=9 CWORD=9 SWORD=9",
		"vector_shuffle": "LANES=32 COUNT=6",
		// 40 channels on 3 lanes are 14 places of each.
		"norm_lane":    "PLACES=14 FRONT=1 MUL=3 ADD=5 CONVERT=2 FLUSH=1 PLACE=4",
		"norm_control": "LANES=3 COUNT=2 PLACE=4 LATENCY=11",
		// Of a lane of SORE an element and whether there is one, and 16 + 2 bits of a pair. Of a lane of WUVE a mask and four words. Of a lane of the vector unit 32 + 16 + 16 + 1, and three scalars.
		"sore's feed_reader":         "WIDTH=51 READ=3 PARTS=1 BY_ROW=0 WORDS=3",
		"sore's feed_writer 3x18":    "LANES=3 WIDTH=54 WORDS=2",
		"wuve's feed_reader":         "WIDTH=903 READ=3 PARTS=5 BY_ROW=0 WORDS=2",
		"wuve's feed_writer 7x32":    "LANES=7 WIDTH=224 WORDS=2",
		"vector's feed_reader":       "WIDTH=2176 READ=3 PARTS=5 BY_ROW=16 WORDS=6",
		"vector's feed_writer 32x16": "LANES=32 WIDTH=512 WORDS=2",
		"vector's feed_writer 1x35":  "LANES=1 WIDTH=35 WORDS=2",
		"norm's feed_reader":         "WIDTH=144 READ=3 PARTS=2 BY_ROW=0 WORDS=2",
		"norm's feed_writer 3x1":     "LANES=3 WIDTH=3 WORDS=2",
	} {
		if of[module] != want {
			t.Errorf("%s is made with %s, want %s", module, of[module], want)
		}
	}
	if one, err := Modules(s, "wuve", options()); err != nil || len(one) != 7 {
		t.Errorf("%d modules of WUVE, %v", len(one), err)
	}
}

// In Verilog the array's adders are of logic, so that is what is estimated here whatever the architecture says: an element has the multiplier's DSP slice.
func TestModulesAreEstimatedAsInVerilog(t *testing.T) {
	for _, in := range []stce.Adder{stce.AdderDSP, stce.AdderLogic} {
		s := design()
		s.STCE.AddIn = in
		all, err := Modules(s, "stce", options())
		if err != nil {
			t.Fatal(err)
		}
		if m := all[0]; m.Point.Module != "stce_uspe" || m.Estimate[fpga.DSP].High != m.Count {
			t.Errorf("%v: %d of %s take %v DSP slices", in, m.Count, m.Point.Module, m.Estimate[fpga.DSP])
		}
	}
}

// instance is a reader or writer within a unit's module in Verilog, and what that sets.
var (
	instance = regexp.MustCompile(`(?s)(feed_reader|feed_writer) #\((.*?)\) \w+ \(\n`)
	sets     = regexp.MustCompile(`\.(\w+)\(((?:[^()]|\([^()]*\))*)\)`)
	named    = regexp.MustCompile(`[A-Z_]+`)
)

// What is estimated and synthesized of readers and writers is what the units' modules have: as many, each with those widths, of small and large units.
func TestFeedersAreThoseOfTheVerilog(t *testing.T) {
	large := design()
	large.STCE.MaxN, large.STCE.MaxM, large.SORE.MaxN, large.SORE.MaxM = 8, 16, 8, 16
	large.SORE.Lanes, large.WUVE.Lanes, large.Vector.Lanes, large.Vector.Strip, large.WUVE.Optimiser = 64, 32, 65, 8, word.AdamW
	large.Norm.Lanes, large.Norm.Channels = 32, 2048
	for _, s := range []*spec.Spec{design(), large} {
		for unit, from := range map[string]fs.FS{"sore": sore.RTL, "wuve": wuve.RTL, "vector": vector.RTL, "norm": norm.RTL} {
			text, err := fs.ReadFile(from, "rtl/"+unit+"_fed.v")
			if err != nil {
				t.Fatal(err)
			}
			value := map[string]string{"READ": "2"}
			for _, p := range inside(s, unit) {
				value[p.Name] = fmt.Sprint(p.Value)
			}
			want := map[string]int64{}
			for _, made := range instance.FindAllStringSubmatch(string(text), -1) {
				set := map[string]int64{"READ": 2, "PARTS": 1, "BY_ROW": 0, "LANES": 1}
				for _, p := range sets.FindAllStringSubmatch(made[2], -1) {
					if p[1] == "ADDRESS" || p[1] == "ROWS" {
						continue // as they are by default
					}
					says := named.ReplaceAllStringFunc(p[2], func(name string) string { return value[name] })
					v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, says)
					if err != nil {
						t.Fatalf("%s, %s: %s: %v", unit, p[1], p[2], err)
					}
					set[p[1]], _ = number.Int64Val(v.Value)
				}
				names := []string{"WIDTH", "READ", "PARTS", "BY_ROW", "WORDS"}
				if made[1] == "feed_writer" {
					names = []string{"LANES", "WIDTH", "WORDS"}
				}
				point := synthesis.Point{Module: made[1]}
				for _, name := range names {
					point.Parameters = append(point.Parameters, verilog.Parameter{Name: name, Value: set[name]})
				}
				want[made[1]+" "+point.String()]++
			}
			all, err := Modules(s, unit, options())
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int64{}
			for _, m := range all {
				if strings.HasPrefix(m.Point.Module, "feed_") {
					got[m.Point.Module+" "+m.Point.String()] += m.Count
				}
			}
			if len(want) < 2 || !maps.Equal(got, want) {
				t.Errorf("%s: %v, in Verilog %v", unit, got, want)
			}
		}
	}
}

// What is stopped ends and says why. What was made by then stays, and nothing else; the next one does not make it again.
func TestSynthesisEndsWithItsContext(t *testing.T) {
	witness.Foreign(t)
	if verilog.Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	all, err := Modules(design(), "sore", options())
	if err != nil || len(all) != 5 || all[1].Point.Module != "sore_control" {
		t.Fatalf("%v, %v", all, err)
	}
	all[0].Point.Parameters = append(all[0].Point.Parameters, verilog.Parameter{Name: "NOTHING", Value: 1}) // yosys refuses it
	control, dir := all[1:2], t.TempDir()
	ctx, stop := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	stop(enough)
	if _, err := Synthesize(ctx, dir, all, func(string, int, int) { t.Error("made") }); !errors.Is(err, enough) {
		t.Errorf("%v", err)
	}
	files := func() []os.DirEntry {
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return left
	}
	if left := files(); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	made, err := Synthesize(t.Context(), dir, control, func(what string, done, total int) {
		if what != "sore_control" || done != 1 || total != 1 {
			t.Errorf("%s, %d of %d", what, done, total)
		}
	})
	left := files()
	if err != nil || len(made) != 1 || made[0].Cells.FF == 0 || len(left) != 1 || !strings.HasPrefix(left[0].Name(), "sore_control-") {
		t.Fatalf("%v, %v; %v is left", made, err, left)
	}
	// What is kept is what is taken.
	if err := os.WriteFile(filepath.Join(dir, left[0].Name()), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Synthesize(t.Context(), dir, control, func(string, int, int) {}); err == nil || !strings.Contains(err.Error(), "measuring sore_control") {
		t.Errorf("%v", err)
	}
	if _, err := Synthesize(t.Context(), dir, all[:1], func(string, int, int) {}); err == nil || !strings.Contains(err.Error(), "NOTHING") {
		t.Errorf("a parameter that there is not: %v", err)
	}
}

// An element of the default array and a lane of AdamW are begun before what is small.
func TestTheLargestModulesAreBegunFirst(t *testing.T) {
	s := &spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.WUVE.Optimiser = word.AdamW
	all, err := Modules(s, "", options())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, i := range largestFirst(all) {
		names = append(names, all[i].Point.Module)
	}
	if len(names) != len(all) || names[0] != "wuve_lane" || slices.Index(names, "stce_uspe") > slices.Index(names, "sore_control") {
		t.Errorf("%v", names)
	}
}

func TestSynthesisNamesTheMissingTool(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Synthesize(t.Context(), t.TempDir(), nil, nil); err == nil || !strings.Contains(err.Error(), "yosys is not installed (on Debian: apt-get install yosys)") {
		t.Errorf("%v", err)
	}
}
