package plot

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"
	"pgregory.net/rapid"

	"gonum.org/v1/plot/vg/draw"

	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/store"
)

// data is two networks, each dense and under BDWP, at two designs and three ratios, with layers, stalls and joules. The designs differ in
// one of array, lanes and bandwidth, or in all of them.
func data(t *testing.T, vary string) *query.Data {
	t.Helper()
	of := func(what string, k int) int {
		if vary == what || vary == "all" {
			return k
		}
		return 1
	}
	runs := map[string]*record.Run{}
	var points []store.Point
	for n, network := range []string{"resnet18-tiny", "other"} {
		for k := range 2 {
			for _, off := range []bool{true, false} {
				arch := fmt.Appendf(nil, `{"name":"mine","clock":"200MHz","stce":{"rows":%d,"cols":32},"vector":{"lanes":%d},"dataflow":{"omit":[],"interleave_mapping":%v,"pregeneration":true,"offline_scheduling":true},
					"board":{"memory":{"channels":4,"port_width_bits":%d,"port_clock":"200MHz"},"device":{"part":"P","dsps":5000}}}`, 8<<of("array", k), 16<<of("lanes", k), off, 128<<of("bandwidth", k))
				base := point(network, "dense", "1:1", arch, "", int64(3000*(n+1)))
				own := point(network, "bdwp", "2:8", arch, base.Key(), int64(3000*(n+1)/(2+k)))
				other := point(network, "bdwp", "1:4", arch, base.Key(), int64(3000*(n+1)/(3+k)))
				for _, p := range []store.Point{base, own, other} {
					points = append(points, p)
					runs[p.Key()] = p.Run
				}
			}
		}
	}
	rows, err := query.NamePoints(points)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		rows[i].Values["dsp"] = 1000 * (1 + i%4)
	}
	return &query.Data{Rows: rows, Detail: func(_ context.Context, key string) (*record.Run, error) { return runs[key], nil }}
}

func point(network, recipe, sparsity string, arch []byte, baseline string, cycles int64) store.Point {
	figures := func(c int64) record.Figures {
		return record.Figures{
			Cycles: c, TimeS: float64(c) / 1e3, DenseMACs: 10 * c, PerformedMACs: 9 * c, EffectiveGFLOPS: float64(c%97) + 1, ReadBytes: c, Units: record.Units{{Unit: "vector", Busy: c / 10}},
		}
	}
	run := &record.Run{Recipe: recipe, Sparsity: sparsity, Total: figures(cycles)}
	for i, s := range []string{"FF", "BP", "WU"} {
		run.Stages = append(run.Stages, record.Stage{Stage: s, Figures: figures(cycles / 3)})
		run.Layers = append(run.Layers, record.Layer{Layer: "conv", Stage: s, Figures: figures(cycles/3 - int64(i))})
	}
	run.Layers = append(run.Layers, record.Layer{Layer: "norm", Stage: "FF", Figures: record.Figures{Cycles: 3}})
	run.Stalls = []record.Stall{{Stage: "step", Lanes: []record.Lane{{Lane: "array", Computing: cycles / 2, Waits: []record.Wait{{Unit: "vector", Cycles: cycles / 4}}, NoWord: cycles / 4}}}}
	j := float64(cycles)
	run.Energy = &record.RunEnergy{Energy: record.Energy{Joules: record.Interval{Value: j, Low: j / 2, High: 2 * j}, Units: []record.UnitEnergy{
		{Unit: "array", Joules: record.Interval{Value: j / 2}}, {Unit: "dram", Joules: record.Interval{Value: j / 2}},
	}}}
	return store.Point{
		Arch: arch, Network: fmt.Appendf(nil, `{"name":%q}`, network), Recipe: json.RawMessage(fmt.Sprintf(`{"name":%q,"sparsity":%q}`, recipe, sparsity)),
		Batch: 64, Baseline: baseline, Run: run,
	}
}

