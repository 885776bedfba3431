package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/results/explore"
	"satsim/results/report"
	"satsim/results/store"
	"satsim/results/sweep"
)

// Changes of the first design that are interrupted cost neither the certificate, which is there before the first of them is simulated, nor the front.
func TestInterruptedChangesLeaveTheProof(t *testing.T) {
	dir := t.TempDir()
	net, out := filepath.Join(dir, "tiny.yaml"), filepath.Join(dir, "proof.json")
	if err := os.WriteFile(net, []byte(tinyNetwork), 0o666); err != nil {
		t.Fatal(err)
	}
	f := sweep.Default()
	f.Name, f.Arch, f.Networks, f.Recipes = "tiny", "sat-vcu1525", []string{net}, []string{"bdwp"}
	f.Axes = []sweep.Axis{{Path: "stce.rows", Values: []sweep.Value{"8", "16", "23"}}}
	o := explore.Options{Objectives: []explore.Objective{explore.Time}, Fit: explore.FitCertain, Corner: explore.High, Workers: 1}
	space, err := explore.NewSpace(&f, nil, o.Objectives)
	if err != nil {
		t.Fatal(err)
	}
	tiers := explore.NewTiers(nil, store.Origin{})
	r, err := explore.Search(context.Background(), space, tiers, o)
	if err != nil {
		t.Fatal(err)
	}
	c, err := explore.Certify(&f, nil, o, r, space, store.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	interrupted := tiers
	interrupted.Simulate = func(ctx context.Context, s sweep.Selection, m *sweep.Models) (explore.Took, error) {
		if _, err := os.Stat(out); err != nil {
			t.Errorf("a change is tried, and the certificate is not written: %v", err)
		}
		cancel()
		return tiers.Simulate(ctx, s, m)
	}
	e := &report.Explored{Certificate: c, Space: space, Objectives: o.Objectives, Result: r}
	if err := (&exploring{out: out}).conclude(ctx, e, interrupted, o); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := e.Text(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"proven: no other design of the space is better", "changes of one parameter were not tried: interrupted"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, text.String())
		}
	}
	if ctx.Err() == nil {
		t.Error("no change was tried")
	}
	if read, _, _, err := explore.Read(out); err != nil || !read.Complete {
		t.Errorf("the certificate: %+v, %v", read, err)
	}
}
