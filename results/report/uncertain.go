package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"satsim/results/plot"
	"satsim/results/table"
	"satsim/results/uncertainty"
)

// Uncertain is how far what is claimed is in doubt.
type Uncertain struct{ *uncertainty.Result }

// places of outputs, and of the networks' mean.
const (
	speedup   = 1
	resource  = 2
	joulesOf  = 3
	mostShown = 8 // effects of an output that people see
	deciding  = 3 // assumptions that a headline names
)

func (u *Uncertain) mean() int { return len(u.Names) - 1 }

// Table is the distributions, or what assumptions are worth where there are none.
func (u *Uncertain) Table() *table.Table {
	if len(u.Joint) == 0 {
		return u.Worths()
	}
	return u.Distributions()
}

// distribution is the columns of one, and its cells.
func (u *Uncertain) distribution() []table.Column {
	return []table.Column{
		keyed("default", "default", 3), keyed("5 %", "p05", 3), keyed("median", "median", 3), keyed("95 %", "p95", 3),
		{Name: fmt.Sprintf("at least %g", u.Figure), Key: "probability", Unit: "%", NumberFormat: table.NumberFormat{Shift: 2}},
		{Name: "±", Key: "probability_error", Unit: "%", NumberFormat: table.NumberFormat{Shift: 2}},
	}
}

func (u *Uncertain) distributed(output, network int) []table.Cell {
	d := u.Distribution(uncertainty.Outputs()[output], network)
	cells := []table.Cell{table.Real(d.Default), table.Real(d.Low), table.Real(d.Median), table.Real(d.Top), {}, {}}
	if output > 0 { // a time reaches no speed-up
		cells[4], cells[5] = table.Real(d.Reaches), table.Real(d.ReachesError)
	}
	return cells
}

// explained are what the figures are, and of how many points.
func (u *Uncertain) explained() (notes []string) {
	for _, o := range uncertainty.Outputs() {
		notes = append(notes, o.Name+": "+o.Means+".")
	}
	return append(notes, fmt.Sprintf("%d points of a Latin hypercube of %d assumptions, seed %d.", len(u.Joint), len(u.Study.Space.Assumptions), u.Study.Seed))
}

// Distributions of every figure, the networks' mean first. That is no network: programs read it in Claims.
func (u *Uncertain) Distributions() *table.Table {
	t := &table.Table{Missing: "-", Digits: digits, Columns: append([]table.Column{table.Words("network"), table.Words("figure")}, u.distribution()...), Notes: u.explained()}
	order := append([]int{u.mean()}, seq(u.mean())...)
	if u.mean() == 1 { // of one network
		order = []int{0}
	}
	for k, n := range order {
		for i, o := range uncertainty.Outputs() {
			r := table.Row{Cells: append([]table.Cell{table.Text(u.Names[n]), table.Text(o.Name)}, u.distributed(i, n)...), Rule: k > 0 && i == 0}
			if n == u.mean() {
				r.For = table.People
			}
			t.Rows = append(t.Rows, r)
		}
	}
	return t
}

// Claims are the distributions of the networks' mean, a row each, with the assumptions that decide it.
func (u *Uncertain) Claims() *table.Table {
	t := &table.Table{Missing: "-", Digits: digits, Columns: append([]table.Column{table.Words("figure")}, u.distribution()...), Notes: u.explained()}
	for i, name := range []string{"decided by", "then", "and then"} {
		t.Columns = append(t.Columns, table.Column{Name: name, Key: fmt.Sprintf("decided_by_%d", i+1), Left: true})
	}
	for _, key := range []string{"points", "assumptions"} {
		t.Columns = append(t.Columns, table.Column{Name: key, Key: key, For: table.Programs})
	}
	for i, o := range uncertainty.Outputs() {
		cells := append([]table.Cell{table.Text(o.Name)}, u.distributed(i, u.mean())...)
		names := append(u.decide(i), make([]string, deciding)...)
		for _, name := range names[:deciding] {
			cells = append(cells, table.Text(name))
		}
		t.Add(append(cells, table.Whole(int64(len(u.Joint))), table.Whole(int64(len(u.Study.Space.Assumptions))))...)
	}
	return t
}

