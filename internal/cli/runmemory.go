package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/pflag"

	"satsim/arch/memory"
	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/internal/diag"
	"satsim/results/point"
	"satsim/results/record"
	"satsim/sim/trace"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// traffic are the flags of run that are about off-chip memory and single layers.
type traffic struct {
	model, layer, dump string
	report             bool
}

func (t *traffic) register(f *pflag.FlagSet) {
	f.StringVar(&t.model, "memory", "", "model of the off-chip memory: fast or detailed (command by command, nothing skipped, for single layers and small networks); default: the board's")
	f.StringVar(&t.layer, "layer", "", "run this layer's part of the step only; * stands for any characters")
	f.StringVar(&t.dump, "dump-requests", "", "file for every off-chip request of the recipe's run: cycle, address, bytes, direction, operand, as CSV in gzip; implies --exhaustive")
	f.BoolVar(&t.report, "memory-report", false, "print how far the memory's bandwidth is used, by stage, operand and channel, and what takes the rest")
}

// apply changes the models as the flags say.
func (t *traffic) apply(m *models) error {
	if t.model != "" {
		if err := config.Set(&m.spec, []config.Override{{Path: "board.memory.model", Value: t.model, Origin: "--memory"}}); err != nil {
			return usageError{err}
		}
	}
	return m.only(t.layer, nil)
}

// only leaves the items of some layers, and of one stage if it is given, in the step.
func (m *models) only(layer string, stage *workloads.Stage) error {
	if layer == "" {
		return nil
	}
	var kept []workloads.Item
	var names []string
	for _, it := range m.step.Items {
		if !slices.Contains(names, it.Layer) {
			names = append(names, it.Layer)
		}
		if recipe.Matches(layer, it.Layer) && (stage == nil || it.Stage == *stage) {
			kept = append(kept, it)
		}
	}
	if len(kept) == 0 {
		e := &diag.Error{Problem: fmt.Sprintf("--layer: network %s has no work of a layer %s", m.network.Name, layer), Nearest: diag.Nearest(layer, names)}
		if stage != nil {
			e.Problem += " in stage " + stage.String()
		}
		return usageError{e}
	}
	m.step.Items = kept
	m.step.Note += "; only " + layer
	if stage != nil {
		m.step.Note += " " + stage.String()
	}
	return nil
}

// compare runs a case, made of inputs, with what the flags add to it. It says on w what they imply.
func (t *traffic) compare(c point.Case, w io.Writer, inputs []string, run func(point.Case) error) error {
	if c.Spec.Board.Memory.Model == memory.ModelDetailed {
		c.Companions = false
		fmt.Fprintln(w, "satsim: the detailed memory model: every event is simulated, and the headline has no companions")
	}
	if t.dump == "" {
		return run(c)
	}
	if !c.Exhaustive {
		c.Exhaustive = true
		fmt.Fprintln(w, "satsim: --dump-requests: every event is simulated")
	}
	return atomicfile.Write(t.dump, func(file io.Writer) error {
		b := bufio.NewWriter(file)
		requests := trace.NewRequests(b)
		c.Watch = requests
		return errors.Join(run(c), requests.Close(), b.Flush())
	}, inputs...)
}

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
