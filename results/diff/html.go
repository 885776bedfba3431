package diff

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var page string

// HTML writes a page that needs nothing beside it: no script, no font, no network.
func (d *Diff) HTML(w io.Writer) error {
	t, err := template.New("diff").Funcs(template.FuncMap{
		"ratio": times, "percent": percent, "amount": amountOf, "number": func(x float64) string { return fmt.Sprintf("%.6g", x) }, "line": func(s Side) string { return s.line() },
		"bar": bar, "views": htmlViews,
	}).Parse(page)
	if err != nil {
		return fmt.Errorf("reading the page's template: %w", err)
	}
	if err := t.Execute(w, d); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}

// IsPage knows a page by how it begins.
func IsPage(head []byte) bool {
	return len(head) >= len(opening) && string(head[:len(opening)]) == opening
}

const opening = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>satsim diff"

// htmlView is a table of a page: every part, none left out.
type htmlView struct {
	Title string
	Open  bool // shown at once
	Parts []Part
	Most  int64 // the largest difference
}

func htmlViews(s Sum) []htmlView {
	out := []htmlView{{Title: "by " + s.causes(), Open: true, Parts: s.By(func(p *Part) string { return p.Cause })}}
	if s.layered() {
		out = append(out, htmlView{Title: "by stage", Open: true, Parts: s.By(func(p *Part) string { return orNone(p.Stage) })},
			htmlView{Title: "by layer", Parts: s.By(func(p *Part) string { return p.Layer })}, htmlView{Title: "by layer, stage and " + s.causes(), Parts: s.By((*Part).name)})
	}
	for i := range out {
		for k := range out[i].Parts {
			out[i].Most = max(out[i].Most, abs(out[i].Parts[k].Delta()))
		}
	}
	return out
}

// bar is the length of a part's bar in percent.
func bar(p Part, most int64) int64 {
	if most == 0 {
		return 0
	}
	return int64(100 * float64(abs(p.Delta())) / float64(most))
}
