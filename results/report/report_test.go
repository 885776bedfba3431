package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"satsim/arch/spec"
	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/store"
	"satsim/results/table"
)

// step makes a point with round figures: cycles of FF, BP and WU, MACs performed, and cycles of vector work.
type step struct {
	network, recipe, sparsity, arch string
	ff, bp, wu, performed, vector   int64
}

const dense = 1200 // dense MACs of every step

func (s step) point(baseline string) store.Point {
	figures := func(cycles int64) record.Figures {
		return record.Figures{Cycles: cycles, TimeS: float64(cycles) / 1000, DenseMACs: dense / 3}
	}
	run := &record.Run{Recipe: s.recipe, Sparsity: s.sparsity, Total: figures(s.ff + s.bp + s.wu), Stages: []record.Stage{
		{Stage: "FF", Figures: figures(s.ff)}, {Stage: "BP", Figures: figures(s.bp)}, {Stage: "WU", Figures: figures(s.wu)},
	}}
	run.Total.DenseMACs, run.Total.PerformedMACs = dense, s.performed
	run.Total.DenseGFLOPS = 2 * dense / run.Total.TimeS / 1e9
	run.Total.Units = record.Units{{Unit: "sore", Counts: record.NamedCounts{{Name: "elements", Count: s.wu}}}, {Unit: "vector", Busy: s.vector}}
	arch := s.arch
	if arch == "" {
		arch = `{"name":"mine","dataflow":{"omit":[]}}`
	}
	return store.Point{
		Arch: json.RawMessage(arch), Network: fmt.Appendf(nil, `{"name":%q}`, s.network), Recipe: fmt.Appendf(nil, `{"name":%q,"sparsity":%q}`, s.recipe, s.sparsity),
		Batch: 4, Parameters: 2_000_000, Baseline: baseline, Run: run,
	}
}

// input makes rows of pairs: a baseline and a step that is compared with it.
func input(t *testing.T, pairs ...[2]step) *Input {
	t.Helper()
	var points []store.Point
	for _, p := range pairs {
		base := p[0].point("")
		points = append(points, base, p[1].point(base.Key()))
	}
	rows, err := query.NamePoints(points)
	if err != nil {
		t.Fatal(err)
	}
	return &Input{Data: &query.Data{Rows: rows, Detail: func(context.Context, string) (*record.Run, error) { return nil, nil }}}
}

func entry(t *testing.T, name string) *Entry {
	t.Helper()
	found, err := Find(KindTable, name)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d tables are named %s: %v", len(found), name, err)
	}
	return &found[0]
}

