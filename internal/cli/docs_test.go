package cli_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"satsim/internal/cli"
)

var slow = flag.Bool("docs.slow", false, "also run the commands of documents that take long: blocks marked slow")

// command is a line of a document that a reader would type, without what a shell would do with its output.
var command = regexp.MustCompile(`^(?:\$ |    )(?:satsim|go run \.) ((?:'[^']*'|[^|;>'])*)`)

// TestEveryCommandOfTheDocuments runs the commands of README.md and docs/*.md in their order, each document in a folder of its own. A
// fenced block "yaml NAME" or "csv NAME" is a file that the commands after it read; commands of "text" blocks need files of the reader's own. In
// README.md indented commands count as well.
func TestEveryCommandOfTheDocuments(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range append([]string{filepath.Join(root, "README.md")}, docs...) {
		t.Run(filepath.Base(doc), func(t *testing.T) {
			text, err := os.ReadFile(doc)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			if n := follow(t, string(text)); n == 0 {
				t.Error("no command was found")
			}
		})
	}
}

// follow does what a document says and counts the commands.
func follow(t *testing.T, text string) (n int) {
	t.Helper()
	fence, file := "", ""
	var content strings.Builder
	for _, line := range strings.Split(text, "\n") {
		if info, ok := strings.CutPrefix(line, "```"); ok {
			if fence != "" {
				if file != "" {
					if err := os.WriteFile(file, []byte(content.String()), 0o644); err != nil {
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
		m := command.FindStringSubmatch(line)
		if m == nil || fence == "text" || fence == "slow" && !*slow || fence != "" && !strings.HasPrefix(line, "$ ") {
			continue
		}
		n++
		if strings.HasPrefix(m[1], "train ") && !hasImages() {
			t.Logf("without dataset-fashion-mnist: not run: satsim %s", m[1])
			continue
		}
		args := words(m[1])
		var stdout, stderr bytes.Buffer
		if code := cli.Execute(args, &stdout, &stderr); code != 0 {
			t.Errorf("satsim %s: exit code %d: %s", strings.Join(args, " "), code, stderr.String())
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
