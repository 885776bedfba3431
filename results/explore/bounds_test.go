package explore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/dataflow/least"
	"satsim/internal/config"
	"satsim/internal/golden"
	"satsim/results/store"
	"satsim/results/sweep"
)

// Whoever moves a bound must raise BoundsVersion, or certificates say that designs were ruled out by what rules them out no longer. The points are those that the model version
// is pinned by, and one on the detailed memory model; those whose models changed themselves (a shipped file, a new parameter) need no more than a new pin.
func TestAMovedBoundRaisesTheVersionOfBounds(t *testing.T) {
	const kept = "testdata/bounds.txt"
	file, err := os.ReadFile(kept)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	header, before, _ := strings.Cut(string(file), "\n")
	version := 0
	if _, err := fmt.Sscanf(header, "bounds version %d", &version); err != nil && len(file) > 0 {
		t.Fatal(err)
	}
	was := map[string]string{} // by models
	for _, line := range strings.Split(before, "\n") {
		models, rest, _ := strings.Cut(line, " ")
		was[models] = rest
	}
	now := boundLines(t)
	for _, line := range now {
		models, rest, _ := strings.Cut(line, " ")
		if before, there := was[models]; there && before != rest && version == BoundsVersion {
			t.Errorf("a bound moved: raise BoundsVersion in results/explore/certificate.go from %d to %d, and re-pin with SATSIM_UPDATE=1\nwas %s\nis  %s", version, version+1, before, rest)
		}
	}
	if BoundsVersion < version {
		t.Errorf("BoundsVersion is %d, pinned is %d: it never falls", BoundsVersion, version)
	}
	if !t.Failed() {
		golden.Check(t, kept, fmt.Appendf(nil, "bounds version %d\n%s\n", BoundsVersion, strings.Join(now, "\n")))
	}
}

// boundLines are the bounds of the pinned points: a digest of the models, what a point is, and its cycles and joules by closed form and by its schedule.
func boundLines(t *testing.T) (out []string) {
	t.Helper()
	f, err := sweep.Open("../store/testdata/pinned.yaml")
	if err != nil {
		t.Fatal(err)
	}
	choices, err := f.Expand()
	if err != nil {
		t.Fatal(err)
	}
	var detailed sweep.Selection // on which memory bounds no time
	detailed.Arch, detailed.Network, detailed.Recipe, detailed.Batch = "sat-vcu1525", "resnet9", "bdwp", 1
	detailed.Set = []config.Override{{Path: "board.memory.model", Value: "detailed", Origin: "test"}}
	choices = append(choices, detailed)
	resolve := sweep.Load(nil)
	tiers := NewTiers(nil, store.Origin{})
	for _, c := range choices {
		m, err := resolve(c)
		if err != nil {
			t.Fatalf("%s: %v", c.String(), err)
		}
		j, err := m.Alone(c, store.Origin{})
		if err != nil {
			t.Fatalf("%s: %v", c.String(), err)
		}
		x, class, s := bounded(t, tiers, m)
		models := sha256.Sum256(slices.Concat(j.Point.Arch, j.Point.Network, j.Point.Recipe, j.Point.Energy))
		line := fmt.Sprintf("%.6x %s: %s", models, c.String(), pinnedBounds(t, x, class, s, &class.did[0]))
		w, err := tiers.Schedule(context.Background(), m)
		if err != nil {
			t.Fatalf("%s: %v", c.String(), err)
		}
		s.cycles[0] = w.Cycles
		out = append(out, line+"; by schedule "+pinnedBounds(t, x, class, s, &w.Did))
	}
	return out
}

// bounded is a point with its closed form, as a search has it.
func bounded(t rapid.TB, tiers Tiers, m *sweep.Models) (*search, *class, *state) {
	t.Helper()
	step, err := bound(m.Models)
	if err != nil {
		t.Fatal(err)
	}
	did, err := energy.CountsOf(step.Did())
	if err != nil {
		t.Fatal(err)
	}
	use, _ := fpga.Holds(&m.Spec)
	steady := energy.MachineOf(&m.Spec, use[fpga.FF].Mid()).Steady()
	c := &class{spec: m.Spec, steps: []*least.Step{step}, did: []energy.ActionCounts{did}, costs: energy.NewPrices(m.Energy, m.Spec.Clock)}
	return &search{options: Options{Corner: Middle}}, c, &state{cycles: []int64{tiers.Closed(step, &m.Spec)}, machine: &steady}
}

func pinnedBounds(t *testing.T, x *search, c *class, s *state, did *energy.ActionCounts) string {
	t.Helper()
	j, err := x.joules(c, s, 0, did)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d cycles, %.9g J", s.cycles[0], j)
}
