package report

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"satsim/results/explore"
	"satsim/results/table"
)

// Explored is what a search of a space found.
type Explored struct {
	Space      *explore.Space
	Objectives []explore.Objective
	Rules      string // what is let in, and which end of estimates counts
	Result     *explore.Result
	// Next is what changes of one parameter of the fastest design are worth; empty if they were not all tried.
	Next        []explore.Neighbour
	Untried     bool // the command was interrupted before they were
	Certificate *explore.Certificate
}

// JSON is the certificate.
func (e *Explored) JSON(w io.Writer) error { return e.Certificate.Write(w) }

// Table is the front, the base last.
func (e *Explored) Table() *table.Table {
	t := &table.Table{Missing: "-"}
	for _, p := range e.paths() {
		t.Columns = append(t.Columns, table.Words(p))
	}
	for _, o := range e.Objectives {
		t.Columns = append(t.Columns, e.column(o))
	}
	t.Columns = append(t.Columns, table.Words("fit"))
	for i := range e.Result.Front {
		t.Add(e.row(&e.Result.Front[i])...)
	}
	return t
}

// paths that the axes change, in their order.
func (e *Explored) paths() (out []string) {
	for i := range e.Result.Front {
		for _, o := range e.Result.Front[i].Overrides {
			if path, _, _ := strings.Cut(o, "="); !slices.Contains(out, path) {
				out = append(out, path)
			}
		}
	}
	return out
}

func (e *Explored) column(o explore.Objective) table.Column {
	switch {
	case o == explore.Accuracy:
		return table.Column{Name: "accuracy", Key: "test_accuracy", Unit: "%", NumberFormat: table.Percent(2)}
	case o != explore.Time && o != explore.Energy:
		return counts(string(o))
	case o == explore.Energy && len(e.Space.Works) == 1:
		return table.Column{Name: "step", Key: "energy_j", Unit: "J", NumberFormat: table.NumberFormat{Decimals: 3}}
	case o == explore.Energy:
		return table.Numbers("energy of base", "", 4)
	case len(e.Space.Works) == 1:
		return table.Column{Name: "step", Key: "time_s", Unit: "ms", NumberFormat: table.NumberFormat{Shift: 3, Decimals: 3}}
	}
	return table.Numbers("time of base", "", 4)
}

func (e *Explored) row(b *explore.Best) []table.Cell {
	var cells []table.Cell
	for _, p := range e.paths() {
		c := table.Cell{}
		for _, o := range b.Overrides {
			if path, value, _ := strings.Cut(o, "="); path == p {
				c = table.Text(value)
			}
		}
		cells = append(cells, c)
	}
	return append(cells, e.values(b)...)
}

func (e *Explored) values(b *explore.Best) (cells []table.Cell) {
	for i, o := range e.Objectives {
		switch {
		case len(b.Values) == 0:
			cells = append(cells, table.Cell{})
		case o == explore.Time, o == explore.Energy:
			cells = append(cells, table.Real(b.Values[i]))
		case o == explore.Accuracy:
			cells = append(cells, table.Real(1-b.Values[i]))
		default:
			cells = append(cells, table.Whole(int64(b.Values[i])))
		}
	}
	return append(cells, table.Text(string(b.Fit)))
}

// Text is what people read.
func (e *Explored) Text(w io.Writer) error {
	p := newPage(w)
	r, c := e.Result, &e.Result.Counts
	var works []string
	for _, x := range e.Space.Works {
		n := x.Network
		if x.Batch != 0 {
			n += fmt.Sprintf(" at batch %d", x.Batch)
		}
		works = append(works, n)
	}
	p.say(fmt.Sprintf("space %s: %s designs; %s under %s; %s", e.Space.Name, thousands(e.Space.Size), strings.Join(works, ", "), e.recipes(), e.Rules))
	p.Printf("\n")
	p.Table(e.Table())
	if len(e.Space.Works) > 1 {
		p.say("time of base: mean over the networks, each relative to the space's architecture without its axes" + e.first())
	}
	if len(e.Certificate.Trained) > 0 {
		p.Printf("\n")
		p.say("accuracies are of these trainings, whose network and recipe have the hashes of those that are simulated:")
		p.Table(e.trained())
		p.say("Differences below the deviation of the seeds decide nothing: the proof takes the means as they are.")
		if e.unequal() {
			p.say("Images or epochs differ from recipe to recipe: so do accuracies, whatever the recipe.")
		}
	}
	p.Printf("\n")
	switch {
	case len(r.Front) == 0 && r.Gap < 0:
		p.say(fmt.Sprintf("no gap yet: %s of %s designs bounded, none on the front", thousands(r.Bounded), thousands(e.Space.Size)))
	case len(r.Front) == 0:
		p.say("no design was simulated")
	case c.Open == 0 && r.Gap == 0:
		p.say("proven: no other design of the space is better")
	case r.Gap < 0:
		p.say(fmt.Sprintf("not proven yet: nothing says how much better %s designs that are open may be; the same command goes on from its store", thousands(c.Open)))
	case c.Open == 0:
		p.say(fmt.Sprintf("proven within %.2g %%: no design of the space is better by more than that in all objectives", 100*r.Gap))
	default:
		p.say(fmt.Sprintf("not proven yet: of %s designs that are open none is better by more than %.2f %% in all objectives; the same command goes on from its store", thousands(c.Open), 100*r.Gap))
	}
	p.Printf("\n")
	t := &table.Table{Columns: []table.Column{counts("designs"), table.Words("became of them")}}
	for _, l := range []struct {
		n    int
		what string
	}{
		{c.LeftOut, "left out by conditions"},
		{c.TooLarge, "too large for the board"},
		{c.Refused, "refused"},
		{c.ClosedForm, "ruled out by closed form"},
		{c.Scheduled, "ruled out by the schedule's words"},
		{c.Simulated, "simulated, and no better"},
		{c.Front, "on the front"},
		{c.Open, "open"},
	} {
		if l.n > 0 {
			t.Add(table.Whole(int64(l.n)), table.Text(l.what))
		}
	}
	p.Table(t)
	for i, why := range r.Reasons {
		if i == 3 {
			p.say(fmt.Sprintf("and %d other reasons", len(r.Reasons)-i))
			break
		}
		p.say(fmt.Sprintf("%s refused: %s", thousands(why.Designs), strings.ReplaceAll(why.Why, "\n", "; ")))
	}
	switch {
	case e.Untried:
		p.Printf("\n")
		p.say("changes of one parameter were not tried: interrupted")
	case len(e.Next) > 0:
		p.Printf("\n")
		p.say("changes of one parameter of the first design, best first:")
		p.Table(e.next())
	}
	return p.Err()
}

