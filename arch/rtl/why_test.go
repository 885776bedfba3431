package rtl

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"satsim/arch/stce"
	"satsim/internal/nm"
)

// contractOf is the sections of the array's contract, each as one line.
func contractOf(t *testing.T) map[string]string { return sectionsOf(t, "../stce/doc.go") }

// sectionsOf are those of any contract.
func sectionsOf(t *testing.T, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	space := regexp.MustCompile(`\s+`)
	sections := map[string]string{}
	for _, part := range strings.Split(string(text), "\n// # ")[1:] {
		title, body, _ := strings.Cut(part, "\n")
		body = regexp.MustCompile(`(?m)^//\s?`).ReplaceAllString(body, "")
		sections[title] = strings.TrimSpace(space.ReplaceAllString(body, " "))
	}
	return sections
}

// What a rule must say in a situation, by hand from the contract, and the words by which a setting is known, which no rule of another may have.
func TestRulesAreThoseOfTheSetting(t *testing.T) {
	const (
		always  = ""
		drains  = "the drain registers of a column move south"
		shifts  = "OS, drain: serial. The accumulators themselves shift out"
		nothing = "preload: serial has no shadow registers"
		bottom  = "those of the bottom row first"
		start   = "Start values (OS, Resume) likewise"
		chasing = "weights of b enter row r when it has taken in a's first sum"
		zero    = "from cycle 0 on"
	)
	type key struct {
		cause          string
		at             place
		mode           stce.Mode
		preload, drain string
	}
	want := map[key]string{
		{"issue", inFold, stce.OS, always, always}: "n-major", {"hazard", inFold, stce.OS, always, always}: "at least a round apart",
		{"issue", inFold, stce.WS, always, always}: "n-major", {"hazard", inFold, stce.WS, always, always}: "at least a round apart",
		{"link", atStart, stce.OS, always, always}: "L-1 cycles", {"link", atStart, stce.WS, always, always}: "L-1 cycles",
		{"link", inFold, stce.OS, always, always}: "the other bank has become free", {"link", inFold, stce.WS, always, always}: "the other bank has become free",
		{"preload", atStart, stce.OS, always, always}: zero, {"preload", atStart, stce.WS, "shadow", always}: "rows * (weights", {"preload", atStart, stce.WS, "serial", always}: "rows * (weights",
		{"preload", atStart, stce.WS, "chase", always}:  "row r has its weights",
		{"empty", atEnd, stce.OS, always, always}:       "ends when its last result",
		{"empty", atEnd, stce.WS, always, always}:       "ends when its last result",
		{"drain", atEnd, stce.OS, always, "overlap"}:    drains,
		{"drain", atEnd, stce.OS, always, "serial"}:     shifts,
		{"empty", between, stce.OS, "serial", always}:   nothing,
		{"empty", between, stce.WS, "serial", always}:   nothing,
		{"drain", between, stce.OS, "shadow", "serial"}: shifts, {"drain", between, stce.OS, "chase", "serial"}: shifts, {"drain", between, stce.OS, "serial", "serial"}: nothing,
		{"drain", between, stce.OS, "shadow", "overlap"}: drains, {"drain", between, stce.OS, "chase", "overlap"}: drains, {"drain", between, stce.OS, "serial", "overlap"}: drains,
		{"order", between, stce.WS, "shadow", always}: "", // by what it is that b would overtake: below
		{"order", between, stce.WS, "chase", always}:  "",
		{"link", between, stce.OS, "shadow", always}:  "The first group of b has come",
		{"link", between, stce.OS, "chase", always}:   "The first group of b has come",
		{"link", between, stce.OS, "serial", always}:  nothing,
		{"link", between, stce.WS, "shadow", always}:  "In WS they do not start",
		{"link", between, stce.WS, "chase", always}:   "operands need not wait",
		{"link", between, stce.WS, "serial", always}:  nothing,
		{"sum", between, stce.WS, "shadow", always}:   "a partial sum is taken in", {"sum", between, stce.WS, "chase", always}: "a partial sum is taken in",
		{"preload", between, stce.OS, "shadow", always}: start,
		{"preload", between, stce.OS, "chase", always}:  start,
		{"preload", between, stce.OS, "serial", always}: nothing,
		{"preload", between, stce.WS, "shadow", always}: bottom,
		{"preload", between, stce.WS, "chase", always}:  chasing,
		{"preload", between, stce.WS, "serial", always}: nothing,
	}
	foreign := func(s *situation) (words []string) {
		add := func(mine bool, of ...string) {
			if !mine {
				words = append(words, of...)
			}
		}
		add(s.preload == stce.PreloadSerial, nothing)
		add(s.preload == stce.PreloadShadow && s.mode == stce.WS, bottom)
		add(s.preload != stce.PreloadSerial && s.mode == stce.OS, start)
		add(s.preload == stce.PreloadChase && s.mode == stce.WS, chasing, "row r has its weights", "operands need not wait")
		add(s.drain == stce.DrainSerial && s.mode == stce.OS, shifts)
		add(s.drain == stce.DrainOverlap && s.mode == stce.OS, drains)
		add(s.mode == stce.WS, "In WS they", "WS, the same column", "WS always")
		return words
	}
	sections, met, orderly := contractOf(t), map[key]bool{}, map[order]bool{}
	p := Small(design().STCE, options())
	p.Rows, p.MaxN, p.LinkWidth, p.MaxInterleave = 3, 4, 2, 4
	o := Options{Seed: 1, Tiles: 600, Side: 3}
	if testing.Short() {
		o.Tiles = 60
	}
	for _, p.Preload = range []stce.Preload{stce.PreloadShadow, stce.PreloadSerial, stce.PreloadChase} {
		for _, p.Drain = range []stce.Drain{stce.DrainOverlap, stce.DrainSerial} {
			for i, j := range Jobs(p, o) {
				p.AddLatency = []int{3, 1}[i/12%2] // with one, elements with more outputs are slower down the rows
				switch i % 3 {                     // short reductions that resume, and long streams of rows whose last group is short
				case 1:
					j.Tile.Channels, j.Tile.Taps, j.Tile.Resume = 1+int64(i%4), 1, true
				case 2:
					j.Tile.Rows, j.Tile.Channels = j.Tile.Rows*5, int64(j.Tile.Ratio.M*p.Rows)+1
				}
				tl, err := p.Trace(j.Tile, mostTraced)
				if err != nil {
					t.Fatal(err)
				}
				for c := range tl.Cycles {
					s := situated(p, j.Tile, &tl, c)
					text := ""
					for _, r := range rules(&s) {
						if !strings.Contains(sections[r.section], r.text) {
							t.Fatalf("%+v: the section %q does not say: %s", s, r.section, r.text)
						}
						text += r.text + "\n"
					}
					said, known := "", false
					for _, k := range []key{{s.cause, s.place, s.mode, always, always}, {s.cause, s.place, s.mode, p.Preload.String(), always}, {s.cause, s.place, s.mode, always, p.Drain.String()}, {s.cause, s.place, s.mode, p.Preload.String(), p.Drain.String()}} {
						if w, ok := want[k]; ok {
							said, known, met[k] = w, true, true
						}
					}
					if !known || text == "" || !strings.Contains(text, said) {
						t.Fatalf("tile %d, cycle %d: %+v\n%swant %q (%v)", i, c, s, text, said, known)
					}
					for _, e := range events(p, j.Tile, &tl, c) {
						for _, r := range e.rules {
							if !strings.Contains(sections[r.section], r.text) {
								t.Fatalf("%s: the section %q does not say: %s", e.of, r.section, r.text)
							}
							text += r.text + "\n"
						}
					}
					for _, w := range foreign(&s) {
						if strings.Contains(text, w) {
							t.Fatalf("tile %d, cycle %d: %+v is told of another setting, %q:\n%s", i, c, s, w, text)
						}
					}
					if s.cause == "order" {
						orderly[s.order] = true
					}
				}
			}
		}
	}
	for k := range want {
		if !met[k] && !testing.Short() {
			t.Errorf("no tile has %+v", k)
		}
	}
	if len(orderly) != 3 && !testing.Short() {
		t.Errorf("what is overtaken: %v", orderly)
	}
}

