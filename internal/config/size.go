package config

import (
	"bytes"
	"fmt"
)

const (
	// maxEntries bounds the entries of one list or mapping of a file.
	maxEntries = 100_000
	// maxMarks bounds what may begin a value in a whole file: lines and commas. The largest files hold one in ten bytes.
	maxMarks = 1_000_000
)

// tooMany finds where a text has more entries than a file may, without making any: a tree of nodes costs a hundred times the bytes of a short entry.
//
// The scan is of lines and brackets. Lines at one indentation, with none further left between them, are the entries of one block list or
// mapping, and commas at one depth of brackets those of one flow list or mapping. It takes a text in a block for entries too.
func tooMany(data []byte) (at int, what, accepted string) {
	var s scan
	for start := 0; start < len(data); {
		end := len(data)
		if n := bytes.IndexByte(data[start:], '\n'); n >= 0 {
			end = start + n + 1
		}
		s.line(data[start:end])
		switch {
		case s.most > maxEntries:
			return start, "a list or mapping has too many entries", fmt.Sprintf("at most %d", maxEntries)
		case s.marks > maxMarks:
			return start, "the file has too many values", fmt.Sprintf("at most %d lines and commas", maxMarks)
		}
		start = end
	}
	return 0, "", ""
}

// scan counts entries.
type scan struct {
	blocks []level // the open levels of indentation, the deepest last
	flow   []int   // entries of the open brackets
	quote  byte    // of the text that is open, if any
	marks  int
	most   int // entries of the largest list or mapping
}

// level is the entries of one block list or mapping. A list may stand at the indentation of its key, and is deeper than that.
type level struct{ column, entries int }

func (s *scan) line(text []byte) {
	indent := len(text) - len(bytes.TrimLeft(text, " "))
	text = bytes.TrimSpace(text)
	if len(text) == 0 || text[0] == '#' {
		return
	}
	s.marks++
	if len(s.flow) == 0 && s.quote == 0 {
		s.entry(2*indent, text)
	}
	begins := true // whether a value may begin here
	for i, c := range text {
		switch {
		case s.quote != 0:
			if c == s.quote && (c != '"' || i == 0 || text[i-1] != '\\') {
				s.quote = 0
			}
			continue
		case c == '#' && (i == 0 || text[i-1] == ' '):
			return
		case begins && (c == '"' || c == '\''):
			s.quote = c
		case (c == '[' || c == '{') && (begins || len(s.flow) > 0):
			s.flow = append(s.flow, 1)
			begins = true
			continue
		case (c == ']' || c == '}') && len(s.flow) > 0:
			s.flow = s.flow[:len(s.flow)-1]
		case c == ',' && len(s.flow) > 0:
			s.marks++
			n := &s.flow[len(s.flow)-1]
			*n++
			s.most = max(s.most, *n)
		}
		begins = c == ',' && len(s.flow) > 0 || c == ':' || c == '-' || c == ' ' && begins
	}
}

// entry counts a line as an entry of the block that it stands in.
func (s *scan) entry(column int, text []byte) {
	if text[0] == '-' && (len(text) == 1 || text[1] == ' ') {
		column++
	}
	for len(s.blocks) > 0 && s.blocks[len(s.blocks)-1].column > column {
		s.blocks = s.blocks[:len(s.blocks)-1]
	}
	if len(s.blocks) == 0 || s.blocks[len(s.blocks)-1].column < column {
		s.blocks = append(s.blocks, level{column: column})
	}
	l := &s.blocks[len(s.blocks)-1]
	l.entries++
	s.most = max(s.most, l.entries)
}
