package traffic

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"satsim/arch/memory"
	"satsim/results/table"
)

// JSON writes everything.
func (r *Result) JSON(w io.Writer) error { return table.Indented(w, r) }

// Text writes what people read.
func (r *Result) Text(w io.Writer) error {
	p := table.NewPage(w)
	p.Printf("%s\n%d channels of %s: %.1f GB/s at the pins, %.1f GB/s through the ports of %s\n\n", r.What, r.Channels, r.Technology, r.Peak/1e9, r.Port/1e9, r.Arch)
	p.Table(r.Table())
	for i := range r.Results {
		if e := r.Results[i].Error; e != nil {
			p.Printf("%s: the fast model takes %+.2f %% of the detailed one's time\n", spaced(r.Results[i].Mode), 100**e)
		}
	}
	if known := r.held(); known != "" {
		p.Printf("%s\n", known)
	}
	return p.Err()
}

// held says how far the fast model may be off on described traffic, where that is more than on a layer's.
func (r *Result) held() string {
	fast := slices.ContainsFunc(r.Results, func(m ModelResult) bool { return m.Model == memory.ModelFast })
	if r.Traffic == nil || !fast {
		return ""
	}
	best := memory.Domain()[0]
	h, ok := memory.HeldTo(r.Traffic)
	if h == best {
		return ""
	}
	text := fmt.Sprintf("outside of the domain in which the fast model is held to %.0f %% (requests of %v and more, windows of 1 to %d): ",
		100*best.Worst, best.From, memory.HeldWindow)
	if !ok {
		return text + "here its error is not known"
	}
	return text + fmt.Sprintf("here to %.0f %%", 100*h.Worst)
}

func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }

// Table has a row a figure and a column for each model and mode.
func (r *Result) Table() *table.Table {
	t := &table.Table{Name: "memory", Columns: []table.Column{{Key: "metric", For: table.Programs}, {Left: true, For: table.People}}}
	for i := range r.Results {
		key := string(r.Results[i].Model)
		if m := r.Results[i].Mode; m != "described" {
			key += "_" + m
		}
		t.Columns = append(t.Columns, table.Column{Name: spaced(key), Key: key})
	}
	rule := false
	add := func(name string, of func(*ModelResult) table.Cell) {
		row := table.Row{Cells: []table.Cell{table.Text(name), table.Text(spaced(name))}, Rule: rule}
		for i := range r.Results {
			row.Cells = append(row.Cells, of(&r.Results[i]))
		}
		t.Rows, rule = append(t.Rows, row), false
	}
	count := func(name string, of func(*ModelResult) int64) {
		add(name, func(m *ModelResult) table.Cell { return table.Whole(of(m)) })
	}
	real := func(name string, decimals int, of func(*ModelResult) float64) {
		add(name, func(m *ModelResult) table.Cell { return table.Real(of(m)).As(table.NumberFormat{Decimals: decimals}) })
	}
	count("cycles", func(m *ModelResult) int64 { return m.Cycles })
	count("read_bytes", func(m *ModelResult) int64 { return m.ReadBytes })
	count("write_bytes", func(m *ModelResult) int64 { return m.WriteBytes })
	real("bandwidth_gb_per_s", 3, func(m *ModelResult) float64 { return m.Bandwidth / 1e9 })
	real("share_of_port_percent", 2, func(m *ModelResult) float64 { return 100 * m.ShareOfPort })
	for _, s := range []struct {
		name string
		of   func(*memory.Shares) float64
	}{
		{"useful", func(s *memory.Shares) float64 { return s.Useful }}, {"padding", func(s *memory.Shares) float64 { return s.Padding }},
		{"rows", func(s *memory.Shares) float64 { return s.Rows }}, {"turns", func(s *memory.Shares) float64 { return s.Turns }},
		{"refresh", func(s *memory.Shares) float64 { return s.Refresh }}, {"port", func(s *memory.Shares) float64 { return s.Port }},
		{"idle", func(s *memory.Shares) float64 { return s.Idle }},
	} {
		real("peak_"+s.name+"_percent", 2, func(m *ModelResult) float64 { return 100 * s.of(&m.Shares) })
	}
	for _, l := range []struct {
		name string
		of   func(*ModelResult) *memory.Latency
	}{{"read", func(m *ModelResult) *memory.Latency { return &m.Read }}, {"write", func(m *ModelResult) *memory.Latency { return &m.Write }}} {
		rule = true
		count(l.name+"_requests", func(m *ModelResult) int64 { return l.of(m).Requests })
		real(l.name+"_mean_cycles", 1, func(m *ModelResult) float64 { return l.of(m).Mean })
		count(l.name+"_median_cycles", func(m *ModelResult) int64 { return l.of(m).Median })
		count(l.name+"_p95_cycles", func(m *ModelResult) int64 { return l.of(m).P95 })
		count(l.name+"_p99_cycles", func(m *ModelResult) int64 { return l.of(m).P99 })
		count(l.name+"_max_cycles", func(m *ModelResult) int64 { return l.of(m).Max })
	}
	rule = true
	for _, c := range []struct {
		name string
		of   func(*memory.Mix) int64
	}{
		{"activates", func(m *memory.Mix) int64 { return m.Activates }}, {"precharges", func(m *memory.Mix) int64 { return m.Precharges }},
		{"reads", func(m *memory.Mix) int64 { return m.Reads }}, {"writes", func(m *memory.Mix) int64 { return m.Writes }},
		{"refreshes", func(m *memory.Mix) int64 { return m.Refreshes }}, {"row_hits", func(m *memory.Mix) int64 { return m.Hits }},
		{"row_misses", func(m *memory.Mix) int64 { return m.Misses }}, {"row_conflicts", func(m *memory.Mix) int64 { return m.Conflicts }},
		{"turn_arounds", func(m *memory.Mix) int64 { return m.TurnArounds }},
	} {
		count(c.name, func(m *ModelResult) int64 { return c.of(&m.Mix) })
	}
	return t
}
