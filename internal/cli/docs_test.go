package cli_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var slow = flag.Bool("docs.slow", false, "also run the commands of documents that take long: blocks marked slow")

// command is a line of a document that a reader would type, without what a shell would do with its output.
var command = regexp.MustCompile(`^(?:\$ |    )(?:satsim|go run \.) ((?:'[^']*'|[^|;>'])*)`)

// another is such a line of another program, which is there or not.
var another = regexp.MustCompile(`^\$ (sqlite3) ((?:'[^']*'|[^|;>'])*)`)

// TestEveryCommandOfTheDocuments runs the commands of README.md, CONTRIBUTING.md and docs/*.md in their order, each document in a folder of its own. A
// fenced block "yaml NAME" or "csv NAME" is a file that the commands after it read; commands of "text" blocks need files of the reader's own. In
// README.md indented commands count as well.
func TestEveryCommandOfTheDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every command of the documents")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range append([]string{filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")}, docs...) {
		t.Run(filepath.Base(doc), func(t *testing.T) {
			text, err := os.ReadFile(doc)
			if err != nil {
				t.Fatal(err)
			}
			t.Parallel()
			if n := follow(t, t.TempDir(), string(text)); n == 0 {
				t.Error("no command was found")
			}
		})
	}
}

// follow does what a document says, in a folder, and counts the commands.
func follow(t *testing.T, dir, text string) (n int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	fence, file := "", ""
	var content strings.Builder
	for _, line := range strings.Split(text, "\n") {
		if info, ok := strings.CutPrefix(line, "```"); ok {
			if fence != "" {
				if file != "" {
					if err := os.WriteFile(filepath.Join(dir, file), []byte(content.String()), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				fence, file = "", ""
				continue
			}
			fence = "plain"
			if info != "" {
				fence = info
			}
			if kind, name, ok := strings.Cut(info, " "); ok && (kind == "yaml" || kind == "csv") {
				file = name
				content.Reset()
			}
			continue
		}
		if file != "" {
			content.WriteString(line + "\n")
			continue
		}
		if m := another.FindStringSubmatch(line); m != nil && fence != "text" {
			if program, err := exec.LookPath(m[1]); err == nil {
				cmd := exec.Command(program, words(m[2])...)
				cmd.Dir = dir
				if out, err := cmd.CombinedOutput(); err != nil || len(out) == 0 {
					t.Errorf("%s: %v: %q", line, err, out)
				}
				n++
			} else if os.Getenv("CI") == "true" {
				t.Errorf("%s is not installed; not run: %s", m[1], line)
			}
			continue
		}
		m := command.FindStringSubmatch(line)
		if m == nil || fence == "text" || fence == "slow" && !*slow || fence != "" && !strings.HasPrefix(line, "$ ") {
			continue
		}
		n++
		if strings.HasPrefix(m[1], "train ") && !hasImages() {
			if os.Getenv("CI") == "true" {
				t.Errorf("dataset-fashion-mnist is not installed; not run: satsim %s", m[1])
			}
			continue
		}
		var stderr bytes.Buffer
		satsim := exec.Cmd{Path: self, Args: append([]string{"satsim"}, words(m[1])...), Dir: dir, Stderr: &stderr}
		if err := satsim.Run(); err != nil {
			t.Errorf("satsim %s: %v: %s", m[1], err, stderr.String())
		}
	}
	return n
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
