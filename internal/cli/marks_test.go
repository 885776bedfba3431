package cli_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A figure in prose is followed by a comment that says where it is from, which a reader of the page does not see:
//
//	1.888x<!-- recipes.csv: mean of step (x); recipe=bdwp -->      a cell of a shipped table: column, and what other columns hold; mean, least or greatest of several
//	1.836x<!-- $ satsim run: with vector.lanes=32 -->              the first number behind words that a command prints; #2: the second
//	`clock`<!-- uncertainty/headline.csv: decided_by_1; figure=time -->  a cell of words
//
// The test that runs the commands of the documents holds such a figure to its source, to as many decimals as it is stated with, and writes it anew with
// SATSIM_UPDATE=1. A column may have *, for several; "; times 1e-6" scales. A line before a table
//
//	<!-- cells: satsim run --network {} -->
//
// makes each of its cells: the command with the head of the column, the words of the first cell of the row or of a comment in it,
// <!-- words: the words -->; a column mean is that of the others.
// and
//
//	<!-- table: uncertainty/headline.md -->
//
// puts the rows of a shipped table below it, with "; recipe=slope, fst" those whose column says one of these.
// What no command makes while the test runs stands under a line of its own, for the paragraph or table below it:
//
//	<!-- measured: COMMAND; COMMIT, model version N; DATE -->      <!-- stated: by whom -->      <!-- by hand: how -->
//
// Sentences with "all", "every", "equal" or "worst" name the test that holds them: <!-- held: FOLDER TestName -->, or a link to its file.
var mark = regexp.MustCompile(`<!-- (.*?) -->`)

// quoted is the word that a mark is of.
var quoted = regexp.MustCompile("`[^`]+`$")

// before is the number that a mark is of, with its unit.
var before = regexp.MustCompile(`([0-9][0-9,]*(?:\.[0-9]+)?)([ a-zA-Z%/*]{0,14})$`)

// ofTable and ofCommand are the marks that make a figure.
var (
	ofTable   = regexp.MustCompile(`^((?:[a-z0-9]+/)*[a-z-]+\.csv): (.+)$`)
	ofCommand = regexp.MustCompile(`^\$ (satsim .*?): (.+)$`)
	ofRow     = regexp.MustCompile(`<!-- words: (.+) -->`)
	ofCells   = regexp.MustCompile(`^<!-- cells: (satsim .*) -->$`)
	ofShipped = regexp.MustCompile(`^<!-- table: ([a-z/]+\.md)(?:; ([^=]+)=(.+))? -->$`)
)

// figures are the lines of a document with the figures of its prose as their sources have them.
func (p *page) figures(lines []string) (made []string) {
	fence, cells := false, ""
	var head []string
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if strings.HasPrefix(line, "```") {
			fence = !fence
		}
		if m := ofShipped.FindStringSubmatch(line); m != nil && !fence {
			rows, err := shippedRows(m[1], m[2], m[3])
			if err != nil {
				p.t.Errorf("line %d: %v", i+1, err)
			}
			made = append(append(append(made, line, ""), rows...), "")
			for i+1 < len(lines) && (lines[i+1] == "" || strings.HasPrefix(lines[i+1], "|")) {
				i++
			}
			continue
		}
		if m := ofCells.FindStringSubmatch(line); m != nil && !fence {
			cells, head = m[1], nil
		} else if cells != "" && strings.HasPrefix(line, "|") {
			if head == nil {
				head = tableCells(line)
			} else if !strings.HasPrefix(line, "|-") {
				line = p.row(i+1, cells, head, line)
			}
		} else if head != nil && strings.TrimSpace(line) == "" {
			cells = ""
		}
		if !fence {
			line = p.marked(i+1, line)
		}
		made = append(made, line)
	}
	return made
}

// shippedRows are the lines of a shipped table in Markdown.
func shippedRows(file, column, values string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join("../../results/reference", file))
	if err != nil {
		return nil, err
	}
	rows := slices.DeleteFunc(strings.Split(string(text), "\n"), func(l string) bool { return !strings.HasPrefix(l, "|") })
	if column == "" {
		return rows, nil
	}
	cells := func(row string) []string { return strings.Split(strings.Trim(row, "| "), " | ") }
	at, wanted := slices.Index(cells(rows[0]), column), strings.Split(values, ", ")
	if at < 0 {
		return nil, fmt.Errorf("%s has no column %q", file, column)
	}
	kept := slices.Clone(rows[:2])
	found := map[string]bool{}
	for _, row := range rows[2:] {
		if v := cells(row)[at]; slices.Contains(wanted, v) {
			found[v] = true
			kept = append(kept, row)
		}
	}
	if len(found) != len(wanted) {
		return nil, fmt.Errorf("%s has rows of %d of the %d values of %q that are asked for", file, len(found), len(wanted), column)
	}
	return kept, nil
}

