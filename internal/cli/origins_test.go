package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/internal/cli"
	"satsim/results/record"
	"satsim/results/store"
)

// What a store has of another model version is not taken for what this satsim computes, and the line that says so is one.
func TestRowsOfAnotherModelVersion(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	ctx := context.Background()
	t.Chdir(t.TempDir())
	grid := "kind: sweep\nname: s\narch: sat-vcu1525\nnetworks: [resnet9]\nrecipes: [bdwp]\nbatches: [1]\n"
	if err := os.WriteFile("s.yaml", []byte(grid), 0o666); err != nil {
		t.Fatal(err)
	}
	satsim := func(args ...string) (string, string) {
		t.Helper()
		var out, errs bytes.Buffer
		if code := cli.Execute(args, &out, &errs); code != 0 {
			t.Fatalf("satsim %s: %s", strings.Join(args, " "), errs.String())
		}
		return out.String(), errs.String()
	}
	satsim("sweep", "s.yaml", "--store", "new.db")

	// The same point as satsim 0.1.0 wrote it, with one cycle.
	s, err := store.Open(ctx, filepath.Join(".", "new.db"))
	if err != nil {
		t.Fatal(err)
	}
	own, err := store.This()
	if err != nil {
		t.Fatal(err)
	}
	points, err := s.List(ctx, own)
	if err != nil || len(points) != 2 {
		t.Fatalf("%d points of this satsim, %v", len(points), err)
	}
	s.Close()
	p := points[0]
	old := store.Point{
		Arch: p.Arch, Network: p.Network, Recipe: p.Recipe, Energy: p.Energy, Batch: p.Batch, Resources: json.RawMessage(`{}`),
		Origin: store.Origin{Schema: "satsim.record/1", Model: "0.1.0"}, Run: &record.Run{Recipe: "dense", Sparsity: "1:1", Total: record.Figures{Cycles: 1}},
	}
	s, err = store.Open(ctx, "old.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(ctx, &old); err != nil {
		t.Fatal(err)
	}
	s.Close()

	columns := []string{"--columns", "cycles", "--format", "csv"}
	if out, errs := satsim(append([]string{"results", "old.db"}, columns...)...); out != "cycles\n1\n" || errs != "these figures are of model version 0.1.0, this satsim is "+own.String()+"\n" {
		t.Errorf("a store of old rows alone: %q, %q", out, errs)
	}
	const unused = "1 row of model version 0.1.0 is not used\n"
	if out, errs := satsim("sweep", "s.yaml", "--store", "old.db"); !strings.Contains(out, "2 simulated") || errs != unused {
		t.Errorf("a sweep into it: %q, %q", out, errs)
	}
	fresh, _ := satsim(append([]string{"results", "new.db"}, columns...)...)
	if out, errs := satsim(append([]string{"results", "old.db"}, columns...)...); out != fresh || errs != unused {
		t.Errorf("a store of both: %q, want %q; %q", out, fresh, errs)
	}
	if _, errs := satsim("plot", "layers", "--out", "figures", "--sweep", "s.yaml", "--keep", "old.db"); errs != unused {
		t.Errorf("a figure of it: %q", errs)
	}
}
