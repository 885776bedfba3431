package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"satsim/arch/memory"
	"satsim/arch/stce"
	"satsim/dataflow/schedule"
	"satsim/internal/nm"
	"satsim/internal/quantity"
	"satsim/internal/sensitivity"
	"satsim/results/ablation"
	"satsim/results/codesign"
	"satsim/results/diff"
	"satsim/results/experiment"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/results/explain"
	"satsim/results/explore"
	"satsim/results/kinds"
	"satsim/results/layers"
	"satsim/results/plot"
	"satsim/results/product"
	"satsim/results/prune"
	"satsim/results/query"
	"satsim/results/recipes"
	"satsim/results/record"
	"satsim/results/reference/train"
	"satsim/results/report"
	"satsim/results/table"
	"satsim/results/timeline"
	"satsim/results/traffic"
	"satsim/results/training"
	"satsim/results/uncertainty"
	"satsim/workloads/recipe"
	wide "satsim/workloads/train"
	"satsim/workloads/weights"
)

// sources are what every entry can be made of: real results of a small step, and answers of every command.
type sources struct {
	*testing.T
	input   report.Input // all but points and answers
	plain   *query.Data  // of one comparison
	without *query.Data  // with one more, without an optimisation
	large   *query.Data  // of a network beside whose costs a figure has accuracies
	answers map[string]report.Answer
}

