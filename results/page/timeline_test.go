package page

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"testing"

	"satsim/results/experiment/models"
	"satsim/results/timeline"
)

// The largest word groups of a timeline, with a bar for each slice that is on the page, and every slice's cycles in its table.
func TestATimelineInABrowser(t *testing.T) {
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet9", Recipe: "bdwp", Batch: 4}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := timeline.WriteZipped(context.Background(), &b, m, timeline.Options{}); err != nil {
		t.Fatal(err)
	}
	trace, err := timeline.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	var p Page
	if err := p.AddTimeline(trace); err != nil {
		t.Fatal(err)
	}
	b.Reset()
	if err := p.HTML(&b); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t, b.Bytes(), 1280, 800, false)
	for k, g := range trace.Largest(largest) {
		id := fmt.Sprintf("w0-%d", k)
		if got, want := ask[int](t, ctx, fmt.Sprintf(`document.querySelectorAll('#%s svg path').length`, id)), min(len(g.Slices), mostSlices); got < want {
			t.Errorf("%s has %d bars for %d slices", id, got, want)
		}
		first := g.Slices[0]
		want := fmt.Sprintf("%s%s%d%d", trace.Lanes[first.Lane], first.Name, first.Start, first.End)
		if got := ask[string](t, ctx, fmt.Sprintf(`document.querySelector('#%s-figure tbody tr').textContent`, id)); got != want {
			t.Errorf("%s begins with %q, want %q", id, got, want)
		}
	}
	if file := os.Getenv("SATSIM_LOOK"); file != "" {
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
