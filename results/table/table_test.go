package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sample has every kind of cell. A step of 1.25 ms is held in seconds; 2,500,000 bytes are 2.5 MB.
func sample() *Table {
	t := &Table{
		Name: "x", Title: "50% of a_b", Command: "satsim table x", Missing: "-", Notes: []string{"a < b & c"},
		Columns: []Column{
			Words("name"), {Name: "step", Key: "step_time_s", Unit: "ms", NumberFormat: NumberFormat{Shift: 3, Decimals: 2}},
			{Name: "read", Unit: "MB", NumberFormat: NumberFormat{Shift: -6, Decimals: 1}}, Numbers("joules", "J", 1),
			{Name: "front", Key: "on_front"}, {Name: "change", Key: "change", Unit: "%", NumberFormat: Percent(1)},
			{Name: "seed", For: Programs}, {Name: "note", For: People, Left: true},
		},
	}
	t.Add(Text("a|b_*"), Real(0.00125), Whole(int64(2500000)), Bounded(2, 1, 4), Mark(true), List([]float64{0.5, 0.125}), Unsigned(1<<63+5), Text("x"))
	t.AddRule(Text("2 × 3, \"q\""), Real(math.NaN()), Whole(7), Range(1.5, 2.5), Mark(false), Cell{}, Unsigned(0), Cell{})
	t.AddFoot(Text("sum"), Real(1), Cell{}, Cell{}, Cell{}, Cell{}, Cell{}, Cell{})
	t.Rows = append(t.Rows, Row{Cells: []Cell{Text("hidden"), Real(2), {}, {}, {}, {}, Unsigned(1), {}}, For: Programs})
	return t
}

func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// encoding/csv reads back every value in the unit that its head says: a key's own, or the one in brackets.
func TestCSVIsReadBack(t *testing.T) {
	lines, err := csv.NewReader(strings.NewReader(written(t, sample().CSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"name", "step_time_s", "read (MB)", "joules (J)", "joules (J) low", "joules (J) high", "on_front", "change", "seed"},
		{"a|b_*", "0.00125", "2.5", "2", "1", "4", "true", "0.5 0.125", "9223372036854775813"},
		{"2 × 3, \"q\"", "", "7e-06", "", "1.5", "2.5", "false", "", "0"},
		{"hidden", "2", "", "", "", "", "", "", "1"},
	}
	if len(lines) != len(want) {
		t.Fatalf("%d lines of %d: %q", len(lines), len(want), lines)
	}
	for i := range want {
		for k := range want[i] {
			if lines[i][k] != want[i][k] {
				t.Errorf("line %d, %s: %q, want %q", i, want[0][k], lines[i][k], want[i][k])
			}
		}
	}
}

// encoding/json reads the same values with their units, and keys in the order of the columns.
func TestJSONIsReadBack(t *testing.T) {
	text := written(t, sample().JSON)
	var got struct {
		Table, Title, Command string
		Columns               []struct{ Key, Name, Unit string }
		Rows                  []map[string]any
		Notes                 []string
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Table != "x" || got.Title != "50% of a_b" || got.Command != "satsim table x" || len(got.Notes) != 1 || got.Notes[0] != "a < b & c" || len(got.Rows) != 3 {
		t.Errorf("%+v", got)
	}
	var keys []string
	for _, c := range got.Columns {
		keys = append(keys, c.Key+"/"+c.Unit)
	}
	if k := strings.Join(keys, ", "); k != "name/, step_time_s/, read (MB)/MB, joules (J)/J, on_front/, change/, seed/" {
		t.Errorf("columns %s", k)
	}
	first := got.Rows[0]
	for key, want := range map[string]string{"step_time_s": "0.00125", "read (MB)": "2.5", "seed": "9223372036854775813"} {
		if n, ok := first[key].(json.Number); !ok || n.String() != want {
			t.Errorf("%s is %v, want %s", key, first[key], want)
		}
	}
	joules, ok := first["joules (J)"].(map[string]any)
	if !ok || joules["value"] != json.Number("2") || joules["low"] != json.Number("1") || joules["high"] != json.Number("4") || first["on_front"] != true {
		t.Errorf("joules %v, front %v", first["joules (J)"], first["on_front"])
	}
	second := got.Rows[1]
	if v, there := second["step_time_s"]; !there || v != nil || second["change"] != nil || second["joules (J)"].(map[string]any)["value"] != nil {
		t.Errorf("what is not there is %v, %v in %v", v, second["change"], second)
	}
	if a, b := strings.Index(text, `"step_time_s": 0`), strings.Index(text, `"on_front": true`); a < 0 || b < a {
		t.Errorf("members stand in another order than columns:\n%s", text)
	}
	empty := written(t, (&Table{Columns: []Column{Words("a")}}).JSON)
	if !strings.Contains(empty, `"rows": []`) {
		t.Errorf("no rows are %s", empty)
	}
}

// cells splits a row of a table as GitHub's specification does: at pipes without a backslash before them; then backslashes before punctuation go.
func cells(line string) []string {
	line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
	var out []string
	var cell strings.Builder
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", line[i+1]) >= 0:
			i++
			cell.WriteByte(line[i])
		case line[i] == '|':
			out = append(out, strings.TrimSpace(cell.String()))
			cell.Reset()
		default:
			cell.WriteByte(line[i])
		}
	}
	return append(out, strings.TrimSpace(cell.String()))
}