func build(t *testing.T, name string, in *Input) *table.Table {
	t.Helper()
	out, err := entry(t, name).Table(context.Background(), in, "satsim table "+name)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func csvOf(t *testing.T, made *table.Table) string {
	t.Helper()
	var b bytes.Buffer
	if err := made.CSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const bare = `{"name":"mine","dataflow":{"omit":["loss"]}}`

// Two networks by hand. a: dense 300+300+400 = 1000 cycles, of which the vector unit works 200; bdwp 100+100+400 = 600, likewise 200. Without
// vector work 900 and 450: overlapped max(900,200)/max(450,200) = 2, serial 1100/650 = 1.69231. MACs 1200/600 = 2. Step 1000/600.
// b: 400+400+400 against 200+100+300: stages 2, 4 and 4/3, step 2; no bare points, so no companions but MACs: 1200/800 = 1.5.
func TestRecipes(t *testing.T) {
	in := input(t,
		[2]step{{"a", "dense", "1:1", "", 300, 300, 400, 1200, 200}, {"a", "bdwp", "2:8", "", 100, 100, 400, 600, 200}},
		[2]step{{"a", "dense", "1:1", bare, 300, 300, 300, 1200, 0}, {"a", "bdwp", "2:8", bare, 50, 50, 350, 600, 0}},
		[2]step{{"b", "dense", "1:1", "", 400, 400, 400, 1200, 9}, {"b", "bdwp", "2:8", "", 200, 100, 300, 800, 9}},
	)
	got := csvOf(t, build(t, "recipes", in))
	want := `network,batch,recipe,N:M,dense (Mcycles),recipe (Mcycles),FF (x),BP (x),WU (x),step (x),MAC bound (x),overlapped (x),serial (x)
a,4,bdwp,2:8,0.001,0.0006,3,3,1,1.66667,2,2,1.69231
b,4,bdwp,2:8,0.0012,0.0006,2,4,1.33333,2,1.5,,
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDesignsAreTold(t *testing.T) {
	other := `{"name":"mine","dataflow":{"omit":[]},"stce":{"rows":8}}`
	in := input(t,
		[2]step{{"a", "dense", "1:1", "", 300, 300, 400, 1200, 0}, {"a", "bdwp", "2:8", "", 100, 100, 400, 600, 0}},
		[2]step{{"a", "dense", "1:1", other, 600, 600, 800, 1200, 0}, {"a", "bdwp", "2:8", other, 200, 200, 400, 600, 0}},
	)
	got := build(t, "recipes", in)
	if c := got.Columns[len(got.Columns)-1].Name; c != "architecture" {
		t.Errorf("the last column is %q", c)
	}
	if c := got.Rows[1].Cells[len(got.Columns)-1].Value(); c != "stce.rows=8" {
		t.Errorf("the second row is of %q", c)
	}
}

func TestMACs(t *testing.T) {
	in := input(t, [2]step{{"a", "dense", "1:1", "", 3, 3, 4, 1200, 0}, {"a", "bdwp", "2:8", "", 1, 1, 4, 600, 0}})
	want := "network,parameters (M),batch,FF (GMAC),BP (GMAC),WU (GMAC),step (GMAC),image (GMAC),bdwp 2:8 (% of dense)\n" +
		"a,2,4,4e-07,4e-07,4e-07,1.2e-06,3e-07,50\n"
	if got := csvOf(t, build(t, "macs", in)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func lanes(n int) string {
	return fmt.Sprintf(`{"name":"mine","dataflow":{"omit":[]},"vector":{"lanes":%d}}`, n)
}

// Places come in order, not as the points do; a mean needs all networks.
func TestAxis(t *testing.T) {
	pair := func(network string, n int, base, own int64) [2]step {
		return [2]step{{network, "dense", "1:1", lanes(n), base, 0, 0, 1200, 0}, {network, "bdwp", "2:8", lanes(n), own, 0, 0, 600, 0}}
	}
	in := input(t, pair("a", 32, 300, 200), pair("a", 8, 300, 300), pair("b", 32, 500, 200))
	want := "lanes,a (x),b (x)\n8,1,\n32,1.5,2.5\n"
	if got := csvOf(t, build(t, "lanes", in)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	twice := input(t, pair("a", 8, 300, 300), [2]step{
		{"a", "dense", "1:1", `{"name":"other","vector":{"lanes":8}}`, 300, 0, 0, 1200, 0}, {"a", "bdwp", "2:8", `{"name":"other","vector":{"lanes":8}}`, 100, 0, 0, 600, 0}})
	if _, err := entry(t, "lanes").Table(context.Background(), twice, ""); err == nil || !strings.Contains(err.Error(), "several points") {
		t.Errorf("two points at one place: %v", err)
	}
}

func TestRatiosAreOrderedByDensity(t *testing.T) {
	var pairs [][2]step
	for _, r := range []string{"1:16", "2:4", "4:8", "1:2", "2:8", "1:4"} {
		pairs = append(pairs, [2]step{{"a", "dense", "1:1", "", 300, 0, 0, 1200, 0}, {"a", "bdwp", r, "", 100, 0, 0, 600, 0}})
	}
	var got []string
	for _, r := range build(t, "nm", input(t, pairs...)).Rows {
		got = append(got, fmt.Sprint(r.Cells[0].Value()))
	}
	if want := "1:2 2:4 4:8 1:4 2:8 1:16"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// All on: 500 and 250 cycles. Without interleaving 600 and 500: 1.2 and 2 of those, speed-up 1.2. A parameter is sorted WU times in 2 million.
func TestAblation(t *testing.T) {
	arch := func(interleave bool) string {
		return fmt.Sprintf(`{"name":"mine","dataflow":{"omit":[],"interleave_mapping":%v,"pregeneration":true,"offline_scheduling":true}}`, interleave)
	}
	in := input(t,
		[2]step{{"a", "dense", "1:1", arch(true), 500, 0, 0, 1200, 0}, {"a", "bdwp", "2:8", arch(true), 50, 0, 200, 600, 0}},
		[2]step{{"a", "dense", "1:1", arch(false), 600, 0, 0, 1200, 0}, {"a", "bdwp", "2:8", arch(false), 500, 0, 0, 600, 0}},
	)
	want := `optimisations,figure,a
all on,"cycles of bdwp 2:8, all on = 1",1
all on,"cycles of dense, all on = 1",1
all on,elements sorted a parameter,0.0001
all on,speed-up over dense,2
without interleave mapping,"cycles of bdwp 2:8, all on = 1",2
without interleave mapping,"cycles of dense, all on = 1",1.2
without interleave mapping,elements sorted a parameter,0
without interleave mapping,speed-up over dense,1.2
`
	if got := csvOf(t, build(t, "ablation", in)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The prior works' figures as their abstracts state them, once more, and ours over them: two networks at 2 and 4 GFLOPS, 3 on average.
func TestPrior(t *testing.T) {
	pair := func(network string, cycles int64) [2]step {
		return [2]step{{network, "dense", "1:1", "", 1200, 0, 0, 1200, 0}, {network, "bdwp", "2:8", "", cycles, 0, 0, 600, 0}}
	}
	in := input(t, pair("a", 1200), pair("b", 600))
	for i, gflops := range []float64{2, 4} {
		run := in.Rows[2*i+1].Point.Run
		run.Total.DenseGFLOPS = gflops
		run.Energy = &record.RunEnergy{DenseGFLOPSPerW: record.Interval{Value: 10 * float64(i+1), Low: 5 * float64(i+1), High: 20 * float64(i+1)}}
	}
	got := csvOf(t, build(t, "prior", in))
	for _, line := range []string{
		`ZCU102 (recalled: not in the abstract),FP32 (recalled),not stated,46.99,6.09,6.09,6.09,0.0638434`, // 3/46.99
		`Stratix 10 GX,16-bit fixed,"CNNs at CIFAR-10, best",479,,,,0.00626305`,
		`VC709,8-bit,VGG-16 at CIFAR,610.98,,,,0.00491014`,
		`VC709,8-bit,ResNet-20 at CIFAR,658.64,,,,0.00455484`,
		`VC709,8-bit,ResNet-18,811.24,,,,0.00369804`,
		// What the claims would mean of rivals, if 3 GFLOPS and 15 (7.5 to 30) GFLOPS/W were the paper's: 3/2.97, 3/25.22, 15/1.36, 15/3.58.
		`a rival of whose throughput our mean is 2.97x,implied by the paper's claim,,,,1.0101,,,,2.97`,
		`a rival of whose throughput our mean is 25.22x,implied by the paper's claim,,,,0.118953,,,,25.22`,
		`a rival of whose efficiency our mean is 1.36x,implied by the paper's claim,,,,,11.0294,5.51471,22.0588,1.36`,
		`a rival of whose efficiency our mean is 3.58x,implied by the paper's claim,,,,,4.18994,2.09497,8.37989,3.58`,
	} {
		if !strings.Contains(got, line) {
			t.Errorf("%s is not in\n%s", line, got)
		}
	}
}

func TestFrontHasNobodyWhoIsBeaten(t *testing.T) {
	pair := func(n int, own int64) [2]step {
		return [2]step{{"a", "dense", "1:1", lanes(n), 1000, 0, 0, 1200, 0}, {"a", "bdwp", "2:8", lanes(n), own, 0, 0, 600, 0}}
	}
	in := input(t, pair(8, 500), pair(16, 400), pair(32, 450), pair(64, 300))
	for i := range in.Rows {
		in.Rows[i].Values["dsp"] = in.Rows[i].Values["vector.lanes"] // more lanes, more slices
	}
	got := build(t, "front", in)
	var rows []string
	for _, r := range got.Rows {
		rows = append(rows, fmt.Sprint(r.Cells[0].Value()))
	}
	if want := "64 16 8"; strings.Join(rows, " ") != want { // 32 lanes are slower than 16
		t.Errorf("lanes on the front %v, want %s", rows, want)
	}
}

func TestResourcesAddUp(t *testing.T) {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	got := build(t, "resources", &Input{Spec: s})
	var sum, all [6]float64
	for _, r := range got.Rows {
		for i := range sum {
			_, high, _ := r.Cells[i+1].Bounds()
			switch r.Cells[0].Value() {
			case "all":
				all[i] = high
			case "fits", "of it (%)", s.Board.Device.Part:
			default:
				sum[i] += high
			}
		}
	}
	if sum != all || all[0] == 0 {
		t.Errorf("units take %v, all take %v", sum, all)
	}
}

func TestFailedPointsAreLeftOutAndTold(t *testing.T) {
	in := input(t, [2]step{{"a", "dense", "1:1", "", 300, 0, 0, 1200, 0}, {"a", "bdwp", "2:8", "", 100, 0, 0, 600, 0}})
	bad := step{"b", "bdwp", "2:8", "", 1, 1, 1, 1, 1}.point("x")
	bad.Run, bad.Error = nil, "too large"
	rows, err := query.NamePoints([]store.Point{bad})
	if err != nil {
		t.Fatal(err)
	}
	in.Rows = append(in.Rows, rows...)
	got := build(t, "recipes", in)
	if n := len(got.Notes); got.Notes[n-1] != "1 points failed and are not shown." || len(got.Rows) != 1 {
		t.Errorf("%d rows, notes %q", len(got.Rows), got.Notes)
	}
}

func TestNothingToCompareIsAnError(t *testing.T) {
	in := input(t)
	for _, e := range Entries() {
		if e.From != FromPoints || e.Kind == KindTable && e.Name == "prior" { // prior work stands without points
			continue
		}
		if _, err := e.Files(context.Background(), in, ""); err == nil {
			t.Errorf("%s %s is made of nothing", e.Kind, e.Name)
		}
	}
}

// A hundred additions and ten words against fifty and ten. At 2 pJ and 4 pJ: 240/140. An addition lies between 1 and 4 pJ, a word between 2 and
// 10 pJ, and each costs both sides the same: at least 200/150, at most 420/220.
func TestEnergyRatioHasOneTableOnBothSides(t *testing.T) {
	in := input(t, [2]step{{"a", "dense", "1:1", "", 500, 0, 0, 1200, 0}, {"a", "bdwp", "2:8", "", 250, 0, 0, 600, 0}})
	for i, adds := range []int64{100, 50} {
		p := in.Rows[i].Point
		p.Energy = json.RawMessage(`{"name":"two","note":"","entries":[` +
			`{"action":"stce.add","value":"2pJ","low":"1pJ","high":"4pJ","unit":"operation","technology":"t","source":"s"},` +
			`{"action":"stce.operand_hop","value":"4pJ","low":"2pJ","high":"10pJ","unit":"word","technology":"t","source":"s"}]}`)
		p.Run.Energy = &record.RunEnergy{Table: "two", Actions: []record.Action{{Action: "stce.add", Count: adds}, {Action: "stce.operand_hop", Count: 10}}}
		p.Run.Energy.Joules.Value = 1
		in.Rows[i].Values["clock"] = 200_000_000
	}
	got, err := energyRatio(&in.Rows[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want float64 }{{got.Value, 240. / 140}, {got.Low, 200. / 150}, {got.High, 420. / 220}} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("ratio %+v, want 1.7142 (1.3333 to 1.9090)", got)
		}
	}
	var text bytes.Buffer
	if err := build(t, "energy", in).Markdown(&text); err != nil || !strings.Contains(text.String(), "| 1.71 (1.33 to 1.91) | less energy |\n") {
		t.Errorf("%v: the table says\n%s", err, text.String())
	}
}

