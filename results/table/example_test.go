package table_test

import (
	"log"
	"os"

	"satsim/results/table"
)

// One table, for people and for programs: people read milliseconds with two decimals, programs the seconds that are held.
func Example() {
	time := table.Scaled("step", "ms", 3, 2)
	time.Key = "step_time_s"
	t := &table.Table{Name: "steps", Columns: []table.Column{table.Words("network"), time, table.Times("speed-up")}, Missing: "-"}
	t.Add(table.Text("resnet9"), table.Real(0.01234), table.Real(1.9))
	t.Add(table.Text("vit-cifar"), table.Real(0.9047), table.Cell{})
	if err := t.Markdown(os.Stdout); err != nil {
		log.Fatal(err)
	}
	if err := t.CSV(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// | network | step (ms) | speed-up (×) |
	// | :--- | ---: | ---: |
	// | resnet9 | 12.34 | 1.900 |
	// | vit-cifar | 904.70 | - |
	// network,step_time_s,speed-up (x)
	// resnet9,0.01234,1.9
	// vit-cifar,0.9047,
}

// A field is a column and where its cells come from, so that a table of records is declared once.
func ExampleOf() {
	type layer struct {
		name   string
		cycles int64
	}
	fields := []table.Field[layer]{
		{Column: table.Words("layer"), Of: func(l *layer) table.Cell { return table.Text(l.name) }},
		{Column: table.Numbers("time", "cycles", 0), Of: func(l *layer) table.Cell { return table.Whole(l.cycles) }},
	}
	if err := table.Of(fields, []layer{{"conv1", 1200}, {"fc", 34}}).Terminal(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// ┌───────┬─────────────┐
	// │ layer │ time cycles │
	// ├───────┼─────────────┤
	// │ conv1 │        1200 │
	// │ fc    │          34 │
	// └───────┴─────────────┘
}
