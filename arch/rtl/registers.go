package rtl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"satsim/arch/stce"
)

// Registers are what the array in Verilog is told of a tile, a register a line: address, value in hexadecimal, name.
func Registers(p stce.Params, t stce.Tile) (string, error) {
	names, err := registerNames()
	if err != nil {
		return "", err
	}
	all, err := p.Registers(t)
	if err != nil {
		return "", inLines(err, names)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, on %d x %d elements\n", said(t), p.Rows, p.Cols)
	for _, r := range all {
		fmt.Fprintf(&b, "%3d %08x %s\n", r.Address, r.Value, names(int(r.Address)))
	}
	return b.String(), nil
}

// inLines names the lines of the registers that a tile is beyond, those that are so for one reason together.
func inLines(err error, names func(address int) string) error {
	var several interface{ Unwrap() []error }
	if !errors.As(err, &several) {
		return err
	}
	var out []error
	at := map[string]int{} // in out, by what is too large
	for _, e := range several.Unwrap() {
		o := new(stce.Overflow)
		if !errors.As(e, &o) {
			out = append(out, e)
			continue
		}
		line := fmt.Sprintf("%d, %s", o.Address, names(o.Address))
		key := fmt.Sprintf("%s: %d is more than the array's registers hold; 0 to %d is accepted", o.Keys, o.Value, o.Most)
		i, known := at[key]
		if !known {
			at[key] = len(out)
			out = append(out, fmt.Errorf("%s (line %s)", key, line))
			continue
		}
		out[i] = fmt.Errorf("%s; %s)", strings.TrimSuffix(out[i].Error(), ")"), line)
	}
	return fmt.Errorf("describing a tile to the array: %w", errors.Join(out...))
}

// registerNames gives an address its name in the header of fields: where its block begins, and what of it.
func registerNames() (func(address int) string, error) {
	text, err := stce.RTL.ReadFile("rtl/stce_fields.vh")
	if err != nil {
		return nil, fmt.Errorf("reading the names of registers: %w", err)
	}
	blocks, of := fields(string(text))
	if len(blocks) != 3 {
		return nil, fmt.Errorf("%d blocks of registers; those of a tile, a kind of fold and a pair are expected", len(blocks))
	}
	return func(address int) string {
		block, word, which := blocks[0], address, ""
		switch tile, kinds, pairs := 32, 32, 8; {
		case address >= 256:
			block, word, which = blocks[2], (address-256)%pairs, fmt.Sprintf(" of pair %d", (address-256)/pairs)
		case address >= tile:
			block, word, which = blocks[1], (address-tile)%kinds, fmt.Sprintf(" of kind %d", (address-tile)/kinds)
		}
		name := ""
		for _, f := range of[block] {
			switch at, _ := strconv.Atoi(f.value); {
			case at == word:
				name = f.name
			case at < word:
				name = fmt.Sprintf("%s+%d", f.name, word-at)
			}
		}
		return name + which
	}, nil
}