// Holds is what a certificate that was checked is said to do: to hold, within the gap that it has.
func Holds(c *explore.Certificate) string {
	s := "holds"
	if c.Gap > 0 {
		s += fmt.Sprintf(" within a gap of %.2f %%", 100*c.Gap)
	}
	if c.Counts.Open > 0 {
		s += fmt.Sprintf(", %s open", thousands(c.Counts.Open))
	}
	return s
}

// recipes that designs are under.
func (e *Explored) recipes() string {
	var out []string
	for _, r := range e.Space.Recipes {
		out = append(out, withRatio(r.Name, r.Sparsity))
	}
	return strings.Join(out, ", ")
}

// first is under which recipe the base is, if there are several.
func (e *Explored) first() string {
	if len(e.Space.Recipes) == 1 {
		return ""
	}
	return ", under " + withRatio(e.Space.Recipes[0].Name, e.Space.Recipes[0].Sparsity)
}

// trained are the trainings that accuracies are of.
func (e *Explored) trained() *table.Table {
	t := &table.Table{Missing: "-", Columns: []table.Column{
		table.Words("network"), table.Words("recipe"), table.Words("N:M"), {Name: "accuracy", Unit: "%", NumberFormat: table.Percent(2)}, {Name: "±", NumberFormat: table.Percent(2)},
		counts("seeds"), counts("images"), counts("epochs"),
	}}
	for _, r := range e.Certificate.Trained {
		spread := table.Cell{}
		if r.Seeds > 1 {
			spread = table.Real(r.Deviation)
		}
		t.Add(table.Text(r.Network), table.Text(r.Recipe), table.Text(cmp.Or(r.Sparsity, "own")), table.Real(r.Accuracy), spread, table.Whole(r.Seeds), table.Whole(r.Images), table.Whole(r.Epochs))
	}
	return t
}

// unequal reports whether recipes of one network were trained with unequal images or epochs.
func (e *Explored) unequal() bool {
	type work struct {
		network string
		batch   int64
	}
	first := map[work]*explore.Trained{}
	for i := range e.Certificate.Trained {
		r := &e.Certificate.Trained[i]
		of := work{r.Network, r.Batch}
		if first[of] == nil {
			first[of] = r
		}
		if f := first[of]; f.Images != r.Images || f.Epochs != r.Epochs || f.Data != r.Data {
			return true
		}
	}
	return false
}

// next is what to change.
func (e *Explored) next() *table.Table {
	t := &table.Table{Missing: "-", Columns: []table.Column{table.Words("change"), table.Numbers("time", "%", 2)}}
	for _, o := range e.Objectives[1:] {
		unit := "%"
		if o == explore.Accuracy {
			unit = "points"
		}
		t.Columns = append(t.Columns, table.Numbers(string(o), unit, 2))
	}
	t.Columns = append(t.Columns, table.Words("fit"))
	of := &e.Result.Front[0]
	list := slices.Clone(e.Next)
	slices.SortStableFunc(list, func(a, b explore.Neighbour) int {
		switch {
		case a.Err != nil && b.Err != nil:
			return 0
		case a.Err != nil: // there is no saying: behind the others
			return 1
		case b.Err != nil:
			return -1
		case a.Values[0] < b.Values[0]:
			return -1
		case a.Values[0] > b.Values[0]:
			return 1
		}
		return 0
	})
	for _, n := range list {
		cells := []table.Cell{table.Text(n.Change)}
		if n.Err != nil {
			why := "refused"
			if errors.Is(n.Err, explore.ErrLeftOut) {
				why = "left out"
			}
			cells = append(padded(t, cells...)[:len(t.Columns)-1], table.Text(why))
			t.Add(cells...)
			continue
		}
		for i := range n.Values {
			change := n.Values[i]/of.Values[i] - 1 // of none there is no part
			if e.Objectives[i] == explore.Accuracy {
				change = of.Values[i] - n.Values[i]
			}
			cells = append(cells, table.Real(100*change))
		}
		t.Add(append(cells, table.Text(string(n.Fit)))...)
	}
	return t
}

// thousands is a number with commas.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
