package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"satsim/internal/witness"
	"satsim/results/experiment"
	"satsim/results/experiment/models"
	"satsim/results/record"
)

// What is vendored is what the publisher of npm's echarts 6.1.0 built.
func TestEChartsIsThePublishers(t *testing.T) {
	for file, want := range map[string]string{
		"echarts.min.js": "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0",
		"LICENSE":        "634293835b43a6dd2094fa39182a3d9a6b9ca43b7fdb9ac354e8037af2a3093a",
		"LICENSE-d3":     "e1211892da0b0e0585b7aebe8f98c1274fba15bafe47fa1f4ee8a7a502c06304",
		"NOTICE":         "d491d358344f842685c1b1585970999db65fe30ecf7ef3867af8814f4016c016",
	} {
		b, err := os.ReadFile(filepath.Join("echarts", file))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(b)); got != want {
			t.Errorf("%s has the SHA-256 %s, not %s", file, got, want)
		}
	}
}

// simulated is a record of a network with everything that records have.
func simulated(t *testing.T, network string, batch int64) *record.Record {
	t.Helper()
	names := experiment.Default()
	names.Network = network
	names.Batch = batch
	return simulatedAs(t, names)
}

// simulatedAs is the record of a case with overrides.
func simulatedAs(t *testing.T, names experiment.Names, set ...string) *record.Record {
	t.Helper()
	c, err := experiment.LoadWith(names, experiment.Options{Companions: experiment.CompanionsHeadline}, experiment.Overrides{Origin: "test", Set: set})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// html is the page of a record.
func html(t *testing.T, r *record.Record) []byte {
	t.Helper()
	p := Page{Title: "a record"}
	if err := p.AddRecord("record.json", r); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := p.HTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEqualRecordsGiveEqualBytes(t *testing.T) {
	r := simulated(t, "resnet9", 4)
	first := html(t, r)
	if !IsPage(first) {
		t.Error("the page is not known by how it begins")
	}
	var again record.Record
	b, err := json.Marshal(r)
	if err == nil {
		err = json.Unmarshal(b, &again)
	}
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, html(t, &again)) {
		t.Error("the record, written and read, gives other bytes")
	}
	for _, outside := range []string{"src=\"", "<link", "@import", "url("} {
		own := bytes.ReplaceAll(first, []byte(echarts), nil)
		if bytes.Contains(own, []byte(outside)) {
			t.Errorf("the page asks for something beside it: %s", outside)
		}
	}
}

// Names are text, whatever is in them.
func TestNamesAreNoMarkup(t *testing.T) {
	r := simulated(t, "resnet9", 4)
	const evil = `</script><script>alert(1)</script><b>`
	r.Network.Name, r.ArchName = evil, evil
	for i := range r.Runs {
		r.Runs[i].Layers[0].Layer, r.Runs[i].Groups[0].Layer = evil, evil
	}
	own := bytes.ReplaceAll(html(t, r), []byte(echarts), nil)
	if bytes.Contains(own, []byte("alert(1)</script>")) || bytes.Contains(own, []byte("<b>")) {
		t.Error("a name is markup")
	}
}

// The page of the shipped network with the most work can be mailed.
func TestThePageOfTheLargestNetworkIsSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates the largest network")
	}
	names, err := models.Shipped("network")
	if err != nil {
		t.Fatal(err)
	}
	largest, most := "", 0
	for _, name := range names {
		if name == "llama2-7b" { // its step fits no shipped board
			continue
		}
		m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: name, Recipe: "bdwp"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(m.Step.Items); n > most {
			largest, most = name, n
		}
	}
	n := len(html(t, simulated(t, largest, 1)))
	t.Logf("%s: %d bytes", largest, n)
	if n >= 3e6 {
		t.Errorf("the page of %s has %d bytes", largest, n)
	}
}

// browser opens a page, and fails with whatever the console says.
func browser(t *testing.T, page []byte, width, height int64, night bool) context.Context {
	t.Helper()
	witness.Foreign(t)
	program, err := exec.LookPath("chromium")
	if err != nil {
		witness.Missing(t, "chromium")
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.WindowSize(int(width), int(height)))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	t.Cleanup(func() { // it ends before its files go, which are chromedp's own: what still writes would fail the test
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("closing the browser: %v", err)
		}
	})
	chromedp.ListenTarget(ctx, func(e any) {
		switch e := e.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page throws: %s", e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			for _, said := range e.Args {
				t.Errorf("the console says: %s", said.Value)
			}
		case *log.EventEntryAdded:
			t.Errorf("the browser says: %s", e.Entry.Text)
		}
	})
	mode := "light"
	if night {
		mode = "dark"
	}
	at := url.URL{Scheme: "file", Path: file}
	run(t, ctx, log.Enable(), chromedp.EmulateViewport(width, height), scheme(mode), chromedp.Navigate(at.String()), chromedp.WaitReady("footer"))
	return ctx
}

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates JavaScript on the page.
func ask[T any](t *testing.T, ctx context.Context, script string) (out T) {
	t.Helper()
	run(t, ctx, chromedp.Evaluate(script, &out))
	return out
}

