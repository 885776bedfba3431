package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"satsim/arch/spec"
	"satsim/internal/param"
	"satsim/internal/ratio"
	"satsim/results/record"
	"satsim/results/table"
	"satsim/workloads/recipe"
)

// Show says what of a run is shown beside its summary.
type Show struct {
	Layers bool // every layer and stage
	Groups bool // every word group
	Memory bool // how the off-chip memory was used
}

// Run is a record as the answer of satsim run.
type Run struct {
	of   *record.Record
	show Show
}

// RunOf shows a record.
func RunOf(r *record.Record, show Show) Run { return Run{r, show} }

// JSON writes the record.
func (o Run) JSON(w io.Writer) error { return o.of.Write(w) }

// Table is the per-layer table, with its figures as they are held.
func (o Run) Table() *table.Table { return o.of.LayerTable() }

// Text writes what people read.
func (o Run) Text(w io.Writer) error {
	p, r, show := newPage(w), o.of, o.show
	p.say(r.Network.Name + ": " + r.Network.Note)
	p.Printf("batch %d, %.3f M parameters; arch %s\n\n", r.Network.Images, float64(r.Network.Parameters)/1e6, r.ArchName)
	p.bounds(r)
	p.Table(Stages(r))
	p.overlapped(r)
	p.onRead(r)
	if show.Layers {
		for i := range r.Runs {
			p.Printf("\n%s, layer by layer\n", r.Runs[i].Recipe)
			p.Table(Layers(&r.Runs[i]))
		}
	}
	p.comparison(r)
	p.energy(r)
	p.fit(r)
	for i := range r.Runs {
		e := &r.Runs[i].Simulation
		p.say(fmt.Sprintf("%s: %d of %d word groups simulated in %d events, standing for %d instructions and %d folds",
			r.Runs[i].Recipe, e.GroupsRun, e.Groups, e.Events, e.Instructions, r.Runs[i].Total.Units.Of("stce").Counts.Of("folds")))
	}
	p.trainings(r.Training)
	for i := range r.Runs {
		if show.Groups {
			p.Printf("\n")
			p.say(r.Runs[i].Recipe + ", word group by word group: at least predicted, simulated, and where the lane's time went in %")
			p.Table(Groups(&r.Runs[i]))
		}
	}
	for i := range r.Runs {
		if m := r.Runs[i].Memory; show.Memory && m != nil {
			p.Printf("\n")
			p.say(fmt.Sprintf("%s: off-chip memory (%s model), %.1f GB/s at the pins of %d channels; where their time goes, in %%",
				r.Runs[i].Recipe, m.Model, m.Peak/1e9, len(m.Channels)))
			p.Table(MemoryStages(m))
			p.Table(MemoryChannels(m))
		}
	}
	return p.Err()
}

// figures are the columns that stages and steps have.
var figures = []table.Field[record.Figures]{
	{Column: table.Scaled("", "Mcycles", -6, 3), Of: func(f *record.Figures) table.Cell { return table.Whole(f.Cycles) }},
	{Column: table.Scaled("time", "ms", 3, 3), Of: func(f *record.Figures) table.Cell { return table.Real(f.TimeS) }},
	{Column: table.Numbers("dense-eq.", "", 1), Of: func(f *record.Figures) table.Cell { return table.Real(f.DenseGFLOPS) }},
	{Column: table.Numbers("effective", "", 1), Of: func(f *record.Figures) table.Cell { return table.Real(f.EffectiveGFLOPS) }},
	{Column: table.Scaled("array util.", "%", 2, 1), Of: func(f *record.Figures) table.Cell { return table.Real(f.Utilisation) }},
	{Column: table.Scaled("read", "MB", -6, 1), Of: func(f *record.Figures) table.Cell { return table.Whole(f.ReadBytes) }},
	{Column: table.Scaled("write", "MB", -6, 1), Of: func(f *record.Figures) table.Cell { return table.Whole(f.WriteBytes) }},
}

