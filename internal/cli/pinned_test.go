package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"satsim/results/record"
	"satsim/results/store"
	"satsim/results/sweep"
)

// pinned has what the model version stands for: the points, and their figures as of the last pin.
const pinned = "../../results/store/testdata/pinned"

// Whoever moves a stored figure must raise store.ModelVersion, or stores give back the figure of before. Points whose models themselves
// changed (a shipped file, a new parameter) have new keys anyway, and need no more than a new pin.
func TestAMovedFigureRaisesTheModelVersion(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	file, err := os.ReadFile(pinned + ".txt")
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	header, before, _ := strings.Cut(string(file), "\n")
	number, schema, _ := strings.Cut(strings.TrimPrefix(header, "model version "), " of ")
	version, err := strconv.Atoi(number)
	if err != nil && len(file) > 0 {
		t.Fatal(err)
	}
	compared := func(figures string) string { return figures }
	if schema != record.Schema { // stores key rows on the schema too; what stands otherwise in it has other digests of all
		compared = func(figures string) string { main, _, _ := strings.Cut(figures, ", all "); return main }
	}
	now := pinnedLines(t)
	figures := map[string]string{} // models -> figures of before
	for _, line := range strings.Split(before, "\n") {
		models, rest, _ := strings.Cut(line, " ")
		figures[models] = rest
	}
	for _, line := range now {
		models, rest, _ := strings.Cut(line, " ")
		if was, there := figures[models]; there && compared(was) != compared(rest) && version == store.ModelVersion {
			t.Errorf("a figure moved: raise ModelVersion in results/store/origin.go from %d to %d, and re-pin with SATSIM_UPDATE=1\nwas %s\nis  %s", version, version+1, was, rest)
		}
	}
	text := fmt.Sprintf("model version %d of %s\n%s\n", store.ModelVersion, record.Schema, strings.Join(now, "\n"))
	switch {
	case t.Failed() || text == string(file):
	case store.ModelVersion < version:
		t.Errorf("ModelVersion is %d, pinned is %d: it never falls", store.ModelVersion, version)
	case os.Getenv("SATSIM_UPDATE") == "":
		t.Errorf("the pinned points, or their models, are other ones, or the model version was raised to %d: re-pin with SATSIM_UPDATE=1", store.ModelVersion)
	default:
		if err := os.WriteFile(pinned+".txt", []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// pinnedLines simulates the pinned points and gives a line for each: a digest of the models, what it is, its main figures, and a digest of
// everything that a store has of it.
func pinnedLines(t *testing.T) []string {
	t.Helper()
	ctx := context.Background()
	plan, err := (&app{err: io.Discard}).planSweep(ctx, pinned+".yaml", store.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, store.Memory)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := sweep.Run(ctx, s, plan.Jobs, sweep.Options{Workers: runtime.NumCPU()}); err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range plan.Jobs {
		j := &plan.Jobs[i]
		run, err := s.Run(ctx, j.Key)
		if err != nil {
			t.Fatalf("%s: %v", j.Choice.String(), err)
		}
		whole, err := json.Marshal(map[string]any{"run": run, "resources": j.Point.Resources})
		if err != nil {
			t.Fatal(err)
		}
		models := digest(slices.Concat(j.Point.Arch, j.Point.Network, j.Point.Recipe, j.Point.Energy))
		out = append(out, fmt.Sprintf("%s %s under %s: cycles %d, read %d, written %d, joules %.9g, all %s",
			models, j.Choice.String(), j.Recipe.Name, run.Total.Cycles, run.Total.ReadBytes, run.Total.WriteBytes, run.Energy.Joules.Value, digest(rounded(t, whole))))
	}
	return out
}

func digest(text []byte) string { return fmt.Sprintf("%.6x", sha256.Sum256(text)) }

// rounded is a JSON text with its fractions cut to nine digits: machines that fuse a multiplication with an addition may differ in the last.
func rounded(t *testing.T, text []byte) []byte {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var walk func(v any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case json.Number:
			if f, err := v.Float64(); err == nil && strings.ContainsAny(string(v), ".eE") {
				return fmt.Sprintf("%.9g", f)
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for k := range v {
				v[k] = walk(v[k])
			}
		}
		return v
	}
	out, err := json.Marshal(walk(v))
	if err != nil {
		t.Fatal(err)
	}
	return out
}