// The page in a browser: no errors, marks for all data, numbers as the record has them, tables that filter.
func TestARecordInABrowser(t *testing.T) {
	r := simulated(t, "resnet9", 16)
	ctx := browser(t, html(t, r), 1280, 800, false)

	marks := map[string]int{} // of each chart, at least
	last := len(r.Runs) - 1
	for i := range r.Runs {
		for _, l := range r.Runs[i].Layers {
			if l.PerformedMACs > 0 && l.ReadBytes+l.WriteBytes > 0 {
				marks["r0-roofline-chart"]++
			}
		}
		layers := map[string]bool{}
		for _, g := range r.Runs[i].Groups {
			layers[g.Layer] = true
		}
		marks[fmt.Sprintf("r0-time-%d", i)] = len(layers)
		marks[fmt.Sprintf("r0-traffic-%d", i)] = len(layers)
		marks["r0-energy-chart"] += len(r.Runs[i].Energy.Units)
	}
	marks["r0-resources-chart"] = len(r.Resources.Lines) - 1
	for id, want := range marks {
		const filled = `[...document.querySelectorAll('#%s svg path')].filter(p => { const f = p.getAttribute('fill'); return f && f !== 'none' && f !== 'transparent' }).length`
		if got := ask[int](t, ctx, fmt.Sprintf(filled, id)); got < want || want == 0 {
			t.Errorf("%s has %d marks, for %d things", id, got, want)
		}
	}
	if got, want := ask[int](t, ctx, `document.querySelectorAll('.chart').length`), len(marks); got != want {
		t.Errorf("%d charts, of which %d are looked at", got, want)
	}

	text := ask[string](t, ctx, `document.querySelector('#r0-head').textContent`)
	for _, want := range []string{fmt.Sprintf("%.3fx", r.Comparison.Speedup), fmt.Sprintf("%.3fx", r.Comparison.MACBound), fmt.Sprintf("%d cycles", r.Runs[last].Total.Cycles)} {
		if !strings.Contains(text, want) {
			t.Errorf("the head lacks %s", want)
		}
	}
	for i := range r.Runs {
		run := &r.Runs[i]
		const foot = `document.querySelector('#r0-%s-%d-figure tr.foot').cells[2].textContent`
		if got, want := ask[string](t, ctx, fmt.Sprintf(foot, "time", i)), fmt.Sprint(run.Total.Cycles); got != want {
			t.Errorf("%s: the table of times adds up to %s, the record has %s cycles", run.Recipe, got, want)
		}
		if got, want := ask[string](t, ctx, fmt.Sprintf(foot, "traffic", i)), fmt.Sprint(run.Total.ReadBytes+run.Total.WriteBytes); got != want {
			t.Errorf("%s: the table of traffic adds up to %s, the record has %s bytes", run.Recipe, got, want)
		}
		const drawn = `echarts.getInstanceByDom(document.getElementById('r0-time-%d')).getOption().series.flatMap(s => s.data).reduce((a, b) => a + b, 0)`
		if got := ask[int64](t, ctx, fmt.Sprintf(drawn, i)); got != run.Total.Cycles {
			t.Errorf("%s: bars add up to %d, the record has %d cycles", run.Recipe, got, run.Total.Cycles)
		}
	}

	const shown = `[...document.querySelectorAll('#r0-parameters .table:first-of-type tbody tr')].filter(r => !r.hidden).length`
	all := ask[int](t, ctx, shown)
	run(t, ctx, chromedp.SendKeys(`#r0-parameters input[type=search]`, "stce.rows", chromedp.ByQuery))
	if got := ask[int](t, ctx, shown); got != 1 || all < 50 {
		t.Errorf("%d of %d parameters have the words stce.rows", got, all)
	}
	layer := r.Runs[last].Groups[0].Layer
	own := 0
	for _, g := range r.Runs[last].Groups {
		if g.Layer == layer {
			own++
		}
	}
	run(t, ctx, chromedp.Evaluate(fmt.Sprintf(`{ const s = [...document.querySelectorAll('#r0-schedule select')].pop(); s.value = %q; s.dispatchEvent(new Event('change')); }`, layer), nil))
	if got := ask[int](t, ctx, `[...[...document.querySelectorAll('#r0-schedule table')].pop().querySelectorAll('tbody tr')].filter(r => !r.hidden).length`); got != own {
		t.Errorf("%d word groups are shown of %s, which has %d", got, layer, own)
	}
}
