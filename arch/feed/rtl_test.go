package feed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"satsim/arch/unit"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// reach is the addresses of the bench's buffers.
const reach = 1 << 10

// design is a reader of two parts, of which one moves with rows, and a writer of two lanes, in their bench, whose memories hold so many words.
func design(t *testing.T, read, depth int) verilog.Design {
	sources, err := verilog.Sources(RTL)
	if err != nil {
		t.Fatal(err)
	}
	return verilog.Design{Top: "feed_bench", Sources: sources, Parameters: []verilog.Parameter{{Name: "READ", Value: int64(read)}, {Name: "DEPTH", Value: int64(depth)}}}
}

// drawn are runs anywhere in the buffers, addresses wrapping round among them.
func drawn(r *rand.Rand, most int) (all []Run) {
	for range 1 + r.IntN(most) {
		all = append(all, Run{Base: []int64{r.Int64N(reach), r.Int64N(reach)}, Rows: 1 + r.Int64N(6), Words: []int64{1, 1, 1 + r.Int64N(3), 1 + r.Int64N(12)}[r.IntN(4)]})
	}
	return all
}

// vectors are the files of the bench: the reader's by Reader, with words by their place in their run; the writer's by the place of each word in its row.
func vectors(r *rand.Rand, pace Pace, reads, writes []Run, lazy int) (files map[string]string, cycles int) {
	var memory, starts, held, edges, passes, wrote strings.Builder
	content := make([]uint16, 2*reach)
	for i := range content {
		content[i] = uint16(r.Uint32())
		fmt.Fprintf(&memory, "%04x\n", content[i])
	}
	total := int64(0)
	for _, s := range append(slices.Clone(reads), writes...) {
		fmt.Fprintf(&starts, "%04x%04x%04x%04x\n", s.Base[1], s.Base[0], s.Rows, s.Words)
	}
	for _, s := range reads {
		total += s.Rows * s.Words
	}
	reader, w := NewReader(pace, reads), &passing{r: r, lazy: lazy, runs: writes}
	taken := int64(0)
	at := func(k int64) (of Run, row, word int64) { // the word that is offered k-th
		for _, s := range reads {
			if n := s.Rows * s.Words; k >= n {
				k -= n
				continue
			}
			return s, k / s.Words, k % s.Words
		}
		return Run{Base: []int64{0, 0}}, 0, 0
	}
	for cycles = 0; taken < total || !w.done() || reader.active || cycles < 4; cycles++ {
		ready := lazy == 0 || r.IntN(lazy) > 0
		e := reader.Step(cycles, ready)
		var a [2]int64
		if e.Enable {
			s := reads[e.Run]
			a = [2]int64{(s.Base[0] + e.Row*s.Words + e.Word) % reach, (s.Base[1] + e.Row) % reach}
		}
		s, row, word := at(taken)
		fmt.Fprintf(&edges, "%x%04x%04x%04x%04x\n", unit.Digit(e.Ready)<<3|unit.Digit(e.Enable)<<2|unit.Digit(e.Valid)<<1|unit.Digit(e.Busy), a[1], a[0],
			content[reach+(s.Base[1]+row)%reach], content[(s.Base[0]+row*s.Words+word)%reach])
		if e.Valid && ready {
			taken++
		}
		offered := w.cycle(&passes, &wrote)
		fmt.Fprintf(&held, "%x\n", unit.Digit(e.Held)<<3|unit.Digit(!ready)<<2|unit.Digit(!e.Offered)<<1|unit.Digit(!offered))
	}
	return map[string]string{"memory.hex": memory.String(), "starts.hex": starts.String(), "held.hex": held.String(), "edges.hex": edges.String(), "passes.hex": passes.String(), "writes.hex": wrote.String()}, cycles
}

// passing is what leaves a unit, and where it is to be: rows come at random, each of their words a cycle after the one before.
type passing struct {
	r       *rand.Rand
	lazy    int
	runs    []Run
	started int // of them
	run     int // that the next row is of
	row     int64
	toCome  int64 // rows of the run
	word    int64
	within  Run // whose row passes
	of      int64
	left    int64
	before  string // what is written in this cycle, as a word of the file
	writes  bool
	offered bool
}

func (p *passing) done() bool {
	return p.started == len(p.runs) && p.toCome == 0 && p.left == 0 && !p.writes
}

