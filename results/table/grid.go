package table

// Grid is what people read of a table, as texts.
type Grid struct {
	Heads []Head
	Rows  []Line
	Notes []string
}

// Head is what stands above a column.
type Head struct {
	Text string
	Left bool // texts stand below it
}

// Line is a row of a grid.
type Line struct {
	Texts []string
	Foot  bool // a sum
}

// Grid makes the texts that people read of the table.
func (t *Table) Grid() (*Grid, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	places := t.columns(People)
	g := &Grid{Notes: t.Notes}
	for i, text := range t.heads(places) {
		g.Heads = append(g.Heads, Head{text, t.Columns[places[i]].Left})
	}
	for i := range t.Rows {
		if r := &t.Rows[i]; r.include(People) {
			g.Rows = append(g.Rows, Line{t.texts(r, places), r.Foot})
		}
	}
	return g, nil
}