func TestMarkdownIsReadBack(t *testing.T) {
	lines := strings.Split(written(t, sample().Markdown), "\n")
	want := map[int][]string{
		2: {"name", "step (ms)", "read (MB)", "joules (J)", "front", "change (%)", "note"},
		3: {":---", "---:", "---:", "---:", "---:", "---:", ":---"},
		4: {"a|b_*", "1.25", "2.5", "2.0 (1.0 to 4.0)", "*", "50.0, 12.5", "x"},
		5: {"2 × 3, \"q\"", "-", "0.0", "1.5 to 2.5", "", "-", "-"},
		6: {"sum", "1000.00", "-", "-", "-", "-", "-"},
	}
	for at, w := range want {
		if got := cells(lines[at]); strings.Join(got, "\x00") != strings.Join(w, "\x00") {
			t.Errorf("line %d: %q, want %q", at, got, w)
		}
	}
	if lines[0] != `## 50% of a\_b` || lines[7] != "" || lines[8] != `- a \< b & c` || lines[9] != "- Made by `satsim table x`." || len(lines) != 11 {
		t.Errorf("%q", lines)
	}
	// Without a title, notes and a command there is the table alone.
	if bare := written(t, (&Table{Columns: []Column{Words("a")}}).Markdown); bare != "| a |\n| :--- |\n" {
		t.Errorf("%q", bare)
	}
}

// Whatever is in a text, CSV, JSON and Markdown give it back, and none of Markdown's marks takes effect.
func TestTextsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab|\\*_<>`[]&~×\",;\n日")), 0, 12, -1).Draw(t, "text")
		table := &Table{Columns: []Column{Words("first"), Words("last")}}
		table.Add(Text(text), Text("end"))
		var b bytes.Buffer
		if err := table.CSV(&b); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(lines) != 2 || lines[1][0] != text || lines[1][1] != "end" {
			t.Fatalf("CSV: %q became %q: %v", text, lines, err)
		}
		b.Reset()
		if err := table.JSON(&b); err != nil {
			t.Fatal(err)
		}
		var got struct{ Rows []map[string]string }
		if err := json.Unmarshal(b.Bytes(), &got); err != nil || got.Rows[0]["first"] != text {
			t.Fatalf("JSON: %q became %q: %v", text, got.Rows, err)
		}
		b.Reset()
		if err := table.Markdown(&b); err != nil {
			t.Fatal(err)
		}
		rows := strings.Split(b.String(), "\n")
		if len(rows) != 4 {
			t.Fatalf("Markdown: %q gave %d lines", text, len(rows))
		}
		back := cells(rows[2])
		if want := strings.TrimSpace(strings.ReplaceAll(text, "\n", " ")); len(back) != 2 || back[0] != want || back[1] != "end" {
			t.Fatalf("Markdown: %q became %q", text, back)
		}
		bare := strings.NewReplacer(`\\`, "", `\|`, "", `\*`, "", `\_`, "", `\<`, "", `\>`, "", "\\`", "", `\[`, "").Replace(rows[2])
		if strings.ContainsAny(bare, "*_<>`[\\") || strings.Count(bare, "|") != 3 {
			t.Fatalf("Markdown: %q has marks left: %s", text, rows[2])
		}
	})
}

