package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// generated are documents that a test writes whole.
var generated = []string{"keys.md", "columns.md", "formats.md"}

var (
	figure   = regexp.MustCompile(`\b[0-9]+\.[0-9]+|\b[0-9]+ ?%|\b[0-9]+x\b`)
	claim    = regexp.MustCompile(`(?i)\b(all|every|equals?|worst)\b`)
	measured = regexp.MustCompile(`^measured: .+; [0-9a-f]{7}, model version [0-9]+; 20[0-9]{2}-[0-9]{2}-[0-9]{2}$`)
	reason   = regexp.MustCompile(`^(stated|by hand): .+`)
	tested   = regexp.MustCompile(`go test \./(\S+) -run '?(\w+)`)
	holds    = regexp.MustCompile(`^held: ([a-z0-9/.]+) (Test\w+)$`)
	code     = regexp.MustCompile("`[^`]*`")
	target   = regexp.MustCompile(`\]\([^)]*\)`)
	heldLink = regexp.MustCompile(`\]\([^)]*(?:_test|/conserve)\.go\)`)
)

// A passage is a paragraph, an item of a list or a row of a table, with the marks that stand for it: its own, and those of a line above its block.
type passage struct {
	line  int
	text  string
	marks []string
}

// passages are the prose of a document: no headings, blocks or indented code.
func passages(text string) (out []passage) {
	fence := false
	var above []string // marks of the block
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			fence, above = !fence, nil
		case fence || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "    "):
		case strings.TrimSpace(line) == "":
			if n := len(out); n == 0 || out[n-1].text != "" {
				out = append(out, passage{}) // the end of a block
			}
			if i > 0 && len(above) > 0 && !strings.HasPrefix(strings.Split(text, "\n")[i-1], "<!--") {
				above = nil
			}
		default:
			rest := mark.ReplaceAllString(line, "")
			var own []string
			for _, m := range mark.FindAllStringSubmatch(line, -1) {
				own = append(own, m[1])
			}
			if strings.TrimSpace(rest) == "" { // a line of marks: for the block below it, or of the block above
				if n := len(out); n > 0 && out[n-1].text != "" {
					for k := n - 1; k >= 0 && out[k].text != ""; k-- {
						out[k].marks = append(out[k].marks, own...)
					}
				} else {
					above = append(above, own...)
				}
				continue
			}
			starts := strings.HasPrefix(line, "|") || strings.HasPrefix(line, "- ")
			if n := len(out); !starts && n > 0 && out[n-1].text != "" && !strings.HasPrefix(out[n-1].text, "|") {
				out[n-1].text += "\n" + line
				out[n-1].marks = append(out[n-1].marks, own...)
				continue
			}
			out = append(out, passage{i + 1, line, append(slices.Clone(above), own...)})
		}
	}
	return slices.DeleteFunc(out, func(p passage) bool { return p.text == "" })
}

// unmarked are the figures of a passage behind which no mark stands.
func (p *passage) unmarked() (out []string) {
	text := code.ReplaceAllString(target.ReplaceAllString(p.text, "]"), "")
	for {
		m := mark.FindStringSubmatchIndex(text)
		if m == nil {
			return append(out, figure.FindAllString(text, -1)...)
		}
		head := text[:m[0]]
		if n := before.FindStringSubmatchIndex(head); n != nil {
			head = head[:n[2]]
		}
		out = append(out, figure.FindAllString(head, -1)...)
		text = text[m[1]:]
	}
}

// Each figure in prose says what command makes it: one that a test runs, or which was run when. Each sentence with "all", "every", "equal" or "worst" is held by a
// test that it names. How both are written is said in marks_test.go.
func TestWhatDocumentsSayIsHeld(t *testing.T) {
	tests := map[string]string{}
	for _, doc := range documents(t) {
		name := filepath.Base(doc)
		if slices.Contains(generated, name) || name == "CONTRIBUTING.md" {
			continue
		}
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range passages(string(text)) {
			covered, held := false, heldLink.MatchString(p.text)
			for _, m := range p.marks {
				switch {
				case measured.MatchString(m):
					covered = true
					for _, x := range tested.FindAllStringSubmatch(m, -1) {
						if err := hasTest(tests, x[1], `\w*`+x[2]+`\w*`); err != nil {
							t.Errorf("%s:%d: %v", name, p.line, err)
						}
					}
				case reason.MatchString(m): // also of a definition
					covered, held = true, true
				case strings.HasPrefix(m, "cells: "):
					covered = true
				case strings.HasPrefix(m, "table: "):
					covered, held = true, true
				case holds.MatchString(m):
					h := holds.FindStringSubmatch(m)
					held = true
					if err := hasTest(tests, h[1], h[2]); err != nil {
						t.Errorf("%s:%d: %v", name, p.line, err)
					}
				case strings.HasPrefix(m, "measured:"), strings.HasPrefix(m, "held:"):
					t.Errorf("%s:%d: %q is not as marks are written", name, p.line, m)
				}
			}
			if found := p.unmarked(); !covered && !held && len(found) > 0 {
				t.Errorf("%s:%d: %s: nothing says what makes these figures", name, p.line, strings.Join(found, ", "))
			}
			words := claim.FindAllString(code.ReplaceAllString(mark.ReplaceAllString(p.text, ""), ""), -1)
			if len(words) > 0 && !held {
				t.Errorf("%s:%d: %q: no test is named that holds it", name, p.line, words)
			}
		}
	}
}

// hasTest reports a package that does not have a test whose name is as the pattern says.
func hasTest(read map[string]string, folder, test string) error {
	if read[folder] == "" {
		files, _ := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			read[folder] += string(text)
		}
	}
	if !regexp.MustCompile(`\nfunc ` + test + `\(`).MatchString(read[folder]) {
		return fmt.Errorf("%s has no %s", folder, test)
	}
	return nil
}

// By hand: a mark of a number, one of a block, and a row of a table without either.
func TestPassagesByHand(t *testing.T) {
	text := "# 9.9x\n\n<!-- by hand: so -->\n| a | 1.5x |\n|---|---|\n\nIt is 2.5x<!-- recipes.csv: x --> and 3.5 %.\n- all of it\n  <!-- held: a TestA -->\n\n| 4.5x |\n\n```\n5.5x\n```\n"
	var got []string
	for _, p := range passages(text) {
		got = append(got, fmt.Sprint(p.line, p.unmarked(), len(p.marks)))
	}
	want := []string{"4 [1.5] 1", "5 [] 1", "7 [3.5] 2", "8 [] 1", "11 [4.5] 0"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
