package report

import (
	"satsim/results/record"
	"satsim/results/table"
)

// MemoryStages is a table of where the time of the memory's pins goes, stage by stage, and of which operand the useful part is.
func MemoryStages(m *record.Memory) *table.Table {
	t := &table.Table{Name: "memory", Columns: []table.Column{table.Words("stage"), table.Words("operand"), table.Scaled("", "MB", -6, 2)}}
	for _, name := range []string{"useful", "padding", "rows", "turns", "refresh", "port", "idle"} {
		t.Columns = append(t.Columns, table.Column{Name: name, NumberFormat: table.Percent(1)})
	}
	for i := range m.Stages {
		s := &m.Stages[i]
		var bytes int64
		for _, o := range s.Operands {
			bytes += o.Bytes
		}
		row := []table.Cell{table.Text(s.Stage), table.Text("all"), table.Whole(bytes)}
		for _, v := range []float64{s.Useful, s.Padding, s.Rows, s.Turns, s.Refresh, s.Port, s.Idle} {
			row = append(row, table.Real(v))
		}
		t.AddRule(row...)
		for _, o := range s.Operands {
			t.Add(padded(t, table.Text(""), table.Text(o.Lane+" "+o.Operand), table.Whole(o.Bytes), table.Real(o.Share))...)
		}
	}
	return t
}

// MemoryChannels is a table of what each channel did over the step.
func MemoryChannels(m *record.Memory) *table.Table {
	type channel = record.MemoryChannel
	return table.Of([]table.Field[channel]{
		{Column: counts("channel"), Of: func(c *channel) table.Cell { return table.Whole(c.Channel) }},
		{Column: table.Scaled("MB read", "", -6, 2), Of: func(c *channel) table.Cell { return table.Whole(c.ReadBytes) }},
		{Column: table.Scaled("MB written", "", -6, 2), Of: func(c *channel) table.Cell { return table.Whole(c.WriteBytes) }},
		{Column: counts("row hits"), Of: func(c *channel) table.Cell { return table.Whole(c.Hits) }},
		{Column: counts("misses"), Of: func(c *channel) table.Cell { return table.Whole(c.Misses) }},
		{Column: counts("conflicts"), Of: func(c *channel) table.Cell { return table.Whole(c.Conflicts) }},
		{Column: counts("activates"), Of: func(c *channel) table.Cell { return table.Whole(c.Activates) }},
		{Column: counts("refreshes"), Of: func(c *channel) table.Cell { return table.Whole(c.Refreshes) }},
		{Column: counts("turn-arounds"), Of: func(c *channel) table.Cell { return table.Whole(c.TurnArounds) }},
		{Column: table.Scaled("useful", "%", 2, 1), Of: func(c *channel) table.Cell { return table.Real(c.Useful) }},
	}, m.Channels)
}
