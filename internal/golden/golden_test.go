package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// recorder is a test that does not fail but remembers.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper()      {}
func (r *recorder) Name() string { return "TestOfSomething/part" }
func (r *recorder) Errorf(f string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(f, args...))
}

func TestCheckSaysWhatMovedAndHowToKeepIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "kept.csv")
	check := func(update, made string) (*recorder, string) {
		t.Setenv("SATSIM_UPDATE", update)
		r := &recorder{TB: t}
		Check(r, file, []byte(made))
		kept, _ := os.ReadFile(file)
		return r, string(kept)
	}
	if r, kept := check("", "a\nb\n"); len(r.errors) != 1 || kept != "" {
		t.Errorf("a file that is not there: %q, kept %q", r.errors, kept)
	}
	if r, kept := check("1", "a\nb\n"); len(r.errors) != 1 || !strings.Contains(r.errors[0], "written anew") || kept != "a\nb\n" {
		t.Errorf("updating: %q, kept %q", r.errors, kept)
	}
	if r, _ := check("", "a\nb\n"); len(r.errors) != 0 {
		t.Errorf("the same: %q", r.errors)
	}
	r, kept := check("", "a\nc\n")
	if len(r.errors) != 1 || kept != "a\nb\n" {
		t.Fatalf("another line: %q, kept %q", r.errors, kept)
	}
	for _, want := range []string{"kept.csv", "line 2\n  kept \"b\"\n  made \"c\"", "SATSIM_UPDATE=1 go test ./internal/golden -run '^TestOfSomething$'"} {
		if !strings.Contains(r.errors[0], want) {
			t.Errorf("%q does not say %q", r.errors[0], want)
		}
	}
}

func TestDifferenceNamesTheFirstLine(t *testing.T) {
	for _, c := range []struct{ kept, made, want string }{
		{"a\nb", "a\nb\nc", "line 3\n  kept (end of file)\n  made \"c\""},
		{"a\nb\n", "a", "line 2\n  kept \"b\"\n  made (end of file)"},
		{strings.Repeat("a", 300), strings.Repeat("a", 299) + "b", "lines differ behind their 200th byte"},
	} {
		if got := difference([]byte(c.kept), []byte(c.made)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestCausesArePackagesAndModelFiles(t *testing.T) {
	got := causes([]string{"README.md", "arch/sore/cost.go", "arch/sore/lane.go", "arch/wuve/lane_test.go", "configs/energy/fpga16-ddr4.yaml", "sim/testdata/x.go", "go.mod"})
	if want := []string{"arch/sore", "configs/energy/fpga16-ddr4.yaml", "go.mod"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
