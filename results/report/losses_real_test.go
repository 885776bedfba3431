package report_test

import (
	"context"
	"math"
	"testing"

	"satsim/results/experiment"
	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/report"
	"satsim/results/table"
)

// The parts of what simulated steps lose are all of it: convolutions, and attention with its products that no recipe prunes.
func TestLossesOfStepsSumToTheWhole(t *testing.T) {
	for _, network := range []string{"resnet-fmnist", "vit-fmnist"} {
		c := of[*experiment.Case](t)(experiment.Load(experiment.Names{Network: network, Batch: 8}))
		r := of[*record.Record](t)(c.Run(context.Background()))
		found := of[[]report.Entry](t)(report.Find(report.KindTable, "losses"))
		made := of[*table.Table](t)(found[0].Table(context.Background(), &report.Input{Data: of[*query.Data](t)(query.FromRecords([]*record.Record{r}))}, ""))
		row := made.Rows[0].Cells
		number := func(i int) float64 { return row[i].Value().(float64) }
		const speedup, bound, lost, first = 3, 4, 5, 6
		d, b := float64(r.Runs[0].Total.Cycles), float64(r.Runs[1].Total.Cycles)
		if math.Abs(number(lost)-(b-d/number(bound))) > 1e-6 || math.Abs(number(speedup)-d/b) > 1e-9 {
			t.Errorf("%s: %v cycles lost of %v and %v, bound %v", network, number(lost), d, b, number(bound))
		}
		sum := 0.0
		for i := first; i < len(row); i++ {
			sum += number(i)
		}
		if math.Abs(sum-100) > 1e-9 {
			t.Errorf("%s: the parts sum to %v %%", network, sum)
		}
	}
}
