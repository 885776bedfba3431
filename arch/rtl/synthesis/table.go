package synthesis

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// columns of the table, but for the module and its parameters.
var columns = [...]struct {
	name  string
	field func(*Row) *int
}{
	{"lut1", func(r *Row) *int { return &r.Cells.LUT[1] }},
	{"lut2", func(r *Row) *int { return &r.Cells.LUT[2] }},
	{"lut3", func(r *Row) *int { return &r.Cells.LUT[3] }},
	{"lut4", func(r *Row) *int { return &r.Cells.LUT[4] }},
	{"lut5", func(r *Row) *int { return &r.Cells.LUT[5] }},
	{"lut6", func(r *Row) *int { return &r.Cells.LUT[6] }},
	{"inverters", func(r *Row) *int { return &r.Cells.LUT[0] }},
	{"muxf", func(r *Row) *int { return &r.Cells.Mux }},
	{"carry_bits", func(r *Row) *int { return &r.Cells.CarryBit }},
	{"lut_memory", func(r *Row) *int { return &r.Cells.Memory }},
	{"ff", func(r *Row) *int { return &r.Cells.FF }},
	{"dsp", func(r *Row) *int { return &r.Cells.DSP }},
	{"bram18", func(r *Row) *int { return &r.Cells.BRAM18 }},
	{"uram", func(r *Row) *int { return &r.Cells.URAM }},
	{"registers_ps", func(r *Row) *int { return &r.Registers }},
	{"from_ports_ps", func(r *Row) *int { return &r.FromPorts }},
	{"to_ports_ps", func(r *Row) *int { return &r.ToPorts }},
	{"through_ps", func(r *Row) *int { return &r.Through }},
}

// Format is the table as CSV.
func Format(rows []Row) []byte {
	var b bytes.Buffer
	b.WriteString("module,parameters")
	for _, c := range columns {
		b.WriteString("," + c.name)
	}
	b.WriteByte('\n')
	for i := range rows {
		r := &rows[i]
		b.WriteString(r.Module + "," + r.Parameters)
		for _, c := range columns {
			fmt.Fprintf(&b, ",%d", *c.field(r))
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// Parse reads a table.
func Parse(text []byte) ([]Row, error) {
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading a table of synthesis: %w", err)
	}
	var rows []Row
	for i, l := range lines {
		if len(l) != 2+len(columns) {
			return nil, fmt.Errorf("reading a table of synthesis: line %d has %d columns; %d are accepted", i+1, len(l), 2+len(columns))
		}
		if i == 0 {
			continue
		}
		r := Row{Module: l[0], Parameters: l[1]}
		for c := range columns {
			if *columns[c].field(&r), err = strconv.Atoi(l[2+c]); err != nil {
				return nil, fmt.Errorf("reading a table of synthesis: line %d, %s: %w", i+1, columns[c].name, err)
			}
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// Find is the row of a point.
func Find(rows []Row, p Point) (Row, bool) {
	for _, r := range rows {
		if r.Module == p.Module && r.Parameters == p.String() {
			return r, true
		}
	}
	return Row{}, false
}

// Fewest is the least value of a parameter with which every path of a module is within a limit, among the rows that have all of the other parameters given, each as NAME=VALUE.
func Fewest(rows []Row, limit int, module, parameter string, others ...string) (least int, found bool) {
	for i := range rows {
		r := &rows[i]
		if r.Module != module || r.Longest() > limit {
			continue
		}
		set, value := strings.Fields(r.Parameters), -1
		for _, p := range set {
			if text, ok := strings.CutPrefix(p, parameter+"="); ok {
				value, _ = strconv.Atoi(text) // as Format wrote it
			}
		}
		fits := !slices.ContainsFunc(others, func(o string) bool { return !slices.Contains(set, o) })
		if fits && value >= 0 && (!found || value < least) {
			least, found = value, true
		}
	}
	return least, found
}
