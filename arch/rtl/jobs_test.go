package rtl

import (
	"fmt"
	"strings"
	"testing"
)

// The README lists the jobs of each bench: as many as it runs, and as its file has them.
func TestTheReadmeHasTheJobs(t *testing.T) {
	b, o := made(t), options()
	readme := string(b.Files["README.md"])
	for _, unit := range []string{"sore", "wuve", "vector", "norm"} {
		_, list, ok := strings.Cut(readme, "In the order of `bench/"+unit+"/jobs.hex`")
		if !ok {
			t.Fatalf("no jobs of %s", unit)
		}
		list, _, _ = strings.Cut(list, "\n\n#")
		files := strings.Fields(string(b.Files["bench/"+unit+"/jobs.hex"]))
		if got := strings.Count(list, "\n| ") - 1; got != o.Tiles || got > len(files) {
			t.Errorf("%s: %d jobs in the README, %d in the bench, %d lines in its file", unit, got, o.Tiles, len(files))
		}
		for i := range o.Tiles {
			if !strings.Contains(list, fmt.Sprintf("\n| %d | ", i)) {
				t.Errorf("%s: no job %d in\n%s", unit, i, list)
			}
		}
	}
	if !strings.Contains(readme, "but of STCE_DRAINED, STCE_EMPTY, STCE_FILL, STCE_GAP, STCE_ISSUED, STCE_LINK, STCE_LOAD, STCE_ORDER, STCE_SUM:") {
		t.Error("registers without a formula are not named")
	}
}
