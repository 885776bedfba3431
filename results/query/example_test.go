package query_test

import (
	"encoding/json"
	"fmt"
	"log"

	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/store"
)

// What satsim results does with --where 'stce.rows < 64' --sort cycles --columns stce.rows,speedup.
func Example() {
	point := func(rows int, recipe, baseline string, cycles int64) store.Point {
		return store.Point{
			Arch: fmt.Appendf(nil, `{"name":"mine","stce":{"rows":%d}}`, rows), Network: json.RawMessage(`{"name":"net"}`), Recipe: fmt.Appendf(nil, `{"name":%q}`, recipe),
			Baseline: baseline, Run: &record.Run{Recipe: recipe, Total: record.Figures{Cycles: cycles}},
		}
	}
	var points []store.Point
	for rows, cycles := range map[int][2]int64{16: {4000, 2500}, 32: {1800, 1200}, 64: {1000, 800}} {
		dense := point(rows, "dense", "", cycles[0])
		points = append(points, dense, point(rows, "bdwp", dense.Key(), cycles[1]))
	}
	all, err := query.NamePoints(points)
	if err != nil {
		log.Fatal(err)
	}
	few, err := query.Filter(all, []string{`recipe == "bdwp"`, "stce.rows < 64"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	order, err := query.Orders("cycles", "up", "down")
	if err != nil {
		log.Fatal(err)
	}
	sorted, err := query.Sort(few, order, nil)
	if err != nil {
		log.Fatal(err)
	}
	columns, err := query.Columns(sorted, "stce.rows, cycles, speedup", nil)
	if err != nil {
		log.Fatal(err)
	}
	for row := range sorted {
		fmt.Printf("%s rows: %s cycles, %sx\n", columns[0].Text(row, 0), columns[1].Text(row, 0), columns[2].Text(row, 3))
	}
	// Output:
	// 32 rows: 1200 cycles, 1.5x
	// 16 rows: 2500 cycles, 1.6x
}
