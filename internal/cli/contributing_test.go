package cli_test

import (
	"io/fs"
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
	tests := testSources(t, root)
	for _, name := range regexp.MustCompile(`Test[A-Z][A-Za-z]{4,}`).FindAllString(text, -1) {
		if seen++; !strings.Contains(tests, "func "+name) {
			t.Errorf("there is no test %s", name)
		}
	}
	if seen < 25 {
		t.Errorf("only %d things were looked up", seen)
	}
}

// testSources is the text of every test of the module, scripts too.
func testSources(t *testing.T, root string) string {
	var all strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		script := filepath.Base(filepath.Dir(path)) == "script" && strings.HasSuffix(path, ".txtar")
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") && !script {
			return err
		}
		source, err := os.ReadFile(path)
		all.Write(source)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// Every fixture that docs/formats.md names is there, a test names it, and every format has one or says who writes and reads it.
func TestEveryFormatHasAFixture(t *testing.T) {
	const root = "../.."
	page, err := os.ReadFile(filepath.Join(root, "docs/formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	tests := testSources(t, root)
	formats, column := 0, -1
	for _, line := range strings.Split(string(page), "\n") {
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(cells[0], "---") {
			continue
		}
		if column < 0 {
			column = len(cells) - 1
			continue
		}
		formats++
		if len(cells) != column+1 {
			t.Errorf("%d cells, want %d: %s", len(cells), column+1, line)
			continue
		}
		fixture := strings.TrimSpace(cells[column])
		if fixture == "" {
			t.Errorf("no fixture: %s", line)
		}
		dir := ""
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(fixture, -1) {
			path := m[1]
			if !strings.Contains(path, "/") { // in the folder of the one before
				path = dir + "/" + path
			}
			dir = filepath.Dir(path)
			if found, err := filepath.Glob(filepath.Join(root, path)); err != nil || len(found) == 0 {
				t.Errorf("there is no %s: %v", path, err)
			}
			if name := filepath.Base(path); name != "testdata" && !strings.Contains(tests, name) {
				t.Errorf("no test names %s", path)
			}
		}
	}
	if formats < 15 {
		t.Errorf("only %d formats were found", formats)
	}
}