// Stages is a table of the stages of each run, and of its step.
func Stages(r *record.Record) *table.Table {
	t := &table.Table{Name: "stages", Columns: []table.Column{table.Words("recipe"), table.Words("stage")}}
	for i := range figures {
		t.Columns = append(t.Columns, figures[i].Column)
	}
	for i := range r.Runs {
		run := &r.Runs[i]
		name := folded(withRatio(run.Recipe, run.Sparsity), len(run.Stages)+1)
		for k := range run.Stages {
			cells := append([]table.Cell{table.Text(name[k]), table.Text(run.Stages[k].Stage)}, table.Cells(figures, &run.Stages[k].Figures)...)
			if k == 0 {
				t.AddRule(cells...)
			} else {
				t.Add(cells...)
			}
		}
		t.Add(append([]table.Cell{table.Text(name[len(run.Stages)]), table.Text("step")}, table.Cells(figures, &run.Total)...)...)
	}
	return t
}

// nameWidth is what keeps the table of stages within 110 columns.
const nameWidth = 14

// folded spreads a name over lines at its spaces; the last line takes what is left.
func folded(name string, lines int) []string {
	out := make([]string, lines)
	k := 0
	for _, w := range strings.Fields(name) {
		if out[k] != "" && len(out[k])+1+len(w) > nameWidth && k < lines-1 {
			k++
		}
		out[k] = strings.TrimLeft(out[k]+" "+w, " ")
	}
	return out
}

// Layers is a table of a run's layers, stage by stage.
func Layers(run *record.Run) *table.Table {
	type layer = record.Layer
	return table.Of([]table.Field[layer]{
		{Column: table.Words("layer"), Of: func(l *layer) table.Cell { return table.Text(l.Layer) }},
		{Column: table.Words("op"), Of: func(l *layer) table.Cell { return table.Text(l.Op) }},
		{Column: table.Words("stage"), Of: func(l *layer) table.Cell { return table.Text(l.Stage) }},
		{Column: table.Words("N:M"), Of: func(l *layer) table.Cell { return table.Text(l.Sparsity) }},
		{Column: table.Scaled("", "kcycles", -3, 1), Of: func(l *layer) table.Cell { return table.Whole(l.Cycles) }},
		{Column: table.Scaled("dense", "MMACs", -6, 1), Of: func(l *layer) table.Cell { return table.Whole(l.DenseMACs) }},
		{Column: table.Scaled("performed", "MMACs", -6, 1), Of: func(l *layer) table.Cell { return table.Whole(l.PerformedMACs) }},
		{Column: table.Scaled("array util.", "%", 2, 1), Of: func(l *layer) table.Cell { return table.Real(l.Utilisation) }},
		{Column: table.Scaled("DRAM read", "MB", -6, 2), Of: func(l *layer) table.Cell { return table.Whole(l.ReadBytes) }},
		{Column: table.Scaled("DRAM write", "MB", -6, 2), Of: func(l *layer) table.Cell { return table.Whole(l.WriteBytes) }},
		{Column: table.Scaled("array busy", "kcycles", -3, 1), Of: func(l *layer) table.Cell { return table.Whole(l.Units.Of("stce").Busy) }},
		{Column: table.Scaled("vector busy", "kcycles", -3, 1), Of: func(l *layer) table.Cell { return table.Whole(l.Units.Of("vector").Busy) }},
	}, run.Layers)
}

func (p page) comparison(r *record.Record) {
	c := r.Comparison
	if c == nil {
		if len(r.Runs) == 2 {
			p.Printf("\n%s against %s: no products, so no speed-up\n\n", r.Runs[1].Recipe, r.Runs[0].Recipe)
		}
		return
	}
	if r.AgainstDenseOnly() {
		p.Printf("\n")
		p.denseOnly(r)
		p.Printf("\n")
		return
	}
	p.Printf("\n%s against %s on the same machine: %.3fx\n", r.Runs[1].Recipe, r.Runs[0].Recipe, c.Speedup)
	line := func(name string, speedup float64) { p.Printf("  %-44s %.3fx\n", name, speedup) }
	for _, s := range c.Stages {
		line(s.Stage, s.Speedup)
	}
	if len(c.Overlap) == 0 {
		return
	}
	line("bound: MACs only", c.MACBound)
	for _, o := range c.Overlap {
		line(o.Unit+" unit fully overlapped", o.Overlapped)
		line(o.Unit+" unit fully serial", o.Serial)
	}
	var little []string
	for _, s := range c.Sensitivity {
		if worth(s.Speedup, c.Speedup) {
			line("with "+s.Override, s.Speedup)
		} else {
			little = append(little, fmt.Sprintf("%s %.3fx", s.Override, s.Speedup))
		}
	}
	if len(little) > 0 {
		p.say("  within 1 %: " + strings.Join(little, ", "))
	}
	others := append(untried(c, r.Runs[0].Total.Units), "a dense-only array of a faster clock", "smaller batches")
	p.say("  in doubt, but not tried here (satsim uncertainty does): " + strings.Join(others, ", "))
	p.denseOnly(r)
	p.Printf("\n")
}

