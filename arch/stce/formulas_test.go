package stce

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// value is what an expression of whole numbers is; a comparison is 1 or 0.
func value(t rapid.TB, e ast.Expr, of map[string]int64) int64 {
	truth := func(b bool) int64 {
		if b {
			return 1
		}
		return 0
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return value(t, e.X, of)
	case *ast.BasicLit:
		n, err := strconv.ParseInt(e.Value, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	case *ast.Ident:
		v, ok := of[e.Name]
		if !ok {
			t.Fatalf("nothing is called %s", e.Name)
		}
		return v
	case *ast.CallExpr:
		name, a, b := e.Fun.(*ast.Ident).Name, value(t, e.Args[0], of), int64(0)
		if name == "either" {
			if a != 0 {
				return value(t, e.Args[1], of)
			}
			return value(t, e.Args[2], of)
		}
		b = value(t, e.Args[1], of)
		switch name {
		case "ceil":
			return (a + b - 1) / b
		case "min":
			return min(a, b)
		case "max":
			return max(a, b)
		}
	case *ast.BinaryExpr:
		a, b := value(t, e.X, of), value(t, e.Y, of)
		switch e.Op {
		case token.ADD:
			return a + b
		case token.SUB:
			return a - b
		case token.MUL:
			return a * b
		case token.QUO:
			return a / b
		case token.REM:
			return a % b
		case token.AND:
			return a & b
		case token.GTR:
			return truth(a > b)
		case token.EQL:
			return truth(a == b)
		}
	}
	t.Fatalf("what is %T?", e)
	return 0
}

// layout are the registers' names with their words in a block, by the paragraph of rtl/stce_fields.vh that they stand under: 0 of a tile, 1 of a kind of fold, 2 between two folds.
func layout(t *testing.T) (blocks [3]map[string]int) {
	t.Helper()
	text, err := RTL.ReadFile("rtl/stce_fields.vh")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\n// Of a tile")
	tile, rest, _ := strings.Cut(rest, "\n// Of a kind of fold")
	kind, rest, _ := strings.Cut(rest, "\n// Between two folds")
	pair, _, _ := strings.Cut(rest, "\n// How many words")
	for i, block := range []string{tile, kind, pair} {
		blocks[i] = map[string]int{}
		for _, m := range regexp.MustCompile("(?m)^`define (\\w+) (\\d+)").FindAllStringSubmatch(block, -1) {
			blocks[i][m[1]], err = strconv.Atoi(m[2])
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return blocks
}

// Every register has a formula, and those of tiles and kinds of folds hold what it says, for any tile on any array: the formulas are evaluated as they are printed.
func TestFormulasOfRegisters(t *testing.T) {
	blocks, formulas := layout(t), Formulas()
	named := 0
	for _, block := range blocks {
		for name := range block {
			named++
			if formulas[name] == "" {
				t.Errorf("%s has no formula", name)
			}
		}
	}
	if named != len(formulas) || named < 40 {
		t.Errorf("%d registers and %d formulas", named, len(formulas))
	}
	rapid.Check(t, func(t *rapid.T) {
		p := Default()
		p.Rows, p.Cols = rapid.IntRange(1, 6).Draw(t, "rows"), rapid.IntRange(1, 6).Draw(t, "cols")
		p.LinkWidth, p.AddLatency, p.MaxInterleave = rapid.IntRange(1, 5).Draw(t, "link"), rapid.IntRange(1, 7).Draw(t, "add"), 4
		p.EdgeFolds = rapid.SampledFrom([]EdgeFolds{EdgeExact, EdgeFull}).Draw(t, "edges")
		tile := Tile{Products: rapid.Int64Range(1, 3).Draw(t, "products"), Rows: rapid.Int64Range(1, 60).Draw(t, "T"), Cols: rapid.Int64Range(1, 60).Draw(t, "F"), Taps: rapid.Int64Range(1, 4).Draw(t, "taps"),
			Channels: rapid.Int64Range(1, 40).Draw(t, "channels"), Resume: rapid.Bool().Draw(t, "resume"), Spill: rapid.Bool().Draw(t, "spill")}
		tile.Mode, tile.Over = rapid.SampledFrom([]Mode{OS, WS}).Draw(t, "mode"), rapid.SampledFrom([]Over{OverF, OverT}).Draw(t, "over")
		tile.Interleave, tile.Ratio.M = rapid.IntRange(1, 4).Draw(t, "interleave"), rapid.IntRange(1, p.MaxM).Draw(t, "M")
		tile.Ratio.N = rapid.IntRange(1, min(tile.Ratio.M, p.MaxN)).Draw(t, "N")
		if tile.Held = tile.Mode == OS && rapid.Bool().Draw(t, "held"); tile.Held {
			tile.Ratio.N = 1
		}
		regs, err := p.Registers(tile)
		if err != nil {
			t.Fatal(err)
		}
		held := map[int]int64{}
		for _, r := range regs {
			held[int(r.Address)] = int64(r.Value)
		}
		of := map[string]int64{
			"rows": tile.Rows, "cols": tile.Cols, "taps": tile.Taps, "channels": tile.Channels, "N": int64(tile.Ratio.N), "M": int64(tile.Ratio.M), "I": int64(tile.Interleave), "products": tile.Products,
			"ws": once(tile.Mode == WS), "t": once(tile.Over == OverT), "resume": once(tile.Resume), "spill": once(tile.Spill), "held": once(tile.Held), "full": once(p.EdgeFolds == EdgeFull),
			"R": int64(p.Rows), "C": int64(p.Cols), "w": int64(p.LinkWidth), "add": int64(p.AddLatency),
		}
		eval := func(text string) int64 {
			e, err := parser.ParseExpr(strings.TrimSpace(text))
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			return value(t, e, of)
		}
		for _, d := range [][2]string{ // as FormulaNames has them
			{"r", "channels % M"}, {"pertap", "ceil(channels, M)"}, {"groups", "taps*pertap"}, {"short", "either(r > 0, r, M)"}, {"rf", "either(t, R*I, R)"}, {"cf", "either(t, C, C*I)"},
		} {
			if !strings.Contains(FormulaNames, fmt.Sprintf("`%s` = `%s`", d[0], d[1])) {
				t.Fatalf("%s is not said to be %s", d[0], d[1])
			}
			of[d[0]] = eval(d[1])
		}
		compare := func(block map[string]int, base int) {
			for name, at := range block {
				if strings.HasPrefix(formulas[name], "where") || strings.HasPrefix(formulas[name], "CONTRACT") {
					continue
				}
				for i, f := range strings.Split(formulas[name], ";") {
					if got, ok := held[base+at+i]; !ok || got != eval(f) {
						t.Fatalf("%s + %d holds %d (%v); %s is %d: %+v on %+v", name, i, got, ok, f, eval(f), tile, p)
					}
				}
			}
		}
		compare(blocks[0], 0)
		g := newGroups(tile.Config, tile.Taps, tile.Channels)
		for f := range p.Folds(tile) {
			n, m := g.stretch(f.FirstGroup, f.Groups).largest()
			of["fr"], of["fc"], of["k"], of["n"], of["m"] = f.Rows, f.Cols, f.Groups, n, m
			of["D"] = eval(formulas["STCE_DEPTH"])
			of["L"], of["P"] = eval(formulas["STCE_LAST_DEPTH"]), eval(formulas["STCE_ROUND"])
			kind := 0
			if f.Cols < of["cf"] {
				kind += 2
			}
			if tile.Mode == OS && f.Rows < of["rf"] || tile.Mode == WS && f.Groups < of["R"] || p.Rows == 1 && tile.Mode == WS && g.shortM > 0 && g.perTap > 1 && (f.FirstGroup+1)%g.perTap == 0 {
				kind++
			}
			compare(blocks[1], kindAddress+kindStride*kind)
		}
	})
}