// Numbers come back as they were held, whatever people are shown of them.
func TestNumbersAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "value")
		n := rapid.Int64().Draw(t, "count")
		table := &Table{Columns: []Column{{Name: "v", Key: "v_s", Unit: "ms", NumberFormat: NumberFormat{Shift: 3}}, {Name: "n"}}}
		table.Add(Real(v), Whole(n))
		var c, j bytes.Buffer
		if err := errors.Join(table.CSV(&c), table.JSON(&j)); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(&c).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		f, err := strconv.ParseFloat(lines[1][0], 64)
		i, err2 := strconv.ParseInt(lines[1][1], 10, 64)
		if err != nil || err2 != nil || f != v || i != n {
			t.Fatalf("CSV: %g and %d became %q", v, n, lines[1])
		}
		var got struct {
			Rows []struct {
				V float64 `json:"v_s"`
				N int64
			}
		}
		if err := json.Unmarshal(j.Bytes(), &got); err != nil || got.Rows[0].V != v || got.Rows[0].N != n {
			t.Fatalf("JSON: %g and %d became %+v: %v", v, n, got.Rows, err)
		}
	})
}

// With digits, CSV has so many of what is not whole.
func TestDigits(t *testing.T) {
	table := &Table{Digits: 6, Columns: []Column{{Name: "v"}}}
	for _, v := range []float64{1.0 / 3, 1234567.25, 12345678, -2e15, 0} {
		table.Add(Real(v))
	}
	if got := written(t, table.CSV); got != "v\n0.333333\n1.23457e+06\n12345678\n-2e+15\n0\n" {
		t.Errorf("%q", got)
	}
}

// The formats, against figures by hand.
func TestFormats(t *testing.T) {
	for _, c := range []struct {
		cell   Cell
		format NumberFormat
		want   string
	}{
		{Whole(1234567), NumberFormat{}, "1234567"},
		{Whole(1234567), NumberFormat{Shift: -6, Decimals: 2}, "1.23"},
		{Whole(3), NumberFormat{Decimals: 1}, "3.0"},
		{Whole(0), NumberFormat{Hidden: true}, ""}, {Whole(0), NumberFormat{}, "0"}, {Whole(5), NumberFormat{Hidden: true}, "5"},
		{Real(0), NumberFormat{Hidden: true, Decimals: 1}, ""}, {Real(0.25), Percent(1), "25.0"},
		{Real(0.0123456), NumberFormat{Shift: 3, Digits: 4}, "12.35"},
		{Real(1.5), NumberFormat{Signed: true, Decimals: 2}, "+1.50"}, {Real(-1.5), NumberFormat{Signed: true, Decimals: 2}, "-1.50"},
		{Real(0), NumberFormat{Signed: true, Decimals: 2}, "+0.00"}, {Real(math.Copysign(0, -1)), NumberFormat{Signed: true, Decimals: 2}, "-0.00"},
		{Real(123.4), NumberFormat{Short: true}, "123"}, {Real(100), NumberFormat{Short: true}, "100"}, {Real(99.94), NumberFormat{Short: true}, "99.9"}, {Real(10), NumberFormat{Short: true}, "10.0"},
		{Real(9.994), NumberFormat{Short: true}, "9.99"}, {Real(1), NumberFormat{Short: true}, "1.00"}, {Real(0.12345), NumberFormat{Short: true}, "0.123"}, {Real(-123.4), NumberFormat{Short: true}, "-123"},
		{Real(1.75).As(NumberFormat{Decimals: 2}), NumberFormat{Decimals: 3}, "1.75"},
		{Range(2, 2), NumberFormat{}, "2"}, {Range(2, 3), NumberFormat{}, "2 to 3"}, {Bounded(2, 2, 2), NumberFormat{}, "2 (2 to 2)"},
		{Share(1, 0), NumberFormat{}, "none"}, {Share(0, 0), NumberFormat{}, "none"}, {Share(1, 4), NumberFormat{Decimals: 1}, "25.0"}, {Real(math.Inf(-1)), NumberFormat{}, "none"}, {Bounded(math.NaN(), 1, 2), NumberFormat{}, "none"},
		{Text(""), NumberFormat{}, ""},
	} {
		if got := c.cell.people(&c.format, "none"); got != c.want {
			t.Errorf("%+v under %+v is %q, want %q", c.cell, c.format, got, c.want)
		}
	}
}

