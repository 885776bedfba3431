package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"satsim/internal/witness"
)

// TestFiveMinutesToAWaveform does what docs/rtl.md says under its first heading, in a folder: files, commands of satsim and make. What a command prints is what stands below it, line by line, but where "..." stands for lines. In the end there are waves of the array, in which it runs.
func TestFiveMinutesToAWaveform(t *testing.T) {
	witness.Foreign(t)
	for _, tool := range []string{"make", "iverilog"} {
		if _, err := exec.LookPath(tool); err != nil {
			witness.Missing(t, tool)
		}
	}
	page, err := os.ReadFile("../../docs/rtl.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## Five minutes\n")
	section, _, _ = strings.Cut(section, "\n## ")
	dir, commands := t.TempDir(), 0
	for _, b := range blocks(section) {
		if file, ok := strings.CutPrefix(b.info, "yaml "); ok {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(strings.Join(b.lines, "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		for i := 0; i < len(b.lines); {
			command, ok := strings.CutPrefix(b.lines[i], "$ ")
			if !ok {
				t.Fatalf("%q is below no command", b.lines[i])
			}
			commands++
			end := i + 1
			for end < len(b.lines) && !strings.HasPrefix(b.lines[end], "$ ") {
				end++
			}
			if got := prints(t, dir, command, b.info == "text"); !reads(got, b.lines[i+1:end]) {
				t.Errorf("%s prints\n%s\nand not\n%s", command, got, strings.Join(b.lines[i+1:end], "\n"))
			}
			i = end
		}
	}
	if commands < 5 {
		t.Errorf("only %d commands were found", commands)
	}
	wave, err := os.ReadFile(filepath.Join(dir, "mine", "build", "stce", "wave.vcd"))
	if err != nil {
		t.Fatal(err)
	}
	_, bench, _ := bytes.Cut(wave, []byte("$scope module dut $end"))
	name := ""
	for line := range strings.Lines(string(bench)) {
		if f := strings.Fields(line); len(f) > 4 && f[0] == "$var" && f[4] == "tick" {
			name = f[3]
			break
		}
	}
	if name == "" || !bytes.Contains(wave, []byte("\n1"+name+"\n")) {
		t.Errorf("no wave of tick (%q), or it is never high", name)
	}
}

// reads says that a text is these lines and no others, but where "..." stands for some.
func reads(text string, lines []string) bool {
	exact := "\\A"
	for _, line := range lines {
		if line == "..." {
			exact += "(?:.*\n)*"
		} else {
			exact += regexp.QuoteMeta(line + "\n")
		}
	}
	return regexp.MustCompile(exact + "\\z").MatchString(text)
}

// prints is what a command writes; fails says that it must.
func prints(t *testing.T, dir, command string, fails bool) string {
	t.Helper()
	args := words(command)
	path, err := exec.LookPath(args[0])
	if args[0] == "satsim" {
		path, err = os.Executable()
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Cmd{Path: path, Args: args, Dir: dir}
	out, err := cmd.CombinedOutput()
	if fails != (err != nil) {
		t.Errorf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}
