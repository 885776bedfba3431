package codesign

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/results/training"
)

// points by hand: accuracy over time. On the front: dense (best), b (faster, less accurate), c (fastest). a is beaten by b, the
// twin of b is equal to it and so beaten by nobody, and the untrained one is on no front however fast it is.
func points() []Point {
	p := func(recipe, sparsity string, accuracy, time float64) Point {
		out := Point{Arch: "x", Network: "net", Recipe: recipe, Sparsity: sparsity, Optimiser: "momentum", TimeS: time}
		if accuracy > 0 {
			out.Training = &training.Group{Seeds: 3, Accuracy: training.Estimate{Mean: accuracy, Deviation: 0.01, Of: 3}}
		}
		return out
	}
	return []Point{
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

func TestTablesAndFigure(t *testing.T) {
	p := points()
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	for i := range p {
		p[i].Resources = fpga.Assess(&s)
		p[i].Energy = energy.Interval{Low: 0.001, Value: 0.002, High: 0.003}
	}
	Finish(p)
	titles, rows := Table(p)
	line := strings.Join(rows[2], " ")
	if len(rows) != 6 || len(titles) != len(rows[0]) || !strings.Contains(line, "85.00 1.00 3 2000.000 2.000 2 1 3 ") || !strings.HasSuffix(line, "*") {
		t.Errorf("row %q of %q", line, titles)
	}
	var csv, md, svg bytes.Buffer
	if err := WriteCSV(&csv, p); err != nil || strings.Count(csv.String(), "\n") != 7 || !strings.Contains(csv.String(), ",true\n") {
		t.Errorf("%v\n%s", err, csv.String())
	}
	if err := WriteMarkdown(&md, p); err != nil || strings.Count(md.String(), "\n") != 8 {
		t.Errorf("%v\n%s", err, md.String())
	}
	if err := WriteFigure(&svg, p); err != nil || !strings.Contains(svg.String(), "twin") || strings.Contains(svg.String(), "unknown") {
		t.Errorf("%v: the figure has trained points and no others", err)
	}
	for d := xml.NewDecoder(&svg); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the figure is no XML: %v", err)
		}
	}
	if err := WriteFigure(io.Discard, p[5:]); err == nil {
		t.Error("a figure without any training")
	}
}
