package report

import (
	"io"

	"satsim/dataflow/schedule"
	"satsim/results/record"
	"satsim/results/table"
)

// Schedule writes what is in a schedule.
func Schedule(w io.Writer, f *schedule.File) error {
	p := newPage(w)
	p.Printf("%s at batch %d under %s on %s\n", f.Network, f.Images, withRatio(f.Recipe, f.Sparsity), f.Arch)
	t := &table.Table{Name: "schedule", Columns: []table.Column{
		table.Words("group"), table.Words("kind"), table.Words("word"), table.Scaled("predicted", "kcycles", -3, 1), table.Scaled("read", "MB", -6, 2),
		table.Scaled("write", "MB", -6, 2), parts("memory", "%"), parts("array", "%"), parts("sore", "%"), parts("wuve", "%"), parts("vector", "%"),
	}}
	var sum schedule.Predicted
	for i := range f.Groups {
		e := &f.Groups[i]
		word := ""
		if e.Choice != nil {
			word = e.Choice.String()
		}
		row := []table.Cell{table.Text(e.Label), table.Text(string(e.Kind)), table.Text(word)}
		if p := e.Predicted; p != nil {
			row = append(row, table.Whole(p.Cycles), table.Whole(p.ReadBytes), table.Whole(p.WriteBytes))
			for _, busy := range []int64{p.Busy.Memory, p.Busy.STCE, p.Busy.SORE, p.Busy.WUVE, p.Busy.Vector} {
				row = append(row, table.Share(busy, p.Cycles))
			}
			sum.Cycles += p.Cycles
			sum.ReadBytes += p.ReadBytes
			sum.WriteBytes += p.WriteBytes
		}
		t.Add(padded(t, row...)...)
	}
	t.AddFoot(padded(t, table.Text("step"), table.Text(""), table.Text(""), table.Whole(sum.Cycles), table.Whole(sum.ReadBytes), table.Whole(sum.WriteBytes))...)
	p.Table(t)
	return p.Err()
}

// Groups is a table of a run's word groups: what their words said, what they took, and where the time of their most important lane went.
func Groups(run *record.Run) *table.Table {
	t := &table.Table{Name: "groups", Columns: []table.Column{
		table.Words("group"), table.Words("word"), table.Scaled("predicted", "kcycles", -3, 1), table.Scaled("simulated", "kcycles", -3, 1), table.Numbers("gap", "%", 2),
		{Name: "lane"}, parts("computing", ""), parts("fill, drain", ""), parts("memory", ""), parts("stce", ""), parts("sore", ""), parts("wuve", ""), parts("vector", ""),
		parts("no word", ""), parts("reconfigure", ""),
	}}
	var predicted, simulated int64
	for i := range run.Groups {
		g := &run.Groups[i]
		row := []table.Cell{table.Text(g.Label), table.Text(g.Word), table.Whole(g.Predicted), table.Whole(g.Cycles), gap(g.Predicted, g.Cycles)}
		if l := mainLane(g.Lanes); l != nil {
			row = append(row, table.Text(l.Lane))
			for _, n := range []int64{l.Computing, l.Filling + l.Draining, l.Wait("memory"), l.Wait("stce"), l.Wait("sore"), l.Wait("wuve"), l.Wait("vector"), l.NoWord, l.Reconfigure} {
				row = append(row, table.Share(n, g.Cycles))
			}
		}
		t.Add(padded(t, row...)...)
		predicted += g.Predicted
		simulated += g.Cycles
	}
	t.AddFoot(padded(t, table.Text("step"), table.Text(""), table.Whole(predicted), table.Whole(simulated), gap(predicted, simulated))...)
	return t
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
