package main

import (
	"fmt"
	"strings"
)

// mutation is one small change of a file.
type mutation struct {
	name     string
	file     string
	tests    []string // packages, or package:pattern, of which one must fail
	old, new string
}

// parse reads the list: a head "== name", lines "file: PATH" and "test: PACKAGE[:PATTERN] ...", then lines "- old" and "+ new", which stand for the
// text with its line breaks, without the spaces at the ends of lines. Lines that begin with # are remarks.
func parse(text string) (list []mutation, err error) {
	var m *mutation
	names := map[string]bool{}
	for i, line := range strings.Split(text, "\n") {
		key, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if key == "" || key == "#" {
			continue
		}
		if key == "==" {
			if names[rest] {
				return nil, fmt.Errorf("line %d: %q is twice in the list", i+1, rest)
			}
			names[rest] = true
			list = append(list, mutation{name: rest})
			m = &list[len(list)-1]
			continue
		}
		if m == nil {
			return nil, fmt.Errorf("line %d stands before the first change", i+1)
		}
		switch key {
		case "file:":
			m.file = rest
		case "test:":
			m.tests = strings.Fields(rest)
		case "-":
			m.old = join(m.old, rest)
		case "+":
			m.new = join(m.new, rest)
		default:
			return nil, fmt.Errorf("line %d: %q is not file:, test:, - or +", i+1, key)
		}
	}
	for _, m := range list {
		if m.file == "" || len(m.tests) == 0 || m.old == "" || m.old == m.new {
			return nil, fmt.Errorf("%q: a change needs a file, tests, and two texts that differ", m.name)
		}
	}
	return list, nil
}

func join(text, line string) string {
	if text == "" {
		return line
	}
	return text + "\n" + line
}

// apply changes a text. The old one must stand in it exactly once; the spaces before and behind lines do not count.
func (m *mutation) apply(text string) (string, error) {
	var bare strings.Builder
	var at []int // at[i] is where byte i of bare is in text
	start := 0
	for _, line := range strings.SplitAfter(text, "\n") {
		content := strings.TrimSpace(line)
		from := start + strings.Index(line, content)
		for i := range len(content) {
			at = append(at, from+i)
		}
		start += len(line)
		bare.WriteString(content + "\n")
		at = append(at, start-1)
	}
	first := strings.Index(bare.String(), m.old)
	if n := strings.Count(bare.String(), m.old); n != 1 {
		return "", fmt.Errorf("%s: %q is %d times in %s, not once", m.name, m.old, n, m.file)
	}
	return text[:at[first]] + m.new + text[at[first+len(m.old)-1]+1:], nil
}
