package trace_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"

	"satsim/arch/spec"
	"satsim/internal/configtest"
	"satsim/results/experiment/machine"
	"satsim/results/record"
	"satsim/sim/trace"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// request is a line of a dump.
type request struct {
	cycle, address, bytes int64
	write                 bool
	operand, layer, stage string
}

func stepOf(t *testing.T, name string, params map[string]int64) workloads.Step {
	t.Helper()
	var d network.Description
	configtest.Read(t, "network", name, &d)
	for k, v := range params {
		if err := d.SetParam(k, v); err != nil {
			t.Fatal(err)
		}
	}
	g, err := d.Graph()
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func recipeOf(t *testing.T, name string) recipe.Recipe {
	t.Helper()
	r := recipe.Default()
	configtest.Read(t, "recipe", name, &r)
	return r
}

// dump runs a step and reads back what it asked the memory for.
func dump(t *testing.T, step workloads.Step, r recipe.Recipe, change func(*spec.Spec)) (record.Run, []request, []byte) {
	t.Helper()
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.SORE.MaxN = s.STCE.MaxN
	if change != nil {
		change(&s)
	}
	m, err := machine.New(context.Background(), s, true)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := trace.NewRequests(&b)
	asks := machine.Step{Dense: &step, Recipe: r, Watch: w}
	if err := m.Do(&asks); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(zip).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []request
	for _, l := range lines[1:] {
		var v [3]int64
		for i := range v {
			if v[i], err = strconv.ParseInt(l[i], 10, 64); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, request{v[0], v[1], v[2], l[3] == "W", l[4], l[5], l[6]})
	}
	return asks.Run, out, b.Bytes()
}

// What is dumped adds up to the run's bytes, in order of time, within its cycles.
func TestRequestsAddUpToTheRun(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates every event of whole steps")
	}
	for _, c := range []struct {
		network, recipe string
		params          map[string]int64
		change          func(*spec.Spec)
	}{
		{"resnet18-tiny", "bdwp", map[string]int64{"batch": 2}, nil},
		{"resnet18-tiny", "bdwp", map[string]int64{"batch": 2}, func(s *spec.Spec) { s.Dataflow.Pregeneration = false }},
		{"resnet18-tiny", "sdgp", map[string]int64{"batch": 2}, nil},
		{"resnet18-tiny", "sr-ste", map[string]int64{"batch": 2}, func(s *spec.Spec) { s.Dataflow.OfflineScheduling = false }},
		{"mobilenet-v2", "bdwp", map[string]int64{"batch": 1, "image": 64}, nil},
		{"mobilenet-v2", "bdwp", map[string]int64{"batch": 1, "image": 64}, func(s *spec.Spec) { s.Dataflow.JoinGroups = false }},
		{"bert-base", "bdwp", map[string]int64{"batch": 1, "layers": 1, "sequence": 64}, nil},
		{"resnet50", "dense", map[string]int64{"batch": 1, "image": 64}, func(s *spec.Spec) { s.Buffers.West.Capacity /= 16; s.Buffers.Output.Capacity /= 16 }},
	} {
		name := fmt.Sprint(c.network, " ", c.recipe)
		run, all, first := dump(t, stepOf(t, c.network, c.params), recipeOf(t, c.recipe), c.change)
		var read, written, last int64
		for _, r := range all {
			if r.cycle < last || r.cycle >= run.Total.Cycles || r.address < 0 || r.bytes < 1 {
				t.Fatalf("%s: %+v after cycle %d of %d", name, r, last, run.Total.Cycles)
			}
			last = r.cycle
			if r.write {
				written += r.bytes
			} else {
				read += r.bytes
			}
		}
		if read != run.Total.ReadBytes || written != run.Total.WriteBytes {
			t.Errorf("%s: %d bytes read and %d written are dumped; the run has %d and %d", name, read, written, run.Total.ReadBytes, run.Total.WriteBytes)
		}
		if c.recipe == "sdgp" {
			_, _, second := dump(t, stepOf(t, c.network, c.params), recipeOf(t, c.recipe), c.change)
			if !bytes.Equal(first, second) {
				t.Errorf("%s: two dumps differ", name)
			}
		}
	}
}