func (p *passing) cycle(passes, wrote *strings.Builder) (offered bool) {
	busy := p.toCome > 0 || p.left > 0 || p.writes
	lanes, first := 0, false
	switch {
	case p.left > 0:
		p.word, p.left = p.word+1, p.left-1
	case p.toCome > 0 && (p.lazy == 0 || p.r.IntN(p.lazy) > 0):
		first = true
		p.within, p.of = p.runs[p.run], p.row
		p.word, p.left = 0, p.within.Words-1
		p.row++
	default:
		p.within.Words = 0
	}
	if p.within.Words > 0 {
		lanes = p.r.IntN(4)
	}
	ready := p.toCome == 0 || first && p.toCome == 1
	if first {
		p.toCome--
	}
	p.offered = p.started < len(p.runs) && (p.offered || p.lazy == 0 || p.r.IntN(p.lazy) > 0)
	offered = p.offered
	if ready && p.offered {
		p.run, p.row, p.toCome = p.started, 0, p.runs[p.started].Rows
		p.started, p.offered = p.started+1, false
	}
	data := p.r.Uint32()
	fmt.Fprintf(passes, "%x%08x\n", unit.Digit(first)<<2|lanes, data)
	if p.before == "" {
		p.before = "0000000000000"
	}
	fmt.Fprintf(wrote, "%x%s\n", unit.Digit(ready)<<3|unit.Digit(busy)<<2|int(p.before[0]-'0'), p.before[1:])
	address := int64(0)
	if p.within.Words > 0 {
		address = (p.within.Base[0] + p.of*p.within.Words + p.word) % reach
	}
	p.before, p.writes = fmt.Sprintf("%x%04x%08x", lanes, address, data), lanes > 0
	return offered
}

// cosimulate holds random jobs, holds and takers to the exact model in one simulator: so many runs at each of these latencies.
func cosimulate(t *testing.T, s verilog.Simulator, reads []int, runs, jobs int) {
	if err := s.Missing(); err != nil {
		witness.Missing(t, s.Name)
	}
	r := rand.New(rand.NewPCG(17, 50))
	total := 0
	for _, read := range reads {
		program, err := s.Build(context.Background(), t.TempDir(), design(t, read, 65536))
		if err != nil {
			t.Fatal(err)
		}
		for run := range runs {
			lazy := []int{0, 2, 3, 8}[run%4]
			pace := RandomPace(r, read, []int{0, 9, 3, 0, 2}[run%5])
			from, to := drawn(r, jobs), drawn(r, jobs)
			files, cycles := vectors(r, pace, from, to, lazy)
			total += cycles
			dir := t.TempDir()
			for name, text := range files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			out, err := program.Run(context.Background(), dir, fmt.Sprintf("+reads=%d", len(from)), fmt.Sprintf("+writes=%d", len(to)), fmt.Sprintf("+cycles=%d", cycles),
				fmt.Sprintf("+reset=%d", r.IntN(cycles)))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(out, "equal: ") {
				t.Fatalf("READ %d, run %d\n%s", read, run, out)
			}
		}
	}
	t.Logf("%s: %d latencies, %d runs each, %d cycles equal", s.Name, len(reads), runs, total)
}

func TestVerilogIsExactInIcarus(t *testing.T) {
	witness.Foreign(t)
	cosimulate(t, verilog.Icarus(), []int{1, 2, 3}, 20, 12)
}

// One latency, so that every change is held to the other simulator as well.
func TestAReaderIsExactInVerilator(t *testing.T) {
	witness.Foreign(t)
	cosimulate(t, verilog.Verilator(), []int{2}, 40, 30)
}

// It is of the slow tier: .ci/witness rtl.
func TestVerilogIsExactInVerilator(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	cosimulate(t, verilog.Verilator(), []int{1, 2, 3}, 400, 60)
}

func TestVerilogHasNoWarnings(t *testing.T) {
	witness.Foreign(t)
	for _, top := range []string{"feed_reader", "feed_writer"} {
		d := design(t, 1, 16)
		d.Top, d.Parameters = top, nil
		d.Sources = slices.DeleteFunc(d.Sources, func(s verilog.Source) bool { return s.Name == "feed_bench.v" })
		out, err := verilog.Lint(context.Background(), t.TempDir(), d)
		if missing := new(verilog.Missing); errors.As(err, &missing) {
			witness.Missing(t, missing.Tool)
		}
		if err != nil || out != "" {
			t.Errorf("%s: %v\n%s", top, err, out)
		}
	}
}
