package report

import (
	"io"
	"slices"

	"satsim/arch/word"
	"satsim/dataflow/schedule"
	"satsim/results/record"
	"satsim/results/table"
)

// Words are what is in a schedule.
type Words struct{ of *schedule.File }

// ScheduleOf shows a schedule.
func ScheduleOf(f *schedule.File) Words { return Words{f} }

// Text writes what people read.
func (s Words) Text(w io.Writer) error {
	p := newPage(w)
	p.Printf("%s at batch %d under %s on %s\n", s.of.Network, s.of.Images, withRatio(s.of.Recipe, s.of.Sparsity), s.of.Arch)
	p.Table(s.Table())
	return p.Err()
}

// Table has a row a word group; people see their sum, too.
func (s Words) Table() *table.Table {
	f := s.of
	t := &table.Table{Name: "schedule", Columns: []table.Column{
		table.Words("group"), table.Words("kind"), table.Words("word"), table.Scaled("predicted", "kcycles", -3, 1), table.Scaled("read", "MB", -6, 2),
		table.Scaled("write", "MB", -6, 2),
	}}
	var units []word.Unit // that a group says something of
	for u := word.Unit(0); u < word.Units; u++ {
		if slices.ContainsFunc(f.Groups, func(e schedule.Entry) bool { return e.Predicted != nil && has(e.Predicted.Busy, u) }) {
			units = append(units, u)
			name := u.String()
			if u == word.STCE {
				name = "array"
			}
			t.Columns = append(t.Columns, parts(name, "%"))
		}
	}
	var sum schedule.Predicted
	for i := range f.Groups {
		e := &f.Groups[i]
		choice := ""
		if e.Choice != nil {
			choice = e.Choice.String()
		}
		row := []table.Cell{table.Text(e.Label), table.Text(string(e.Kind)), table.Text(choice)}
		if p := e.Predicted; p != nil {
			row = append(row, table.Whole(p.Cycles), table.Whole(p.ReadBytes), table.Whole(p.WriteBytes))
			for _, u := range units {
				row = append(row, table.Share(p.Busy[u], p.Cycles))
			}
			sum.Cycles += p.Cycles
			sum.ReadBytes += p.ReadBytes
			sum.WriteBytes += p.WriteBytes
		}
		t.Add(padded(t, row...)...)
	}
	t.AddFoot(padded(t, table.Text("step"), table.Text(""), table.Text(""), table.Whole(sum.Cycles), table.Whole(sum.ReadBytes), table.Whole(sum.WriteBytes))...)
	return t
}

func has(busy map[word.Unit]int64, u word.Unit) bool {
	_, ok := busy[u]
	return ok
}

// Groups is a table of a run's word groups: what their words said, what they took, and where the time of their most important lane went.
func Groups(run *record.Run) *table.Table {
	t := &table.Table{Name: "groups", Columns: []table.Column{
		table.Words("group"), table.Words("word"), table.Scaled("predicted", "kcycles", -3, 1), table.Scaled("simulated", "kcycles", -3, 1), table.Numbers("gap", "%", 2),
		{Name: "lane"}, parts("computing", ""), parts("fill, drain", ""),
	}}
	units := waitedFor(run)
	for _, u := range units {
		t.Columns = append(t.Columns, parts(u, ""))
	}
	t.Columns = append(t.Columns, parts("no word", ""), parts("reconfigure", ""))
	var predicted, simulated int64
	for i := range run.Groups {
		g := &run.Groups[i]
		row := []table.Cell{table.Text(g.Label), table.Text(g.Word), table.Whole(g.Predicted), table.Whole(g.Cycles), gap(g.Predicted, g.Cycles)}
		if l := mainLane(g.Lanes); l != nil {
			row = append(row, table.Text(l.Lane))
			row = append(row, table.Share(l.Computing, g.Cycles), table.Share(l.Filling+l.Draining, g.Cycles))
			for _, u := range units {
				row = append(row, table.Share(l.Wait(u), g.Cycles))
			}
			row = append(row, table.Share(l.NoWord, g.Cycles), table.Share(l.Reconfigure, g.Cycles))
		}
		t.Add(padded(t, row...)...)
		predicted += g.Predicted
		simulated += g.Cycles
	}
	t.AddFoot(padded(t, table.Text("step"), table.Text(""), table.Whole(predicted), table.Whole(simulated), gap(predicted, simulated))...)
	return t
}

// waitedFor lists what a lane of the run can wait for: the memory, the units that the machine has, and whatever else a lane says it waited for.
func waitedFor(run *record.Run) []string {
	units := []string{word.Memory.String()}
	add := func(u string) {
		if !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	for i := range run.Total.Units {
		add(run.Total.Units[i].Unit)
	}
	for i := range run.Groups {
		for k := range run.Groups[i].Lanes {
			for _, w := range run.Groups[i].Lanes[k].Waits {
				add(w.Unit)
			}
		}
	}
	return units
}

// gap is how far a simulation lies above its prediction, in percent of it.
func gap(predicted, simulated int64) table.Cell {
	return table.Share(simulated-predicted, max(simulated, 1))
}

// mainLane is the array's, or else the one that computes for longest.
func mainLane(lanes []record.Lane) (main *record.Lane) {
	for i := range lanes {
		l := &lanes[i]
		if l.Lane == "array" {
			return l
		}
		if main == nil || l.Computing > main.Computing {
			main = l
		}
	}
	return main
}
