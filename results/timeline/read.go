package timeline

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Trace is a timeline that was written, group by group, as far as a picture wants it: slices of lanes, without arrows and counters.
type Trace struct {
	Network, Recipe, Arch, Batch string
	Lanes                        []string // with slices, in the order of the file
	Groups                       []Shown
}

// Shown is a word group of a trace.
type Shown struct {
	Label  string
	Cycles int64
	Slices []Bar
}

// Bar is a slice of a lane, in cycles of its group.
type Bar struct {
	Lane       int // place among the trace's
	Start, End int64
	Name       string
	Periods    int64 // that it stands for; 0: an instruction
}

// maxTrace bounds what is read, in bytes: a step in all of its instructions is some ten.
const maxTrace = 1 << 30

// Read reads a timeline, compressed or not.
func Read(r io.Reader) (*Trace, error) {
	in := bufio.NewReader(r)
	if head, err := in.Peek(2); err == nil && bytes.Equal(head, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("reading a timeline: %w", err)
		}
		in = bufio.NewReader(zip)
	}
	var file struct {
		Other  map[string]string `json:"otherData"`
		Events []event           `json:"traceEvents"`
	}
	d := json.NewDecoder(io.LimitReader(in, maxTrace))
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("reading a timeline: %w", err)
	}
	out := &Trace{Network: file.Other["network"], Recipe: file.Other["recipe"], Arch: file.Other["arch"], Batch: file.Other["batch"]}
	type track struct{ pid, tid int }
	names := map[track]string{}
	lanes := map[track]int{}
	at := int64(0)
	for i := range file.Events {
		e := &file.Events[i]
		k := track{e.PID, e.TID}
		switch {
		case e.Phase == "M" && e.Name == "thread_name" && e.Args != nil:
			names[k] = e.Args.Name
		case e.Phase != "X" || e.For == nil:
		case e.PID == controller && e.TID == 1: // the group of the slices that follow
			at = e.At
			out.Groups = append(out.Groups, Shown{Label: e.Name, Cycles: *e.For})
		case e.PID == controller:
		case len(out.Groups) == 0:
			return nil, fmt.Errorf("reading a timeline: the slice %q stands before any word group", e.Name)
		default:
			lane, ok := lanes[k]
			if !ok {
				lane = len(out.Lanes)
				lanes[k], out.Lanes = lane, append(out.Lanes, names[k])
			}
			b := Bar{Lane: lane, Start: e.At - at, End: e.At - at + *e.For, Name: e.Name}
			if e.Args != nil {
				b.Periods = e.Args.Periods
			}
			g := &out.Groups[len(out.Groups)-1]
			g.Slices = append(g.Slices, b)
		}
	}
	if len(out.Groups) == 0 {
		return nil, fmt.Errorf("reading a timeline: it has no word group")
	}
	return out, nil
}

// Largest are the n word groups that take longest, of equal ones the first.
func (t *Trace) Largest(n int) []Shown {
	all := slices.Clone(t.Groups)
	slices.SortStableFunc(all, func(a, b Shown) int { return cmp.Compare(b.Cycles, a.Cycles) })
	return all[:min(n, len(all))]
}