// keyed is a column of numbers with a name for people and one for programs.
func keyed(name, key string, decimals int) table.Column {
	return table.Column{Name: name, Key: key, NumberFormat: table.NumberFormat{Decimals: decimals}}
}

func seq(n int) (out []int) {
	for i := range n {
		out = append(out, i)
	}
	return out
}

// ranked are the assumptions by their total effect on an output.
func (u *Uncertain) ranked(output int) (out []int) {
	for i := range u.Study.Space.Assumptions {
		if _, ok := u.Effect(output, i); ok {
			out = append(out, i)
		}
	}
	total := func(i int) float64 { x, _ := u.Effect(output, i); return x.Total }
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(total(b), total(a)) })
	return out
}

// Ranking is of the assumptions by their effects on each output; people see the first few.
func (u *Uncertain) Ranking() *table.Table {
	t := &table.Table{Missing: "-", Digits: digits, Columns: []table.Column{
		table.Words("figure"), table.Words("assumption"), keyed("first-order", "first", 3), keyed("±", "first_error", 3), keyed("total", "total", 3), keyed("±", "total_error", 3),
	}}
	for o, out := range uncertainty.Outputs() {
		for k, i := range u.ranked(o) {
			x, _ := u.Effect(o, i)
			r := table.Row{Rule: k == 0 && o > 0, Cells: []table.Cell{
				table.Text(out.Name), table.Text(u.Study.Space.Assumptions[i].Name), table.Real(x.First), table.Real(x.FirstError), table.Real(x.Total), table.Real(x.TotalError),
			}}
			if k >= mostShown || x.Total < 0.0005 {
				r.For = table.Programs
			}
			t.Rows = append(t.Rows, r)
		}
		if u.Effects != nil && u.Effects[o] != nil {
			t.Notes = append(t.Notes, fmt.Sprintf("%s: a fit of %d terms explains %.1f %% of the variance of points that it has not seen.", out.Name, u.Effects[o].Terms, 100*u.Effects[o].Explained))
		}
	}
	return t
}

// worthOf is what an assumption does to a figure of the networks' mean, alone: the least and the greatest.
type worthOf struct{ standard, least, most float64 }

// worth is what an assumption is worth to a figure.
func (u *Uncertain) worth(assumption int, of func(*uncertainty.Figures) float64) worthOf {
	w := worthOf{standard: of(&u.Default[u.mean()])}
	w.least, w.most = w.standard, w.standard
	for _, f := range []*uncertainty.Figures{u.Alone[assumption].Least, u.Alone[assumption].Most} {
		if f == nil {
			continue
		}
		w.least, w.most = min(w.least, of(f)), max(w.most, of(f))
	}
	return w
}

// Worths are what each assumption is worth alone, what costs most first.
func (u *Uncertain) Worths() *table.Table {
	t := &table.Table{Missing: "-", Digits: digits, Columns: []table.Column{
		table.Words("assumption"), table.Words("default"), table.Words("may"),
		keyed("speed-up, worst", "speedup_worst", 3), keyed("best", "speedup_best", 3), keyed("same resources, worst", "same_resources_worst", 3), keyed("best", "same_resources_best", 3),
		keyed("energy, worst", "energy_worst", 3), keyed("best", "energy_best", 3), table.Words("because"),
	}}
	outputs := uncertainty.Outputs()
	if len(u.Alone) == 0 {
		return t
	}
	order := seq(len(u.Alone))
	cost := func(i int) float64 {
		s, r, e := u.worth(i, outputs[speedup].Of), u.worth(i, outputs[resource].Of), u.worth(i, outputs[joulesOf].Of)
		most := max(s.standard-s.least, r.standard-r.least)
		if u.Study.Space.Assumptions[i].Prices {
			return (e.standard - e.least) / 1e6 // below whatever costs time
		}
		return math.Round(1e4*most) / 1e4
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cost(b), cost(a)) })
	for _, i := range order {
		a := &u.Study.Space.Assumptions[i]
		s, r, e := u.worth(i, outputs[speedup].Of), u.worth(i, outputs[resource].Of), u.worth(i, outputs[joulesOf].Of)
		t.Add(table.Text(a.Name), table.Text(a.Default), table.Text(a.May), table.Real(s.least), table.Real(s.most), table.Real(r.least), table.Real(r.most), table.Real(e.least), table.Real(e.most), table.Text(a.Why))
	}
	d := &u.Default[u.mean()]
	t.Notes = append(t.Notes, fmt.Sprintf("Mean over %s. All at their defaults: %.3f on the same machine, %.3f at the same resources, energy %.3f.", inWords(u.Study.Networks), d.Speedup, d.Resources, d.Energy))
	return t
}

