package rtl

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"satsim/arch/rtl/wave"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/internal/verilog"
)

// kept are the diagrams of an example, as Draw made them.
//
//go:embed waves
var kept embed.FS

// exampleArch is the architecture whose diagrams are kept, and exampleOptions what its benches are made with: small enough that a tile is seen as a whole.
func exampleArch() *spec.Spec {
	s := &spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.Name = "example"
	s.STCE.MaxN, s.STCE.MaxM, s.SORE.MaxN, s.SORE.MaxM = 2, 4, 2, 4
	s.STCE.AddLatency, s.STCE.MaxInterleave = 3, 2
	s.WUVE.Optimiser = word.Momentum
	s.Norm.Lanes, s.Norm.Channels = 4, 64
	return s
}

// exampleOptions are those of the example's benches.
func exampleOptions() Options { return Options{Seed: 1, Tiles: 4, Side: 2, Read: 2} }

// wavesDir is where a bundle has its diagrams.
const wavesDir = "waves"

// example puts the kept diagrams of the units that there are into a bundle.
func (b *Bundle) example() error {
	return fs.WalkDir(kept, wavesDir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		unit, _, _ := strings.Cut(strings.TrimSuffix(path.Base(name), path.Ext(name)), "-")
		if slices.ContainsFunc(b.Benches, func(x Bench) bool { return x.Unit == unit }) {
			b.Files[name], err = kept.ReadFile(name)
		}
		return err
	})
}

// Draw runs the benches in Icarus Verilog, working in a folder, and draws the ports of each unit as they are recorded there, in place of the example's.
func (b *Bundle) Draw(ctx context.Context, dir string) error {
	maps.DeleteFunc(b.Files, func(name string, _ []byte) bool { return path.Dir(name) == wavesDir })
	builds := verilog.NewBuilds(filepath.Join(dir, "build"))
	for i := range b.Benches {
		bench := &b.Benches[i]
		if err := b.drawBench(ctx, filepath.Join(dir, bench.Unit), bench, builds); err != nil {
			return fmt.Errorf("drawing %s: %w", bench.Unit, err)
		}
	}
	b.drawn = true
	return b.finish()
}

func (b *Bundle) drawBench(ctx context.Context, dir string, bench *Bench, builds *verilog.Builds) error {
	const file = "wave.vcd"
	recorded := *bench
	recorded.Args = append(slices.DeleteFunc(slices.Clone(bench.Args), func(a string) bool { return strings.HasPrefix(a, "+reset=") }), "+vcd="+file) // all once
	o, err := recorded.run(ctx, dir, builds, verilog.Icarus())
	if err != nil {
		return err
	}
	if o.Differs != nil {
		return fmt.Errorf("it differs from the exact model: %v", o.Differs)
	}
	f, err := os.Open(filepath.Join(dir, file))
	if err != nil {
		return err
	}
	defer f.Close()
	var names []string
	for _, p := range ports()[bench.Unit] {
		names = append(names, p.name)
	}
	within := ".fed.dut"
	if bench.Unit == arrayUnit {
		within = ".dut"
	}
	of, err := wave.Record(f, bench.Design.Top+within, "clk", names...)
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	views, err := b.views(bench, of)
	if err != nil {
		return err
	}
	for _, v := range views {
		d, err := v.diagram(bench, of)
		if err != nil {
			return err
		}
		text, err := d.JSON()
		if err != nil {
			return err
		}
		b.Files[wavesDir+"/"+v.name+".json"], b.Files[wavesDir+"/"+v.name+".svg"] = text, d.SVG()
	}
	return nil
}

// drawn is a port of a unit as it is drawn: of one that has lanes, lane 0.
type drawn struct {
	name  string
	lanes string // the parameter that says how many there are; "" if none
	when  string // a port without which nothing is said by this one
	late  string // the parameter that says by how many cycles it comes after that
	only  string // the view that it is drawn in; "" for all
}

