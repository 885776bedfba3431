package cli

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"

	"satsim/results/record"
)

// printMemory prints what each run made of the memory.
func printMemory(w io.Writer, runs []record.Run) {
	for i := range runs {
		m := runs[i].Memory
		if m == nil {
			continue
		}
		fmt.Fprintf(w, "\n%s: off-chip memory (%s model), %.1f GB/s at the pins of %d channels; where their time goes, in %%\n",
			runs[i].Recipe, m.Model, m.Peak/1e9, len(m.Channels))
		t := newTable(w, 2, "stage", "operand", "MB", "useful", "padding", "rows", "turns", "refresh", "port", "idle")
		for k := range m.Stages {
			s := &m.Stages[k]
			if k > 0 {
				t.AppendSeparator()
			}
			var bytes int64
			for _, o := range s.Operands {
				bytes += o.Bytes
			}
			t.AppendRow(append(table.Row{s.Stage, "all", fmt.Sprintf("%.2f", float64(bytes)/1e6)}, shares(&s.Shares)...))
			for _, o := range s.Operands {
				t.AppendRow(table.Row{"", o.Lane + " " + o.Operand, fmt.Sprintf("%.2f", float64(o.Bytes)/1e6), percent(o.Share)})
			}
		}
		t.Render()
		t = newTable(w, 1, "channel", "MB read", "MB written", "row hits", "misses", "conflicts", "activates", "refreshes", "turn-arounds", "useful %")
		for k := range m.Channels {
			c := &m.Channels[k]
			t.AppendRow(table.Row{
				c.Channel, fmt.Sprintf("%.2f", float64(c.ReadBytes)/1e6), fmt.Sprintf("%.2f", float64(c.WriteBytes)/1e6),
				c.Hits, c.Misses, c.Conflicts, c.Activates, c.Refreshes, c.TurnArounds, percent(c.Useful),
			})
		}
		t.Render()
	}
}

func percent(share float64) string { return fmt.Sprintf("%.1f", 100*share) }

func shares(s *record.Shares) table.Row {
	var out table.Row
	for _, v := range []float64{s.Useful, s.Padding, s.Rows, s.Turns, s.Refresh, s.Port, s.Idle} {
		out = append(out, percent(v))
	}
	return out
}