// The contract's own example: a sum passes 18 rows 30 cycles sooner than 23, so the third K fold of a head's scores waits for the order of results.
func TestWhatAHeadWouldOvertake(t *testing.T) {
	p := design().STCE
	p.Rows, p.Cols, p.MulLatency, p.AddLatency, p.MaxInterleave, p.Preload = 23, 32, 2, 6, 8, stce.PreloadShadow
	tile := stce.Tile{Rows: 65, Cols: 65, Taps: 1, Channels: 64}
	tile.Config = stce.Config{Mode: stce.WS, Over: stce.OverF, Interleave: 3, Ratio: nm.Ratio{N: 1, M: 1}}
	tl, err := p.Trace(tile, mostTraced)
	if err != nil {
		t.Fatal(err)
	}
	waits := 0
	for c := range tl.Cycles {
		if tl.Cycles[c].Cause == "order" {
			waits++
			if s := situated(p, tile, &tl, c); s.order != ofResults {
				t.Fatalf("cycle %d: %+v", c, s)
			}
		}
	}
	if waits != 30 {
		t.Errorf("%d cycles of order, want 30", waits)
	}
}

// Every cycle of every tile has a rule, and cycles in which folds are held back are as many as they are held. By hand: holds of 2, 0 and 3 cycles at folds that begin in the
// model's cycles 0, 5 and 9 make 0, 1, then 2 to 10, 11 to 13 held again, then the rest.
func TestWhy(t *testing.T) {
	p, o := design().STCE, options()
	small := Small(p, o)
	for i, j := range Jobs(small, o) {
		cycles := int(small.Tile(j.Tile).Cycles)
		_, late := j.model(&stce.Timeline{}, 0)
		for c := range cycles {
			text, err := Why(p, o, i, c)
			if err != nil || !strings.Contains(text, "rule (stce, ") || strings.Contains(text, "rule (stce, )") {
				t.Fatalf("tile %d, cycle %d of %d: %v %s", i, c, cycles+late, err, text)
			}
			for shown, said := range map[string]string{
				"  a west word enters":       "rule of the west words (stce, West link): ",
				" leaves in the south":       "rule of the results (stce, ",
				"  element 1,":               "rule of the other elements' slots (stce, Order of slots): A row is skew ",
				"  element 0,1: ":            "rule of the other elements' slots (stce, Processing element): Slots are static",
				"  a west word enters row 1": "behind the one above",
			} {
				if strings.Contains(text, shown) && !strings.Contains(text, said) {
					t.Fatalf("tile %d, cycle %d shows %q and no %q:\n%s", i, c, shown, said, text)
				}
			}
		}
	}
	if _, err := Why(p, o, 0, 1<<20); err == nil {
		t.Error("a cycle after the end has a rule")
	}
	if _, err := Why(p, o, o.Tiles, 0); err == nil {
		t.Error("a tile that there is not has a rule")
	}
	var tl stce.Timeline
	for t := range 12 {
		fold := 0
		if t >= 5 {
			fold = 1
		}
		if t >= 9 {
			fold = 2
		}
		tl.Cycles = append(tl.Cycles, stce.Moment{Elements: []stce.Element{{Fold: fold}}})
	}
	j := Job{Holds: []int{2, 0, 3}}
	var got []int
	for c := range 17 {
		at, late := j.model(&tl, c)
		if late != 5 {
			t.Fatalf("held for %d cycles", late)
		}
		got = append(got, at)
	}
	want := []int{-1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, -1, -1, -1, 9, 10, 11}
	for c := range want {
		if got[c] != want[c] {
			t.Errorf("cycle %d is the model's %d, want %d", c, got[c], want[c])
		}
	}
}