// ports are those that are drawn, by unit.
func ports() map[string][]drawn {
	array := []drawn{
		{name: "reg_we", only: settings}, {name: "reg_wa", when: "reg_we", only: settings}, {name: "reg_wd", when: "reg_we", only: settings},
		{name: "start", only: settings}, {name: "queued", only: settings}, {name: "busy", only: settings}, {name: "asks"}, {name: "ready"}, {name: "tick"}, {name: "done"},
	}
	for _, side := range []struct{ lanes, en, addr, more, data string }{
		{"ROWS", "west_en", "west_addr", "west_count", "west_data"}, {"COLS", "north_en", "north_addr", "", "north_data"}, {"COLS", "out_ren", "out_raddr", "", "out_rdata"},
	} {
		array = append(array, drawn{name: side.en, lanes: side.lanes}, drawn{name: side.addr, lanes: side.lanes, when: side.en})
		if side.more != "" {
			array = append(array, drawn{name: side.more, lanes: side.lanes, when: side.en})
		}
		array = append(array, drawn{name: side.data, lanes: side.lanes, when: side.en, late: "READ_LATENCY"})
	}
	array = append(array, drawn{name: "result_valid", lanes: "COLS"}, drawn{name: "result", lanes: "COLS", when: "result_valid"}, drawn{name: "out_we", lanes: "COLS"},
		drawn{name: "out_waddr", lanes: "COLS", when: "out_we"}, drawn{name: "out_whalf", lanes: "COLS", when: "out_we"}, drawn{name: "out_wdata", lanes: "COLS", when: "out_we"})
	// Of the reader its start, when it reads, and the word that it offers to the unit.
	job := func(buffer string, fields ...string) []drawn {
		all := []drawn{{name: "busy"}, {name: "job_valid"}, {name: "job_ready"}}
		for _, f := range fields {
			all = append(all, drawn{name: f, when: "job_valid"})
		}
		return append(all, drawn{name: "feed_valid"}, drawn{name: "feed_ready"}, drawn{name: "feed_hold"}, drawn{name: buffer + "_read"}, drawn{name: "in_valid"}, drawn{name: "in_ready"})
	}
	lanes := func(when string, names ...string) (all []drawn) {
		for _, n := range names {
			all = append(all, drawn{name: n, lanes: "LANES", when: when})
		}
		return all
	}
	result := func(valid, name string) []drawn { return append(lanes("", valid), lanes(valid, name)...) }
	drain := func(buffer string) []drawn {
		return append(lanes("", buffer+"_write"), drawn{name: buffer + "_address", when: buffer + "_write"})
	}
	return map[string][]drawn{
		"stce": array,
		"sore": slices.Concat(job("slot", "job_n", "job_m", "job_waves"), lanes("in_valid", "in_element", "in_value"), []drawn{{name: "out_first"}}, result("out_valid", "out_value"), lanes("out_valid", "out_index"), drain("pair")),
		"wuve": slices.Concat(job("wave", "job_shape", "job_waves", "job_last"), lanes("in_valid", "in_kept", "in_master", "in_gradient", "in_first", "in_second"), result("out_master_valid", "out_master"),
			result("out_half_valid", "out_half"), result("out_first_valid", "out_first"), result("out_second_valid", "out_second"), drain("half")),
		"norm": slices.Concat(job("wave", "job_factors", "job_clip", "job_runs", "job_waves", "job_begin", "job_end", "job_from", "job_wrap"), lanes("in_valid", "in_half", "in_single"),
			[]drawn{{name: "out_wave"}, {name: "out_masked"}}, result("out_valid", "out_half"), lanes("out_valid", "out_bit"), drain("west")),
		"vector": slices.Concat(job("wave", "job_word", "job_words", "job_rows", "job_size", "job_waves", "job_last"), lanes("in_valid", "in0", "in1", "in2", "in_bit"), result("out_valid", "out"), result("out_bit_valid", "out_bit"), drain("first")),
	}
}

// settings is the view of registers and starts.
const settings = "registers"