// width of a text on a terminal: ideographs take two places.
func width(s string) (n int) {
	for _, r := range s {
		if n++; r >= 0x2e80 {
			n++
		}
	}
	return n
}

// On a terminal every line is as wide as the others, however wide its letters are: numbers end in one column, texts begin in one.
func TestTerminalAlignsByDisplayWidth(t *testing.T) {
	table := &Table{Columns: []Column{Words("layer"), Numbers("time", "ms", 1), {Name: "", Unit: "Mcycles"}}}
	for _, name := range []string{"conv", "卷积层", "3 × 3", "é", "Σ±"} {
		table.AddRule(Text(name), Real(float64(len(name))), Real(100))
	}
	table.AddFoot(Text("合計"), Real(1234.5), Cell{})
	text := written(t, table.Terminal)
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	wide := width(lines[0])
	for _, l := range lines {
		if width(l) != wide {
			t.Errorf("%d wide, the first line %d:\n%s", width(l), wide, text)
		}
	}
	if !strings.Contains(lines[1], "time ms") || !strings.Contains(lines[1], " Mcycles ") || strings.Contains(lines[1], "(") {
		t.Errorf("head %q", lines[1])
	}
	for _, l := range []string{"│ conv   │     4.0 │", "│ 卷积层 │     9.0 │", "│ 3 × 3  │     6.0 │", "│ 合計   │  1234.5 │"} {
		if !strings.Contains(text, l) {
			t.Errorf("%q is not in\n%s", l, text)
		}
	}
	if n := strings.Count(text, "├"); n != 6 { // below the head, between five rows, above the foot
		t.Errorf("%d lines between rows:\n%s", n, text)
	}
	all := written(t, sample().Terminal)
	if !strings.HasPrefix(all, "50% of a_b\n\n") || !strings.HasSuffix(all, "\nnote: a < b & c\n") || strings.Contains(all, "hidden") || !strings.Contains(all, "sum") {
		t.Errorf("%s", all)
	}
}

// unescaped undoes what LaTeX would: every command of the escapes is the letter that it prints.
var unescaped = strings.NewReplacer(`\textbackslash{}`, `\`, `\&`, "&", `\%`, "%", `\$`, "$", `\#`, "#", `\_`, "_", `\{`, "{", `\}`, "}",
	`\textasciitilde{}`, "~", `\textasciicircum{}`, "^", `$<$`, "<", `$>$`, ">", `$\times$`, "×", `$\pm$`, "±", `{[}`, "[", `{*}`, "*")

// A compiler is the judge (.ci/witness); here every letter that means something to LaTeX stands behind an escape, and comes back.
func TestLaTeX(t *testing.T) {
	text := written(t, sample().LaTeX)
	for _, want := range []string{
		"% Made by: satsim table x\n", "\\begin{table}[t]\n", "\\caption{50\\% of a\\_b}\n\\label{tab:x}\n", "\\begin{tabular}{lrrrrrl}\n\\toprule\n",
		"name & step (ms) & read (MB) & joules (J) & front & change (\\%) & note \\\\\n\\midrule\n",
		"a|b\\_* & 1.25 & 2.5 & 2.0 (1.0 to 4.0) & * & 50.0, 12.5 & x \\\\\n\\midrule\n2 $\\times$ 3, \"q\" & - & 0.0 & 1.5 to 2.5 &  & - & - \\\\\n\\midrule\nsum ",
		"\\bottomrule\n\\end{tabular}\n\n\\smallskip{\\footnotesize a $<$ b \\& c\\par}\n\\end{table}\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	broad := &Table{Columns: make([]Column, 8)}
	for i := range broad.Columns {
		broad.Columns[i].Name = strconv.Itoa(i)
	}
	if got := written(t, broad.LaTeX); !strings.Contains(got, "\\begin{table*}[t]") || !strings.Contains(got, "\\end{table*}") {
		t.Errorf("eight columns:\n%s", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.RuneFrom([]rune("ab\\&%$#_{}~^<>×±[*")), 1, 10, -1).Draw(t, "text")
		table := &Table{Columns: []Column{Words("h")}}
		table.Add(Text(name))
		var b bytes.Buffer
		if err := table.LaTeX(&b); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(b.String(), "\\midrule\n")
		row, _, _ := strings.Cut(rest, " \\\\\n\\bottomrule")
		if unescaped.Replace(row) != name {
			t.Fatalf("%q became %q", name, row)
		}
		if strings.HasPrefix(row, "[") || strings.HasPrefix(row, "*") {
			t.Fatalf("%q begins like an option of the row above", row)
		}
	})
}

