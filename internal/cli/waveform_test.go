package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"satsim/internal/witness"
)

// TestFiveMinutesToAWaveform does what docs/rtl.md says under its first heading, in a folder: files, commands of satsim and make, and every line below a command is
// in what it prints. In the end there are waves of the array, in which it runs.
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
		out := ""
		for _, line := range b.lines {
			command, ok := strings.CutPrefix(line, "$ ")
			if !ok {
				if !strings.Contains(out, line+"\n") {
					t.Errorf("%q is not printed, but\n%s", line, out)
				}
				continue
			}
			commands++
			out = prints(t, dir, command, b.info == "text")
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
