package rtl

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/internal/verilog"
)

// readme describes the bundle: how to run it, what its modules are, its registers, and how its edges look in time.
func (b *Bundle) readme(s *spec.Spec, o Options, rs []room, heads, feeders []module) (string, error) {
	var t strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&t, format+"\n", args...) }
	made := originOf(o, b.drawn)
	p("# %s in Verilog\n", s.Name)
	if s.Note != "" {
		p("%s\n", s.Note)
	}
	p("Written by `satsim rtl`%s. `%s` is the architecture with every key, `%s` its board; made again by\n\n    %s\n", prefix(", ", made.By), archFile, boardFile, made.Command)
	p("    make sim     # the benches in Icarus Verilog: every edge in every cycle, every result and count against the exact model")
	p("    make simv    # the same in Verilator")
	p("    make wave    # the benches' signals, for a viewer: build/UNIT/wave.vcd")
	p("    make lint    # Verilator's warnings: none")
	p("    make synth   # in yosys, the modules of each unit as the architecture has them, one of each: build/synth/MODULE.txt\n")
	p("- `rtl/`: the units, Verilog-2005, a module a file, each with its ports, timing and contract at its head; `satsim_top.v` has them side by side with the parameters of\n"+
		"  `satsim_params.vh`.\n- `bench/`: self-checking benches and what they read: random tiles and jobs that the exact models ran, seed %d.\n"+
		"- `CONTRACT.md`: what each unit does in each cycle, which the Verilog is held to.\n- `programs/`: each program of the vector unit as it is loaded, with a listing, and tables of functions.\n- `*.core` for FuseSoC; `constraints/` a skeleton for Vivado; `waves/` timing diagrams as WaveJSON and SVG.\n- `bundle.json`: what made this, and sums of all files. `satsim rtl` replaces a bundle only if nobody has changed it.\n", o.Seed)
	for _, note := range Notes(s) {
		p("%s\n", note)
	}
	p("Every unit has its feeders and drains. What this is not:\n")
	for _, limit := range limits() {
		p("- %s", limit)
	}
	p("")
	for i, r := range rs {
		m := &heads[i]
		p("## %s: %s\n", r.unit, r.means)
		p("Parameters: the architecture's and the bench's; what neither sets is as the module has it.\n")
		p("| parameter | architecture | bench |\n|---|---|---|")
		for _, q := range m.parameters {
			p("| %s | %s | %s |", q.name, q.among(r.parameters), q.among(r.bench.parameters))
		}
		p("\nThe head of module %s:\n\n```\n%s```\n", m.name, m.header)
		for _, of := range r.named(m) {
			p("That of %s:\n\n```\n%s```\n", of.name, of.header)
		}
		p("| port | direction | bits |\n|---|---|---|")
		for _, q := range m.ports {
			width := "1"
			if q.width != "" {
				width = bitsOf(q.width)
			}
			p("| %s | %s | %s |", q.name, q.direction, width)
		}
		p("")
		for _, src := range r.sources {
			if strings.HasSuffix(src.Name, "_fields.vh") {
				registerMap(p, src.Text)
			}
		}
		switch r.unit {
		case "stce":
			tiles(p, Small(s.STCE, o), o)
		case "sore":
			jobs(p, r.unit, []string{"runs", "channels", "N:M"}, sorterJobs(s.SORE, o))
		case "wuve":
			jobs(p, r.unit, []string{"parameters", "optimiser", "unscaled", "SR-STE's term", "weight decay"}, updaterJobs(s.WUVE, o))
		case "norm":
			jobs(p, r.unit, []string{"factors", "runs", "of elements", "first lane", "channels", "clip"}, normaliserJobs(s.Norm, o))
		case "vector":
			jobs(p, r.unit, []string{"kind of work", "program", "rows", "of columns"}, passerJobs(s.Vector, o))
			if err := listPrograms(p); err != nil {
				return "", err
			}
		}
	}
	p("## feed: readers and writers\n")
	for _, of := range feeders {
		p("The head of module %s:\n\n```\n%s```\n", of.name, of.header)
	}
	p("## Timing diagrams\n")
	if b.drawn {
		p("Ports of the units as Icarus Verilog ran this bundle's benches.")
	} else {
		p("Ports of the units as Icarus Verilog ran the benches of an example: its sizes stand above each diagram, multiply and add take %d and %d cycles there, buffers %d. `satsim rtl --waves` draws this bundle's benches.",
			exampleArch().STCE.MulLatency, exampleArch().STCE.AddLatency, exampleOptions().Read)
	}
	p("A cycle is the time that ends with a rising edge, and a value is what that edge takes. Of ports that have lanes, lane 0 is drawn, which lies lowest: of the array row 0 in the west, column 0 elsewhere. What no\n" +
		"handshake or enable makes valid is hatched; ports on which nothing is valid are left out. Values are hexadecimal. Where nothing has left in the first cycles, a second diagram has those in which something does.\n" +
		"All signals of a bench are in `make wave`.\n")
	for _, name := range slices.Sorted(maps.Keys(b.Files)) {
		if strings.HasSuffix(name, ".svg") {
			p("![%s](%s)\n", strings.TrimSuffix(strings.TrimPrefix(name, "waves/"), ".svg"), name)
		}
	}
	return t.String(), nil
}