// pick keeps what a figure's sweep has: one value of what it does not vary.
func pick(t *testing.T, d *query.Data, where ...string) *query.Data {
	t.Helper()
	rows, err := query.Filter(d.Rows, where, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &query.Data{Rows: rows, Detail: d.Detail}
}

const (
	onDesign  = "vector.lanes == 32 and dataflow.interleave_mapping"
	small     = `network == "resnet18-tiny"`
	twoEights = `sparsity != "1:4"`
)

func drawers() map[string]Drawer {
	return map[string]Drawer{
		"recipes": Recipes, "stages": Stages, "roofline": Roofline, "stalls": Stalls, "layers": Layers, "energy": Energy, "ablation": Ablation, "nm": Ratios,
		"array": Arrays, "lanes": Lanes, "bandwidth": Bandwidths, "front": Front,
	}
}

func figures(t *testing.T) map[string]*Figure {
	t.Helper()
	all := data(t, "all")
	out := map[string]*Figure{}
	for name, where := range map[string][]string{
		"recipes": {onDesign, twoEights}, "stages": {onDesign, twoEights}, "roofline": {onDesign, twoEights, small}, "stalls": {onDesign, twoEights},
		"layers": {onDesign, twoEights, small}, "energy": {onDesign, twoEights}, "ablation": {"vector.lanes == 32", twoEights}, "nm": {onDesign},
		"array": {"dataflow.interleave_mapping", twoEights}, "lanes": {"dataflow.interleave_mapping", twoEights},
		"bandwidth": {"dataflow.interleave_mapping", twoEights}, "front": {"dataflow.interleave_mapping", twoEights, `network == "other"`},
	} {
		of := all
		if name == "array" || name == "lanes" || name == "bandwidth" {
			of = data(t, name)
		}
		f, err := drawers()[name](context.Background(), pick(t, of, where...))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = f
	}
	if len(out) != len(drawers()) {
		t.Errorf("%d figures of %d are drawn", len(out), len(drawers()))
	}
	for name, draw := range ofSeries() {
		f, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		out[name] = f
	}
	return out
}

// ofSeries are figures of marks that stand far apart, on one another and alone.
func ofSeries() map[string]func() (*Figure, error) {
	two := []Series{{"dense", []Mark{{2, 79.2, 1.03, "1:1"}}}, {"bdwp", []Mark{{1.2, 75.6, 0.3, "2:8"}, {1.1, 72.4, 0, "1:8"}}}}
	lines := []Series{{"loss", []Mark{{X: 1, Y: 2.5}, {X: 2, Y: 1}, {X: 3, Y: 0.5}}}, {"accuracy", []Mark{{X: 1, Y: 0.25}, {X: 2, Y: 0.5}, {X: 3, Y: 0.75}}}}
	return map[string]func() (*Figure, error){
		"trades": func() (*Figure, error) {
			return Trades(Axes{"a network", "time (ms)", "accuracy (%)"}, two, two[1].Marks[:1])
		},
		"trade": func() (*Figure, error) { return Trades(Axes{X: "time (ms)"}, two[:1], two[0].Marks) },
		"lines": func() (*Figure, error) { return Lines(Axes{X: "epoch", Y: "loss; accuracy"}, lines) },
		"point": func() (*Figure, error) { return Lines(Axes{X: "epoch"}, []Series{{"zero", []Mark{{X: 1}}}}) },
		"ranks": func() (*Figure, error) {
			return Ranks(Axes{Y: "accuracy (%)"}, []Series{{"a", []Mark{{0, 79, 1, ""}, {1, 75, 2, ""}}}, {"b", []Mark{{1, 60, 0, ""}}}}, []string{"dense", "a-recipe-of-a-long-name 2:8"})
		},
	}
}

// A line through the front, a bar up and down from each mean, marks beside one another: places on the paper, from places in the data.
func TestSeriesStandWhereTheyShould(t *testing.T) {
	f, err := ofSeries()["ranks"]()
	if err != nil {
		t.Fatal(err)
	}
	// Two series: a third of a half to the left and right of the middle. 78 to 80, 73 to 77 and 60: a range of 20 with a twentieth of it at both ends.
	if p := f.Plot; p.X.Min != -0.5 || p.X.Max != 1.5 || math.Abs(p.Y.Min-59) > 1e-9 || math.Abs(p.Y.Max-81) > 1e-9 {
		t.Errorf("from %g to %g, %g to %g", p.X.Min, p.X.Max, p.Y.Min, p.Y.Max)
	}
	if f, err = ofSeries()["lines"](); err != nil || f.Plot.Y.Min != 0 || math.Abs(f.Plot.Y.Max-1.05*(2.5+0.05*2.25)) > 1e-9 {
		t.Errorf("%v: from %g to %g", err, f.Plot.Y.Min, f.Plot.Y.Max)
	}
	for name, draw := range map[string]func(Axes, []Series) (*Figure, error){
		"lines": Lines, "trades": func(a Axes, s []Series) (*Figure, error) { return Trades(a, s, nil) }, "ranks": func(a Axes, s []Series) (*Figure, error) { return Ranks(a, s, nil) },
	} {
		for _, of := range [][]Series{nil, {{Name: "without marks"}}} {
			if _, err := draw(Axes{}, of); err == nil {
				t.Errorf("%s: %v was drawn", name, of)
			}
		}
	}
}

// texts are what a figure's SVG says.
func texts(t *testing.T, f *Figure) []string {
	t.Helper()
	var b bytes.Buffer
	if err := f.SVG(&b); err != nil {
		t.Fatal(err)
	}
	var out []string
	d := xml.NewDecoder(&b)
	inText := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "text"
		case xml.CharData:
			if s := strings.TrimSpace(string(e)); inText && s != "" {
				out = append(out, s)
			}
		}
	}
}

