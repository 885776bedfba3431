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
	Equal     int         // jobs, all of them, if nothing differs
	Jobs      string      // what the bench calls them
	Differs   *Difference // the first
}

// Difference is where a unit in Verilog and its exact model first differ.
type Difference struct {
	Tile     int    // of the array's bench; -1: of one that runs its jobs in one go
	Replay   bool   // after the reset, after which a bench runs all again
	End      bool   // it is of what is read when all has left, and of no cycle
	Cycle    int    // of the tile, or from the first job's first one
	Port     string // and its lane; or what is counted
	Lane     int
	Bit      int // the lowest that differs
	Is, Want string
}

func (d *Difference) String() string {
	var at []string
	switch {
	case d.Tile >= 0 && d.End:
		at = append(at, fmt.Sprintf("after tile %d", d.Tile))
	case d.Tile >= 0:
		at = append(at, fmt.Sprintf("tile %d", d.Tile))
	case d.End:
		at = append(at, "after the last job")
	}
	if d.Replay && (d.Tile >= 0 || !d.End) {
		at = append(at, "replay after a reset")
	}
	if !d.End {
		at = append(at, fmt.Sprintf("cycle %d", d.Cycle))
	}
	port := d.Port
	if d.Lane >= 0 {
		port = fmt.Sprintf("%s %d", port, d.Lane)
	}
	return fmt.Sprintf("%s, %s, bit %d: %s in Verilog, %s in the model", strings.Join(at, ", "), port, d.Bit, d.Is, d.Want)
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
	program, err := builds.Build(ctx, s, b.Design)
	if err != nil {
		return o, err
	}
	text, err := program.Replay(ctx, dir, b.Files, b.Args...)
	if err != nil {
		return o, err
	}
	return o, o.read(text, b.Jobs)
}

var (
	equalLine   = regexp.MustCompile(`(?m)^equal: (?:\d+ cycles, )?(\d+) (\w+)`)
	differsLine = regexp.MustCompile(`(?m)^(replay )?(?:tile (\d+) )?cycle (-?\d+),? (.+?),? (?:lane )?(\d+): ([0-9a-zA-Z]+), (?:not|want) ([0-9a-zA-Z]+)$`)
)

// read takes what a bench prints.
func (o *Outcome) read(text string, jobs int) error {
	if m := differsLine.FindStringSubmatch(text); m != nil {
		n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
		d := &Difference{Tile: -1, Replay: m[1] != "", Cycle: n(3), Port: m[4], Lane: n(5), Is: m[6], Want: m[7], Bit: lowest(m[6], m[7])}
		if m[2] != "" {
			d.Tile = n(2)
		}
		d.settle()
		o.Differs = d
		return nil
	}
	m := equalLine.FindStringSubmatch(text)
	if m == nil || m[1] != strconv.Itoa(jobs) {
		return fmt.Errorf("the bench ends without a verdict on %d jobs: %s", jobs, strings.TrimSpace(text))
	}
	o.Equal, o.Jobs = jobs, m[2]
	return nil
}

// counts are those of the array, in the order in which its bench reads them.
var counts = [...]string{"macs", "weight hops", "sum hops", "start hops", "drain hops", "west words", "west hops", "group writes", "issue", "hazard", "empty", "drain", "order", "link", "sum", "preload cycles",
	"cycles held back", "north words", "output reads", "FP32 words", "FP16 words"}

// settle says of what is read when all has left, counts and the output buffers, that it is of no cycle. The array's bench is then beyond the last tile that left.
func (d *Difference) settle() {
	of, count := strings.CutPrefix(d.Port, "count of ")
	array := d.Tile >= 0
	switch {
	case array && d.Port == "count" && d.Lane < len(counts):
		d.Port, d.Lane = "count of "+counts[d.Lane], -1
	case array && d.Port == "output":
		d.Port = "output buffer"
	case count:
		d.Port, d.Lane = "count of "+of, -1
	case !array && (d.Port == "taken" || d.Port == "sum 0" || d.Port == "sum 1" || d.Port == "row of it"): // the last three are the vector unit's
	default:
		return
	}
	d.End, d.Cycle = true, 0
	if array {
		d.Tile = max(d.Tile-1, 0)
	}
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