// marked is a line with its marked figures made anew.
func (p *page) marked(at int, line string) string {
	var out strings.Builder
	done := 0
	for _, m := range mark.FindAllStringSubmatchIndex(line, -1) {
		text, source := line[done:m[0]], line[m[2]:m[3]]
		if w, of := quoted.FindStringIndex(text), ofTable.FindStringSubmatch(source); w != nil && of != nil {
			word, err := wordIn(of[1], of[2])
			if err != nil {
				p.t.Errorf("line %d: %s: %v", at, source, err)
			} else {
				text = text[:w[0]] + "`" + word + "`"
			}
			out.WriteString(text + line[m[0]:m[1]])
			done = m[1]
			continue
		}
		value, known, err := p.value(source)
		n := before.FindStringSubmatchIndex(text)
		switch {
		case err != nil:
			p.t.Errorf("line %d: %s: %v", at, source, err)
		case known && n == nil:
			p.t.Errorf("line %d: no figure stands before %q", at, source)
		case known:
			text = text[:n[2]] + like(text[n[2]:n[3]], value) + text[n[3]:]
		}
		out.WriteString(text + line[m[0]:m[1]])
		done = m[1]
	}
	return out.String() + line[done:]
}

// value is what a mark says; known is false for those that make no figure.
func (p *page) value(source string) (value float64, known bool, err error) {
	scale := 1.0
	if s, by, ok := strings.Cut(source, "; times "); ok {
		if scale, err = strconv.ParseFloat(by, 64); err != nil {
			return 0, true, err
		}
		source = s
	}
	if m := ofTable.FindStringSubmatch(source); m != nil {
		value, err = cell(m[1], m[2])
		return value * scale, true, err
	}
	if m := ofCommand.FindStringSubmatch(source); m != nil {
		value, err = p.says(m[1], m[2])
		return value * scale, true, err
	}
	return 0, false, nil
}

// row is a row of a table whose cells commands make.
func (p *page) row(at int, command string, head []string, line string) string {
	row := tableCells(line)
	if len(row) != len(head) {
		p.t.Errorf("line %d: %d cells under %d heads", at, len(row), len(head))
		return line
	}
	phrase := strings.ReplaceAll(row[0], "`", "")
	if m := ofRow.FindStringSubmatch(row[0]); m != nil {
		phrase = m[1]
	}
	sum, n := 0.0, 0
	for k := 1; k < len(row); k++ {
		value := sum / float64(max(n, 1))
		if head[k] != "mean" {
			var err error
			if value, err = p.says(strings.Replace(command, "{}", strings.Trim(head[k], "`"), 1), phrase); err != nil {
				p.t.Errorf("line %d: %v", at, err)
				return line
			}
			sum, n = sum+value, n+1
		}
		row[k] = number1.ReplaceAllStringFunc(row[k], func(old string) string { return like(old, value) })
	}
	return "| " + strings.Join(row, " | ") + " |"
}

var number1 = regexp.MustCompile(`[0-9][0-9,]*(?:\.[0-9]+)?`)

// tableCells are the cells of a line of a table in Markdown.
func tableCells(line string) []string {
	line = strings.TrimSpace(line)
	cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// asked is what commands print that only marks name: each runs once for all documents.
var asked sync.Map

// says is the first number behind words that a command prints.
func (p *page) says(command, phrase string) (float64, error) {
	lines, ok := p.printed[command]
	if !ok {
		once, _ := asked.LoadOrStore(command, sync.OnceValues(func() ([]byte, error) {
			dir, err := os.MkdirTemp("", "satsim")
			if err != nil {
				return nil, err
			}
			defer os.RemoveAll(dir)
			return types(p.t, dir, command)
		}))
		out, err := once.(func() ([]byte, error))()
		if err != nil {
			return 0, fmt.Errorf("%s: %w: %s", command, err, out)
		}
		lines = printedLines(out)
	}
	text := strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
	nth := 1
	if words, of, ok := strings.Cut(phrase, " #"); ok {
		var err error
		if nth, err = strconv.Atoi(of); err != nil {
			return 0, err
		}
		phrase = words
	}
	at := regexp.MustCompile(`(?:^| )` + regexp.QuoteMeta(phrase) + `(?:[^0-9.]|$)`).FindStringIndex(text)
	if at == nil {
		return 0, fmt.Errorf("%s does not print %q", command, phrase)
	}
	found := number1.FindAllString(text[at[1]-1:], nth)
	if len(found) < nth {
		return 0, fmt.Errorf("%s prints %d numbers behind %q", command, len(found), phrase)
	}
	return strconv.ParseFloat(strings.ReplaceAll(found[nth-1], ",", ""), 64)
}

// wordIn is the only cell of a shipped table that fits, as it is written.
func wordIn(file, of string) (string, error) {
	found, _, err := fitting(file, of)
	if err == nil && len(found) != 1 {
		err = fmt.Errorf("%d cells of %s are %q", len(found), file, of)
	}
	if err != nil {
		return "", err
	}
	return found[0], nil
}

// cell is what a shipped table has: "COLUMN; KEY=VALUE; ...", or the mean, least or greatest "of" several.
func cell(file, of string) (float64, error) {
	words, fold, err := fitting(file, of)
	if err != nil {
		return 0, err
	}
	var found []float64
	for _, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			return 0, err
		}
		found = append(found, v)
	}
	if len(found) == 0 || fold == "the only" && len(found) > 1 {
		return 0, fmt.Errorf("%d cells of %s are %q", len(found), file, of)
	}
	switch fold {
	case "least":
		return slices.Min(found), nil
	case "greatest":
		return slices.Max(found), nil
	}
	sum := 0.0
	for _, v := range found {
		sum += v
	}
	return sum / float64(len(found)), nil
}

