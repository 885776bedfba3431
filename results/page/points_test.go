package page

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"github.com/chromedp/chromedp"

	"satsim/results/query"
)

// The points of a store in a browser: filters filter, a brush chooses, a click opens.
func TestPointsInABrowser(t *testing.T) {
	const n = 40
	columns := []query.Column{{Source: "recipe"}, {Source: "stce.rows"}, {Source: "cycles"}, {Source: "dsp"}, {Source: "error"}}
	front, below := 0, 0 // by hand: rows 8, 16, ... and cycles that fall as DSPs rise for even points; odd ones are beaten by the point before them
	for i := range n {
		recipe, cycles, dsp := "bdwp", float64(1000-10*i), float64(100+5*i)
		if i%2 == 1 {
			recipe, cycles, dsp = "dense", float64(1000-10*(i-1)+5), float64(100+5*(i-1)+3)
		} else {
			front++
		}
		if cycles < 800 {
			below++
		}
		for k, v := range []any{recipe, 8 * (i + 1), cycles, dsp, math.NaN()} {
			columns[k].Values = append(columns[k].Values, v)
		}
	}
	p := Page{Title: "points"}
	p.AddPoints("points.db", columns, n)
	var b bytes.Buffer
	if err := p.HTML(&b); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t, b.Bytes(), 1280, 800, false)
	const chart = `echarts.getInstanceByDom(document.getElementById('s0-points-scatter'))`
	for _, id := range []string{"scatter", "parallel"} {
		if wide := ask[int](t, ctx, fmt.Sprintf(`document.querySelector('#s0-points-%s svg').clientWidth`, id)); wide < 1000 {
			t.Errorf("the chart %s is %d wide on a screen of 1280", id, wide)
		}
	}
	rows := func() int { return ask[int](t, ctx, `document.querySelectorAll('#s0-points tbody tr').length`) }
	if got := rows(); got != n {
		t.Errorf("%d rows of %d points", got, n)
	}
	if got := ask[int](t, ctx, chart+`.getOption().series[1].data.length`); got != front {
		t.Errorf("%d points are on the front, not %d", got, front)
	}
	if got := ask[int](t, ctx, `document.querySelectorAll('#s0-points-scatter svg path').length`); got < n {
		t.Errorf("%d marks of %d points", got, n)
	}
	if got := ask[int](t, ctx, `document.querySelectorAll('#s0-points-parallel svg path, #s0-points-parallel svg polyline').length`); got < n {
		t.Errorf("%d lines of %d points", got, n)
	}
	for _, f := range []struct {
		column, text string
		want         int
	}{{"cycles", "<800", below}, {"recipe", "dense", n - front}, {"stce.rows", "8..32", 4}} {
		at := fmt.Sprintf(`input[aria-label="filter %s"]`, f.column)
		run(t, ctx, chromedp.SendKeys(at, f.text, chromedp.ByQuery))
		if got := rows(); got != f.want {
			t.Errorf("%s %s: %d points, not %d", f.column, f.text, got, f.want)
		}
		run(t, ctx, chromedp.Evaluate(fmt.Sprintf(`{ const i = document.querySelector('%s'); i.value = ''; i.dispatchEvent(new Event('input')); }`, at), nil))
	}
	run(t, ctx, chromedp.Evaluate(`document.querySelector('#s0-points tbody tr:nth-child(3) button').click()`, nil))
	if got := ask[string](t, ctx, `document.querySelector('#s0-points dl').textContent`); got != "recipebdwpstce.rows24cycles980dsp110errornone" {
		t.Errorf("the third point is %q", got)
	}

	const brush = chart + `.dispatchAction({type: 'brush', areas: [{xAxisIndex: 0, yAxisIndex: 0, brushType: 'rect', coordRange: [[0, 799], [0, 1000]]}]})`
	run(t, ctx, chromedp.Evaluate(brush, nil), chromedp.Poll(fmt.Sprintf(`document.querySelectorAll('#s0-points tbody tr').length === %d`, below), nil))
	run(t, ctx, chromedp.Click(`#s0-points button[type=button]`, chromedp.ByQuery))
	if got := rows(); got != n {
		t.Errorf("%d rows when nothing is brushed any more", got)
	}
	const ranged = `{ const c = echarts.getInstanceByDom(document.getElementById('s0-points-parallel')); c.dispatchAction({type: 'axisAreaSelect', parallelAxisId: c.getOption().parallelAxis[1].id, intervals: [[8, 40]]}); }`
	run(t, ctx, chromedp.Evaluate(ranged, nil))
	if got := rows(); got != 5 {
		t.Errorf("%d points have 8 to 40 rows, not 5", got)
	}
	if *look != "" {
		picture(t, ctx, "points")
	}
}

// Speed-ups are better large, by hand: (1, 100), (2, 200) and (3, 300) are on the front, (1.5, 250) is beaten by (2, 200). If small ones are, (1, 100)
// beats all.
func TestAFrontOfWhatIsBetterLarge(t *testing.T) {
	p := Page{Title: "points"}
	p.AddPoints("points.db", []query.Column{{Source: "speedup", Values: []any{1.0, 2.0, 1.5, 3.0}}, {Source: "dsp", Values: []any{100, 200, 250, 300}}}, 4)
	var b bytes.Buffer
	if err := p.HTML(&b); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t, b.Bytes(), 390, 844, false)
	if wide := ask[int](t, ctx, `document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("the page is %d wide on a screen of 390", wide)
	}
	const choose = `{ const s = document.querySelectorAll('#s0-points select'); [0, 1].forEach((i) => { s[i].value = i; s[i].dispatchEvent(new Event('change')); }); }`
	run(t, ctx, chromedp.Evaluate(choose, nil))
	const front = `echarts.getInstanceByDom(document.getElementById('s0-points-scatter')).getOption().series[1].data.length`
	if got := ask[int](t, ctx, front); got != 3 {
		t.Errorf("%d points are on the front, not 3", got)
	}
	run(t, ctx, chromedp.Click(`#s0-points-more-across`, chromedp.ByQuery))
	if got := ask[int](t, ctx, front); got != 1 {
		t.Errorf("%d points are on the front of small speed-ups, not 1", got)
	}
}