// A band of one row of the stem is lower than its padding: the bands at the border bring neighbouring rows along, and the bytes still add up.
func TestBandsLowerThanThePadding(t *testing.T) {
	step := stepOf(t, "resnet18-tiny", map[string]int64{"batch": 1})
	step.Items, step.Partial = step.Items[:1], true
	run, all, _ := dump(t, step, recipeOf(t, "dense"), func(s *spec.Spec) { s.Buffers.West.Capacity = 6 << 10 })
	var read int64
	reads := only(all, "conv1", "FF", "X", false)
	for _, r := range all {
		if !r.write {
			read += r.bytes
		}
	}
	// 32 bands of 7 rows of 64x3 values, but for the first, of 4 (three are padding), and the last, of 5.
	var x int64
	for _, r := range reads {
		x += r.bytes
	}
	if want := int64(2 * 64 * 3 * (4 + 30*7 + 5)); x != want || read != run.Total.ReadBytes {
		t.Errorf("%d bytes of X, want %d; %d read, the run has %d", x, want, read, run.Total.ReadBytes)
	}
	if ranges := covered(reads); len(ranges) != 1 || ranges[0][1]-ranges[0][0] != 2*64*64*3 {
		t.Errorf("X is read at %v", ranges)
	}
}

// covered merges what requests touch into ranges.
func covered(all []request) [][2]int64 {
	slices.SortFunc(all, func(a, b request) int { return int(a.address - b.address) })
	var out [][2]int64
	for _, r := range all {
		if k := len(out) - 1; k >= 0 && r.address <= out[k][1] {
			out[k][1] = max(out[k][1], r.address+r.bytes)
			continue
		}
		out = append(out, [2]int64{r.address, r.address + r.bytes})
	}
	return out
}

func only(all []request, layer, stage, operand string, write bool) (out []request) {
	for _, r := range all {
		if r.layer == layer && r.stage == stage && r.operand == operand && r.write == write {
			out = append(out, r)
		}
	}
	return out
}

// Tensors by their shapes: what a layer reads and writes covers them, each without a gap, and results are written once. A strided convolution's
// BP makes the whole gradient from its four phases.
func TestRequestsCoverTensors(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates every event of a step")
	}
	_, all, _ := dump(t, stepOf(t, "resnet18-tiny", map[string]int64{"batch": 2}), recipeOf(t, "dense"), func(s *spec.Spec) {
		s.Buffers.West.Capacity /= 64 // tiles in bands, with halos
		s.Buffers.Output.Capacity /= 64
	})
	for _, c := range []struct {
		layer, stage, operand string
		write                 bool
		bytes                 int64
	}{
		{"conv1", "FF", "X", false, 2 * 2 * 64 * 64 * 3},
		{"conv1", "FF", "Y", true, 2 * 2 * 32 * 32 * 64},
		{"conv1", "WU", "dY", false, 2 * 2 * 32 * 32 * 64},
		{"layer1.0.conv1", "FF", "X", false, 2 * 2 * 16 * 16 * 64},
		{"layer1.0.conv1", "FF", "W", false, 2 * 9 * 64 * 64},
		{"layer2.0.conv1", "FF", "X", false, 2 * 2 * 16 * 16 * 64},
		{"layer2.0.conv1", "BP", "dX", true, 2 * 2 * 16 * 16 * 64},
		{"layer2.0.conv1", "BP", "dY", false, 2 * 2 * 8 * 8 * 128},
		{"layer2.0.conv1", "WU", "X", false, 2 * 2 * 16 * 16 * 64},
	} {
		requests := only(all, c.layer, c.stage, c.operand, c.write)
		var moved int64
		for _, r := range requests {
			moved += r.bytes
		}
		ranges := covered(requests)
		if len(ranges) != 1 || ranges[0][1]-ranges[0][0] != c.bytes {
			t.Errorf("%+v: %d ranges, the first %v", c, len(ranges), ranges[:min(len(ranges), 1)])
		}
		if c.write && moved < c.bytes || moved < c.bytes {
			t.Errorf("%+v: %d bytes moved", c, moved)
		}
	}
	// What one layer writes the next stage reads: dY of WU is what BP read.
	a, b := covered(only(all, "layer3.1.conv1", "BP", "dY", false)), covered(only(all, "layer3.1.conv1", "WU", "dY", false))
	if !slices.Equal(a, b) {
		t.Errorf("BP reads dY at %v, WU at %v", a, b)
	}
}

func TestFullDisk(t *testing.T) {
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here")
	}
	defer f.Close()
	if err := trace.NewRequests(f).Close(); err == nil {
		t.Error("writing to a full disk succeeds")
	}
}
