package cli

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"testing"

	"satsim/results/query"
	"satsim/results/store"
)

// What docs/rtl.md says of the adder's latency is what the sweep latencies gives: a row a latency, of all optimisations, all but interleave mapping, and none.
func TestTheDocumentHasTheAblationOfLatencies(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	text, err := os.ReadFile("../../docs/rtl.md")
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), store.Memory)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	made := map[string]string{}
	rows := query.Compared(simulated(t, s, "latencies", nil).Rows)
	for i := range rows {
		r := &rows[i]
		latency, _ := r.Float("stce.add_latency")
		made[fmt.Sprint(latency, " ", query.Off(r))] = fmt.Sprintf("%.3f", float64(r.Base.Run.Total.Cycles)/float64(r.Point.Run.Total.Cycles))
	}
	said := regexp.MustCompile(`(?m)^\| (\d) \| (\d\.\d{3}) \| (\d\.\d{3}) \| (\d\.\d{3}) \|$`).FindAllStringSubmatch(string(text), -1)
	if len(said) != 4 || len(rows) != 3*len(said) {
		t.Fatalf("%d rows in the document, %d points of the sweep", len(said), len(rows))
	}
	for _, row := range said {
		for i, off := range []string{"all on", "without interleave mapping", "all off"} {
			if got := made[row[1]+" "+off]; got != row[2+i] {
				t.Errorf("add_latency %s, %s: %q, the document says %s", row[1], off, got, row[2+i])
			}
		}
	}
}
