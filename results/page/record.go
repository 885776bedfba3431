package page

import (
	"bytes"
	"fmt"
	"strings"

	"satsim/internal/ratio"
	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/report"
	"satsim/results/table"
)

// AddRecord puts a record on the page. Its name is that of its file.
func (p *Page) AddRecord(name string, r *record.Record) error {
	if len(r.Runs) == 0 {
		return fmt.Errorf("%s has no runs", name)
	}
	at := fmt.Sprintf("r%d-", len(p.Sections))
	for _, part := range []func(*record.Record, string) (Section, error){head, roofline, times, traffic, energy, resources, schedule, parameters, configuration} {
		s, err := part(r, at)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if s.Title == "" { // the record has nothing of it
			continue
		}
		s.ID = at + s.ID
		p.Sections = append(p.Sections, s)
	}
	return nil
}

// times3 is a factor as satsim run prints it.
func times3(v float64) string { return fmt.Sprintf("%.3fx", v) }

// runName is a run's recipe with its N:M.
func runName(run *record.Run) string {
	if run.Sparsity == "" || run.Sparsity == "1:1" {
		return run.Recipe
	}
	return run.Recipe + " " + run.Sparsity
}

// head is what was found, with its bounds and companions.
func head(r *record.Record, _ string) (Section, error) {
	last := &r.Runs[len(r.Runs)-1]
	s := Section{ID: "head", Title: fmt.Sprintf("%s under %s on %s", r.Network.Name, runName(last), r.ArchName)}
	s.Prose = []string{fmt.Sprintf("%s; batch %d, %.3f M parameters.", r.Network.Note, r.Network.Images, float64(r.Network.Parameters)/1e6)}
	add := func(name, value, note string) { s.Facts = append(s.Facts, Fact{name, value, note}) }
	if c := r.Comparison; c != nil {
		if !r.AgainstDenseOnly() {
			add("Speed-up", times3(c.Speedup), last.Recipe+" against "+r.Runs[0].Recipe+" on the same machine")
		}
		if c.MACBound > 0 && len(c.Overlap) > 0 {
			add("Bound by MACs", times3(c.MACBound), "dense MACs over performed MACs")
		}
		for _, o := range c.Overlap {
			add("By overlap of the "+o.Unit+" unit", times3(o.Serial)+" to "+times3(o.Overlapped), "fully serial to fully overlapped")
		}
		if b := c.SameResources(); b[1] > 0 {
			add("Same resources", times3(b[0])+" to "+times3(b[1]), "against the best dense-only arrays of the same resources")
		}
		if e := c.Energy; e != nil {
			add("Energy of "+r.Runs[0].Recipe+" over it", fmt.Sprintf("%.3gx (%.3gx to %.3gx)", e.Ratio.Value, e.Ratio.Low, e.Ratio.High), "by the energy table; "+last.Recipe+" takes: "+e.Verdict)
		}
	}
	add("Throughput", fmt.Sprintf("%.1f samples/s", last.ImagesPS), fmt.Sprintf("a step takes %.3f ms, %d cycles", 1e3*last.Total.TimeS, last.Total.Cycles))
	if r.Resources != nil {
		add("On "+r.Resources.Board, r.Resources.Fit, "resources against the board's, below")
	}
	stages, err := shown("Stages", report.Stages(r))
	if err != nil {
		return s, err
	}
	s.Tables = []Table{stages}
	var b bytes.Buffer
	if err := report.RunOf(r, report.Show{}).Text(&b); err != nil {
		return s, err
	}
	s.Texts = []Text{{Title: "As satsim run prints it", Body: b.String()}}
	return s, nil
}

// roofline is every layer and stage under what the array and the memory allow.
func roofline(r *record.Record, at string) (Section, error) {
	d, err := query.FromRecords([]*record.Record{r})
	if err != nil || len(d.Rows) == 0 {
		return Section{}, err
	}
	row := &d.Rows[len(d.Rows)-1]
	c := Chart{
		ID: at + "roofline-chart", Kind: Scatter, Title: "Roofline", X: Axis{"performed operations per off-chip byte", true}, Y: Axis{"effective GFLOPS", true},
		Caption: "A mark is a stage of a layer: how many operations it performs for each byte that it moves off-chip, and how many a second. No mark lies above the lines: the array's peak, and what the memory's ports carry.",
	}
	t := &table.Table{Columns: []table.Column{
		table.Words("run"), table.Words("layer"), table.Words("stage"), table.Numbers("operations per byte", "", 3), table.Numbers("effective", "GFLOPS", 3),
	}}
	low, high := 0.0, 0.0
	for i := range r.Runs {
		run := &r.Runs[i]
		for k := range run.Stages {
			series := Series{Name: run.Stages[k].Stage + ", " + runName(run), Shape: i}
			for j := range run.Layers {
				l := &run.Layers[j]
				moved := l.ReadBytes + l.WriteBytes
				if l.Stage != run.Stages[k].Stage || l.PerformedMACs == 0 || moved == 0 {
					continue
				}
				q := Point{2 * ratio.Of(l.PerformedMACs, moved), l.EffectiveGFLOPS, l.Layer + " " + l.Stage}
				if low == 0 || q.X < low {
					low = q.X
				}
				high = max(high, q.X)
				series.Points = append(series.Points, q)
				t.Add(table.Text(runName(run)), table.Text(l.Layer), table.Text(l.Stage), table.Real(q.X), table.Real(q.Y))
			}
			if len(series.Points) > 0 {
				c.Series = append(c.Series, series)
			}
		}
	}
	if len(c.Series) == 0 {
		return Section{}, nil
	}
	rows, _ := row.Float("stce.rows")
	cols, _ := row.Float("stce.cols")
	clock, _ := row.Float("clock")
	peak, bandwidth := 2*rows*cols*clock/1e9, query.Bandwidth(row)/1e9
	if peak > 0 && bandwidth > 0 {
		ridge := peak / bandwidth
		low, high = min(low, ridge)/2, max(high, ridge)*2
		c.Series = append(c.Series,
			Series{Name: fmt.Sprintf("ports: %.1f GB/s", bandwidth), Line: true, Points: []Point{{low, low * bandwidth, ""}, {ridge, peak, ""}}},
			Series{Name: fmt.Sprintf("array: %.1f GFLOPS", peak), Line: true, Points: []Point{{ridge, peak, ""}, {high, peak, ""}}})
	}
	c.Table, err = shown("", t)
	c.Table.Filter = true
	return Section{ID: "roofline", Title: "Roofline", Charts: []Chart{c}}, err
}

