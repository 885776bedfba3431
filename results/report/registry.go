package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"satsim/arch/spec"
	"satsim/dataflow/schedule"
	"satsim/internal/diag"
	"satsim/results/plot"
	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/table"
	"satsim/results/timeline"
	"satsim/results/training"
)

// Kind of what can be asked for.
type Kind string

// Kinds.
const (
	KindTable  Kind = "table"
	KindFigure Kind = "figure"
)

// Source is what something is made of.
type Source uint8

// Sources.
const (
	FromPoints       Source = iota // of its sweep, or of anything else that has points
	FromArchitecture               // and no points
	FromRecord                     // a file of satsim run
	FromSchedule                   // a file of satsim schedule
	FromTrainings                  // runs.csv of satsim train
	FromCurves                     // curves.csv of satsim train
	FromTraining                   // training.json of satsim train
	FromTrace                      // a file of satsim timeline
	FromCommand                    // what a command found out, which alone knows its question
)

// Input is what something is made of: what its source says.
type Input struct {
	*query.Data
	Spec      spec.Spec
	Record    *record.Record
	Schedule  *schedule.File
	Trainings []training.SeedGroup
	Gaps      []training.Gap
	Training  *training.Run
	Trace     *timeline.Trace
	Answer    Answer
}

// Answer is what a command found out: a page for people, everything for programs, and the table in both.
type Answer interface {
	Text(io.Writer) error
	JSON(io.Writer) error
	Table() *table.Table
}

// Entry is a table or a figure that can be asked for.
type Entry struct {
	Kind    Kind
	Name    string
	Title   string
	From    Source
	Sweep   string // of points: the shipped one that has them
	Where   string // of points: a condition that those meet that it shows; empty: all
	Command string // that makes it, where that is no command for tables and figures
	table   func(context.Context, *table.Table, *Input) error
	draw    func(context.Context, *Input) (*plot.Figure, error)
}

// Shipped reports whether it is made of what satsim has: its sweeps and architectures.
func (e *Entry) Shipped() bool { return e.From == FromPoints || e.From == FromArchitecture }

// Of says what it is made of.
func (e *Entry) Of() string {
	switch e.From {
	case FromPoints:
		return "the sweep " + e.Sweep
	case FromArchitecture:
		return "an architecture"
	case FromRecord:
		return "a record of satsim run"
	case FromSchedule:
		return "a file of satsim schedule"
	case FromTrainings:
		return "runs.csv of satsim train"
	case FromCurves:
		return "curves.csv of satsim train"
	case FromTraining:
		return "training.json of satsim train"
	case FromTrace:
		return "a trace of satsim timeline"
	case FromCommand:
		return "satsim " + e.Command
	}
	return ""
}

// Entries lists everything that can be asked for: tables, then figures.
func Entries() []Entry { return append(ofPoints(), ofFilesAndCommands()...) }

// ofPoints lists what papers show, of points or of an architecture.
func ofPoints() []Entry {
	t := func(name, title, sweep string, build func(*table.Table, *Input) error) Entry {
		return Entry{Kind: KindTable, Name: name, Title: title, Sweep: sweep, table: plain(build)}
	}
	f := func(name, title, sweep string, draw plot.Drawer) Entry {
		return Entry{Kind: KindFigure, Name: name, Title: title, Sweep: sweep, draw: func(ctx context.Context, in *Input) (*plot.Figure, error) { return draw(ctx, in.Data) }}
	}
	const bdwp = `recipe == "bdwp"`
	const alone = bdwp + ` and network == "resnet18-tiny"`
	of := func(e Entry, where string) Entry {
		e.Where = where
		return e
	}
	return []Entry{
		t("recipes", "Speed-up of training recipes over dense training on the same accelerator", "recipes", recipes),
		{Kind: KindTable, Name: "losses", Title: "What is lost of the MAC bound, by cause", Sweep: "recipes", Where: bdwp, table: losses},
		t("macs", "Multiply-accumulates of a training step", "recipes", macs),
		t("nm", "Speed-up of BDWP over dense by N:M ratio", "nm", byRatio),
		t("ablation", "The dataflow's optimisations, switched off one by one", "ablation", ablation),
		t("array", "Speed-up of BDWP over dense by size of the array", "array", byArray),
		t("lanes", "Speed-up of BDWP over dense by lanes of the vector unit", "lanes", byPath("lanes", "vector.lanes")),
		t("bandwidth", "Speed-up of BDWP over dense by off-chip bandwidth", "bandwidth", byBandwidth),
		t("methods", "Recipes of the literature: what they cost, and what small trainings lose", "methods", methods),
		t("front", "Designs that no other beats in time and DSP slices", "design-space", front),
		t("energy", "Energy of a training step, modelled", "recipes", joules),
		{Kind: KindTable, Name: "resources", Title: "FPGA resources by unit", From: FromArchitecture, table: plain(resources)},
		t("prior", "Prior FPGA training accelerators, as context", "recipes", prior),

		f("recipes", "Speed-up of recipes over dense, with bounds", "recipes", plot.Recipes),
		f("stages", "Time of a step by stage, dense and recipes", "recipes", plot.Stages),
		of(f("roofline", "Every layer's stages under the roofline", "recipes", plot.Roofline), alone),
		of(f("stalls", "Where the array's time goes", "recipes", plot.Stalls), bdwp),
		of(f("layers", "Cycles of every layer, dense and BDWP", "recipes", plot.Layers), alone),
		of(f("energy", "Energy of a step by unit, dense and BDWP", "recipes", plot.Energy), bdwp),
		f("ablation", "Time of BDWP without the dataflow's optimisations", "ablation", plot.Ablation),
		f("nm", "Speed-up of BDWP by N:M ratio", "nm", plot.Ratios),
		f("array", "Speed-up of BDWP by size of the array", "array", plot.Arrays),
		f("lanes", "Speed-up of BDWP by lanes of the vector unit", "lanes", plot.Lanes),
		f("bandwidth", "Speed-up of BDWP by off-chip bandwidth", "bandwidth", plot.Bandwidths),
		{Kind: KindFigure, Name: "methods", Title: "Accuracy lost against speed-up, recipes of the literature", Sweep: "methods", draw: drawMethods},
		f("front", "Time against DSP slices, and the Pareto front", "design-space", plot.Front),
	}
}