func inWords(names []string) string {
	if n := len(names); n > 1 {
		out := names[0]
		for _, x := range names[1 : n-1] {
			out += ", " + x
		}
		return out + " and " + names[n-1]
	}
	return names[0]
}

// Text is what people read.
func (u *Uncertain) Text(w io.Writer) error {
	p := newPage(w)
	s := u.Study.Space
	p.say(fmt.Sprintf("%s under %s against %s on %s; %d assumptions in doubt", inWords(s.Networks), withRatio(s.Question.Names.Recipe, s.Question.Names.Sparsity), s.Against, s.Question.Names.Arch, len(s.Assumptions)))
	if u.Left > 0 {
		p.say(fmt.Sprintf("%d of %d points left out, as no machine can be made of them; the first: %v", u.Left, u.Left+len(u.Joint), u.Reason))
	}
	p.Printf("\n")
	if len(u.Joint) == 0 {
		t := u.Worths()
		t.Columns[len(t.Columns)-1].For = table.Programs // reasons are whole sentences
		t.Notes = append(t.Notes, "The reason of a range: satsim params NAME.")
		p.Table(t)
		return p.Err()
	}
	p.Table(u.Distributions())
	p.Printf("\n")
	if u.Effects == nil {
		p.say(fmt.Sprintf("effects are told from %d points on", uncertainty.Fewest))
		return p.Err()
	}
	p.say("what decides them, as shares of the variance of the networks' mean:")
	p.Table(u.Ranking())
	p.Printf("\n")
	p.say(u.Headline())
	return p.Err()
}

// JSON is everything.
func (u *Uncertain) JSON(w io.Writer) error {
	type effect struct {
		Assumption string  `json:"assumption"`
		First      float64 `json:"first"`
		FirstError float64 `json:"first_error"`
		Total      float64 `json:"total"`
		TotalError float64 `json:"total_error"`
	}
	type figure struct {
		Network string    `json:"network"`
		Figure  string    `json:"figure"`
		Default float64   `json:"default"`
		Values  []float64 `json:"values,omitempty"` // ascending
	}
	type alone struct {
		Assumption string               `json:"assumption"`
		Default    string               `json:"default"`
		May        string               `json:"may"`
		Because    string               `json:"because"`
		Least      *uncertainty.Figures `json:"least,omitempty"`
		Most       *uncertainty.Figures `json:"most,omitempty"`
	}
	out := struct {
		Samples     int                 `json:"samples"`
		Seed        uint64              `json:"seed"`
		LeftOut     int                 `json:"left_out,omitempty"`
		Figures     []figure            `json:"figures"`
		Effects     map[string][]effect `json:"effects,omitempty"`
		Assumptions []alone             `json:"assumptions"`
	}{Samples: len(u.Joint), Seed: u.Study.Seed, LeftOut: u.Left}
	for o, f := range uncertainty.Outputs() {
		for n, name := range u.Names {
			out.Figures = append(out.Figures, figure{name, f.Name, f.Of(&u.Default[n]), u.Sorted(f, n)})
		}
		for _, i := range u.ranked(o) {
			if out.Effects == nil {
				out.Effects = map[string][]effect{}
			}
			x, _ := u.Effect(o, i)
			out.Effects[f.Name] = append(out.Effects[f.Name], effect{u.Study.Space.Assumptions[i].Name, x.First, x.FirstError, x.Total, x.TotalError})
		}
	}
	for i, e := range u.Alone {
		a := &u.Study.Space.Assumptions[i]
		out.Assumptions = append(out.Assumptions, alone{a.Name, a.Default, a.May, a.Why, e.Least, e.Most})
	}
	return table.Indented(w, out)
}

