package rtl

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

// Heads of modules send a reader of Verilog to sections that CONTRACT.md has, and name nothing of the program that wrote it.
func TestHeadsReferToTheContract(t *testing.T) {
	b, err := New(design(), options())
	if err != nil {
		t.Fatal(err)
	}
	program := regexp.MustCompile(`\bpackages?\b|\b(?:Params|Cost|Counts|Lane|Job)\.[A-Za-z]|\bdoc\.go`)
	section := regexp.MustCompile(`CONTRACT\.md[^.;(]*?[(:] ?((?:stce|sore|wuve|vector|feed), [^).]+)`)
	sections, unit := map[string]bool{}, ""
	for line := range strings.Lines(string(b.Files["CONTRACT.md"])) {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "## "); ok {
			unit, _, _ = strings.Cut(title, ":")
		}
		if title, ok := strings.CutPrefix(line, "### "); ok {
			sections[unit+", "+title] = true
		}
	}
	found := 0
	for name, text := range b.Files {
		if path.Ext(name) != ".v" || path.Dir(name) != "rtl" {
			continue
		}
		if words := program.FindAllString(string(text), -1); len(words) > 0 {
			t.Errorf("%s says %q", name, words)
		}
		for _, of := range section.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\n// ", " "), -1) {
			for _, s := range strings.Split(of[1], "; ") {
				if found++; !sections[s] {
					t.Errorf("%s: CONTRACT.md has no %q", name, s)
				}
			}
		}
	}
	if found < 12 {
		t.Errorf("%d sections are named", found)
	}
}
