package rtl

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"satsim/arch/fpga"
	"satsim/arch/stce"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// The modules of a small architecture by hand: 2:4 counts with 2 bits (0 to 2), 3 bits (0 to 4) and has an index of 2; of momentum's lanes, whose operators take 4 and 6 cycles and
// whose conversion takes 2, the times of a lane are 2 x 4 + 4 x 6 + 2 + 1 = 35 at most, 6 bits.
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
		"stce_uspe": 15, "stce_row": 5, "stce_column": 3, "stce_sequencer": 1, "stce_registers": 1, "stce_loader": 1, "sore_lane": 3, "sore_control": 1, "wuve_lane": 7, "wuve_control": 1,
	} {
		if count[module] != n {
			t.Errorf("%d of %s, want %d", count[module], module, n)
		}
	}
	for module, want := range map[string]string{
		"sore_lane":    "MAX_N=2 N_BITS=2 INDEX=2",
		"sore_control": "MAX_N=2 STAGES=2 N_BITS=2 M_BITS=3 INDEX=2",
		"wuve_lane":    "OPTIMISER=1 MUL=3 ADD=5 DIV=20 SQRT=28 CONVERT=2 FLUSH=1 BITS=5",
		"wuve_control": "LANES=7 COUNT=3 BITS=5",
	} {
		if of[module] != want {
			t.Errorf("%s is made with %s, want %s", module, of[module], want)
		}
	}
	if one, err := Modules(s, "wuve"); err != nil || len(one) != 2 {
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

// What is stopped ends, says why, and leaves nothing.
func TestSynthesisEndsWithItsContext(t *testing.T) {
	if verilog.Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	all, err := Modules(design(), "stce")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancelCause(t.Context())
	enough, dir := errors.New("enough"), t.TempDir()
	_, err = Synthesize(ctx, dir, all, func(string, int, int) { stop(enough) })
	if !errors.Is(err, enough) {
		t.Errorf("%v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left (%v)", left, err)
	}
}

func TestSynthesisNamesTheMissingTool(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Synthesize(t.Context(), t.TempDir(), nil, nil); err == nil || !strings.Contains(err.Error(), "yosys is not installed (on Debian: apt-get install yosys)") {
		t.Errorf("%v", err)
	}
}