// prefix puts something before a text that is there.
func prefix(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

// registerMap is the registers as the header of fields has them, and what each holds.
func registerMap(p func(string, ...any), text string) {
	formulas := stce.Formulas()
	p("### Registers\n\nWritten through reg_we, reg_wa and reg_wd: the registers of a tile, of the kinds of folds and of the pairs that it has. `satsim rtl --registers TILE` writes them for a tile of any size.\n"+
		"Values are formulas, but of %s: these follow from the slots of folds, by the rules in CONTRACT.md that are named, and `--registers` works them out. Where a tile lies is whoever's that has put it there.\n\n%s\n",
		strings.Join(summed(formulas), ", "), stce.FormulaNames)
	blocks, of := fields(text)
	for _, block := range blocks {
		p("%s\n", block)
		p("| word | name | meaning | value |\n|---|---|---|---|")
		for _, f := range of[block] {
			p("| %s | %s | %s | `%s` |", f.value, f.name, strings.ReplaceAll(f.means, "|", "\\|"), formulas[f.name])
		}
		p("")
	}
}

// summed are the registers that have no formula, but a rule.
func summed(formulas map[string]string) (names []string) {
	for name, f := range formulas {
		if strings.HasPrefix(f, "CONTRACT.md") || strings.HasPrefix(f, "issued") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// tiles lists those of the bench, in order.
func tiles(p func(string, ...any), of stce.Params, o Options) {
	p("### Tiles of the bench\n\nIn the order of `bench/stce/%s`, on %d x %d elements. A tile that follows begins where the one before ends, without a cycle between; the others are started when the array has nothing to do. Folds are held back for so many cycles each. Every third tile, from 1 on, has subnormals, zeros, ties, infinities and NaNs among its numbers. All run twice: the array is reset under way, and all is replayed.\n", arrayFile, of.Rows, of.Cols)
	p("| tile | follows | what it is | folds | held back |\n|---|---|---|---|---|")
	for i, j := range Jobs(of, o) {
		folds := 0
		for range of.Folds(j.Tile) {
			folds++
		}
		var held []string
		for f := range min(folds, len(j.Holds)) {
			held = append(held, strconv.Itoa(j.Holds[f]))
		}
		follows := ""
		if o.follows(i) {
			follows = fmt.Sprintf("tile %d", i-1)
		}
		p("| %d | %s | %s | %d | %s |", i, follows, said(j.Tile), folds, strings.Join(held, ", "))
	}
	p("")
}

// among is a parameter's value among those that are set, or as its module has it.
func (c *constant) among(set []verilog.Parameter) string {
	for _, p := range set {
		if p.Name == c.name {
			return strconv.FormatInt(p.Value, 10)
		}
	}
	if _, err := strconv.Atoi(c.value); err == nil {
		return c.value
	}
	return "`` " + c.value + " ``"
}

var reference = regexp.MustCompile(`see (\w+_\w+)|\((\w+)\.v\)`)

// named are the modules of a room whose heads say more of what a head says, and of what they say.
func (r *room) named(m *module) (all []module) {
	seen := []string{m.name}
	var more func(header string)
	more = func(header string) {
		for _, w := range reference.FindAllStringSubmatch(header, -1) {
			name := w[1] + w[2]
			if slices.Contains(seen, name) {
				continue
			}
			seen = append(seen, name)
			if of, err := head(name, r.sources); err == nil {
				all = append(all, of)
				more(of.header)
			}
		}
	}
	more(m.header)
	return all
}

// bitsOf is how many bits a port has whose highest is the given.
func bitsOf(highest string) string {
	if n, err := strconv.Atoi(highest); err == nil {
		return strconv.Itoa(n + 1)
	}
	if n, ok := strings.CutSuffix(highest, "-1"); ok {
		return n
	}
	return highest + "+1"
}