// fitting are the cells of a shipped table that fit and are not empty, and how they fold.
func fitting(file, of string) (found []string, fold string, err error) {
	f, err := os.Open(filepath.Join("../../results/reference", file))
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, "", err
	}
	column, rest, _ := strings.Cut(of, "; ")
	fold = "the only"
	for _, name := range []string{"mean", "least", "greatest"} {
		if c, ok := strings.CutPrefix(column, name+" of "); ok {
			fold, column = name, c
		}
	}
	keys := map[string]bool{}
	for _, row := range rows[1:] {
		fits := true
		for _, cond := range strings.Split(rest, "; ") {
			key, value, _ := strings.Cut(cond, "=")
			keys[key] = true
			if at := slices.Index(rows[0], key); cond != "" && (at < 0 || row[at] != value) {
				fits = false
			}
		}
		for k, name := range rows[0] {
			if match, err := path.Match(column, name); err != nil || !fits || !match || keys[name] || row[k] == "" {
				continue
			}
			found = append(found, row[k])
		}
	}
	return found, fold, nil
}

// like is a value as another one was written: its decimals, and commas between thousands.
func like(old string, value float64) string {
	_, fraction, _ := strings.Cut(old, ".")
	text := strconv.FormatFloat(value, 'f', len(fraction), 64)
	whole, fraction, point := strings.Cut(text, ".")
	if strings.Contains(old, ",") || math.Abs(value) >= 10_000 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
	}
	if point {
		return whole + "." + fraction
	}
	return whole
}

// By hand: figures as they are written, and a mean of two cells.
func TestFiguresAreWrittenAsTheyWere(t *testing.T) {
	for _, c := range []struct {
		old   string
		value float64
		want  string
	}{{"1.888", 1.9, "1.900"}, {"49", 50.5001, "51"}, {"1,307.7", 1290.04, "1,290.0"}, {"999", 1000, "1000"}, {"578,289", 1234567.4, "1,234,567"}} {
		if got := like(c.old, c.value); got != c.want {
			t.Errorf("%s with %v: %s, want %s", c.old, c.value, got, c.want)
		}
	}
	p := page{t: t, printed: map[string][]string{"satsim run": {"bdwp: 2.5x", "within 1 %: vector.lanes=128 1.9x,", "  stce.add_latency=3", "  1.7x"}}}
	line := "It is 2.0x<!-- $ satsim run: bdwp --> and 1.00x<!-- $ satsim run: stce.add_latency=3 -->, 1x<!-- stated: nobody -->."
	if got, want := p.marked(1, line), "It is 2.5x<!-- $ satsim run: bdwp --> and 1.70x<!-- $ satsim run: stce.add_latency=3 -->, 1x<!-- stated: nobody -->."; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	line = "On a `board`<!-- prior.csv: device; work=Venkataramanaiah et al. -->."
	if got, want := p.marked(1, line), "On a `Stratix 10 GX`<!-- prior.csv: device; work=Venkataramanaiah et al. -->."; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	rows, err := shippedRows("losses.md", "", "")
	if err != nil || len(rows) < 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	const inserted = "<!-- table: losses.md -->"
	want := slices.Concat([]string{"before", inserted, ""}, rows, []string{"", "after"})
	for _, lines := range [][]string{{"before", inserted, "", "after"}, {"before", inserted, "", "| old | 1 |", "", "after"}, want} {
		if got := p.figures(lines); !slices.Equal(got, want) {
			t.Errorf("%q\nwant %q", got, want)
		}
	}
	if got, want := p.row(1, "satsim {}", []string{"", "run", "run", "mean"}, "| `vector.lanes=128` | 1.00 | 9.0x | 0.000 |"), "| `vector.lanes=128` | 1.90 | 1.9x | 1.900 |"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
