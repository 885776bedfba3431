package config

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseBudget bounds the bytes that are parsed again to find the line of a syntax error.
const parseBudget = 4 << 20

// syntaxPos finds where the syntax error of data is. The YAML reader reports the line where the enclosing construct
// begins, one less than that, or none, so the line is found by experiment: the reader gets its input byte by byte until
// it fails; of the lines up to there, the error is on the earliest from which on every beginning of the file fails. That
// is where an unclosed quote or bracket opens.
func syntaxPos(data []byte) (line, col int) {
	r := &byteReader{data: data}
	_ = readAll(r) // fails: data has a syntax error
	ends := lineEnds(data)
	line = 1
	for line < len(ends) && ends[line-1] < r.at {
		line++
	}
	for budget := parseBudget; line > 1 && budget > 0; line-- {
		head := data[:ends[line-2]]
		if readAll(bytes.NewReader(head)) == nil {
			break
		}
		budget -= len(head)
	}
	text := data[:ends[line-1]]
	if line > 1 {
		text = text[ends[line-2]:]
	}
	return line, 1 + len(text) - len(bytes.TrimLeft(text, " \t"))
}

// readAll reads the documents of a file and reports the first syntax error.
func readAll(r io.Reader) error {
	dec := yaml.NewDecoder(r)
	for {
		var n yaml.Node
		if err := dec.Decode(&n); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// lineEnds lists the offsets just after each line, the last line included.
func lineEnds(data []byte) []int {
	var ends []int
	for i, b := range data {
		if b == '\n' {
			ends = append(ends, i+1)
		}
	}
	if len(ends) == 0 || ends[len(ends)-1] < len(data) {
		ends = append(ends, len(data))
	}
	return ends
}

// byteReader gives one byte at a time and knows how many were taken.
type byteReader struct {
	data []byte
	at   int
}

func (r *byteReader) Read(p []byte) (int, error) {
	if r.at == len(r.data) {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	p[0] = r.data[r.at]
	r.at++
	return 1, nil
}

// explain words an error of the YAML reader, which is on the given line of data, for people.
func explain(err error, data []byte, line int) (problem, accepted string) {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		_, msg, _ = strings.Cut(rest, ": ")
	}
	text, _, _ := bytes.Cut(bytes.Join(bytes.SplitAfter(data, []byte("\n"))[line-1:], nil), []byte("\n"))
	indent := text[:len(text)-len(bytes.TrimLeft(text, " \t"))]
	switch {
	case bytes.ContainsRune(indent, '\t'):
		return "no valid YAML: a tab indents the line", "spaces"
	case strings.Contains(msg, "cannot start any token"):
		accepted = "quotes around text that begins with @, %, ` or a tab"
	case strings.Contains(msg, "mapping values are not allowed"):
		accepted = "keys of one mapping in one column, quotes around text that holds a colon and a space"
	case strings.Contains(msg, "unexpected end of stream"):
		msg = "a quote is not closed"
	case strings.Contains(msg, "did not find expected ',' or"), strings.Contains(msg, "did not find expected node content"):
		msg = "a list or mapping in brackets is not closed, or lacks a value or comma"
	case strings.Contains(msg, "exceeded max depth"):
		msg = "values are nested too deep"
	}
	return "no valid YAML: " + msg, accepted
}
