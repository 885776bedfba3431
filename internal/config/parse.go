package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"satsim/internal/diag"
)

// maxDepth bounds how deep values may nest; model files need less than ten levels.
const maxDepth = 50

// parse reads the one document of a source, which errors call noun. What is no YAML has one error: what follows a syntax
// error means nothing.
func parse(src Source, noun string) (*yaml.Node, diag.List) {
	data := bytes.TrimPrefix(src.Data, []byte("\ufeff"))
	one := func(line, col int, problem, accepted string) (*yaml.Node, diag.List) {
		return nil, diag.List{{Pos: diag.Pos{File: src.Name, Line: line, Col: col}, Problem: problem, Accepted: accepted}}
	}
	if i, what := notText(data); what != "" {
		line, col := lineCol(data, i)
		return one(line, col, noun+what, "YAML text in UTF-8")
	}
	if i, what, accepted := tooMany(data); what != "" {
		line, col := lineCol(data, i)
		return one(line, col, what, accepted)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, next yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && empty(&doc) {
		return one(1, 1, noun+" is empty", "YAML")
	}
	if err == nil {
		err = dec.Decode(&next)
		if err == nil {
			return one(next.Line, next.Column, "a second document begins", "one document")
		}
	}
	if !errors.Is(err, io.EOF) {
		line, col := syntaxPos(data)
		problem, accepted := explain(err, data, line)
		return one(line, col, problem, accepted)
	}
	root := doc.Content[0]
	if n := tooDeep(root, maxDepth); n != nil {
		return one(n.Line, n.Column, "values are nested too deep", fmt.Sprintf("at most %d levels", maxDepth))
	}
	return root, nil
}

// empty reports whether a document is nothing but `---`.
func empty(doc *yaml.Node) bool {
	if len(doc.Content) == 0 {
		return true
	}
	n := doc.Content[0]
	return plain(n) && n.Value == "" && n.Anchor == ""
}

// notText finds the first byte that no text file holds.
func notText(data []byte) (at int, what string) {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return i, fmt.Sprintf(" is no text: byte 0x%02x is not UTF-8", data[i])
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			return i, fmt.Sprintf(" is no text: it holds the control character 0x%02x", r)
		}
		i += size
	}
	return 0, ""
}

// lineCol gives the line and column of a byte.
func lineCol(data []byte, at int) (line, col int) {
	before := data[:at]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}

// tooDeep finds a node that is more than left levels down.
func tooDeep(n *yaml.Node, left int) *yaml.Node {
	if left == 0 {
		return n
	}
	for _, c := range n.Content {
		if deep := tooDeep(c, left-1); deep != nil {
			return deep
		}
	}
	return nil
}
