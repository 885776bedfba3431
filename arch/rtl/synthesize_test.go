package rtl

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// The modules of a small architecture by hand: 2:4 counts with 2 bits (0 to 2), 3 bits (0 to 4) and has an index of 2; of momentum's lanes, whose operators take 3 and 5 cycles and
// whose conversion takes 2, the times of a lane are 2 x 3 + 4 x 5 + 2 + 1 = 29 at most, 5 bits.
func TestModulesByHand(t *testing.T) {
	s := design()
	s.STCE.Rows, s.STCE.Cols, s.WUVE.Lanes = 5, 3, 7
	all, err := Modules(s, "")
	if err != nil {
		t.Fatal(err)
	}
	count, of := map[string]int64{}, map[string]string{}
	for _, m := range all {
		count[m.Point.Module], of[m.Point.Module] = m.Count, m.Point.String()
	}
	for module, n := range map[string]int64{
		"stce_uspe": 15, "stce_row": 5, "stce_column": 3, "stce_sequencer": 1, "stce_registers": 1, "stce_loader": 1, "stce_counters": 1, "sore_lane": 3, "sore_control": 1, "sore_counters": 1, "wuve_lane": 7, "wuve_control": 1, "wuve_waves": 1, "wuve_counters": 1,
		"vector_lane": 32, "vector_scalar": 1, "vector_control": 1, "vector_front": 1, "vector_shuffle": 1, "vector_counters": 1,
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
	} {
		if of[module] != want {
			t.Errorf("%s is made with %s, want %s", module, of[module], want)
		}
	}
	if one, err := Modules(s, "wuve"); err != nil || len(one) != 4 {
		t.Errorf("%d modules of WUVE, %v", len(one), err)
	}
}

// In Verilog the array's adders are of logic, so that is what is estimated here whatever the architecture says: an element has the multiplier's DSP slice.
func TestModulesAreEstimatedAsInVerilog(t *testing.T) {
	for _, in := range []stce.Adder{stce.AdderDSP, stce.AdderLogic} {
		s := design()
		s.STCE.AddIn = in
		all, err := Modules(s, "stce")
		if err != nil {
			t.Fatal(err)
		}
		if m := all[0]; m.Point.Module != "stce_uspe" || m.Estimate[fpga.DSP].High != m.Count {
			t.Errorf("%v: %d of %s take %v DSP slices", in, m.Count, m.Point.Module, m.Estimate[fpga.DSP])
		}
	}
}

// What is stopped ends and says why. What was made by then stays, and nothing else; the next one does not make it again.
func TestSynthesisEndsWithItsContext(t *testing.T) {
	witness.Foreign(t)
	if verilog.Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	all, err := Modules(design(), "sore")
	if err != nil || len(all) != 3 || all[1].Point.Module != "sore_control" {
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
	all, err := Modules(s, "")
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