// resources against the board.
func resources(r *record.Record, at string) (Section, error) {
	if r.Resources == nil {
		return Section{}, nil
	}
	s := Section{ID: "resources", Title: "Resources"}
	s.Prose = append(s.Prose, fmt.Sprintf("%s (%s): %s.", r.Resources.Board, r.Resources.Part, r.Resources.Fit))
	s.Prose = append(s.Prose, r.Resources.Notes...)
	c := Chart{
		ID: at + "resources-chart", Kind: Ranges, Title: "Resources of the board", X: Axis{Name: "% of what the board has"}, Limits: []Limit{{100, "all of it"}},
		Caption: "Bars end at the low ends of the estimates, whiskers at the high ends.",
	}
	used := Series{Name: "estimate"}
	t := &table.Table{Columns: []table.Column{
		table.Words("resource"), table.Numbers("low", "", 0), table.Numbers("high", "", 0), table.Numbers("on the board", "", 0), table.Numbers("counts as fitting up to", "", 0), table.Words("fit"),
	}}
	for _, l := range r.Resources.Lines {
		limit := table.Cell{}
		if l.Limit > 0 {
			limit = table.Whole(l.Limit)
		}
		t.Add(table.Text(l.Resource), table.Whole(l.Low), table.Whole(l.High), table.Whole(l.Available), limit, table.Text(l.Fit))
		if l.Available == 0 {
			continue
		}
		share := func(n int64) float64 { return ratio.Percent(n, l.Available) }
		c.Names = append(c.Names, strings.ReplaceAll(l.Resource, "_", " "))
		used.Values, used.Bounds = append(used.Values, share(l.Low)), append(used.Bounds, [2]float64{share(l.Low), share(l.High)})
	}
	c.Series = []Series{used}
	var err error
	c.Table, err = shown("", t)
	s.Charts = []Chart{c}
	return s, err
}

// energy by unit, with bounds.
func energy(r *record.Record, at string) (Section, error) {
	if r.Runs[0].Energy == nil {
		return Section{}, nil
	}
	c := Chart{
		ID: at + "energy-chart", Kind: Ranges, Title: "Energy of a step by unit", X: Axis{Name: "joules"},
		Caption: "Bars are values, whiskers the bounds that the entries of the energy table allow. It is modelled; nothing was measured on a board.",
	}
	place := map[string]int{}
	for i := range r.Runs {
		if r.Runs[i].Energy == nil {
			continue
		}
		for _, u := range r.Runs[i].Energy.Units {
			if _, ok := place[u.Unit]; !ok {
				place[u.Unit] = len(c.Names)
				c.Names = append(c.Names, u.Unit)
			}
		}
	}
	for i := range r.Runs {
		run := &r.Runs[i]
		if run.Energy == nil {
			continue
		}
		s := Series{Name: runName(run), Values: make([]float64, len(c.Names)), Bounds: make([][2]float64, len(c.Names))}
		for _, u := range run.Energy.Units {
			k := place[u.Unit]
			s.Values[k], s.Bounds[k] = u.Joules.Value, [2]float64{u.Joules.Low, u.Joules.High}
		}
		c.Series = append(c.Series, s)
	}
	var err error
	c.Table, err = shown("", report.Joules(r))
	return Section{ID: "energy", Title: "Energy", Charts: []Chart{c}}, err
}

// schedule is the words of every layer.
func schedule(r *record.Record, _ string) (Section, error) {
	s := Section{ID: "schedule", Title: "Schedule of a layer", Prose: []string{
		"Word groups in the order of the step: the choice in short, the cycles that the words need at least and those simulated, and where the time of the main lane went, in % of them.",
	}}
	for i := range r.Runs {
		run := &r.Runs[i]
		if len(run.Groups) == 0 {
			continue
		}
		g, err := shown(runName(run), report.Groups(run))
		if err != nil {
			return s, err
		}
		g.Heads = append([]table.Head{{Text: "layer", Left: true}}, g.Heads...)
		for k := range g.Rows {
			layer := ""
			if k < len(run.Groups) {
				layer = run.Groups[k].Layer
			}
			g.Rows[k].Texts = append([]string{layer}, g.Rows[k].Texts...)
		}
		g.Choice = 1
		s.Tables = append(s.Tables, g)
	}
	if len(s.Tables) == 0 {
		return Section{}, nil
	}
	return s, nil
}
