package page

import (
	"fmt"

	"satsim/results/table"
	"satsim/results/timeline"
)

// largest is how many word groups of a timeline are drawn, mostSlices how many slices of one, and mostRows how many of these its table has.
const (
	largest    = 4
	mostSlices = 3000
	mostRows   = 300
)

// AddTimeline puts the word groups that take longest on the page, each with what its lanes do when.
func (p *Page) AddTimeline(t *timeline.Trace) error {
	id := fmt.Sprintf("w%d", len(p.Sections))
	s := Section{ID: id, Title: fmt.Sprintf("Timeline of %s under %s at batch %s on %s", t.Network, t.Recipe, t.Batch, t.Arch), Prose: []string{
		"The word groups that take longest, each from its beginning. The wheel or two fingers zoom in, the bar below chooses a part. What repeats is one bar, which says how often.",
	}}
	for k, g := range t.Largest(largest) {
		c := Chart{
			ID: fmt.Sprintf("%s-%d", id, k), Kind: Tracks, Title: fmt.Sprintf("%s: %d cycles", g.Label, g.Cycles), X: Axis{Name: "cycles"}, Names: t.Lanes,
			Series:  []Series{{Name: "instruction"}, {Name: "periods that repeat"}},
			Caption: "A track a lane; a bar from the start of an instruction to its end, or to the start of the next.",
		}
		rows := &table.Table{Columns: []table.Column{table.Words("lane"), table.Words("what"), table.Numbers("from", "cycle", 0), table.Numbers("to", "cycle", 0)}}
		bars := g.Slices
		if len(bars) > mostSlices {
			bars = bars[:mostSlices]
			c.Caption += fmt.Sprintf(" The first %d of %d bars.", mostSlices, len(g.Slices))
		}
		for i, b := range bars {
			to := &c.Series[0]
			if b.Periods > 0 {
				to = &c.Series[1]
			}
			to.Values = append(to.Values, float64(b.Lane))
			to.Bounds = append(to.Bounds, [2]float64{float64(b.Start), float64(b.End)})
			to.Labels = append(to.Labels, b.Name)
			if i < mostRows {
				rows.Add(table.Text(t.Lanes[b.Lane]), table.Text(b.Name), table.Whole(b.Start), table.Whole(b.End))
			}
		}
		var err error
		if c.Table, err = shown("", rows); err != nil {
			return err
		}
		s.Charts = append(s.Charts, c)
	}
	p.Sections = append(p.Sections, s)
	return nil
}
