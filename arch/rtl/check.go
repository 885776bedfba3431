package rtl

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"satsim/internal/verilog"
)

// Outcome is what a bench says in a simulator.
type Outcome struct {
	Unit      string
	Simulator string
	Equal     int         // jobs that are equal: all of them, unless there is a difference
	Jobs      string      // what the bench calls them
	Differs   *Difference // the first
}

// Difference is where a unit in Verilog and its exact model first differ.
type Difference struct {
	Job, Cycle int    // a bench that runs its jobs without a pause counts cycles from the first
	Port       string // and its lane
	Lane       int
	Bit        int // the lowest that differs
	Is, Want   string
}

func (d *Difference) String() string {
	return fmt.Sprintf("job %d, cycle %d, %s %d, bit %d: %s in Verilog, %s in the model", d.Job, d.Cycle, d.Port, d.Lane, d.Bit, d.Is, d.Want)
}

// Check runs every bench in each of some simulators, one simulator after the other, working in a folder. It tells of each run as it ends.
func (b *Bundle) Check(ctx context.Context, dir string, simulators []verilog.Simulator, tell func(Outcome)) error {
	builds := verilog.NewBuilds(filepath.Join(dir, "build"))
	for _, s := range simulators {
		for i := range b.Benches {
			bench := &b.Benches[i]
			run := filepath.Join(dir, bench.Unit)
			o, err := bench.run(ctx, run, builds, s)
			if err != nil {
				return fmt.Errorf("checking %s in %s: %w", bench.Unit, s.Name, err)
			}
			tell(o)
		}
	}
	return nil
}

func (b *Bench) run(ctx context.Context, dir string, builds *verilog.Builds, s verilog.Simulator) (Outcome, error) {
	o := Outcome{Unit: b.Unit, Simulator: s.Name}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return o, err
	}
	for name, text := range b.Files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			return o, err
		}
	}
	program, err := builds.Build(ctx, s, b.Design)
	if err != nil {
		return o, err
	}
	text, err := program.Run(ctx, dir, b.Args...)
	if err != nil {
		return o, err
	}
	return o, o.read(text, b.Jobs)
}

var (
	equalLine   = regexp.MustCompile(`(?m)^equal: (?:\d+ cycles, )?(\d+) (\w+)`)
	differsLine = regexp.MustCompile(`(?m)^(?:\w+ (\d+) )?cycle (-?\d+),? (.+?),? (?:lane )?(\d+): ([0-9a-zA-Z]+), (?:not|want) ([0-9a-zA-Z]+)$`)
)

// read takes what a bench prints.
func (o *Outcome) read(text string, jobs int) error {
	if m := differsLine.FindStringSubmatch(text); m != nil {
		n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
		o.Differs = &Difference{Job: n(1), Cycle: n(2), Port: m[3], Lane: n(4), Is: m[5], Want: m[6], Bit: lowest(m[5], m[6])}
		o.Equal = o.Differs.Job
		return nil
	}
	m := equalLine.FindStringSubmatch(text)
	if m == nil || m[1] != strconv.Itoa(jobs) {
		return fmt.Errorf("the bench ends without a verdict on %d jobs: %s", jobs, strings.TrimSpace(text))
	}
	o.Equal, o.Jobs = jobs, m[2]
	return nil
}

// lowest is the lowest bit in which two hexadecimal numbers differ; an undefined digit differs in its lowest.
func lowest(a, b string) int {
	x, okA := new(big.Int).SetString(a, 16)
	y, okB := new(big.Int).SetString(b, 16)
	if okA && okB {
		return int(x.Xor(x, y).TrailingZeroBits())
	}
	for i := 1; i <= min(len(a), len(b)); i++ {
		if p, q := a[len(a)-i], b[len(b)-i]; p != q {
			return 4 * (i - 1)
		}
	}
	return 4 * min(len(a), len(b))
}