func TestBadTablesAreRefused(t *testing.T) {
	short := &Table{Name: "short", Columns: []Column{Words("a"), Words("b")}}
	short.Add(Text("x"))
	twice := &Table{Name: "twice", Columns: []Column{Words("a"), Words("a")}}
	once := &Table{Name: "once", Columns: []Column{Words("a"), {Name: "a", Key: "b"}, {Name: "a", For: People}}}
	for _, f := range Forms() {
		if err := f.Write(short, io.Discard); err == nil || !strings.Contains(err.Error(), "1 cells under 2 columns") {
			t.Errorf("%s of a short row: %v", f.Name, err)
		}
		err := f.Write(twice, io.Discard)
		if same := f.Name == "json" && err != nil && strings.Contains(err.Error(), `"a"`); !same && (f.Name == "json" || err != nil) {
			t.Errorf("%s of two columns of one name: %v", f.Name, err)
		}
		if err := f.Write(once, io.Discard); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		if err := f.Write(sample(), &failing{after: 1}); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: a writer's error became %v", f.Name, err)
		}
	}
}

// failing takes some writes, then no more.
type failing struct{ after int }

func (f *failing) Write(b []byte) (int, error) {
	if f.after--; f.after <= 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// A record is a row; what its columns say is declared once.
func TestOf(t *testing.T) {
	type layer struct {
		name   string
		cycles int64
	}
	made := Of([]Field[layer]{
		{Words("layer"), func(l *layer) Cell { return Text(l.name) }},
		{Column{Name: "", Key: "cycles", Unit: "kcycles", NumberFormat: NumberFormat{Shift: -3, Decimals: 1}}, func(l *layer) Cell { return Whole(l.cycles) }},
	}, []layer{{"a", 1500}, {"b", 2}})
	if got := written(t, made.CSV); got != "layer,cycles\na,1500\nb,2\n" {
		t.Errorf("%q", got)
	}
	if got := written(t, made.Markdown); !strings.Contains(got, "| a | 1.5 |") || !strings.Contains(got, "| b | 0.0 |") {
		t.Errorf("%q", got)
	}
}

// Each way is one multiplication or one division by a power of ten that is exact, so nothing is rounded twice.
func TestShiftsAreRoundedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e9, 1e9).Draw(t, "value")
		if a, b := shifted(v, 3), shifted(v, -6); a != v*1000 || b != v/1000000 {
			t.Fatalf("%g became %g and %g, want %g and %g", v, a, b, v*1000, v/1000000)
		}
	})
}

// No line above the first row; notes or a command alone stand below a table.
func TestRulesAndFeet(t *testing.T) {
	made := &Table{Columns: []Column{Words("a")}, Notes: []string{"n"}}
	made.AddRule(Text("x"))
	made.AddRule(Text("y"))
	if made.Rows[0].Rule || !made.Rows[1].Rule {
		t.Errorf("lines above rows: %v and %v", made.Rows[0].Rule, made.Rows[1].Rule)
	}
	if got := written(t, made.Markdown); got != "| a |\n| :--- |\n| x |\n| y |\n\n- n\n" {
		t.Errorf("%q", got)
	}
}

func TestPage(t *testing.T) {
	var b bytes.Buffer
	p := NewPage(&b)
	p.Printf("%d rows\n", 1)
	p.Table(Of([]Field[int]{{Words("n"), func(i *int) Cell { return Whole(*i) }}}, []int{7}))
	if p.Err() != nil || !strings.HasPrefix(b.String(), "1 rows\n┌") || !strings.Contains(b.String(), "│ 7 │") {
		t.Errorf("%v: %s", p.Err(), b.String())
	}
	p = NewPage(&failing{})
	p.Printf("x")
	p.Table(&Table{})
	if !errors.Is(p.Err(), io.ErrShortWrite) {
		t.Errorf("the first error is %v", p.Err())
	}
}
