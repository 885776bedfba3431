package report

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/table"
)

// shows draws a table and looks for rows in it: cells, without what is between them.
func shows(t *testing.T, made *table.Table, rows ...string) {
	t.Helper()
	var b bytes.Buffer
	if err := made.Terminal(&b); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, l := range strings.Split(b.String(), "\n") {
		cells := strings.Split(strings.Trim(l, "│"), "│")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		lines = append(lines, strings.Join(cells, "|"))
	}
	for _, r := range rows {
		found := false
		for _, l := range lines {
			found = found || l == r
		}
		if !found {
			t.Errorf("%q is not in\n%s", r, b.String())
		}
	}
}

// Two groups of 1000 and 3000 cycles, 900 and 2700 predicted: gaps of 10 % and 10 % of what was simulated, 3600 of 4000 in all. The first has an
// array lane that computes for half, fills for 200 and drains for 50; of the second's two lanes the vector unit's computes for longer. The machine has
// SORE, nobody here has heard of the unit that the array waited for for 100 cycles, and the units that are not built have no column.
func TestGroupsByHand(t *testing.T) {
	run := &record.Run{Total: record.Figures{Units: record.Units{{Unit: "stce"}, {Unit: "sore"}}}, Groups: []record.Group{
		{Label: "a", Word: "w", Predicted: 900, Cycles: 1000, Lanes: []record.Lane{
			{Lane: "vector", Computing: 900}, {Lane: "array", Computing: 500, Filling: 200, Draining: 50, Waits: []record.Wait{{Unit: "memory", Cycles: 150}, {Unit: "compress", Cycles: 100}}},
		}},
		{Label: "b", Word: "", Predicted: 2700, Cycles: 3000, Lanes: []record.Lane{{Lane: "wuve", Computing: 300}, {Lane: "vector", Computing: 1500, NoWord: 1500}}},
	}}
	shows(t, Groups(run), "a|w|0.9|1.0|10.00|array|50.0|25.0|15.0|||10.0||", "b||2.7|3.0|10.00|vector|50.0||||||50.0|", "step||3.6|4.0|10.00|||||||||")
	for i, want := range []string{"memory", "stce", "sore", "compress"} {
		if got := Groups(run).Columns[8+i].Name; got != want {
			t.Errorf("column %d is %q, want %q", 8+i, got, want)
		}
	}
}

// 300 steps of 12 s are 3600 s, an hour; so are 150 of 24 s.
func TestTrainingsByHand(t *testing.T) {
	trainings := []record.Training{
		{Recipe: "dense", Epochs: 3, StepsPerEpoch: 100, TimeS: 3600, Phases: []record.Phase{{Name: "dense", Steps: 300, Sparsity: "1:1", StepTimeS: 12}}},
		{Recipe: "bdwp", Epochs: 3, StepsPerEpoch: 100, TimeS: 1800, Phases: []record.Phase{{Name: "x", Steps: 150, Sparsity: "2:8", StepTimeS: 24}}},
	}
	shows(t, Trainings(trainings), "|dense|1:1|300|12000.000|1.000", "dense|3 epochs||300||1.000", "|x|2:8|150|24000.000|1.000", "bdwp|3 epochs||300||0.500")
	var b bytes.Buffer
	p := newPage(&b)
	p.trainings(trainings)
	if !strings.HasSuffix(b.String(), "bdwp against dense, whole training: 2.000x\n") {
		t.Errorf("%s", b.String())
	}
}

// 90 dense epochs in 9000 s are 100 s an epoch, 30 sparse ones in 2000 s 66.7 s: 1.5 times as fast for the same samples, 4.5 times as fast as a whole.
func TestTrainingsOfOtherLengthsByHand(t *testing.T) {
	var b bytes.Buffer
	p := newPage(&b)
	p.trainings([]record.Training{{Recipe: "dense", Epochs: 90, StepsPerEpoch: 7, TimeS: 9000}, {Recipe: "r", Epochs: 30, StepsPerEpoch: 7, TimeS: 2000}})
	if want := "r against dense, whole training: 1.500x at equal samples; 4.500x with its 30 epochs against 90\n"; !strings.HasSuffix(b.String(), want) {
		t.Errorf("%s\nwant %s", b.String(), want)
	}
}

