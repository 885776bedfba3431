package page

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"satsim/results/plot"
	"satsim/results/table"
)

//go:embed page.html
var layout string

//go:embed page.css
var style string

//go:embed page.js
var script string

//go:embed echarts/echarts.min.js
var echarts string

// Page is what is shown.
type Page struct {
	Title    string
	Sections []Section
}

// Section is a part with a heading.
type Section struct {
	ID, Title string
	Prose     []string
	Facts     []Fact
	Charts    []Chart
	Tables    []Table
	Texts     []Text
	Points    *Points // of a store
}

// Fact is a figure of the head.
type Fact struct{ Name, Value, Note string }

// Text is what is shown as it is, to be copied or saved as a file.
type Text struct {
	Title, Body string
	File        string // empty: it is none
	Open        bool
}

// Table is a table with what readers do with it.
type Table struct {
	*table.Grid
	Title  string
	Filter bool // rows by words
	Choice int  // the column, from 1, by which rows are chosen; 0: none
}

// Chart is data, and how it is drawn.
type Chart struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Caption string   `json:"-"`
	Kind    Kind     `json:"kind"`
	X       Axis     `json:"x"`
	Y       Axis     `json:"y"`
	Names   []string `json:"names,omitempty"` // of bars
	Series  []Series `json:"series"`
	Limits  []Limit  `json:"limits,omitempty"`
	Table   Table    `json:"-"`
}

// Kind of chart.
type Kind string

// Kinds.
const (
	Scatter Kind = "scatter" // points
	Stack   Kind = "stack"   // horizontal bars in parts
	Ranges  Kind = "ranges"  // horizontal bars side by side, with bounds
	Lines   Kind = "lines"
	Tracks  Kind = "tracks" // bars along time, a track a name: values are the tracks, bounds from when to when, labels what
)

// Axis of a chart.
type Axis struct {
	Name string `json:"name"`
	Log  bool   `json:"log,omitempty"`
}

// Series is what has one colour.
type Series struct {
	Name   string       `json:"name"`
	Shape  int          `json:"shape,omitempty"` // of the marks
	Line   bool         `json:"line,omitempty"`  // without marks: a bound
	Values []float64    `json:"values,omitempty"`
	Bounds [][2]float64 `json:"bounds,omitempty"` // of the values
	Labels []string     `json:"labels,omitempty"` // of the values
	Points []Point      `json:"points,omitempty"`
}

// Point of a scatter or a line.
type Point struct {
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Name string  `json:"name,omitempty"`
}

// Limit is a line across bars.
type Limit struct {
	At   float64 `json:"at"`
	Name string  `json:"name"`
}

// shown is a table as readers see it.
func shown(title string, t *table.Table) (Table, error) {
	g, err := t.Grid()
	return Table{Grid: g, Title: title}, err
}

// data of all charts and points, as page.js reads it.
func (p *Page) data() any {
	out := struct {
		Palette []string  `json:"palette"`
		Charts  []Chart   `json:"charts"`
		Points  []*Points `json:"points"`
	}{Palette: plot.Palette(), Charts: []Chart{}, Points: []*Points{}}
	for i := range p.Sections {
		out.Charts = append(out.Charts, p.Sections[i].Charts...)
		if s := p.Sections[i].Points; s != nil {
			out.Points = append(out.Points, s)
		}
	}
	return out
}

// HTML writes the page.
func (p *Page) HTML(w io.Writer) error {
	t, err := template.New("page").Parse(layout)
	if err != nil {
		return fmt.Errorf("reading the page's template: %w", err)
	}
	err = t.Execute(w, struct {
		*Page
		Style        template.CSS
		Library, Own template.JS
		Data         any
	}{p, template.CSS(style), template.JS(echarts), template.JS(script), p.data()})
	if err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}

// IsPage knows a page by how it begins.
func IsPage(head []byte) bool { return bytes.HasPrefix(head, []byte(opening)) }

const opening = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>satsim report"