// Whatever can be asked for has a name of its own in its kind, and says what it needs.
func TestEntriesAreToldApart(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Entries() {
		if key := string(e.Kind) + " " + e.Name; seen[key] || e.Title == "" || (e.Sweep != "") != (e.From == FromPoints) {
			t.Errorf("%s: known %v, title %q, sweep %q", key, seen[key], e.Title, e.Sweep)
		} else {
			seen[key] = true
		}
	}
	listed := 0
	for _, kind := range []Kind{KindTable, KindFigure} {
		all, err := Find(kind, All)
		if err != nil || len(all) == 0 {
			t.Errorf("all of kind %s are %d: %v", kind, len(all), err)
		}
		if _, err := Find(kind, "nothing"); err == nil || !strings.Contains(err.Error(), "recipes") {
			t.Errorf("a %s of no name: %v", kind, err)
		}
		for _, e := range all {
			if e.From != FromPoints && e.From != FromArchitecture {
				t.Errorf("all of kind %s have %s, which satsim cannot make by itself", kind, e.Name)
			}
		}
		listed += len(List(kind).Rows)
	}
	if listed != len(Entries()) {
		t.Errorf("%d of %d entries are listed", listed, len(Entries()))
	}
	in := input(t, [2]step{{"a", "dense", "1:1", "", 300, 300, 400, 1200, 0}, {"a", "bdwp", "2:8", "", 100, 100, 400, 600, 0}})
	files, err := entry(t, "macs").Files(context.Background(), in, "")
	if err != nil || len(files) != 3 || files[0].Name != "macs.md" || files[1].Name != "macs.tex" || files[2].Name != "macs.csv" {
		t.Errorf("%v: shipped as %+v", err, files)
	}
	if made := build(t, "macs", in); strings.Contains(strings.Join(made.Notes, " "), "failed") {
		t.Errorf("nothing failed, and notes say %q", made.Notes)
	}
}
