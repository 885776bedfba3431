// Command mutate asks whether the tests would notice: it changes one small thing in the sources, by the list in mutations.txt, runs the tests
// that must fail then, and says which changes survived.
//
//	go run ./internal/tools/mutate          every change of the list, a quarter of an hour
//	go run ./internal/tools/mutate skip     those whose name holds "skip"
//
// The tree is not touched: a change is an overlay of the build. What the quick tier (-short) notices is noticed; else all tests of the entry run. It ends
// with an error if a change survives, does not compile, or is for text that is not in its file exactly once.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	text, err := os.ReadFile("internal/tools/mutate/mutations.txt")
	if err != nil {
		return fmt.Errorf("%w; run it at the root of the module", err)
	}
	list, err := parse(string(text))
	if err != nil {
		return err
	}
	var chosen []mutation
	for _, m := range list {
		if len(args) == 0 || slices.ContainsFunc(args, func(a string) bool { return strings.Contains(m.name, a) }) {
			chosen = append(chosen, m)
		}
	}
	killed := 0
	for _, m := range chosen {
		verdict, err := try(m)
		if err != nil {
			return err
		}
		fmt.Printf("%-10s %s (%s)\n", verdict, m.name, m.file)
		if verdict == "killed" {
			killed++
		}
	}
	fmt.Printf("%d of %d killed\n", killed, len(chosen))
	if killed < len(chosen) {
		return fmt.Errorf("%d changes were not noticed", len(chosen)-killed)
	}
	return nil
}

// try runs the tests of a mutation: killed, survived, no build, or lost.
func try(m mutation) (string, error) {
	text, err := os.ReadFile(m.file)
	if err != nil {
		return "lost", nil
	}
	changed, err := m.apply(string(text))
	if err != nil {
		return "lost", nil
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	path, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	instead, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{path: instead}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(instead, []byte(changed), 0o666); err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, list, 0o666); err != nil {
		return "", err
	}
	for _, short := range []bool{true, false} {
		if out, err := test("", m.tests, short); err != nil { // else every change would seem to be noticed; the go tool remembers what passed
			return "", fmt.Errorf("the tests of %s fail without any change:\n%s", m.name, out)
		}
		switch out, err := test(overlay, m.tests, short); {
		case err == nil:
		case strings.Contains(out, "[build failed]"), strings.Contains(out, "[setup failed]"):
			return "no build", nil
		default:
			return "killed", nil
		}
	}
	return "survived", nil
}

// test runs the tests of packages, as "./arch/sore" or "./arch/sore:TestName".
func test(overlay string, packages []string, short bool) (string, error) {
	for _, p := range packages {
		dir, name, _ := strings.Cut(p, ":")
		args := []string{"test", "-vet=off", "-failfast", "-timeout=20m", fmt.Sprintf("-short=%t", short), "-overlay=" + overlay, "-run=" + name, dir}
		if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
			return string(out), err
		}
	}
	return "", nil
}