// plain is a table that reads no runs beside its input.
func plain(build func(*table.Table, *Input) error) func(context.Context, *table.Table, *Input) error {
	return func(_ context.Context, t *table.Table, in *Input) error { return build(t, in) }
}

// All is the name that stands for every entry of a kind that is made of what satsim has.
const All = "all"

// Find lists the entries of a kind that a name stands for: one, or all.
func Find(kind Kind, name string) ([]Entry, error) {
	var found []Entry
	var names []string
	for _, e := range Entries() {
		if e.Kind != kind {
			continue
		}
		if name == All && e.Shipped() || name == e.Name {
			found = append(found, e)
		}
		names = append(names, e.Name)
	}
	if len(found) == 0 {
		err := fmt.Errorf("no %s is named %q; %s and %s are accepted", kind, name, strings.Join(names, ", "), All)
		if near := diag.Nearest(name, names); near != "" {
			err = fmt.Errorf("%w; nearest: %s", err, near)
		}
		return nil, err
	}
	return found, nil
}

// List is a table of the entries of a kind.
func List(kind Kind) *table.Table {
	entries := slices.DeleteFunc(Entries(), func(e Entry) bool { return e.Kind != kind })
	return table.Of([]table.Field[Entry]{
		{Column: table.Words(string(kind)), Of: func(e *Entry) table.Cell { return table.Text(e.Name) }},
		{Column: table.Words("made of"), Of: func(e *Entry) table.Cell { return table.Text(e.Of()) }},
		{Column: table.Words("what it shows"), Of: func(e *Entry) table.Cell { return table.Text(e.Title) }},
	}, entries)
}

// File is one form of what was asked for.
type File struct {
	Name  string
	Write func(io.Writer) error
	Known func(head []byte) bool // reports whether a file begins as this one: it may be replaced
}

// Files are the forms in which an entry is written into a folder.
func (e *Entry) Files(ctx context.Context, in *Input, command string) ([]File, error) {
	var out []File
	if e.Kind == KindFigure {
		f, err := e.Figure(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, form := range plot.Forms() {
			out = append(out, File{e.Name + "." + form.Name, func(w io.Writer) error { return form.Write(f, w) }, form.Known})
		}
		return out, nil
	}
	t, err := e.Table(ctx, in, command)
	if err != nil {
		return nil, err
	}
	for _, form := range shipped() {
		out = append(out, File{e.Name + form.Extension, func(w io.Writer) error { return form.Write(t, w) }, func(head []byte) bool { return form.Known(t, head) }})
	}
	return out, nil
}

// shipped are the forms of tables that papers and their readers take.
func shipped() []table.Form {
	return slices.DeleteFunc(table.Forms(), func(f table.Form) bool { return f.Name != "markdown" && f.Name != "latex" && f.Name != "csv" })
}

// digits of the numbers in CSV files of papers' tables: what no machine's floating point differs in.
const digits = 6

// Table makes a table. Points that failed are left out, and a note says so.
func (e *Entry) Table(ctx context.Context, in *Input, command string) (*table.Table, error) {
	t := &table.Table{Name: e.Name, Command: command}
	if e.Shipped() {
		t.Digits = digits
	}
	used := *in
	if in.Data != nil {
		data := *in.Data
		data.Rows = slices.DeleteFunc(slices.Clone(data.Rows), func(r query.NamedPoint) bool { return r.Point.Failed() })
		used.Data = &data
	}
	t.Title = e.Titled(used.Data)
	if err := e.table(ctx, t, &used); err != nil {
		return nil, fmt.Errorf("making table %s: %w", e.Name, err)
	}
	if in.Data != nil && len(used.Rows) < len(in.Rows) {
		t.Notes = append(t.Notes, fmt.Sprintf("%d points failed and are not shown.", len(in.Rows)-len(used.Rows)))
	}
	return t, t.Check()
}

// Titled is the title of an entry that is made of data: it names the recipes that are in there, not those of the shipped sweep.
func (e *Entry) Titled(d *query.Data) string {
	if d == nil {
		return e.Title
	}
	own := query.Distinct(query.Compared(d.Rows), "recipe")
	if len(own) == 0 || len(own) == 1 && own[0] == "bdwp" {
		return e.Title
	}
	return strings.Replace(e.Title, "BDWP", strings.Join(own, ", "), 1)
}

// Figure draws a figure.
func (e *Entry) Figure(ctx context.Context, in *Input) (*plot.Figure, error) {
	f, err := e.draw(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("drawing figure %s: %w", e.Name, err)
	}
	f.Name = e.Name
	return f, nil
}

var errNothing = errors.New("no point is compared with a baseline")