// lane is lane 0 of a port in every cycle, and how it is called.
func (p *drawn) lane(bench *Bench, of map[string]*wave.Recorded) (values []string, name string) {
	r := of[p.name]
	lanes := 1
	if p.lanes != "" {
		lanes = bench.parameter(p.lanes)
	}
	width, name := r.Width/lanes, p.name
	switch {
	case lanes > 1 && width == 1:
		name += "[0]"
	case lanes > 1:
		name += fmt.Sprintf("[%d:0]", width-1)
	}
	for _, v := range r.Values {
		values = append(values, v[len(v)-width:])
	}
	return values, name
}

func (b *Bench) parameter(name string) int {
	for _, p := range b.Design.Parameters {
		if p.Name == name {
			return int(p.Value)
		}
	}
	return 0
}

// view is a stretch of cycles that is drawn; zero is the one that is called 0.
type view struct {
	name, title   string
	zero          int
	first, cycles int
	only          string // the view that ports may be drawn in alone
}

// shown are the cycles of a diagram, at most.
const shown = 28

func (v *view) diagram(bench *Bench, of map[string]*wave.Recorded) (*wave.Diagram, error) {
	all := ports()[bench.Unit]
	byName := map[string]*drawn{}
	for i := range all {
		byName[all[i].name] = &all[i]
	}
	end := min(v.first+v.cycles, len(of["clk"].Values))
	if v.first < 0 || end <= v.first {
		return nil, fmt.Errorf("%s: cycles %d to %d of %d", v.name, v.first, v.first+v.cycles, len(of["clk"].Values))
	}
	d := &wave.Diagram{Title: v.title, First: v.first - v.zero, Cycles: end - v.first}
	for i := range all {
		p := &all[i]
		if p.only != "" && p.only != v.only {
			continue
		}
		values, name := p.lane(bench, of)
		s := wave.Signal{Name: name, Bus: len(values[0]) > 1 || p.when != ""}
		var says []string
		if p.when != "" {
			says, _ = byName[p.when].lane(bench, of)
		}
		late := 0
		if p.late != "" {
			late = bench.parameter(p.late)
		}
		for c := v.first; c < end; c++ {
			switch {
			case !s.Bus:
				s.Values = append(s.Values, values[c])
			case says != nil && (c < late || says[c-late] != "1"):
				s.Values = append(s.Values, "")
			default:
				s.Values = append(s.Values, wave.Hex(values[c]))
			}
		}
		if slices.ContainsFunc(s.Values, func(v string) bool { return v != "" && v != "0" }) || !s.Bus && p.lanes == "" {
			d.Signals = append(d.Signals, s)
		}
	}
	return d, nil
}

// high are the cycles in which lane 0 of all of some ports is 1.
func high(bench *Bench, of map[string]*wave.Recorded, names ...string) (cycles []int) {
	var all [][]string
	for _, p := range ports()[bench.Unit] {
		if slices.Contains(names, p.name) {
			v, _ := p.lane(bench, of)
			all = append(all, v)
		}
	}
	for c := range of["clk"].Values {
		if !slices.ContainsFunc(all, func(v []string) bool { return v[c] != "1" }) {
			cycles = append(cycles, c)
		}
	}
	return cycles
}

// views are what is drawn of a bench: where its work begins, and where results first leave, unless that is seen there.
func (b *Bundle) views(bench *Bench, of map[string]*wave.Recorded) ([]view, error) {
	if bench.Unit == "stce" {
		return b.arrayViews(bench, of)
	}
	begins := high(bench, of, "job_valid", "job_ready")
	valid := map[string]string{"sore": "out_valid", "wuve": "out_half_valid", "vector": "out_valid", "norm": "out_valid"}[bench.Unit]
	leaves := high(bench, of, valid)
	if len(begins) == 0 || len(leaves) == 0 {
		return nil, errors.New("no job begins, or nothing leaves")
	}
	title := fmt.Sprintf("%s, lane 0 of %d: jobs of the bench, in cycles from the one in which the first is taken", bench.Unit, bench.parameter("LANES"))
	return withResults(view{name: bench.Unit, title: title, zero: begins[0], first: max(begins[0]-2, 0), cycles: shown}, leaves[0]), nil
}