// What must stand in each figure: axes with units, names, and numbers that follow from the data by hand.
func TestFiguresSayWhatTheyShow(t *testing.T) {
	want := map[string][]string{
		"recipes":   {"speed-up over dense (×)", "3.00", "resnet18-tiny", "other", "mean", "bdwp 2:8", "by MACs alone"}, // 3000/1000
		"stages":    {"cycles of a step, dense = 1", "1.00", "0.33", "FF", "BP", "WU"},
		"roofline":  {"performed operations per off-chip byte", "effective GFLOPS", "array: 16 × 32 at 200 MHz, 204.8 GFLOPS", "memory ports: 25.6 GB/s"}, // 4 x 256 bit
		"stalls":    {"array cycles of a step, dense = 1", "computing", "waits for the vector unit", "other units work alone", "50%"},
		"layers":    {"Mcycles", "conv", "FF", "other work alone", "resnet18-tiny, batch 64: dense (left) and bdwp 2:8 (right)"},
		"energy":    {"energy of a step, dense = 1", "3e+03 J", "1e+03 J", "array", "dram", "bounds of the whole"},
		"ablation":  {"cycles of bdwp, all on = 1", "without interleave mapping", "1.00"},
		"nm":        {"N:M", "2:8", "1:4"},
		"array":     {"processing elements of the array", "256", "512", "other"},
		"lanes":     {"lanes of the vector unit", "16", "32", "other"},
		"bandwidth": {"bandwidth of the memory's ports (GB/s)", "12.8", "25.6"},
		"trades":    {"a network", "time (ms)", "accuracy (%)", "dense", "bdwp", "1:1", "2:8", "1:8", "Pareto front"},
		"lines":     {"epoch", "loss; accuracy", "loss", "accuracy", "1", "2", "3"},
		"ranks":     {"accuracy (%)", "a", "b", "dense", "a-recipe-of-a-long-name 2:8"},
		"front":     {"DSP slices (high end of the estimate)", "time of a step (ms)", "P has 5000", "16×32, 32 lanes"},
	}
	for name, f := range figures(t) {
		got := texts(t, f)
		for _, w := range want[name] {
			if !slices.Contains(got, w) {
				t.Errorf("%s does not say %q: %q", name, w, got)
			}
		}
	}
}

