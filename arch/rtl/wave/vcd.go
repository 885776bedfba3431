package wave

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Recorded is a wire as a simulator has recorded it: its digits in every cycle, the highest first, of 0, 1, x and z.
type Recorded struct {
	Width  int
	Values []string
}

// mostBits bounds a line of a file, which is a value of a wire.
const mostBits = 1 << 20

// Record reads a file of value changes (VCD, IEEE 1364) as simulators write it: of the wires with the given names in a scope, such as bench.dut, what each is in every
// cycle of a clock there. A cycle ends with a rising edge, and its value is what a register would take at that edge: from before all that changes with it.
func Record(r io.Reader, scope, clock string, names ...string) (map[string]*Recorded, error) {
	v := recorder{scope: strings.Split(scope, "."), clock: clock, wanted: names, wires: map[string][]string{}, found: map[string]*Recorded{}, now: map[string]string{}, next: map[string]string{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64*1024), mostBits)
	number := 0
	for lines.Scan() {
		number++
		if err := v.line(lines.Text()); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", number+1, err)
	}
	v.settle()
	for _, n := range append([]string{clock}, names...) {
		if v.found[n] == nil {
			return nil, fmt.Errorf("%s has no %s", scope, n)
		}
	}
	return v.found, nil
}

// recorder reads a file line by line.
type recorder struct {
	scope, at []string
	clock     string
	wanted    []string
	wires     map[string][]string  // names, by the file's code of a wire
	found     map[string]*Recorded // by name
	now       map[string]string    // by name, before this time
	next      map[string]string    // what changes at this time
}

func (v *recorder) line(text string) error {
	f := strings.Fields(text)
	if len(f) == 0 {
		return nil
	}
	switch head := f[0]; {
	case head == "$scope":
		if len(f) < 3 {
			return errors.New("a scope without a name")
		}
		v.at = append(v.at, f[2])
	case head == "$upscope":
		if len(v.at) == 0 {
			return errors.New("an end of no scope")
		}
		v.at = v.at[:len(v.at)-1]
	case head == "$var":
		return v.declare(f)
	case head[0] == '#':
		v.settle()
	case (head[0] == 'b' || head[0] == 'B') && len(f) == 2:
		v.change(f[1], strings.ToLower(head[1:]))
	case strings.ContainsRune("01xXzZ", rune(head[0])) && len(f) == 1:
		v.change(head[1:], strings.ToLower(head[:1]))
	}
	return nil
}

// declare takes a wire, if it is one of those that are asked for.
func (v *recorder) declare(f []string) error {
	if len(f) < 6 {
		return errors.New("a wire without width, code or name")
	}
	name := f[4]
	if !slices.Equal(v.at, v.scope) || name != v.clock && !slices.Contains(v.wanted, name) {
		return nil
	}
	if v.found[name] != nil {
		return fmt.Errorf("%s is there twice", name)
	}
	width, err := strconv.Atoi(f[2])
	if err != nil || width < 1 || width > mostBits {
		return fmt.Errorf("%s has %q bits; 1 to %d are accepted", name, f[2], mostBits)
	}
	v.wires[f[3]] = append(v.wires[f[3]], name)
	v.found[name] = &Recorded{Width: width}
	v.now[name] = strings.Repeat("x", width)
	return nil
}

// change notes a new value, which lacks high digits that are 0, x or z like the highest that it has.
func (v *recorder) change(code, digits string) {
	for _, name := range v.wires[code] {
		width := v.found[name].Width
		fill := "0"
		if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'z') {
			fill = digits[:1]
		}
		if len(digits) < width {
			v.next[name] = strings.Repeat(fill, width-len(digits)) + digits
		} else {
			v.next[name] = digits[len(digits)-width:]
		}
	}
}

// settle ends a time: with a rising edge a cycle ends.
func (v *recorder) settle() {
	if v.now[v.clock] == "0" && v.next[v.clock] == "1" {
		for name, r := range v.found {
			r.Values = append(r.Values, v.now[name])
		}
	}
	for name, digits := range v.next {
		v.now[name] = digits
	}
	clear(v.next)
}

// Hex is a value in hexadecimal: x where a bit of a digit is not known.
func Hex(digits string) string {
	var b strings.Builder
	for len(digits) > 0 {
		n := (len(digits)-1)%4 + 1
		if d, err := strconv.ParseUint(digits[:n], 2, 8); err == nil {
			fmt.Fprintf(&b, "%x", d)
		} else {
			b.WriteByte('x')
		}
		digits = digits[n:]
	}
	return b.String()
}
