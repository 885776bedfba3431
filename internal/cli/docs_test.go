package cli_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"satsim/internal/golden"
)

var slow = flag.Bool("docs.slow", false, "also run the commands of documents that take long: blocks marked slow")

// command is a line of a document that a reader would type.
var command = regexp.MustCompile(`^(?:\$ |    )((?:satsim|go run \.) .*)`)

// another is such a line of another program, which is there or not.
var another = regexp.MustCompile(`^\$ ((sqlite3) .*)`)

// TestEveryCommandOfTheDocuments runs the commands of README.md, CONTRIBUTING.md and docs/*.md in their order, each document in a folder of its own, and
// holds what stands below them in their block to what they print; "..." stands for lines left out. With SATSIM_UPDATE=1 it writes them anew, and no
// document of which a command fails. A fenced block "yaml NAME" or "csv NAME" is a file that the commands after it read, a block "text NAME" shows one that
// they wrote; commands of "text" blocks need files of the reader's own, "slow" ones run with -docs.slow. In README.md indented commands count as well. Figures in prose
// are held by the comments behind them (marks_test.go).
func TestEveryCommandOfTheDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every command of the documents")
	}
	for _, doc := range documents(t) {
		if filepath.Base(doc) == "ARCHITECTURE.md" { // its values are those of its own test
			continue
		}
		t.Run(filepath.Base(doc), func(t *testing.T) {
			text, err := os.ReadFile(doc)
			if err != nil {
				t.Fatal(err)
			}
			t.Parallel()
			p := page{t: t, dir: t.TempDir(), printed: map[string][]string{}, slow: *slow}
			made := p.figures(p.follow(strings.Split(string(text), "\n")))
			if p.commands == 0 {
				t.Error("no command was found")
			}
			if !t.Failed() {
				golden.Check(t, doc, []byte(strings.Join(made, "\n")))
			}
		})
	}
}

// documents are the files of prose for users.
func documents(t *testing.T) []string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(docs) == 0 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"} {
		docs = append(docs, filepath.Join(root, name))
	}
	return docs
}

// page is a document whose commands are run.
type page struct {
	t        *testing.T
	dir      string              // where its commands run
	printed  map[string][]string // what each command of satsim printed
	commands int
	slow     bool
}

// follow does what a document says and gives it back with what its commands print now.
func (p *page) follow(lines []string) (made []string) {
	fence := "" // the information of the block, or "plain"
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		made = append(made, line)
		if info, ok := strings.CutPrefix(line, "```"); ok {
			if fence != "" {
				fence = ""
				continue
			}
			if fence = info; info == "" {
				fence = "plain"
			}
			kind, name, _ := strings.Cut(info, " ")
			if name == "" {
				continue
			}
			body := until(lines[i+1:], func(l string) bool { return strings.HasPrefix(l, "```") })
			i += len(body)
			made = append(made, p.file(kind, name, body)...)
			continue
		}
		if m := another.FindStringSubmatch(line); m != nil && fence != "text" {
			p.other(m[2], m[1])
			continue
		}
		m := command.FindStringSubmatch(line)
		if m == nil || fence == "text" || fence == "slow" && !p.slow || fence != "" && !strings.HasPrefix(line, "$ ") {
			continue
		}
		p.commands++
		var shown []string
		if fence != "" {
			shown = until(lines[i+1:], func(l string) bool { return strings.HasPrefix(l, "$ ") || strings.HasPrefix(l, "```") })
			i += len(shown)
		}
		made = append(made, p.below(m[1], shown)...)
	}
	return made
}

// until is the lines before the first that ends them.
func until(lines []string, end func(string) bool) []string {
	for i, l := range lines {
		if end(l) {
			return lines[:i]
		}
	}
	return lines
}

// file writes a file that the document shows, or shows one that its commands wrote.
func (p *page) file(kind, name string, body []string) []string {
	at := filepath.Join(p.dir, name)
	switch kind {
	case "yaml", "csv":
		if err := os.WriteFile(at, []byte(strings.Join(body, "\n")+"\n"), 0o644); err != nil {
			p.t.Fatal(err)
		}
	case "text":
		text, err := os.ReadFile(at)
		if err != nil {
			p.t.Error(err)
			return body
		}
		now, err := remade(body, printedLines(text))
		if err != nil {
			p.t.Errorf("%s: %v", name, err)
			return body
		}
		return now
	}
	return body
}

// below is what a command prints now, of what a document shows of it.
func (p *page) below(line string, shown []string) []string {
	if strings.HasPrefix(line, "satsim train ") && !hasImages() {
		if os.Getenv("CI") == "true" {
			p.t.Errorf("dataset-fashion-mnist is not installed; not run: %s", line)
		}
		return shown
	}
	out, err := types(p.t, p.dir, line)
	if err != nil {
		p.t.Errorf("%s: %v: %s", line, err, out)
		return shown
	}
	p.printed[line] = printedLines(out)
	if len(shown) == 0 {
		return nil
	}
	now, err := remade(shown, p.printed[line])
	if err != nil {
		p.t.Errorf("%s: %v; mend what stands below it by hand", line, err)
		return shown
	}
	return now
}

// other runs a command of another program, if that is installed.
func (p *page) other(program, line string) {
	p.commands++
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") == "true" {
			p.t.Errorf("%s is not installed; not run: %s", program, line)
		}
		return
	}
	if out, err := types(p.t, p.dir, line); err != nil || len(out) == 0 {
		p.t.Errorf("%s: %v: %q", line, err, out)
	}
}

// types runs a line as a shell does that finds satsim, and gives back what a terminal would show.
func types(t *testing.T, dir, line string) ([]byte, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, ".bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "satsim")); err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
	if rest, ok := strings.CutPrefix(line, "go run . "); ok {
		line = "satsim " + rest
	}
	sh := exec.Command("sh", "-c", line)
	sh.Dir = dir
	sh.Env = append(os.Environ(), fmt.Sprintf("PATH=%s%c%s", bin, os.PathListSeparator, os.Getenv("PATH")))
	return sh.CombinedOutput()
}

// progress is a line of how far a sweep is, which a host that is slow prints.
var progress = regexp.MustCompile(`^[0-9]+ of [0-9]+ points, .* left$`)

// printedLines are the lines of an output, without progress and without an end of empty ones.
func printedLines(text []byte) []string {
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	return slices.DeleteFunc(lines, progress.MatchString)
}

// hasImages reports whether Debian's package of Fashion-MNIST is installed.
func hasImages() bool {
	_, err := os.Stat("/usr/share/datasets/fashion-mnist")
	return err == nil
}

// words splits a command line as a shell does, with single quotes.
func words(line string) (out []string) {
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}
