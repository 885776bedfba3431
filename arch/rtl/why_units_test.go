package rtl

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/sore"
	"satsim/arch/unit"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/internal/microcode"
	"satsim/internal/nm"
)

// contracts are those of the units but the array, and of what feeds them.
func contracts(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for _, of := range []string{"sore", "wuve", "vector", "norm", feedUnit} {
		all[of] = sectionsOf(t, filepath.Join("..", of, "doc.go"))
	}
	return all
}

// A rule stands in the contract that it is said to be of, word by word.
func TestRulesOfUnitsStandInTheirContracts(t *testing.T) {
	all := contracts(t)
	for _, of := range []string{"sore", "wuve", "vector", "norm"} {
		rules := rulesOf(of)
		for _, list := range []map[string][]clause{rules.causes, rules.shows} {
			for name, cs := range list {
				if len(cs) == 0 {
					t.Errorf("%s, %s: no rule", of, name)
				}
				for _, c := range cs {
					if !strings.Contains(all[c.unit][c.section], c.text) {
						t.Errorf("%s, %s: the section %q of %s does not say: %s", of, name, c.section, c.unit, c.text)
					}
				}
			}
		}
	}
}

// In benches of several seeds every cause and sight of the units' rules is met, each cycle has a rule, and the cause is what the edges of the same cycle say, which benches hold the Verilog to: with
// operands taken, with operands asked for that are not there, and with neither.
func TestEveryCycleOfAUnitHasItsRule(t *testing.T) {
	s, met := design(), map[string]bool{}
	s.WUVE.Optimiser = word.Adam
	s.SORE.MaxN, s.SORE.MaxM = 3, 4
	for seed := range uint64(12) {
		o := Options{Seed: seed, Tiles: 12, Side: 3, Read: 1 + int(seed)%3}
		if seed >= 3 { // short jobs, between which there is nothing to do
			o.Tiles = 40
			s.WUVE.Optimiser = word.SGD
		}
		rs, err := rooms(s, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rs {
			if r.unit == arrayUnit {
				continue
			}
			edges := strings.Fields(r.bench.files["edges.hex"])
			if len(edges) != len(r.moments) {
				t.Fatalf("%s: %d moments of %d cycles", r.unit, len(r.moments), len(edges))
			}
			rules := rulesOf(r.unit)
			for c, m := range r.moments {
				at := fmt.Sprintf("%s, seed %d, cycle %d: %s", r.unit, seed, c, m.Cause)
				if len(rules.causes[m.Cause]) == 0 {
					t.Fatalf("%s has no rule", at)
				}
				met[r.unit+" "+m.Cause] = true
				for _, what := range m.Shows {
					if len(rules.shows[what]) == 0 {
						t.Fatalf("%s shows %s, which has no rule", at, what)
					}
					met[r.unit+" "+what] = true
				}
				asks, flags := edges[c][0]&1 == 1, digit(edges[c][1])
				taken := flags&4 != 0
				takes, lacks := m.Cause == "wave" || m.Cause == "slot", m.Cause == "operands"
				if takes != taken || lacks != (asks && !taken) || (m.Cause == "idle") != (flags&8 == 0) {
					t.Fatalf("%s, and the edges are %s", at, edges[c][:2])
				}
			}
		}
	}
	// A row of three waves of 128 lanes, of which two have sums of their own.
	wide := vector.Params{Lanes: 128, PipelineLatency: 5, DivideLatency: 5, Strip: 3, Constants: 64, Sums: 64, Ops: vector.DefaultOps()}
	x := vector.Operands{Program: microcode.Softmax(), Columns: 384, Port: [3][]float32{make([]float32, 384)}, Bit: make([]bool, 384)}
	v, _, err := wide.FedVectors(fp.Flush, wide.Room(), []vector.Job{{Kind: vector.Softmax, Elements: 384, Row: 384}}, []vector.Operands{x}, unit.Gaps{}, feed.Pace{Read: 1})
	if err != nil || !strings.Contains(causes(v.Moments), "operands wave wave wait: turn wait: turn wait: turn wave ") {
		t.Errorf("%v: %s", err, causes(v.Moments))
	}
	met["vector "+vector.WaitsTurn] = true
	for _, of := range []string{"sore", "wuve", "vector", "norm"} {
		rules := rulesOf(of)
		for _, list := range []map[string][]clause{rules.causes, rules.shows} {
			for name := range list {
				if !met[of+" "+name] {
					t.Errorf("%s: no cycle has %q", of, name)
				}
			}
		}
	}
}

func digit(c byte) int {
	if c >= 'a' {
		return int(c-'a') + 10
	}
	return int(c - '0')
}

// causes are those of the first cycles, each by its first letters.
func causes(all []unit.Moment) string {
	var names []string
	for _, m := range all {
		names = append(names, m.Cause)
	}
	return strings.Join(names, " ")
}

// By hand, at a read latency of 1. SORE, without a register in front: a job's first word is offered 3 cycles after its start, which is in cycle -1: two cycles late. A group of 2 of 2 leaves in two
// cycles; the group of one that follows would be complete in the first of them, so it waits for one. WUVE's D is 3 for SGD with a cycle an operator: its job is in cycle -2, so the wave is a
// cycle late, and another shape waits until cycle 4, in which the FP16 weight leaves; unscaled, D is 4. The vector unit, pipeline of 5: a wave a cycle late, and two words with a wave each,
// so that the second waits four cycles; results leave 8 cycles after it.
func TestCausesByHand(t *testing.T) {
	pace := feed.Pace{Read: 1}
	engine := sore.Params{Lanes: 1, MaxN: 2, MaxM: 2}
	v, _, err := engine.FedVectors([]sore.Job{{Runs: 1, Channels: 2, Ratio: nm.Ratio{N: 2, M: 2}}, {Runs: 1, Channels: 1, Ratio: nm.Ratio{N: 1, M: 1}}}, [][]uint16{{1, 2}, {3}}, unit.Gaps{}, pace)
	if got := causes(v.Moments); err != nil || got != "operands operands slot slot bank slot drain" {
		t.Errorf("sore: %v: %s", err, got)
	}
	updates := wuve.Params{Lanes: 1, Optimiser: word.SGD, MulLatency: 1, AddLatency: 1, ConvertLatency: 1}
	one := wuve.Operands{Master: []float32{1}, Gradient: []float32{1}}
	u, _, err := updates.FedVectors([]wuve.Job{{Optimiser: word.SGD, Parameters: 1}, {Optimiser: word.SGD, Parameters: 1, Unscale: true}}, wuve.StepParams{LearningRate: 1, LossScale: 1, Number: 1},
		[]wuve.Operands{one, one}, unit.Gaps{}, pace)
	if got := causes(u.Moments); err != nil || got != "operands wave shape shape shape wave drain drain drain drain" {
		t.Errorf("wuve: %v: %s", err, got)
	}
	lanes := vector.Params{Lanes: 1, PipelineLatency: 5, DivideLatency: 5, Strip: 1, Constants: 64, Sums: 64, Ops: vector.DefaultOps()}
	x := vector.Operands{Program: microcode.MulGrad(), Columns: 1, Port: [3][]float32{{1}, {2}, {3}}, Bit: []bool{false}}
	w, _, err := lanes.FedVectors(fp.Flush, lanes.Room(), []vector.Job{{Kind: vector.MulGrad, Elements: 1}}, []vector.Operands{x}, unit.Gaps{}, pace)
	if got := causes(w.Moments); err != nil || got != "operands wave wait: word wait: word wait: word wait: word word drain drain drain drain drain drain drain drain" {
		t.Errorf("vector: %v: %s", err, got)
	}
}

func TestWhyUnit(t *testing.T) {
	s, o := design(), options()
	for _, of := range []string{"sore", "wuve", "vector", "norm"} {
		text, err := WhyUnit(s, o, of, 0)
		want := "cycle 0: operands\n"
		if err != nil || !strings.Contains(text, want) || !strings.Contains(text, "\nrule ("+of+", ") || !strings.Contains(text, "rule of missing operands: nothing was to be read (feed, A reader): ") {
			t.Errorf("%v: %s", err, text)
		}
		if _, err := WhyUnit(s, o, of, 1<<20); err == nil || !strings.Contains(err.Error(), "the bench of "+of+" takes cycles 0 to ") {
			t.Errorf("%v", err)
		}
	}
	if _, err := WhyUnit(s, o, "fpu", 0); err == nil || !strings.Contains(err.Error(), `"fpu" is no unit`) {
		t.Errorf("%v", err)
	}
}

// What a seed's random holds are is of no matter to who reads: the reasons of a missing word are those of its reader.
func TestWhatIsMissingIsSaid(t *testing.T) {
	p := sore.Params{Lanes: 1, MaxN: 1, MaxM: 2, PipelineLatency: 1}
	pace := feed.RandomPace(rand.New(rand.NewPCG(1, 1)), 2, 0)
	pace.Hold = func(cycle int) bool { return cycle == 3 } // the address of the fourth slot, which is asked for in 6
	pace.NoStart = func(cycle int) bool { return cycle < 20 }
	j := sore.Job{Runs: 3, Channels: 2, Ratio: nm.Ratio{N: 1, M: 2}}
	v, _, err := p.FedVectors([]sore.Job{j, j}, [][]uint16{{1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}}, unit.Gaps{}, pace)
	if err != nil {
		t.Fatal(err)
	}
	for cycle, want := range map[int]string{2: feed.ShowsNoStart, 6: feed.ShowsHeld, 15: feed.ShowsNoStart} {
		if m := v.Moments[cycle]; m.Cause != sore.NoOperands || !strings.Contains(strings.Join(m.Shows, "; "), want) {
			t.Errorf("cycle %d: %+v", cycle, m)
		}
	}
}
