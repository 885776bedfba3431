package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// IsRecord knows a record of any schema, however it is indented, by the first bytes of its file.
func IsRecord(head []byte) bool { return opening.Match(head) }

var opening = regexp.MustCompile(`^\s*\{\s*"schema"\s*:\s*"satsim\.record/`)

// IsLayers knows a per-layer table by its header, whose first columns are those of every version.
func IsLayers(head []byte) bool {
	var names []string
	for _, c := range columns(&Record{})[:steady] {
		names = append(names, c.Key)
	}
	return bytes.HasPrefix(head, []byte(strings.Join(names, ",")+","))
}

// steady is how many columns a per-layer table is known by.
const steady = 8

// Readable reports whether a schema is one that Read and ReadRun take.
func Readable(schema string) bool { return schema == Schema || schema == schema1 }

// Read reads a record of this schema, or of an older one, which it turns into this one.
func Read(r io.Reader) (*Record, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading a record: %w", err)
	}
	out := new(Record)
	if err := json.Unmarshal(text, out); err != nil {
		if !IsRecord(text) {
			return nil, fmt.Errorf("reading a record: this is none of satsim run: %w", err)
		}
		return nil, fmt.Errorf("reading a record: %w", err)
	}
	switch out.Schema {
	case Schema:
	case schema1:
		var old record1
		if err := json.Unmarshal(text, &old); err != nil {
			return nil, fmt.Errorf("reading a record of schema %s: %w", schema1, err)
		}
		old.upgrade(out)
	default:
		return nil, fmt.Errorf("a record has schema %q; %q and %q are accepted", out.Schema, Schema, schema1)
	}
	return out, nil
}

// ReadRun reads one run of a record of a schema.
func ReadRun(schema string, text []byte) (*Run, error) {
	out := new(Run)
	if err := json.Unmarshal(text, out); err != nil {
		return nil, fmt.Errorf("reading a run: %w", err)
	}
	switch schema {
	case Schema:
	case schema1:
		var old run1
		if err := json.Unmarshal(text, &old); err != nil {
			return nil, fmt.Errorf("reading a run of schema %s: %w", schema1, err)
		}
		old.upgrade(out)
	default:
		return nil, fmt.Errorf("a run has schema %q; %q and %q are accepted", schema, Schema, schema1)
	}
	return out, nil
}