// untried are the parameters in doubt that no companion changed, in the order of their declarations. A machine that has not their unit has not them.
func untried(c *record.Comparison, built record.Units) (names []string) {
	unit := func(of string) bool {
		return slices.ContainsFunc(built, func(u record.Unit) bool { return u.Unit == of })
	}
	tried := map[string]bool{}
	for _, s := range c.Sensitivity {
		for _, o := range strings.Fields(s.Override) {
			key, _, _ := strings.Cut(o, "=")
			tried[key] = true
		}
	}
	for _, p := range slices.Concat(param.Under("recipe", recipe.Declared()), spec.Declared(), param.Under("board", spec.DeclaredOfBoard())) {
		of, _, _ := strings.Cut(p.Key, ".")
		if p.Doubt.Ranges() && !tried[p.Key] && (of != "norm" || unit(of)) {
			names = append(names, p.Key)
		}
	}
	return names
}

// worth reports whether an assumption moves a speed-up by over 1 %.
func worth(with, without float64) bool { return math.Abs(with-without) > 0.01*without }

// denseOnly is the comparison with dense-only arrays of the same resources.
func (p page) denseOnly(r *record.Record) {
	c := r.Comparison
	if len(c.DenseOnly) == 0 {
		return
	}
	recipe, bounds := r.Runs[len(r.Runs)-1].Recipe, c.SameResources()
	p.Printf("%s against the best dense-only array of the same resources: %.3fx to %.3fx\n", recipe, bounds[0], bounds[1])
	for i, d := range c.DenseOnly {
		what := fmt.Sprintf("%dx%d, %s of the estimates", d.Rows, d.Cols, end(d.End))
		if d.Own {
			what = fmt.Sprintf("this machine, %s of the estimates", end(d.End))
		}
		p.Printf("  %-44s %.3fx\n", what, d.Speedup)
		if d.Energy != nil {
			p.verdict(recipe, r.Runs[i].Recipe, d.Energy)
		}
	}
}

// end of the estimates in words; records of before have no middle.
func end(name string) string {
	if name == "middle" {
		return name
	}
	return name + " end"
}

// trainings are what whole trainings take, if that was asked for.
func (p page) trainings(trainings []record.Training) {
	if len(trainings) == 0 {
		return
	}
	p.Printf("\nwhole trainings, %d steps an epoch\n", trainings[0].StepsPerEpoch)
	p.Table(Trainings(trainings))
	if len(trainings) != 2 {
		return
	}
	base, own := &trainings[0], &trainings[1]
	whole := base.TimeS / own.TimeS
	n, of := base.Epochs*base.StepsPerEpoch, own.Epochs*own.StepsPerEpoch
	if n == of {
		p.Printf("%s against %s, whole training: %.3fx\n", own.Recipe, base.Recipe, whole)
		return
	}
	p.say(fmt.Sprintf("%s against %s, whole training: %.3fx at equal samples; %.3fx with its %d epochs against %d",
		own.Recipe, base.Recipe, whole*ratio.Of(of, n), whole, own.Epochs, base.Epochs))
}

// Trainings is a table of the kinds of steps of whole trainings.
func Trainings(trainings []record.Training) *table.Table {
	t := &table.Table{Name: "trainings", Columns: []table.Column{
		table.Words("training"), table.Words("steps of"), counts("N:M"), counts("steps"), table.Scaled("", "ms a step", 3, 3), table.Numbers("", "hours", 3),
	}}
	for i := range trainings {
		tr := &trainings[i]
		for k, p := range tr.Phases {
			cells := []table.Cell{
				table.Text(""), table.Text(p.Name), table.Text(p.Sparsity), table.Whole(p.Steps), table.Real(p.StepTimeS), table.Real(float64(p.Steps) * p.StepTimeS / 3600),
			}
			if k == 0 {
				t.AddRule(cells...)
			} else {
				t.Add(cells...)
			}
		}
		t.Add(table.Text(tr.Recipe), table.Text(fmt.Sprintf("%d epochs", tr.Epochs)), table.Text(""), table.Whole(tr.Epochs*tr.StepsPerEpoch), table.Cell{}, table.Real(tr.TimeS/3600))
	}
	return t
}