func TestMemoryStagesByHand(t *testing.T) {
	m := &record.Memory{Stages: []record.MemoryStage{{Stage: "FF", Use: record.Use{Shares: record.Shares{Useful: 0.5, Idle: 0.25}}, Operands: []record.MemoryOperand{
		{Operand: "x", Lane: "west", Bytes: 1_500_000, Share: 0.3}, {Operand: "w", Lane: "north", Bytes: 1_000_000, Share: 0.2},
	}}}}
	shows(t, MemoryStages(m), "FF|all|2.50|50.0|0.0|0.0|0.0|0.0|0.0|25.0", "|west x|1.50|30.0||||||", "|north w|1.00|20.0||||||")
}

// What is short of a board is named with what is too many and the most that would fit, also where the board has none of it; what fits is not.
func TestFitNamesWhatIsShort(t *testing.T) {
	var b bytes.Buffer
	p := newPage(&b)
	p.fit(&record.Record{Resources: &record.Resources{Board: "mine", Fit: "does not fit", Lines: []record.ResourceLine{
		{Resource: "lut", Low: 50, High: 150, Available: 125, Limit: 100, Fit: "undecided"}, {Resource: "ff", Low: 1, High: 2, Available: 100, Fit: "fits"},
		{Resource: "bram36", Fit: "unknown"}, {Resource: "dsp", Low: 7, High: 7, Available: 5, Fit: "does not fit"},
		{Resource: "uram", Low: 3, High: 8, Fit: "does not fit"},
	}}})
	want := "resources on mine: does not fit (lut 50 to 150, 0 to 50 too many; at most 100: undecided; " +
		"dsp 7, 2 too many;\n  at most 5: does not fit; uram 3 to 8, 3 to 8 too many; at most 0: does not fit)\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

func TestShareOfABoard(t *testing.T) {
	if got := shareOf(&fpga.Assessment{Use: fpga.Range{Low: 30, High: 120}, Available: 120}).In(table.NumberFormat{}); got != "25 to 100" {
		t.Errorf("30 to 120 of 120 are %s %%", got)
	}
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	if made := ResourcesOf(&s, false).Table(); len(made.Rows)%int(fpga.Resources) != 0 || len(made.Rows) == 0 {
		t.Errorf("%d rows of %d resources each", len(made.Rows), fpga.Resources)
	}
}

// Programs read all digits of a point, people five; what is infinite is said, what is not there is empty.
func TestPointsByHand(t *testing.T) {
	list := &PointList{Columns: []query.Column{{Source: "time", Values: []any{1.0 / 3, math.Inf(1)}}, {Source: "name", Values: []any{"a", "b"}}}, Rows: 2}
	for i := range list.Columns {
		if len(list.Columns[i].Values) != 2 {
			t.Fatal("a column is short")
		}
	}
	shows(t, list.Table(), "0.33333|a", "+Inf|b")
	var b bytes.Buffer
	if err := list.Table().CSV(&b); err != nil || b.String() != "time,name\n0.3333333333333333,a\n+Inf,b\n" {
		t.Errorf("%v: %q", err, b.String())
	}
}

// The first run's machine has no SORE, the second's no WUVE and one more unit: every figure stands in its unit's row.
func TestJoulesOfDifferentMachines(t *testing.T) {
	run := func(joules ...record.UnitEnergy) record.Run {
		return record.Run{Energy: &record.RunEnergy{Energy: record.Energy{Units: joules}}}
	}
	of := func(unit string, j float64) record.UnitEnergy {
		return record.UnitEnergy{Unit: unit, Joules: record.Interval{Value: j, Low: j, High: j}}
	}
	r := record.Record{Runs: []record.Run{run(of("stce", 1), of("wuve", 2), of("dram", 3)), run(of("stce", 4), of("sore", 5), of("compress", 6), of("dram", 7))}}
	shows(t, Joules(&r), "stce J|1.00 (1.00 to 1.00)|4.00 (4.00 to 4.00)", "sore J||5.00 (5.00 to 5.00)", "compress J||6.00 (6.00 to 6.00)",
		"dram J|3.00 (3.00 to 3.00)|7.00 (7.00 to 7.00)", "wuve J|2.00 (2.00 to 2.00)|")
}
