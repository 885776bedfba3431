package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"satsim/results/query"
)

// Points of a store, as columns.
type Points struct {
	ID      string   `json:"id"`
	Columns []Column `json:"columns"`
	Rows    [][]any  `json:"rows"`  // numbers, texts, or nothing
	Front   [2]int   `json:"front"` // the columns that a scatter begins with; smaller being better in both
}

// Column of points.
type Column struct {
	Name   string `json:"name"`
	Number bool   `json:"number"` // every value that is there is one
	Varies bool   `json:"varies"`
	More   bool   `json:"more"` // large values are better, until the reader says otherwise
}

// more reports whether designs are better by large values of a name: by all names that say what is got out of them.
func more(name string) bool {
	return slices.ContainsFunc([]string{"speedup", "images_per_", "gflops", "utilisation", "accuracy"}, func(part string) bool { return strings.Contains(name, part) })
}

// AddPoints puts points of a store on the page, as columns of satsim results. Its name is that of its file.
func (p *Page) AddPoints(name string, columns []query.Column, rows int) {
	id := fmt.Sprintf("s%d", len(p.Sections))
	q := &Points{ID: id + "-points", Rows: make([][]any, rows), Front: [2]int{-1, -1}}
	for i := range columns {
		c := &columns[i]
		of := Column{Name: c.Source, Number: rows > 0, More: more(c.Source)}
		for r := range q.Rows {
			v := value(c.Values[r])
			if _, number := v.(float64); !number && v != nil {
				of.Number = false
				v = c.Text(r, 0)
			}
			q.Rows[r] = append(q.Rows[r], v)
			of.Varies = of.Varies || q.Rows[r][i] != q.Rows[0][i]
		}
		for k, m := range query.Metrics() {
			if k < len(q.Front) && m.Source == c.Source {
				q.Front[k] = i
			}
		}
		q.Columns = append(q.Columns, of)
	}
	p.Sections = append(p.Sections, Section{ID: id, Title: "Points of " + name, Points: q, Prose: []string{
		fmt.Sprintf("%d points. Filters take words, or for numbers a bound such as <5, >=2.5, =8, or 2..4. In the parallel axes and in the scatter, what is brushed is what the table shows; a click opens a point.", rows),
	}})
}

// value of a cell: a number, something else, or nothing where there is no number.
func value(v any) any {
	switch f := v.(type) {
	case int:
		return float64(f)
	case float64:
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil
		}
	}
	return v
}
