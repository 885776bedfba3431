package cli

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"

	"satsim/results/record"
)

// printTraining prints what whole trainings take, if that was asked for.
func printTraining(w io.Writer, trainings []record.Training) {
	if len(trainings) == 0 {
		return
	}
	fmt.Fprintf(w, "\nwhole trainings, %d steps an epoch\n", trainings[0].StepsPerEpoch)
	t := newTable(w, 2, "training", "steps of", "N:M", "steps", "ms a step", "hours")
	for i := range trainings {
		tr := &trainings[i]
		if i > 0 {
			t.AppendSeparator()
		}
		for _, p := range tr.Phases {
			t.AppendRow(table.Row{"", p.Name, p.Sparsity, p.Steps, fmt.Sprintf("%.3f", p.StepTimeS*1e3), fmt.Sprintf("%.3f", float64(p.Steps)*p.StepTimeS/3600)})
		}
		t.AppendRow(table.Row{tr.Recipe, fmt.Sprintf("%d epochs", tr.Epochs), "", tr.Epochs * tr.StepsPerEpoch, "", fmt.Sprintf("%.3f", tr.TimeS/3600)})
	}
	t.Render()
	if len(trainings) == 2 {
		fmt.Fprintf(w, "%s against %s, whole training: %.3fx\n", trainings[1].Recipe, trainings[0].Recipe, trainings[0].TimeS/trainings[1].TimeS)
	}
}