// withResults adds a view of the cycles in which results leave, if a view has not that and some cycles behind it.
func withResults(v view, leaves int) []view {
	if leaves < v.first+v.cycles-4 {
		return []view{v}
	}
	later := v
	later.name, later.title, later.first = v.name+"-out", v.title+", later", leaves-4
	return []view{v, later}
}

// arrayViews are registers and start of the first tile, and the first tile of each mode.
func (b *Bundle) arrayViews(bench *Bench, of map[string]*wave.Recorded) ([]view, error) {
	p, jobs := Small(b.about.spec.STCE, b.about.options), Jobs(Small(b.about.spec.STCE, b.about.options), b.about.options)
	writes, starts, folds, done, results := high(bench, of, "reg_we"), high(bench, of, "start"), high(bench, of, "asks", "ready"), high(bench, of, "done"), high(bench, of, "out_we")
	if len(starts) < len(jobs) || len(done) < len(jobs) {
		return nil, fmt.Errorf("%d tiles start and %d are done; %d are expected", len(starts), len(done), len(jobs))
	}
	array := fmt.Sprintf("stce, row and column 0 of %d x %d: ", p.Rows, p.Cols)
	last := len(jobs) - 1 // which stands alone: the array does nothing before it
	writes = slices.DeleteFunc(writes, func(c int) bool { return last > 0 && c <= starts[last-1] })
	if len(writes) == 0 {
		return nil, fmt.Errorf("no registers of tile %d are written", last)
	}
	all := []view{
		{name: "stce-registers", title: fmt.Sprintf("%sregisters of tile %d, in cycles from the first write", array, last), zero: writes[0], first: max(writes[0]-2, 0), cycles: shown, only: settings},
		{name: "stce-start", title: fmt.Sprintf("%stile %d begins, the array having nothing to do, in cycles from start", array, last), zero: starts[last], first: starts[last] - 2, cycles: shown, only: settings},
	}
	seen := map[string]bool{}
	at, before := 0, 0 // folds of the tiles in front, and the last cycle in which their results may be written
	for i, j := range jobs {
		if at >= len(folds) {
			return nil, fmt.Errorf("%d folds begin; tile %d has more", len(folds), i)
		}
		mode := fmt.Sprintf("%v-%v", j.Tile.Mode, j.Tile.Over)
		if !seen[mode] {
			seen[mode] = true
			leaves := slices.IndexFunc(results, func(c int) bool { return c > before })
			if leaves < 0 {
				return nil, fmt.Errorf("tile %d has no results", i)
			}
			title := fmt.Sprintf("%stile %d: %s, in cycles from the one in which its first fold begins", array, i, said(j.Tile))
			all = append(all, withResults(view{name: "stce-" + mode, title: title, zero: folds[at], first: folds[at] - 2, cycles: shown}, results[leaves])...)
		}
		for range p.Folds(j.Tile) {
			at++
		}
		before = done[i] + resultWrite
	}
	return all, nil
}

// resultWrite is how many cycles after it is readable a result is on the write port.
const resultWrite = 3

// said is a tile in words.
func said(t stce.Tile) string {
	s := fmt.Sprintf("%v over %v, interleave %d, %v, %d x %d outputs, %d taps x %d channels", t.Mode, t.Over, t.Interleave, t.Ratio, t.Rows, t.Cols, t.Taps, t.Channels)
	if t.Products > 1 {
		s += fmt.Sprintf(", %d products", t.Products)
	}
	if t.Held {
		s += ", outputs hold their places"
	}
	if t.Resume {
		s += ", sums from the output buffer"
	}
	if t.Spill {
		s += ", results in FP32"
	}
	return s
}