// By hand, from the contract: an OS tile of 2 x 2 outputs over 8 terms on 2 x 2 elements, link and group of 1, adder 3. Row 1 is a cycle behind row 0, so its first word enters in
// cycle 1, before it has begun a group; in cycle 1 row 0's second word enters, behind its first slot. Results leave through drain registers, or the accumulators shift.
func TestEventsHaveTheirRules(t *testing.T) {
	p := design().STCE
	p.Rows, p.Cols, p.MulLatency, p.AddLatency, p.LinkWidth, p.Preload = 2, 2, 1, 3, 1, stce.PreloadShadow
	tile := stce.Tile{Rows: 2, Cols: 2, Taps: 1, Channels: 8}
	tile.Config = stce.Config{Mode: stce.OS, Over: stce.OverF, Interleave: 1, Ratio: nm.Dense}
	said := func(of string, from, to int) string {
		tl, err := p.Trace(tile, mostTraced)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for c := from; c < min(to, len(tl.Cycles)); c++ {
			for _, e := range events(p, tile, &tl, c) {
				if e.of == of {
					for _, r := range e.rules {
						text += r.text + "\n"
					}
				}
			}
		}
		return text
	}
	if got := said("west words", 0, 1); got != firstWords+"\n" {
		t.Errorf("cycle 0: %s", got)
	}
	if got := said("west words", 1, 2); got != firstWords+"\n"+wordsRule+"\n"+skewOS+"\n" {
		t.Errorf("cycle 1: %s", got)
	}
	const end = 1 << 20
	for _, c := range []struct {
		mode  stce.Mode
		drain stce.Drain
		want  string
	}{{stce.OS, stce.DrainOverlap, drainRule}, {stce.OS, stce.DrainSerial, shiftRule}, {stce.WS, stce.DrainOverlap, sumsLeave}, {stce.WS, stce.DrainSerial, sumsLeave}} {
		tile.Mode, p.Drain = c.mode, c.drain
		got := said("results", 0, end)
		if !strings.Contains(got, c.want) {
			t.Errorf("%v, %v: %s", c.mode, c.drain, got)
		}
		for _, other := range []string{drainRule, shiftRule, sumsLeave} {
			if other != c.want && strings.Contains(got, other) {
				t.Errorf("%v, %v: %s", c.mode, c.drain, got)
			}
		}
	}
}
