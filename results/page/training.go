package page

import (
	"fmt"

	"satsim/internal/ratio"
	"satsim/results/record"
	"satsim/results/table"
	"satsim/results/training"
	"satsim/workloads/train"
)

// AddTraining puts the curves of a training on the page.
func (p *Page) AddTraining(r *training.Run) error {
	id := fmt.Sprintf("t%d", len(p.Sections))
	curve := func(name, axis string, train1, test func(*train.Epoch) float64) Chart {
		c := Chart{ID: id + "-" + name, Kind: Lines, Title: axis, X: Axis{Name: "epoch"}, Y: Axis{Name: axis}, Series: []Series{{Name: "training"}, {Name: "test"}}}
		for i := range r.Curve {
			e := &r.Curve[i]
			c.Series[0].Points = append(c.Series[0].Points, Point{X: float64(e.Epoch), Y: train1(e)})
			c.Series[1].Points = append(c.Series[1].Points, Point{X: float64(e.Epoch), Y: test(e)})
		}
		c.Caption = "At the end of each epoch; that on training images is of them before the weights learned from them."
		return c
	}
	s := Section{ID: id, Title: fmt.Sprintf("Training of %s, %s %s, seed %d", r.Network, r.Recipe, r.Sparsity, r.Options.Seed), Charts: []Chart{
		curve("loss", "Loss", func(e *train.Epoch) float64 { return e.TrainLoss }, func(e *train.Epoch) float64 { return e.TestLoss }),
		curve("accuracy", "Accuracy", func(e *train.Epoch) float64 { return e.TrainAccuracy }, func(e *train.Epoch) float64 { return e.TestAccuracy }),
	}}
	curves, err := training.Curves(r)
	if err != nil {
		return err
	}
	numbers, err := shown("", curves)
	if err != nil {
		return err
	}
	for i := range s.Charts {
		s.Charts[i].Table = numbers
	}
	p.Sections = append(p.Sections, s)
	return nil
}

// AddTrainings puts what trainings gave over their seeds on the page, beside what a step costs by the records of the same network, recipe and ratio.
func (p *Page) AddTrainings(groups []training.SeedGroup, records []*record.Record) error {
	id := fmt.Sprintf("t%d", len(p.Sections))
	t := &table.Table{Columns: []table.Column{
		table.Words("network"), table.Words("recipe"), table.Numbers("seeds", "", 0), table.Numbers("diverged", "", 0), table.Scaled("test accuracy", "%", 2, 2), table.Scaled("deviation", "%", 2, 2),
		table.Scaled("minus dense", "%", 2, 2), table.Numbers("batch", "", 0), table.Scaled("a step", "ms", 3, 3), table.Times("speed-up"),
	}}
	c := Chart{
		ID: id + "-accuracy", Kind: Ranges, Title: "Accuracy over seeds", X: Axis{Name: "test accuracy (%)"},
		Caption: "Bars are means over seeds, whiskers a standard deviation to each side. The table has the cost of a step beside them, where a record on this page is of the same network, batch, recipe and N:M.",
	}
	bars := Series{Name: "test accuracy"}
	recipes, networks := training.RecipeLabels(groups), training.NetworkLabels(groups)
	for i := range groups {
		g := &groups[i]
		minus, step, faster := table.Cell{}, table.Cell{}, table.Cell{}
		if g.Difference.Of > 0 {
			minus = table.Real(g.Difference.Mean)
		}
		if run, base := costOf(g, records); run != nil {
			step, faster = table.Real(run.Total.TimeS), table.Real(ratio.Of(base.Total.Cycles, run.Total.Cycles))
		}
		mean, deviation := table.Cell{}, table.Cell{}
		if g.Seeds > 0 {
			mean = table.Real(g.Accuracy.Mean)
		}
		if g.Seeds > 1 {
			deviation = table.Real(g.Accuracy.Deviation)
		}
		t.Add(table.Text(networks[i]), table.Text(recipes[i]), table.Whole(g.Seeds), table.Whole(g.Lost), mean, deviation, minus, table.Whole(g.Batch), step, faster)
		if g.Seeds == 0 {
			continue // it has no accuracy
		}
		c.Names = append(c.Names, networks[i]+", "+recipes[i])
		m, d := 100*g.Accuracy.Mean, 100*g.Accuracy.Deviation
		bars.Values, bars.Bounds = append(bars.Values, m), append(bars.Bounds, [2]float64{m - d, m + d})
	}
	c.Series = []Series{bars}
	var err error
	c.Table, err = shown("", t)
	p.Sections = append(p.Sections, Section{ID: id, Title: "Accuracy beside cost", Charts: []Chart{c}})
	return err
}

// costOf is the run of what was trained, and the baseline of its record; nil: no record has it.
func costOf(g *training.SeedGroup, records []*record.Record) (run, base *record.Run) {
	for _, r := range records {
		for i := range r.Runs {
			if r.Network.Name == g.Network && r.Network.Images == g.Batch && r.Runs[i].Recipe == g.Recipe && r.Runs[i].Sparsity == g.Sparsity && r.Runs[i].Total.Cycles > 0 {
				return &r.Runs[i], &r.Runs[0]
			}
		}
	}
	return nil, nil
}
