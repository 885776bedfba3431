package rtl

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"satsim/arch/stce"
)

// Rules are sentences of the contract, word by word, under the heading that they name.
func TestRulesAreTheContract(t *testing.T) {
	text, err := os.ReadFile("../stce/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	space := regexp.MustCompile(`\s+`)
	plain := func(s string) string {
		s = regexp.MustCompile(`(?m)^//\s?`).ReplaceAllString(s, "")
		return strings.TrimSpace(space.ReplaceAllString(s, " "))
	}
	sections := map[string]string{}
	for _, part := range strings.Split(string(text), "\n// # ")[1:] {
		title, body, _ := strings.Cut(part, "\n")
		sections[title] = plain(body)
	}
	for cause, r := range rules() {
		if !strings.Contains(sections[r.section], r.text) {
			t.Errorf("%s: the section %q does not say: %s", cause, r.section, r.text)
		}
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
