package codesign

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"

	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/results/training"
)

// points by hand: accuracy over time. On the front: dense (best), b (faster, less accurate), c (fastest). a is beaten by b, the
// twin of b is equal to it and so beaten by nobody, and the untrained one is on no front however fast it is.
func points() Points {
	p := func(recipe, sparsity string, accuracy, time float64) Point {
		out := Point{Arch: "x", Network: "net", Recipe: recipe, Sparsity: sparsity, Optimiser: "momentum", TimeS: time}
		if accuracy > 0 {
			out.Training = &training.SeedGroup{Result: training.Result{TrainImages: 5120, Epochs: 2}, Seeds: 3, Accuracy: training.Estimate{Mean: accuracy, Deviation: 0.01, Of: 3}}
		}
		return out
	}
	return Points{
		p("dense", "1:1", 0.9, 4), p("a", "2:8", 0.8, 3), p("b", "2:8", 0.85, 2), p("twin", "2:8", 0.85, 2), p("c", "1:8", 0.7, 1), p("unknown", "1:8", 0, 0.5),
	}
}

func fronts(p []Point) string {
	var out []string
	for i := range p {
		if p[i].Front {
			out = append(out, p[i].Recipe)
		}
	}
	return strings.Join(out, " ")
}

func TestFrontByHand(t *testing.T) {
	p := points()
	Finish(p)
	if got := fronts(p); got != "dense b twin c" {
		t.Errorf("on the front: %s", got)
	}
	if p[2].Speedup != 2 || p[4].Speedup != 4 || p[0].Speedup != 1 {
		t.Errorf("speed-ups %g, %g, %g; 2, 4 and 1 are times of 4 over 2, 1 and 4", p[2].Speedup, p[4].Speedup, p[0].Speedup)
	}
	// a needs the least energy, so nobody beats it any more, and twin needs more than b.
	for i, j := range []float64{9, 1, 5, 6, 4, 4} {
		p[i].Energy = energy.Interval{Low: j / 2, Value: j, High: 2 * j}
	}
	Finish(p)
	if got := fronts(p); got != "dense a b c" {
		t.Errorf("with energy on the front: %s", got)
	}
	p[0].Optimiser = "adamw" // another update: no baseline of theirs
	Finish(p[:2])
	if p[1].Speedup != 0 && p[1].Speedup != 4.0/3 {
		t.Errorf("speed-up %g", p[1].Speedup)
	}
}

// TestChancesByHand: two trainings of one mean. The slow one is on the front when it is the more accurate of the two, one time in two; the fast one
// always. The same training on a slower machine is beaten by itself; one far below is on no front, but for its speed it would be on every one.
func TestChancesByHand(t *testing.T) {
	group := func(mean float64) *training.SeedGroup {
		return &training.SeedGroup{Seeds: 3, Accuracy: training.Estimate{Mean: mean, Deviation: 0.01, Of: 3}}
	}
	a, b, c := group(0.9), group(0.9), group(0.1)
	p := []Point{{Training: a, TimeS: 2}, {Training: b, TimeS: 1}, {Training: b, TimeS: 3}, {Training: c, TimeS: 5}, {Training: c, TimeS: 0.5}, {TimeS: 0.1}}
	Finish(p)
	for i, want := range []float64{0.5, 1, 0, 0, 1, 0} {
		if math.Abs(p[i].Chance-want) > 1e-6 || p[i].Chance < 0 || p[i].Chance > 1 || p[i].HasChance != (i < 5) {
			t.Errorf("point %d is on the front with probability %g, want %g", i, p[i].Chance, want)
		}
	}
	// At the low end of the table the slow one takes less energy than the fast one, so nobody beats it there: half of the quantiles, and half of the rest.
	p = p[:2]
	p[0].Energy, p[1].Energy = energy.Interval{Low: 1, Value: 3, High: 9}, energy.Interval{Low: 2, Value: 2.99, High: 8}
	Finish(p)
	if math.Abs(p[0].Chance-0.75) > 0.02 {
		t.Errorf("%g, want about 3/4", p[0].Chance)
	}
}

func TestTablesAndFigure(t *testing.T) {
	p := points()
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	for i := range p {
		p[i].Resources = fpga.Assess(&s)
		p[i].Energy = energy.Interval{Low: 0.001, Value: 0.002, High: 0.003}
	}
	Finish(p)
	var text, md, svg bytes.Buffer
	if err := p.Table().CSV(&text); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&text).ReadAll()
	if err != nil || len(lines) != 7 {
		t.Fatalf("%d lines: %v", len(lines), err)
	}
	row := map[string]string{}
	for i, key := range lines[0] {
		row[key] = lines[3][i]
	}
	for key, want := range map[string]string{
		"test_accuracy": "0.85", "test_accuracy_deviation": "0.01", "seeds": "3", "step_time_s": "2", "speedup": "2", "energy_j": "0.002", "energy_low_j": "0.001", "energy_high_j": "0.003",
		"front": "true",
	} {
		if row[key] != want {
			t.Errorf("%s is %s, want %s", key, row[key], want)
		}
	}
	if err := p.Table().Markdown(&md); err != nil || !strings.Contains(md.String(), "| b | 2:8 | 85.00 | 1.00 | 3 | 5120 | 2 | 2000.000 | 2.000 | 2 | 1 | 3 |") ||
		!strings.Contains(md.String(), "| unknown | 1:8 | - | - | - | - | - | 500.000 | 8.000 |") || strings.Count(md.String(), "\n") != 8 {
		t.Errorf("%v\n%s", err, md.String())
	}
	drawn, err := p.Figure()
	if err != nil {
		t.Fatal(err)
	}
	if err := drawn.SVG(&svg); err != nil || !strings.Contains(svg.String(), "twin") || strings.Contains(svg.String(), "unknown") {
		t.Errorf("%v: the figure has trained points and no others", err)
	}
	for d := xml.NewDecoder(&svg); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the figure is no XML: %v", err)
		}
	}
	if _, err := p[5:].Figure(); err == nil {
		t.Error("a figure without any training")
	}
}
