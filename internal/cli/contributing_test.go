package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What CONTRIBUTING.md points at is there: every link, every path, every package of a go command, every test that it names.
func TestContributingPointsAtWhatIsThere(t *testing.T) {
	const root = "../.."
	page, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	seen := 0
	exists := func(path string) {
		seen++
		if _, err := os.Stat(filepath.Join(root, path)); err != nil {
			t.Error(err)
		}
	}
	for _, m := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(text, -1) {
		exists(m[1])
	}
	for _, m := range regexp.MustCompile("`((?:arch|configs|\\.ci)/[a-z/]*)`|\\s(\\.ci/[a-z]+)\\s|go (?:test|run|build)[^\n`]* \\./([a-z/]+)").FindAllStringSubmatch(text, -1) {
		exists(m[1] + m[2] + m[3])
	}
	var tests strings.Builder
	for _, dir := range []string{"workloads/network", "internal/cli", "arch/spec", "arch/buffer", "arch/stce", "dataflow/route"} {
		files, err := filepath.Glob(filepath.Join(root, dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			source, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(source)
		}
	}
	for _, name := range regexp.MustCompile(`Test[A-Z][A-Za-z]{4,}`).FindAllString(text, -1) {
		if seen++; !strings.Contains(tests.String(), "func "+name) {
			t.Errorf("there is no test %s", name)
		}
	}
	if seen < 25 {
		t.Errorf("only %d things were looked up", seen)
	}
}
