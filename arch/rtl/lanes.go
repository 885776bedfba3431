package rtl

import (
	"fmt"
	"strconv"
	"strings"

	"satsim/arch/rtl/wave"
)

// laned is how the files of a bench say what crosses the edges of a unit of lanes: bits of a cycle, and hexadecimal digits of lane 0, which stand last in a line.
type laned struct {
	unit     string
	operands string   // the file of them, of which a line is taken in a cycle with the bit takes
	takes    int      // of the bits of a cycle
	bits     []string // of a cycle, highest first
	in       []digits // of a line of operands
	leaves   []string // bits of the first digit of a lane, highest first
	out      []digits // behind it
}

// digits are a word of so many, which is there when a bit of the first digit is.
type digits struct {
	name  string
	count int
	when  int
}

// lanes are SORE, WUVE and the vector unit; their benches say what their files hold.
func lanes() []laned {
	return []laned{
		{
			unit: "sore", operands: "slots.hex", takes: 1, bits: []string{"busy", "job_valid & job_ready", "in_valid & in_ready", "out_first"},
			in: []digits{{"in_element", 1, 0}, {"in_value", 4, 0}}, leaves: []string{"", "", "", "out_valid"}, out: []digits{{"out_index", 2, 0}, {"out_value", 4, 0}},
		},
		{
			unit: "wuve", operands: "slots.hex", takes: 2, bits: []string{"busy", "in_valid & in_ready"},
			in:     []digits{{"in_kept", 1, 0}, {"in_master", 8, 0}, {"in_gradient", 8, 0}, {"in_first", 8, 0}, {"in_second", 8, 0}},
			leaves: []string{"out_master_valid", "out_half_valid", "out_first_valid", "out_second_valid"},
			out:    []digits{{"out_master", 8, 3}, {"out_half", 4, 2}, {"out_first", 8, 1}, {"out_second", 8, 0}},
		},
		{
			unit: "vector", operands: "waves.hex", takes: 2, bits: []string{"busy", "in_valid & in_ready"},
			in:     []digits{{"in_bit", 1, 0}, {"in0", 8, 0}, {"in1", 4, 0}, {"in2", 4, 0}},
			leaves: []string{"out_valid", "out_index", "out_bit_valid", "out_bit"}, out: []digits{{"out", 4, 3}},
		},
	}
}

// signals are those of all cycles.
func (l *laned) signals(files map[string][]byte) ([]wave.Signal, error) {
	lines := strings.Fields(string(files["bench/"+l.unit+"/edges.hex"]))
	operands := strings.Fields(string(files["bench/"+l.unit+"/"+l.operands]))
	var all []wave.Signal
	at := map[string]int{}
	put := func(name string, bus bool, cycle int, value string) {
		if name == "" {
			return
		}
		if _, known := at[name]; !known {
			at[name] = len(all)
			all = append(all, wave.Signal{Name: name, Bus: bus, Values: make([]string, len(lines))})
		}
		all[at[name]].Values[cycle] = value
	}
	bits := func(names []string, cycle int, digit string) (uint64, error) {
		v, err := strconv.ParseUint(digit, 16, 8)
		for i, name := range names {
			put(name, false, cycle, strconv.FormatUint(v>>(3-i)&1, 10))
		}
		return v, err
	}
	for c, line := range lines {
		now, err := bits(l.bits, c, line[:1])
		if err != nil {
			return nil, fmt.Errorf("cycle %d: %w", c, err)
		}
		taken := now>>l.takes&1 == 1
		if taken && len(operands) == 0 {
			return nil, fmt.Errorf("cycle %d: no operands are left", c)
		}
		word := make([]string, len(l.in))
		if taken {
			_, word = lane0(operands[0], l.in)
			operands = operands[1:]
		}
		for i, d := range l.in {
			put(d.name, true, c, word[i])
		}
		first, word := lane0(line, l.out)
		leave, err := bits(l.leaves, c, first)
		if err != nil {
			return nil, fmt.Errorf("cycle %d: %w", c, err)
		}
		for i, d := range l.out {
			if leave>>d.when&1 == 0 {
				word[i] = ""
			}
			put(d.name, true, c, word[i])
		}
	}
	return all, nil
}

// lane0 are the words of lane 0 at the end of a line, and the digit in front of them.
func lane0(line string, of []digits) (first string, words []string) {
	words = make([]string, len(of))
	end := len(line)
	for i := len(of) - 1; i >= 0; i-- {
		begin := max(end-of[i].count, 0)
		words[i] = line[begin:end]
		end = begin
	}
	return line[max(end-1, 0):end], words
}
