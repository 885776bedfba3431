package page

import (
	"cmp"
	"fmt"
	"slices"

	"satsim/results/diff"
	"satsim/results/record"
	"satsim/results/report"
	"satsim/results/table"
)

// mostBars are drawn of a run's layers: the largest; the others are one bar.
const mostBars = 40

// cell of a layer, a stage and a part of it.
type part struct {
	layer, stage, name string
	n                  int64
}

// times is where the time of every layer went.
func times(r *record.Record, at string) (Section, error) {
	s := Section{ID: "time", Title: "Time by layer", Prose: []string{
		"What the array's lane did in the word groups of each layer, or waited for; bars add up to the cycles of the step. A group without a word for the array (a pass, an update) is what other units worked alone.",
	}}
	for i := range r.Runs {
		run := &r.Runs[i]
		var parts []part
		for k := range run.Groups {
			g := &run.Groups[k]
			for _, c := range diff.Causes(g) {
				parts = append(parts, part{g.Layer, g.Stage, c.Name, c.Cycles})
			}
		}
		if len(parts) == 0 {
			continue
		}
		c, err := stacked(parts, "cycles")
		if err != nil {
			return s, err
		}
		c.ID, c.Title, c.Caption = fmt.Sprintf("%stime-%d", at, i), "Cycles by layer, "+runName(run), fmt.Sprintf("%s: %d cycles a step.", runName(run), run.Total.Cycles)
		s.Charts = append(s.Charts, c)
	}
	if len(s.Charts) == 0 {
		return Section{}, nil
	}
	return s, nil
}

// traffic is what moves off-chip.
func traffic(r *record.Record, at string) (Section, error) {
	s := Section{ID: "traffic", Title: "Traffic and footprint"}
	for i := range r.Runs {
		run := &r.Runs[i]
		moved := run.Total.ReadBytes + run.Total.WriteBytes
		text := fmt.Sprintf("%s moves %.2f MB a step, of which no machine avoids %.2f MB; the step's footprint in off-chip memory is %.2f MB.",
			runName(run), float64(moved)/1e6, float64(run.CompulsoryBytes)/1e6, float64(run.FootprintBytes)/1e6)
		s.Prose = append(s.Prose, text)
		var parts []part
		for k := range run.Layers {
			l := &run.Layers[k]
			parts = append(parts, part{l.Layer, l.Stage, "read", l.ReadBytes}, part{l.Layer, l.Stage, "written", l.WriteBytes})
		}
		if len(parts) == 0 {
			continue
		}
		c, err := stacked(parts, "bytes")
		if err != nil {
			return s, err
		}
		c.ID, c.Title, c.Caption = fmt.Sprintf("%straffic-%d", at, i), "Off-chip bytes by layer, "+runName(run), text
		s.Charts = append(s.Charts, c)
		if run.Memory != nil {
			t, err := shown(fmt.Sprintf("Where the time of the memory's pins goes, %s (%s model), in %%", runName(run), run.Memory.Model), report.MemoryStages(run.Memory))
			if err != nil {
				return s, err
			}
			s.Tables = append(s.Tables, t)
		}
	}
	return s, nil
}

// stacked is a bar a layer, and a table with a row a layer and stage.
func stacked(parts []part, unit string) (Chart, error) {
	type row struct{ layer, stage string }
	var names, layers []string
	var rows []row
	byLayer, byRow := map[string]map[string]int64{}, map[row]map[string]int64{}
	total, all := map[string]int64{}, map[string]int64{}
	for _, p := range parts {
		if p.n == 0 {
			continue
		}
		at := row{p.layer, p.stage}
		if byLayer[p.layer] == nil {
			byLayer[p.layer] = map[string]int64{}
			layers = append(layers, p.layer)
		}
		if byRow[at] == nil {
			byRow[at] = map[string]int64{}
			rows = append(rows, at)
		}
		if !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
		byLayer[p.layer][p.name] += p.n
		byRow[at][p.name] += p.n
		total[p.layer] += p.n
		all[p.name] += p.n
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(slices.Index(layers, a.layer), slices.Index(layers, b.layer)) })

	c := Chart{Kind: Stack, X: Axis{Name: unit}}
	largest := slices.Clone(layers)
	slices.SortStableFunc(largest, func(a, b string) int { return cmp.Compare(total[b], total[a]) })
	kept := largest[:min(mostBars, len(largest))]
	for _, l := range layers {
		if slices.Contains(kept, l) {
			c.Names = append(c.Names, orStep(l))
		}
	}
	rest := len(layers) - len(kept)
	if rest > 0 {
		c.Names = append(c.Names, fmt.Sprintf("%d smaller ones", rest))
	}
	t := &table.Table{Columns: []table.Column{table.Words("layer"), table.Words("stage"), table.Numbers("sum", unit, 0)}}
	for _, n := range names {
		s := Series{Name: n}
		other := all[n]
		for _, l := range layers {
			if slices.Contains(kept, l) {
				s.Values = append(s.Values, float64(byLayer[l][n]))
				other -= byLayer[l][n]
			}
		}
		if rest > 0 {
			s.Values = append(s.Values, float64(other))
		}
		c.Series = append(c.Series, s)
		t.Columns = append(t.Columns, table.Numbers(n, "", 0))
	}
	line := func(a, b string, of map[string]int64) []table.Cell {
		cells := make([]table.Cell, 3, 3+len(names))
		sum := int64(0)
		for _, n := range names {
			sum += of[n]
			cells = append(cells, table.Whole(of[n]))
		}
		cells[0], cells[1], cells[2] = table.Text(a), table.Text(b), table.Whole(sum)
		return cells
	}
	for _, at := range rows {
		t.Add(line(orStep(at.layer), at.stage, byRow[at])...)
	}
	t.AddFoot(line("step", "", all)...)
	var err error
	c.Table, err = shown("", t)
	c.Table.Filter = true
	return c, err
}

// orStep names what is of no layer.
func orStep(layer string) string {
	if layer == "" {
		return "of no layer"
	}
	return layer
}