// The same data give the same bytes, in every format; no date, and the sizes that were asked for.
func TestFilesAreDeterministic(t *testing.T) {
	a, b := figures(t), figures(t)
	for _, name := range []string{"recipes", "roofline", "lanes", "trades"} {
		for _, f := range Forms() {
			if testing.Short() && (name != "roofline" || f.Name != "svg") {
				continue // drawing takes its time
			}
			var x, y bytes.Buffer
			if err := f.Write(a[name], &x); err != nil {
				t.Fatal(err)
			}
			if err := f.Write(b[name], &y); err != nil {
				t.Fatal(err)
			}
			if x.Len() == 0 || !bytes.Equal(x.Bytes(), y.Bytes()) {
				t.Errorf("%s.%s: %d and %d bytes, or others", name, f.Name, x.Len(), y.Len())
			}
			switch f.Name {
			case "pdf":
				if n := bytes.Count(x.Bytes(), []byte("(D:20000101000000)")); n != 2 || bytes.Count(x.Bytes(), []byte("(D:")) != 2 {
					t.Errorf("%s.pdf has %d fixed dates of 2", name, n)
				}
			case "png":
				img, err := png.Decode(&x)
				if err != nil {
					t.Fatal(err)
				}
				if want := int(math.Round(a[name].Width.Dots(resolution))); img.Bounds().Dx() != want {
					t.Errorf("%s.png is %d pixels wide, want %d", name, img.Bounds().Dx(), want)
				}
			}
		}
	}
}

func TestNothingToDrawIsAnError(t *testing.T) {
	for name, draw := range drawers() {
		if _, err := draw(context.Background(), &query.Data{}); err == nil {
			t.Errorf("%s is drawn of nothing", name)
		}
	}
}

// frame is a place and a direction on the paper.
type frame struct {
	at    vg.Point
	angle float64
}

func (f frame) to(p vg.Point) vg.Point {
	sin, cos := math.Sincos(f.angle)
	return f.at.Add(vg.Point{X: p.X*vg.Length(cos) - p.Y*vg.Length(sin), Y: p.X*vg.Length(sin) + p.Y*vg.Length(cos)})
}

// No text leaves the paper: every one that is drawn, turned or not, begins and ends inside the figure.
func TestTextsStayOnThePaper(t *testing.T) {
	for name, f := range figures(t) {
		var r recorder.Canvas
		f.draw(draw.NewCanvas(&r, f.Width, f.Height))
		now, stack := frame{}, []frame(nil)
		for _, a := range r.Actions {
			switch a := a.(type) {
			case *recorder.Push:
				stack = append(stack, now)
			case *recorder.Pop:
				now, stack = stack[len(stack)-1], stack[:len(stack)-1]
			case *recorder.Translate:
				now.at = now.to(a.Point)
			case *recorder.Rotate:
				now.angle += a.Angle
			case *recorder.FillString:
				from := now.to(a.Point)
				to := now.to(a.Point.Add(vg.Point{X: typed(a.Size, nil).Width(a.String)}))
				for _, p := range []vg.Point{from, to} {
					if p.X < -1 || p.Y < -1 || p.X > f.Width+1 || p.Y > f.Height+1 {
						t.Errorf("%s: %q is drawn from %v to %v on %v x %v", name, a.String, from, to, f.Width, f.Height)
					}
				}
			}
		}
	}
}

