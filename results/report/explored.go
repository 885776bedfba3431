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
	for _, c := range e.columns() {
		t.Columns = append(t.Columns, e.column(c))
	}
	t.Columns = append(t.Columns, table.Words("fit"))
	alone := e.alone()
	if alone != nil {
		front := table.Words("front of")
		front.For = table.People
		keyed := table.Words("front_of")
		keyed.For = table.Programs
		t.Columns = append(t.Columns, front, keyed)
	}
	for i := range e.Result.Front {
		cells := e.row(&e.Result.Front[i])
		if alone != nil {
			cells = append(cells, e.named(alone[i], (*explore.Work).String), e.named(alone[i], (*explore.Work).Key))
		}
		t.Add(cells...)
	}
	return t
}

// each reports whether works are objectives of their own.
func (e *Explored) each() bool { return e.Certificate.Each && len(e.Space.Works) > 1 }

// columns of values.
func (e *Explored) columns() []explore.Column {
	return explore.Columns(e.Objectives, len(e.Space.Works), e.Certificate.Each)
}

// named are works by name.
func (e *Explored) named(works []int, name func(*explore.Work) string) table.Cell {
	var out []string
	for _, w := range works {
		out = append(out, name(&e.Space.Works[w]))
	}
	return table.Text(strings.Join(out, ", "))
}

// alone are of each design of the front the works whose own front has it; nil: there is one front, or it is not proven.
func (e *Explored) alone() [][]int {
	if !e.each() || e.Result.Gap != 0 || e.Result.Counts.Open > 0 {
		return nil
	}
	out := make([][]int, len(e.Result.Front))
	for w := range e.Space.Works {
		for i, on := range explore.Alone(e.Result.Front, e.columns(), w) {
			if on {
				out[i] = append(out[i], w)
			}
		}
	}
	return out
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

func (e *Explored) column(of explore.Column) table.Column {
	o := of.Objective
	if of.Work != explore.All {
		c, w := ofStep(o), &e.Space.Works[of.Work]
		c.Name, c.Key = w.String(), w.Key()+"."+c.Key
		return c
	}
	several := len(e.Space.Works) > 1
	switch {
	case o == explore.Time && several:
		return table.Numbers("time of base", "", 4)
	case o == explore.Energy && several:
		return table.Numbers("energy of base", "", 4)
	}
	return ofStep(o)
}

// ofStep is the column of an objective of one step.
func ofStep(o explore.Objective) table.Column {
	switch o {
	case explore.Accuracy:
		return table.Column{Name: "accuracy", Key: "test_accuracy", Unit: "%", NumberFormat: table.Percent(2)}
	case explore.Energy:
		return table.Column{Name: "step", Key: "energy_j", Unit: "J", NumberFormat: table.NumberFormat{Decimals: 3}}
	case explore.Time:
		return table.Column{Name: "step", Key: "time_s", Unit: "ms", NumberFormat: table.NumberFormat{Shift: 3, Decimals: 3}}
	}
	return counts(string(o))
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
	for i, c := range e.columns() {
		switch o := c.Objective; {
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
	for i := range e.Space.Works {
		works = append(works, e.Space.Works[i].String())
	}
	p.say(fmt.Sprintf("space %s: %s designs; %s under %s; %s", e.Space.Name, thousands(e.Space.Size), strings.Join(works, ", "), e.recipes(), e.Rules))
	p.Printf("\n")
	p.Table(e.Table())
	switch {
	case e.each():
		p.say("each network is judged by itself: a design is on the front if no other is as good for each of them; \"front of\" names those whose own front has it")
	case len(e.Space.Works) > 1:
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
	t := &table.Table{Missing: "-", Columns: []table.Column{table.Words("change")}}
	columns := e.columns()
	for _, c := range columns {
		name, unit := string(c.Objective), "%"
		if c.Objective == explore.Accuracy {
			unit = "points"
		}
		if c.Work != explore.All {
			name = e.Space.Works[c.Work].String() + " " + name
		}
		t.Columns = append(t.Columns, table.Numbers(name, unit, 2))
	}
	t.Columns = append(t.Columns, table.Words("fit"))
	of := &e.Result.Front[0]
	time := func(n *explore.Neighbour) (sum float64) { // of the works together, each relative to the first design
		for i, c := range columns {
			if c.Objective == explore.Time {
				sum += n.Values[i] / of.Values[i]
			}
		}
		return sum
	}
	list := slices.Clone(e.Next)
	slices.SortStableFunc(list, func(a, b explore.Neighbour) int {
		switch {
		case a.Err != nil && b.Err != nil:
			return 0
		case a.Err != nil: // there is no saying: behind the others
			return 1
		case b.Err != nil:
			return -1
		}
		return cmp.Compare(time(&a), time(&b))
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
			if columns[i].Objective == explore.Accuracy {
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