func of[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// largeStep is a step of a network of full size, as shipped trainings have one beside them.
func largeStep(t *testing.T) *record.Record {
	t.Helper()
	c := of[*experiment.Case](t)(experiment.Load(experiment.Names{Network: "vit-b16", Batch: 1, Recipe: "bdwp", Sparsity: "2:4"}))
	return of[*record.Record](t)(c.Run(context.Background()))
}

func stepOf(t *testing.T, overrides ...string) *record.Record {
	t.Helper()
	c := of[*experiment.Case](t)(experiment.LoadWith(experiment.Names{Network: "resnet-fmnist", Batch: 2}, experiment.Options{Training: true, Samples: 20},
		experiment.Overrides{Origin: "test", Set: append(overrides, "recipe.epochs=2")}))
	return of[*record.Record](t)(c.Run(context.Background()))
}

func newSources(t *testing.T) *sources {
	t.Helper()
	ctx := context.Background()
	loader := models.NewLoader()
	one := stepOf(t)
	s := &sources{T: t, plain: of[*query.Data](t)(query.FromRecords([]*record.Record{one}))}
	for i := range s.plain.Rows { // that satsim sweep knows of a design
		s.plain.Rows[i].Values["dsp"] = 1000
	}
	s.without = of[*query.Data](t)(query.FromRecords([]*record.Record{one, stepOf(t, "dataflow.interleave_mapping=false")}))
	s.large = of[*query.Data](t)(query.FromRecords([]*record.Record{largeStep(t)}))
	all := of[*models.Models](t)(models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet-fmnist", Recipe: "bdwp", Batch: 2}, nil))
	s.input = report.Input{
		Spec: all.Spec, Record: one, Schedule: of[*schedule.File](t)(machine.ScheduleFile(ctx, all, 1)),
		Trainings: training.Summarise(of[[]training.Result](t)(training.ReadResults(bytes.NewReader(train.Runs)))),
		Training: &training.Run{Network: "net", Recipe: "bdwp", Sparsity: "2:8", Resolved: json.RawMessage(`{"optimiser":"momentum"}`), Description: json.RawMessage(`{}`), Curve: []wide.Epoch{
			{Epoch: 1, TrainLoss: 2, TestLoss: 2.5, TestAccuracy: 0.5, WeightsFF: 100, KeptFF: 25}, {Epoch: 2, TrainLoss: 1, TestLoss: 1.5, TestAccuracy: 0.75, WeightsFF: 100, KeptFF: 25},
		}},
	}
	s.input.Gaps = training.Gaps(of[[]training.EpochResult](t)(training.ReadCurves(bytes.NewReader(of[[]byte](t)(os.ReadFile("../reference/train/end/curves.csv"))))))
	var trace bytes.Buffer
	of[timeline.Summary](t)(timeline.Write(ctx, &trace, all, timeline.Options{}))
	s.input.Trace = of[*timeline.Trace](t)(timeline.Read(&trace))
	costs := of[codesign.Points](t)(codesign.Run(ctx, codesign.Question{
		Network: "resnet-fmnist", Archs: []string{"sat-vcu1525"}, Recipes: []string{"dense", "bdwp"}, Ratios: []string{"2:8"}, Trainings: s.input.Trainings,
	}, nil))
	dense := of[recipe.Recipe](t)(loader.Recipe("dense", "", nil))
	tile := stce.Tile{Rows: 8, Cols: 8, Taps: 1, Channels: 16}
	tile.Interleave, tile.Ratio = 1, nm.Ratio{N: 1, M: 1}
	params := all.Spec.STCE
	params.Rows, params.Cols = 4, 4
	requests := memory.Traffic{Requests: 10, Streams: []memory.TrafficStream{{Bytes: quantity.Bytes(4096), Window: 2}}}
	weight := &weights.Report{Layer: "conv", Taps: 9, Inputs: 64, Outputs: 64, Groups: 1, Elements: 36864, KeptInBoth: 5000, FF: weights.Copy{Kept: 9216, Magnitude: 0.5, Bytes: 21888}, BP: weights.Copy{Kept: 9216, Magnitude: 0.5, Bytes: 21888}}
	s.answers = map[string]report.Answer{
		"codesign": costs,
		"optimisations": &ablation.Result{Arch: all.ArchText, Network: "resnet-fmnist", Units: all.Spec.Units(), Rows: of[[]ablation.Combination](t)(ablation.Run(ctx, ablation.Case{
			Spec: all.Spec, Step: all.Step, Baseline: models.Baseline(dense, all.Recipe), Recipe: all.Recipe,
		}))},
		"units":           report.ResourcesOf(&all.Spec, true),
		"product":         of[*product.Result](t)(product.Run(ctx, "mine", params, tile, product.Options{Seed: 1})),
		"traffic":         of[*traffic.Result](t)(traffic.Described(ctx, &all.Spec, requests, []memory.ModelKind{memory.ModelFast, memory.ModelDetailed}, nil)),
		"network":         of[*layers.Network](t)(layers.New(all)),
		"networks":        of[layers.List](t)(layers.Shipped()),
		"recipe":          of[*recipes.Recipe](t)(recipes.Of(all.Recipe)),
		"shipped-recipes": of[recipes.List](t)(recipes.Shipped()),
		"weights":         &prune.Result{Layers: []*weights.Report{weight}, Total: weights.Summary([]*weights.Report{weight})},
		"points":          &report.PointList{Rows: 2, Columns: []query.Column{{Source: "network", Values: []any{"a", "b"}}, {Source: "cycles", Values: []any{1.0, 2.5}}}},
	}
	s.answers["keys"] = report.Keys(of[[]kinds.Key](t)(kinds.Select("stce", nil)))
	s.answers["checked"] = report.Checked{{File: "a.yaml", Kind: "arch"}, {File: "b.yaml", Findings: []kinds.Finding{{File: "b.yaml", Line: 3, Column: 7, Key: "stce.rows", Problem: "0 is out of range", Accepted: "1 to 8"}}}}
	s.answers["ranking"] = of[*explain.Ranking](t)(explain.Rank(ctx, all, false, nil))
	s.answers["explanation"] = &explain.Explanation{Layer: "conv", Stage: "FF", Bound: explain.Bound{Cycles: 100}, Changes: []explain.Change{{Override: "stce.rows=46", From: "23", Cycles: 60, Saves: 40, Fit: "fits"}}}
	other := stepOf(t, "stce.rows=8")
	s.answers["diff"] = of[*diff.Diff](t)(diff.Of(of[diff.Side](t)(diff.NewSide("a", "", one)), of[diff.Side](t)(diff.NewSide("b", "", other))))
	best := explore.Best{Overrides: []string{"stce.rows=8"}, Values: []float64{0.5, 3, 1000}, Cycles: []int64{100}, Fit: "fits"}
	s.answers["explored"] = &report.Explored{
		Space: &explore.Space{Name: "mine", Size: 2, Works: []explore.Work{{Network: "resnet9", Recipe: "bdwp"}}, Recipes: []explore.Recipe{{Name: "bdwp"}}}, Objectives: []explore.Objective{explore.Time, explore.Energy, "lut"},
		Result: &explore.Result{Front: []explore.Best{best}, Counts: explore.Counts{ClosedForm: 1, Front: 1}}, Next: []explore.Neighbour{{Change: "stce.rows=9", Best: best}},
		Certificate: &explore.Certificate{},
	}
	doubt := &report.Uncertain{Result: &uncertainty.Result{
		Study: &uncertainty.Study{Space: &uncertainty.Space{
			Question:    uncertainty.Question{Names: models.Names{Arch: "mine", Recipe: "bdwp"}, Networks: []string{"net"}, Against: "dense"},
			Assumptions: []uncertainty.Assumption{{Name: "a", Default: "1", May: "be 2", Why: "why"}, {Name: "b", Default: "3", May: "be 4", Why: "why"}},
		}},
		Figure: 1.75, Names: []string{"net", "mean"}, Default: slices.Repeat([]uncertainty.Figures{{Time: 1, Speedup: 2, Resources: 1.8, Energy: 1.9}}, 2),
		Joint:   slices.Repeat([][]uncertainty.Figures{slices.Repeat([]uncertainty.Figures{{Time: 1.1, Speedup: 1.9, Resources: 1.7, Energy: 1.8}}, 2)}, 3),
		Effects: slices.Repeat([]*sensitivity.Analysis{{Inputs: []sensitivity.Index{{First: 0.7, Total: 0.8, TotalError: 0.1}, {First: 0.2, Total: 0.3}}, Terms: 3, Explained: 0.9}}, 4),
		Alone:   slices.Repeat([]uncertainty.Ends[*uncertainty.Figures]{{Least: &uncertainty.Figures{Time: 1, Speedup: 1.5, Resources: 1.4, Energy: 1.6}}}, 2),
	}}
	s.answers["uncertainty"], s.answers["headline"], s.answers["effects"], s.answers["assumptions"] = doubt, doubt, doubt, doubt
	return s
}

// in is what an entry is made of.
func (s *sources) in(e *report.Entry) *report.Input {
	s.Helper()
	in := s.input
	switch in.Data = s.plain; e.Sweep {
	case "ablation":
		in.Data = s.without
	case "methods":
		in.Data = s.large
	}
	if e.From == report.FromCommand {
		if in.Answer = s.answers[e.Name]; in.Answer == nil {
			s.Fatalf("%s %s: no answer of satsim %s", e.Kind, e.Name, e.Command)
		}
	}
	return &in
}

// Everything that can be asked for is rendered in every form, and each form is read by somebody else: CSV and JSON by the standard library's readers,
// which must agree on every cell; XML and PNG likewise; Markdown and LaTeX have as many cells in every row as in the head.
func TestEveryEntryInEveryForm(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	s := newSources(t)
	for _, e := range report.Entries() {
		t.Run(string(e.Kind)+"/"+e.Name, func(t *testing.T) {
			in := s.in(&e)
			if e.Title == "" || e.Of() == "" || e.From == report.FromCommand != (e.Command != "") {
				t.Errorf("%+v does not say what it is", e)
			}
			for _, f := range of[[]report.File](t)(e.Files(context.Background(), in, "satsim table")) {
				var b bytes.Buffer
				if err := f.Write(&b); err != nil {
					t.Fatal(err)
				}
				for foreign, of := range map[bool][]string{false: {b.String()}, true: {"", "# Notes\n", "a,b\n1,2\n", "%PDF-1.7\n", "<svg/>", "\x89PNG\r\n\x1a\n", "\\begin{table}"}} {
					for _, text := range of {
						if f.Known([]byte(text)[:min(len(text), 512)]) == foreign {
							t.Errorf("%s: %.40q is foreign: %v, and taken for the other", f.Name, text, foreign)
						}
					}
				}
			}
			if e.Kind == report.KindFigure {
				drawn(t, of[*plot.Figure](t)(e.Figure(context.Background(), in)))
				return
			}
			made := of[*table.Table](t)(e.Table(context.Background(), in, "satsim table "+e.Name))
			if made.Name != e.Name || made.Title == "" || len(made.Rows) == 0 {
				t.Errorf("%q is titled %q and has %d rows", made.Name, made.Title, len(made.Rows))
			}
			rendered(t, made)
		})
	}
}

func rendered(t *testing.T, made *table.Table) {
	t.Helper()
	text := map[string]string{}
	for _, f := range table.Forms() {
		var b bytes.Buffer
		if err := f.Write(made, &b); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		text[f.Name] = b.String()
	}
	people := 0
	for _, r := range made.Rows {
		if r.For != table.Programs {
			people++
		}
	}
	count := func(form, begins, by string, extra int) {
		t.Helper()
		rows, cells := 0, 0
		for _, line := range strings.Split(text[form], "\n") {
			n := strings.Count(line, by) - strings.Count(line, `\`+strings.TrimSpace(by))
			if begins == "" && !strings.HasSuffix(line, `\\`) || begins != "" && !strings.HasPrefix(line, begins) {
				continue
			}
			if rows++; cells == 0 {
				cells = n
			}
			if n != cells {
				t.Errorf("%s: %d separators in %q, %d in the head", form, n, line, cells)
			}
		}
		if rows != people+extra {
			t.Errorf("%s: %d rows, want %d\n%s", form, rows, people+extra, text[form])
		}
	}
	count("markdown", "| ", " | ", 2) // its head and the marks below it
	count("latex", "", " & ", 1)
	if !strings.Contains(text["markdown"], "## ") || !strings.Contains(text["latex"], `\caption{`) || !strings.Contains(text["latex"], "% Made by: satsim ") {
		t.Errorf("it has no title, or nobody made it:\n%s\n%s", text["markdown"], text["latex"])
	}
	lines, err := csv.NewReader(strings.NewReader(text["csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Columns []struct{ Key string }
		Rows    []map[string]any
	}
	d := json.NewDecoder(strings.NewReader(text["json"]))
	d.UseNumber()
	if err := d.Decode(&read); err != nil {
		t.Fatal(err)
	}
	if len(read.Rows) != len(lines)-1 {
		t.Fatalf("JSON has %d rows, CSV %d", len(read.Rows), len(lines)-1)
	}
	for i, row := range read.Rows {
		for k, head := range lines[0] {
			cell, known := row[head]
			end := "value"
			if !known { // a column of bounds is three in CSV
				at := strings.LastIndexByte(head, ' ')
				cell, known = row[head[:max(at, 0)]]
				end = head[at+1:]
			}
			if bounds, ok := cell.(map[string]any); ok {
				cell = bounds[end]
			}
			if got := lines[i+1][k]; !known || !same(got, cell) {
				t.Errorf("row %d, %s: %q in CSV, %v in JSON", i, head, got, cell)
			}
		}
	}
	if !strings.HasPrefix(text["table"], made.Title) || !strings.Contains(text["table"], "│") {
		t.Errorf("on a terminal\n%s", text["table"])
	}
}

// same compares a cell of CSV, which may be rounded to the digits of a paper's tables, with one of JSON.
func same(text string, v any) bool {
	switch v := v.(type) {
	case nil:
		return text == ""
	case []any:
		parts := strings.Fields(text)
		return len(parts) == len(v) && !slices.ContainsFunc(parts, func(p string) bool { return !same(p, v[slices.Index(parts, p)]) })
	case json.Number:
		a, err := strconv.ParseFloat(text, 64)
		b, _ := v.Float64()
		return err == nil && (a == b || a-b < 1e-5*max(b, -b) && b-a < 1e-5*max(b, -b))
	}
	return text == fmt.Sprint(v)
}

func drawn(t *testing.T, f *plot.Figure) {
	t.Helper()
	for _, form := range plot.Forms() {
		var b bytes.Buffer
		if err := form.Write(f, &b); err != nil {
			t.Fatalf("%s: %v", form.Name, err)
		}
		switch form.Name {
		case "svg":
			for d := xml.NewDecoder(&b); ; {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
		case "png":
			if _, err := png.Decode(&b); err != nil {
				t.Error(err)
			}
		case "pdf":
			if !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(b.Bytes()), []byte("%%EOF")) {
				t.Error("it is no PDF")
			}
		default:
			t.Errorf("nobody reads %s", form.Name)
		}
	}
}

// printing is how commands print an entry, to standard output or to a file.
var printing = regexp.MustCompile(`\bprint(?:To)?\((?:w, )?cmd, "([^"]*)"`)

// What a command prints is an entry: every name that the commands print by is in the registry, and every entry of a command is printed by it, or written where it is named.
func TestCommandsPrintWhatIsRegistered(t *testing.T) {
	printed := map[string]bool{}
	writers := ""
	files, err := filepath.Glob("../../internal/cli/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		text := string(of[[]byte](t)(os.ReadFile(path)))
		if strings.Contains(text, "writeEntry(") {
			writers += text
		}
		for _, found := range printing.FindAllStringSubmatch(text, -1) {
			name := found[1]
			printed[name] = true
			if _, err := report.Printed(name); err != nil {
				t.Errorf("%s prints %s: %v", path, name, err)
			}
		}
	}
	for _, e := range report.Entries() {
		if e.Kind == report.KindTable && e.From == report.FromCommand && !printed[e.Name] && !strings.Contains(writers, `"`+e.Name+`"`) {
			t.Errorf("no command prints %s", e.Name)
		}
	}
	if len(printed) < 8 {
		t.Errorf("only %v are printed: the test does not see them", slices.Sorted(maps.Keys(printed)))
	}
}