func TestTicks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(0, 1000).Draw(t, "low")
		high := low + rapid.Float64Range(0.01, 5000).Draw(t, "range")
		ticks := steps{}.Ticks(low, high)
		if len(ticks) < 3 || len(ticks) > 12 {
			t.Fatalf("%d ticks from %g to %g", len(ticks), low, high)
		}
		for i, k := range ticks {
			if k.Value < low-1e-6*high || k.Value > high*(1+1e-6) || k.Label == "" || strings.HasPrefix(k.Label, "-") {
				t.Fatalf("tick %v from %g to %g", k, low, high)
			}
			if i > 1 && math.Abs((k.Value-ticks[i-1].Value)-(ticks[1].Value-ticks[0].Value)) > 1e-6*high {
				t.Fatalf("ticks are not even: %v", ticks)
			}
		}
	})
	var labels []string
	for _, k := range (decades{}).Ticks(30, 700) {
		if k.Label != "" {
			labels = append(labels, k.Label)
		}
	}
	if want := "50 100 200 500"; strings.Join(labels, " ") != want {
		t.Errorf("labels %v, want %s", labels, want)
	}
}

// Names at the ends of lines are moved apart, and keep their order.
func TestApart(t *testing.T) {
	n := notes{{y: 1}, {y: 1.01}, {y: 5}, {y: 1.02}}
	apart(n, 0.5)
	order := []float64{n[0].y, n[1].y, n[3].y, n[2].y}
	for i := 1; i < len(order); i++ {
		if order[i]-order[i-1] < 0.5-1e-3 {
			t.Errorf("places %v", order)
		}
	}
}

// Hatching stays inside its rectangle.
func TestHatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r recorder.Canvas
		w, h := vg.Length(rapid.Float64Range(0.1, 60).Draw(t, "width")), vg.Length(rapid.Float64Range(0.1, 60).Draw(t, "height"))
		hatch(draw.NewCanvas(&r, 100, 100), 10, 10+w, 20, 20+h)
		for _, a := range r.Actions {
			s, ok := a.(*recorder.Stroke)
			if !ok {
				continue
			}
			for _, c := range s.Path {
				if c.Pos.X < 10-1e-9 || c.Pos.X > 10+w+1e-9 || c.Pos.Y < 20-1e-9 || c.Pos.Y > 20+h+1e-9 {
					t.Fatalf("a line goes to %v in %v x %v", c.Pos, w, h)
				}
			}
		}
	})
}

// Points that differ in more than a figure is about are refused by name, with a condition that helps.
func TestUnrelatedDesignsAreNotJoined(t *testing.T) {
	all := data(t, "all")
	for name, want := range map[string]string{
		"recipes": "board.memory.port_width_bits", "stages": "board.memory.port_width_bits", "stalls": "board.memory.port_width_bits",
		"energy": "board.memory.port_width_bits", "ablation": "board.memory.port_width_bits", "layers": small, "roofline": small,
		"lanes": "board.memory.port_width_bits", "nm": "dataflow.interleave_mapping", "front": `network == "resnet18-tiny"`,
	} {
		_, err := drawers()[name](context.Background(), all)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "choose some of them, such as those that meet ") {
			t.Errorf("%s: %v; an error that names %s is wanted", name, err, want)
		}
	}
}