// drawnDistributions draws the speed-ups and the energy ratio.
func drawnDistributions(in *Input) (*plot.Figure, error) {
	u, ok := in.Answer.(*Uncertain)
	if !ok {
		return nil, fmt.Errorf("%T has no distributions", in.Answer)
	}
	var samples []plot.Sample
	for _, o := range uncertainty.Outputs()[speedup:] {
		if s := u.Sorted(o, u.mean()); len(s) > 0 && !math.IsNaN(s[0]) {
			samples = append(samples, plot.Sample{Name: o.Name, Values: s, Default: o.Of(&u.Default[u.mean()])})
		}
	}
	title := fmt.Sprintf("%s, %s, %d points", withRatio(u.Study.Question.Names.Recipe, u.Study.Question.Names.Sparsity), u.Study.Question.Names.Arch, len(u.Joint))
	return plot.Distributions(plot.Axes{Title: title, X: "dense over recipe; dots are the defaults", Y: "points up to there (%)"}, samples, u.Figure, fmt.Sprintf("%g", u.Figure))
}

// drawnEffects draws the ranking of what decides the speed-up on the same machine and at the same resources.
func drawnEffects(in *Input) (*plot.Figure, error) {
	u, ok := in.Answer.(*Uncertain)
	if !ok {
		return nil, fmt.Errorf("%T has no effects", in.Answer)
	}
	order := u.ranked(resource)
	if len(order) > mostShown+4 {
		order = order[:mostShown+4]
	}
	var series []plot.Series
	for _, o := range []int{speedup, resource} {
		first, total := plot.Series{Name: uncertainty.Outputs()[o].Name + ", first-order"}, plot.Series{Name: uncertainty.Outputs()[o].Name + ", total"}
		for k, i := range order {
			x, _ := u.Effect(o, i)
			first.Marks = append(first.Marks, plot.Mark{X: float64(k), Y: x.First, Deviation: x.FirstError})
			total.Marks = append(total.Marks, plot.Mark{X: float64(k), Y: x.Total, Deviation: x.TotalError})
		}
		series = append(series, first, total)
	}
	var labels []string
	for _, i := range order {
		labels = append(labels, u.Study.Space.Assumptions[i].Name)
	}
	return plot.Ranks(plot.Axes{Y: "share of the variance"}, series, labels)
}

// decide are the assumptions that decide an output, most first: those whose effects are beyond their errors.
func (u *Uncertain) decide(output int) (names []string) {
	for _, i := range u.ranked(output) {
		if x, _ := u.Effect(output, i); len(names) < deciding && x.Total > x.TotalError {
			names = append(names, u.Study.Space.Assumptions[i].Name)
		}
	}
	return names
}

// Headline is the distribution in a sentence.
func (u *Uncertain) Headline() string {
	of := func(output int) string {
		d := u.Distribution(uncertainty.Outputs()[output], u.mean())
		return fmt.Sprintf("%.2fx (%.2f to %.2f)", d.Median, d.Low, d.Top)
	}
	decided := func(output int) string {
		if names := u.decide(output); len(names) > 0 {
			return ", decided by " + inWords(names)
		}
		return ""
	}
	return fmt.Sprintf("in short: %s over dense training on the same machine%s; %s at the same resources%s; energy %s", of(speedup), decided(speedup), of(resource), decided(resource), of(joulesOf))
}
