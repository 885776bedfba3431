package explain

import (
	"fmt"
	"io"

	"satsim/internal/quantity"
	"satsim/internal/ratio"
	"satsim/results/record"
	"satsim/results/table"
)

// shown is how many rows people are shown of what helps and of a ranking.
const shown = 15

func word(name string) table.Column { return table.Column{Name: name, Key: name, Left: true} }

func whole(name, key string) table.Column { return table.Column{Name: name, Key: key} }

// JSON writes everything.
func (e *Explanation) JSON(w io.Writer) error { return table.Indented(w, e) }

// Table has a row a change that helps.
func (e *Explanation) Table() *table.Table { return helping(e.Changes, e.Bound.Cycles) }

func helping(changes []Change, cycles int64) *table.Table {
	t := &table.Table{Columns: []table.Column{
		word("change"), word("from"), whole("cycles", "cycles"), whole("saves", "saves_cycles"), table.Numbers("saves", "%", 2), whole("LUTs more", "luts"), whole("DSPs more", "dsps"), word("fit"),
	}}
	for _, c := range changes {
		t.Add(table.Text(c.Override), table.Text(c.From), table.Whole(c.Cycles), table.Whole(c.Saves), table.Share(c.Saves, cycles), table.Whole(c.LUTs), table.Whole(c.DSPs), table.Text(c.Fit))
	}
	return t
}

// Text writes what people read.
func (e *Explanation) Text(w io.Writer) error {
	p := table.NewPage(w)
	p.Printf("%s %s of %s under %s %s on %s, alone: %d cycles\n", e.Layer, e.Stage, e.Network, e.Recipe, e.Sparsity, e.Arch, e.Bound.Cycles)
	e.bound(p)
	e.time(p)
	e.words(p)
	for _, b := range e.Buffers {
		if b.TooSmall > 0 {
			p.Printf("buffers.%s is too small by %v: %v would take %d cycles, %d fewer; more saves no more\n", b.Buffer, quantity.Bytes(b.TooSmall), quantity.Bytes(b.Wanted), b.Cycles, e.Bound.Cycles-b.Cycles)
		}
	}
	help(p, e.Changes, e.Bound.Cycles, e.Tried, e.Refused)
	return p.Err()
}

// help prints the changes that save most.
func help(p *table.Page, changes []Change, cycles int64, tried, refused int) {
	p.Printf("\nof %d changes of one parameter, each simulated, %d help and %d are no machine that this can run on\n", tried, len(changes), refused)
	if len(changes) > 0 {
		p.Table(helping(changes[:min(len(changes), shown)], cycles))
	}
}

// bound says where it stands under the roofline.
func (e *Explanation) bound(p *table.Page) {
	b := &e.Bound
	p.Printf("roofline: %.1f operations a byte, the ridge is at %.1f; the array takes at least %d cycles, the memory's ports %d: bound by the %s; %d cycles (%.1f %%) are above that\n",
		b.PerByte, b.Ridge, b.Array, b.Memory, b.By, b.Saving(), ratio.Percent(b.Saving(), b.Cycles))
}

// time says where the lanes' cycles went.
func (e *Explanation) time(p *table.Page) {
	t := &table.Table{Columns: []table.Column{word("group"), word("word"), word("lane"), word("cause"), whole("cycles", "cycles"), table.Numbers("of the group", "%", 1)}}
	for i := range e.Groups {
		g := &e.Groups[i]
		for k, c := range causes(g) {
			cells := []table.Cell{table.Text(""), table.Text(""), table.Text(c.lane), table.Text(c.cause), table.Whole(c.n), table.Share(c.n, g.Cycles)}
			if k == 0 {
				cells[0], cells[1] = table.Text(g.Label), table.Text(g.Word)
				t.AddRule(cells...)
				continue
			}
			t.Add(cells...)
		}
	}
	p.Table(t)
}

type cause struct {
	lane, cause string
	n           int64
}

// causes are those of the array's lane, or of the busiest one where the array has no word.
func causes(g *record.Group) (out []cause) {
	var l *record.Lane
	for i := range g.Lanes {
		if one := &g.Lanes[i]; one.Lane == "array" {
			l = one
			break
		} else if l == nil || one.Computing > l.Computing {
			l = one
		}
	}
	if l == nil {
		return nil
	}
	add := func(name string, n int64) {
		if n > 0 {
			out = append(out, cause{l.Lane, name, n})
		}
	}
	add("computes", l.Computing)
	add("fills", l.Filling)
	add("drains", l.Draining)
	for _, w := range l.Waits {
		add("waits for "+w.Unit, w.Cycles)
	}
	add("has no word", l.NoWord)
	add("reconfigures", l.Reconfigure)
	return out
}

// words are the choices of the search.
func (e *Explanation) words(p *table.Page) {
	for _, r := range e.Rivals {
		var chosen int64
		for _, c := range r.Choices {
			if c.Chosen {
				chosen = c.Simulated
			}
		}
		p.Printf("\n%s: the chosen words and what else fits\n", r.Label)
		t := &table.Table{Columns: []table.Column{word("words"), whole("predicted", ""), whole("simulated", ""), whole("would lose", ""), whole("array busy", ""), whole("bytes", "")}}
		for _, c := range r.Choices {
			name := c.Choice
			if c.Chosen {
				name += " (chosen)"
			}
			t.Add(table.Text(name), table.Whole(c.Predicted), table.Whole(c.Simulated), table.Whole(c.Simulated-chosen), table.Whole(c.Array), table.Whole(c.Bytes))
		}
		p.Table(t)
	}
}

// JSON writes everything.
func (r *Ranking) JSON(w io.Writer) error { return table.Indented(w, r) }

// Table has a row a part of the step.
func (r *Ranking) Table() *table.Table {
	t := &table.Table{Columns: []table.Column{
		word("layer"), word("stage"), whole("cycles", "cycles"), word("bound by"), whole("at least", "least_cycles"), whole("could save", "saving_cycles"), table.Numbers("of the step", "%", 2),
	}}
	for i := range r.Parts {
		b := &r.Parts[i]
		t.Add(table.Text(b.Layer), table.Text(b.Stage), table.Whole(b.Cycles), table.Text(b.By), table.Whole(b.Least()), table.Whole(b.Saving), table.Share(b.Saving, r.Cycles))
	}
	return t
}

// Text writes what people read.
func (r *Ranking) Text(w io.Writer) error {
	p := table.NewPage(w)
	p.Printf("%s under %s %s on %s: %d cycles, of which %d (%.1f %%) are above the roofline of the same array and memory ports\n",
		r.Network, r.Recipe, r.Sparsity, r.Arch, r.Cycles, r.Saving, ratio.Percent(r.Saving, r.Cycles))
	t := r.Table()
	if n := len(t.Rows) - shown; n > 0 {
		t.Rows = t.Rows[:shown]
		rest := int64(0)
		for i := range r.Parts[shown:] {
			rest += r.Parts[shown+i].Saving
		}
		t.AddFoot(table.Text(fmt.Sprintf("%d others", n)), table.Text(""), table.Cell{}, table.Text(""), table.Cell{}, table.Whole(rest), table.Share(rest, r.Cycles))
	}
	p.Table(t)
	if r.Tried > 0 {
		help(p, r.Changes, r.Cycles, r.Tried, r.Refused)
	}
	return p.Err()
}