// All causes together are the lane's time, whatever unit it waited for: one that has no look of its own is drawn as well, and named.
func TestCausesAreTheLanesTime(t *testing.T) {
	l := record.Lane{Computing: 1, Filling: 2, Draining: 4, NoWord: 8, Reconfigure: 16, Waits: []record.Wait{
		{Unit: "memory", Cycles: 32}, {Unit: "stce", Cycles: 64}, {Unit: "sore", Cycles: 128}, {Unit: "wuve", Cycles: 256}, {Unit: "vector", Cycles: 512}, {Unit: "compress", Cycles: 1024},
	}}
	got := map[string]int64{}
	for _, c := range causesOf([]*record.Lane{&l, &l}) {
		got[c.name] += c.of(&l)
	}
	want := map[string]int64{
		"computing": 1, "filling": 2, "draining": 4, "waits for memory": 32, "waits for SORE": 128, "waits for WUVE": 64 + 256, "waits for the vector unit": 512,
		"waits for compress": 1024, "other units work alone": 8, "reconfigures": 16,
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Every recipe of every network has a bar of its own that says which it is, beside one of the machine's dense step.
func TestEveryStepIsNamed(t *testing.T) {
	of := pick(t, data(t, "all"), onDesign)
	for _, name := range []string{"stages", "stalls", "energy"} {
		f, err := drawers()[name](context.Background(), of)
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]int{}
		for _, s := range texts(t, f) {
			said[s]++
		}
		for _, w := range []string{"dense", "bdwp 2:8", "bdwp 1:4"} {
			if said[w] != 2 { // two networks
				t.Errorf("%s says %q %d times", name, w, said[w])
			}
		}
	}
}

// TestColumnsByHand: three points of two lines, one of which lacks its y; x spans more than 20 times and is logarithmic; words stand side by side.
func TestColumnsByHand(t *testing.T) {
	rows := make([]query.NamedPoint, 4)
	x := &query.Column{Source: "vector.lanes", Values: []any{1.0, 64.0, 1.0, 8.0}}
	y := &query.Column{Source: "time_s", Values: []any{2.0, 3.0, 4.0, math.NaN()}}
	by := &query.Column{Source: "network", Values: []any{"a", "a", "b", "b"}}
	f, left, err := Columns(rows, x, y, by, [2]*query.Column{y, {Source: "high", Values: []any{2.5, 3.5, 9.0, 1.0}}}, false)
	if err != nil || left != 1 {
		t.Fatalf("%d left out, %v", left, err)
	}
	if _, is := f.Plot.X.Scale.(gonum.LogScale); !is || f.X != "vector.lanes (lanes)" || f.Y != "time_s (s)" || len(f.Key) != 2 || f.Width != oneColumn {
		t.Errorf("%v %q %q, %d in the key, %v wide", f.Plot.X.Scale, f.X, f.Y, len(f.Key), f.Width)
	}
	if f.Plot.Y.Max < 9 { // the high end of the third
		t.Errorf("y ends at %v", f.Plot.Y.Max)
	}
	words := &query.Column{Source: "network", Values: []any{"a", "c", "b", "a"}}
	if f, _, err = Columns(rows, words, y, nil, [2]*query.Column{}, true); err != nil || f.Width != twoColumns || f.Key != nil {
		t.Fatal(err)
	}
	var ticks []string
	for _, k := range f.Plot.X.Tick.Marker.Ticks(f.Plot.X.Min, f.Plot.X.Max) {
		ticks = append(ticks, k.Label)
	}
	if !slices.Equal(ticks, []string{"a", "c", "b"}) {
		t.Errorf("words %v", ticks)
	}
	many := &query.Column{Source: "n", Values: []any{1.0, 2.0, 3.0, 4.0}}
	if _, _, err := Columns(rows, by, by, nil, [2]*query.Column{}, false); err == nil || !strings.Contains(err.Error(), "no point has both") {
		t.Errorf("words along y: %v", err)
	}
	rows = make([]query.NamedPoint, 9)
	values := make([]any, 9)
	for i := range values {
		values[i] = float64(i)
	}
	many.Values = values
	if _, _, err := Columns(rows, many, many, many, [2]*query.Column{}, false); err == nil || !strings.Contains(err.Error(), "9 values") {
		t.Errorf("nine lines: %v", err)
	}
}

// TestLabelsDoNotMeet: of labels at one place four find room, one on each side, and the fifth is left out; none leaves the canvas.
func TestLabelsDoNotMeet(t *testing.T) {
	p := newPlot("")
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	var l labels
	for range 5 {
		l.of = append(l.of, note{x: 0.5, y: 0.5, text: "label", dx: 4, dy: 3})
	}
	var r recorder.Canvas
	l.Plot(draw.NewCanvas(&r, 200, 200), p)
	drawn := map[vg.Point]bool{}
	for _, a := range r.Actions {
		if s, is := a.(*recorder.FillString); is {
			drawn[s.Point] = true
		}
	}
	if len(drawn) != 4 {
		t.Errorf("labels at %v", drawn)
	}
}
