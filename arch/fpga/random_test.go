package fpga

import (
	"os"
	"testing"

	"satsim/arch/rtl/synthesis"
	"satsim/arch/spec"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// A generator takes what yosys counts of its Verilog, and its paths fit the clock of the shipped machine, 0.8 of 5 ns.
func TestGeneratorIsAsSynthesised(t *testing.T) {
	witness.Foreign(t)
	if verilog.Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	source, err := os.ReadFile("../vector/testdata/random.v")
	if err != nil {
		t.Fatal(err)
	}
	const top = "vector_random"
	text, err := verilog.Synthesize(t.Context(), t.TempDir(), verilog.Design{Top: top, Sources: []verilog.Source{{Name: "random.v", Text: string(source)}}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := synthesis.Measure(synthesis.Of(top), text)
	if err != nil {
		t.Fatal(err)
	}
	c := r.Cells
	if c.LUTs() != generatorLUTs || c.Memory != generatorSRLs || c.FF != generatorFFs || c.DSP != generatorDSPs {
		t.Errorf("%+v", c)
	}
	if r.Longest() > 4000 {
		t.Errorf("a path takes %d ps", r.Longest())
	}
}

// Generators are counted each, what brings their numbers to lanes once, and a machine without one has neither.
func TestGeneratorsAreCounted(t *testing.T) {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	take := func(random int) (u ResourceUse) {
		s.Vector.Random = random
		for _, p := range Estimate(&s) {
			u = u.Plus(p.Use)
		}
		return u
	}
	none, one, four := take(0), take(1), take(4)
	if n := four[DSP].High - one[DSP].High; n != 3*generatorDSPs || one[DSP].High-none[DSP].High != generatorDSPs {
		t.Errorf("three generators more are %d DSP slices", n)
	}
	if n := four[LUT].High - one[LUT].High; n != 3*(generatorLUTs+generatorSRLs) || one[LUT].High-none[LUT].High <= generatorLUTs+generatorSRLs {
		t.Errorf("three generators more are %d LUTs, the first one %d", n, one[LUT].High-none[LUT].High)
	}
}
