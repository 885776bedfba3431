package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/internal/golden"
	"satsim/results/experiment"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/workloads"
)

const architecture = "ARCHITECTURE.md"

var (
	link  = regexp.MustCompile(`\[([^\]]+)\]\(([^)#]+)\)`)
	ident = regexp.MustCompile("^`?(?:[a-z0-9]+\\.)?(?:([A-Z][A-Za-z0-9]*)\\.)?([A-Za-z][A-Za-z0-9]*)`?$")
)

// Every link of ARCHITECTURE.md leads to a file; where its text is an identifier, the file declares it.
func TestLinksOfTheArchitecture(t *testing.T) {
	text := read(t, architecture)
	if n := strings.Count(text, "\n"); n >= 250 {
		t.Errorf("%s has %d lines; fewer than 250 are read", architecture, n)
	}
	links := link.FindAllStringSubmatch(text, -1)
	if len(links) < 20 {
		t.Fatalf("%d links found", len(links))
	}
	for _, l := range links {
		body, err := os.ReadFile(l[2])
		if info, e := os.Stat(l[2]); e == nil && info.IsDir() {
			continue
		}
		if err != nil {
			t.Errorf("[%s]: %v", l[1], err)
			continue
		}
		m := ident.FindStringSubmatch(l[1])
		if m == nil || !strings.HasSuffix(l[2], ".go") || !strings.HasPrefix(l[1], "`") {
			continue
		}
		declared := regexp.MustCompile(`(?m)^(func (\([a-z]* ?\*?[A-Za-z]+\) )?|type |\t?)` + m[2] + `\b`)
		if !declared.Match(body) {
			t.Errorf("[%s]: %s does not declare %s", l[1], l[2], m[2])
		}
	}
}

// The values along the life of a layer, at each step, are those that the program has there.
func TestValuesOfTheArchitecture(t *testing.T) {
	text := read(t, architecture)
	for name, want := range life(t) {
		open := "```" + name + "\n"
		from := strings.Index(text, open)
		if from < 0 {
			t.Errorf("%s has no block %s", architecture, name)
			continue
		}
		from += len(open)
		to := from + strings.Index(text[from:], "```")
		text = text[:from] + want + text[to:]
	}
	golden.Check(t, architecture, []byte(text))
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// life follows layer1.0.conv1 FF of resnet18-tiny under BDWP 2:8 on the default accelerator.
func life(t *testing.T) map[string]string {
	t.Helper()
	const layer = "layer1.0.conv1"
	out := map[string]string{}
	for _, line := range strings.Split(read(t, filepath.Join("configs", "network", "resnet18-tiny.yaml")), "\n") {
		if strings.Contains(line, "name: conv1, op: conv, channels: channels") || strings.Contains(line, "name: layer1, block: basic") {
			out["yaml"] += strings.TrimSpace(line) + "\n"
		}
	}

	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet18-tiny", Recipe: "bdwp"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Step.Items {
		if it := &m.Step.Items[i]; it.Layer == layer && it.Stage == workloads.FF {
			p := &it.Products[0]
			out["product"] = fmt.Sprintf("%s %s: %d x %d outputs, each a sum of %d taps x %d channels = %d MACs\nreads %s (%d elements) and %s (%d), makes %s (%d)\n",
				it.Layer, it.Stage, p.Rows, p.Cols, p.Taps, p.Channels, p.MACs(), p.West.Name, p.West.Elements, p.North.Name, p.North.Elements, p.Out.Name, p.Out.Elements)
		}
	}

	on, err := machine.New(context.Background(), m.Spec, false)
	if err != nil {
		t.Fatal(err)
	}
	step := machine.Step{Dense: m.Step, Recipe: m.Recipe}
	if err := on.Do(&step); err != nil {
		t.Fatal(err)
	}
	index := -1
	for i := range step.Plan.Groups {
		if step.Plan.Groups[i].Label == layer+" FF" {
			index = i
		}
	}
	if index < 0 {
		t.Fatal("the layer has no group")
	}
	g := &step.Plan.Groups[index]
	out["recipe"] = fmt.Sprintf("pruned to %v along the reduction: %d MACs of %d are left\n", g.Product.Sparse.Ratio, g.Product.KeptMACs(), g.Product.MACs())
	out["choice"] = fmt.Sprintf("%s: %s\n", g.Label, g.Choice)
	out["word"], out["closed"] = words(t, g, &m.Spec)
	r := &step.Run.Groups[index]
	for _, l := range r.Lanes {
		if l.Lane == word.Array.String() {
			out["outcome"] = fmt.Sprintf("%d cycles simulated, at least %d by its words; the array's lane computes in %d of them\n", r.Cycles, r.Predicted, l.Computing)
		}
	}

	c, err := experiment.LoadWith(experiment.Default(), experiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rec, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := rec.WriteLayers(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row[0] != "bdwp" {
			continue
		}
		at := map[string]string{}
		for i, h := range rows[0] {
			at[h] = row[i]
		}
		if at["layer"] == layer && at["stage"] == "FF" {
			for _, h := range []string{"recipe", "layer", "stage", "sparsity", "cycles", "dense_macs", "performed_macs", "dram_read_bytes", "dram_write_bytes"} {
				out["record"] += fmt.Sprintf("%-16s %s\n", h, at[h])
			}
		}
	}
	return out
}

// words prints a group's loop nest, and the closed form of the array's first tile.
func words(t *testing.T, g *dataflow.Group, s *spec.Spec) (nest, closed string) {
	t.Helper()
	var b strings.Builder
	units := s.Units()
	programs, err := units.Programs(&g.Word)
	if err != nil {
		t.Fatal(err)
	}
	st := &g.Word.Streams[0]
	for i, l := range st.Loops {
		fmt.Fprintf(&b, "%sfor %d tiles of %d along %s\n", strings.Repeat("  ", i), l.Trips, l.Step, l.Dim)
	}
	for i := range st.Ops {
		o := &st.Ops[i]
		w := &o.Variants[len(o.Variants)-1].Work
		fmt.Fprintf(&b, "%s%-10s %s", strings.Repeat("  ", o.Level), o.Lane, strings.TrimSuffix(ends(o), " "))
		switch {
		case o.Lane == word.Array:
			fmt.Fprintf(&b, ": %d x %d outputs, %d taps x %d channels", w.Rows, w.Cols, w.Taps, w.Channels)
			span, err := programs.Span(o, w)
			if err != nil {
				t.Fatal(err)
			}
			var a unit.Activity
			if err := programs[word.STCE].Count(&a, o, w, 1); err != nil {
				t.Fatal(err)
			}
			c := &a.Units[word.STCE]
			closed = fmt.Sprintf("a tile takes %d cycles: %d multiplies in %d folds, for %d useful MACs\n", span.Issue, c[stce.Multiplies], c[stce.Folds], c[stce.UsefulMACs])
		case w.Bytes > 0:
			fmt.Fprintf(&b, ": %d bytes", w.Bytes)
		case len(w.Parts) > 0:
			fmt.Fprintf(&b, ": %s of %d elements", w.Parts[0].Kind, w.Parts[0].Elements)
		}
		b.WriteByte('\n')
	}
	return b.String(), closed
}

func ends(o *word.Op) string {
	var b strings.Builder
	for _, e := range o.In {
		fmt.Fprintf(&b, "from %s ", e.Buffer)
	}
	for _, e := range o.Out {
		fmt.Fprintf(&b, "to %s ", e.Buffer)
	}
	return b.String()
}
