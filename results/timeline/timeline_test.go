package timeline_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/results/record"
	"satsim/results/timeline"
	"satsim/workloads"
)

// file is a timeline as a viewer reads it.
type file struct {
	Other  map[string]string `json:"otherData"`
	Events []struct {
		Name  string
		Cat   string
		Phase string `json:"ph"`
		At    int64  `json:"ts"`
		For   int64  `json:"dur"`
		PID   int
		TID   int
		ID    int64
		Args  struct {
			Name    string
			Bytes   int64
			Periods int64
			Cycles  int64 `json:"cycles_a_period"`
			Busy    int64 `json:"busy_cycles"`
		}
	} `json:"traceEvents"`
}

func load(t failer, n models.Names, set ...string) *models.Models {
	overrides, err := models.ParseOverrides("test", set)
	if err != nil {
		t.Fatal(err)
	}
	m, err := models.Load(n, overrides)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func write(t failer, m *models.Models, o timeline.Options) (file, timeline.Summary) {
	var b bytes.Buffer
	s, err := timeline.Write(context.Background(), &b, m, o)
	if err != nil {
		t.Fatal(err)
	}
	var f file
	if err := json.Unmarshal(b.Bytes(), &f); err != nil {
		t.Fatal(err)
	}
	return f, s
}

// run is the same step as satsim run has it.
func run(t failer, m *models.Models) record.Run {
	x, err := machine.New(context.Background(), m.Spec, false)
	if err != nil {
		t.Fatal(err)
	}
	x.Energy = m.Energy
	r, err := x.Simulate(m.Step, m.Recipe)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

type track struct{ pid, tid int }

// failer is a test or a property.
type failer interface {
	Fatal(...any)
	Fatalf(string, ...any)
}

// check holds a timeline of a whole step against its record: slices of a track do not overlap, lanes work as long as the record says to the cycle, groups are one behind the other, buffers
// are filled and emptied, arrows go from slices to later ones.
func check(t failer, m *models.Models, expand bool) {
	f, s := write(t, m, timeline.Options{Expand: expand})
	r := run(t, m)
	if s.Cycles != r.Total.Cycles || s.Groups != int(r.Simulation.Groups) {
		t.Fatalf("%d cycles in %d groups; the record has %d in %d", s.Cycles, s.Groups, r.Total.Cycles, r.Simulation.Groups)
	}
	type part struct{ at, end int64 }
	names := map[track]string{}
	tracks := map[track][]part{}
	busy := map[string]int64{}
	instructions := int64(0)
	begins := map[int64]track{}
	from := map[int64]int64{}
	filled := map[string]int64{}
	most := map[string]int64{}
	for i := range f.Events {
		e := &f.Events[i]
		k := track{e.PID, e.TID}
		switch e.Phase {
		case "M":
			if e.Name == "thread_name" {
				names[k] = e.Args.Name
			}
		case "X":
			tracks[k] = append(tracks[k], part{e.At, e.At + e.For})
			if e.Args.Periods > 0 {
				busy[names[k]] += e.Args.Busy
				if e.For != e.Args.Periods*e.Args.Cycles || e.Args.Busy > e.For || expand {
					t.Fatalf("skipped: %+v", e)
				}
			} else {
				busy[names[k]] += e.For
				if e.PID > 1 {
					instructions++
				}
			}
		case "s":
			begins[e.ID], from[e.ID] = k, e.At
		case "f":
			if at, ok := from[e.ID]; !ok || at >= e.At || begins[e.ID] == k {
				t.Fatalf("an arrow from %v at %d to %v at %d", begins[e.ID], at, k, e.At)
			}
			delete(from, e.ID)
		case "C":
			filled[e.Name] = e.Args.Bytes
			most[e.Name] = max(most[e.Name], e.Args.Bytes)
		default:
			t.Fatalf("phase %q", e.Phase)
		}
	}
	type place struct {
		on track
		at int64
	}
	slice := map[place]bool{}
	for k, parts := range tracks {
		for _, p := range parts {
			slice[place{k, p.at}] = true
		}
	}
	for i := range f.Events {
		e := &f.Events[i]
		k := track{e.PID, e.TID}
		if (e.Phase == "s" || e.Phase == "f") && !slice[place{k, e.At}] {
			t.Fatalf("an arrow has an end at %d of %s, where no slice begins", e.At, names[k])
		}
	}
	for k, parts := range tracks {
		slices.SortStableFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.end, b.end)) })
		end := int64(0)
		for _, p := range parts {
			if p.at < end || p.end < p.at {
				t.Fatalf("%s: a slice from %d to %d; the one before ends at %d", names[k], p.at, p.end, end)
			}
			end = p.end
		}
		if end > s.Cycles {
			t.Fatalf("%s ends at %d, the step at %d", names[k], end, s.Cycles)
		}
	}
	if busy["word groups"] != s.Cycles {
		t.Fatalf("word groups are %d cycles of %d", busy["word groups"], s.Cycles)
	}
	if len(from) > 0 {
		t.Fatalf("%d arrows lead nowhere", len(from))
	}
	if read, written := filled["bytes read"], filled["bytes written"]; read != r.Total.ReadBytes || written != r.Total.WriteBytes {
		t.Fatalf("%d bytes read and %d written by the counters; the record has %d and %d", read, written, r.Total.ReadBytes, r.Total.WriteBytes)
	}
	for name, n := range filled {
		if n != 0 && !strings.HasPrefix(name, "bytes ") {
			t.Fatalf("%s has %d bytes at the end", name, n)
		}
	}
	step := r.Stalls[len(r.Stalls)-1]
	for _, l := range step.Lanes {
		if busy[l.Lane] != l.Computing {
			t.Fatalf("%s works for %d cycles by its slices, for %d by the record (expand %v)", l.Lane, busy[l.Lane], l.Computing, expand)
		}
	}
	if expand && instructions != r.Simulation.Instructions {
		t.Fatalf("%d slices for %d instructions", instructions, r.Simulation.Instructions)
	}
}

// TestTimelinesAreTheRecord draws machines and steps.
func TestTimelinesAreTheRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := models.Names{
			Arch:    "sat-vcu1525",
			Network: rapid.SampledFrom([]string{"resnet-fmnist", "vit-fmnist", "lm-bytes"}).Draw(t, "network"),
			Recipe:  rapid.SampledFrom([]string{"dense", "bdwp", "sr-ste", "sdgp"}).Draw(t, "recipe"),
			Batch:   rapid.Int64Range(1, 4).Draw(t, "batch"),
		}
		set := []string{
			fmt.Sprintf("stce.rows=%d", rapid.IntRange(4, 24).Draw(t, "rows")),
			fmt.Sprintf("stce.cols=%d", rapid.IntRange(4, 24).Draw(t, "cols")),
			fmt.Sprintf("vector.lanes=%d", rapid.IntRange(1, 32).Draw(t, "lanes")),
			fmt.Sprintf("dataflow.overlap_passes=%v", rapid.Bool().Draw(t, "overlap")),
			fmt.Sprintf("dataflow.pregeneration=%v", rapid.Bool().Draw(t, "pregeneration")),
		}
		check(t, load(t, n, set...), rapid.Bool().Draw(t, "expand"))
	})
}

// TestTheDefaultStep: the main job's step in periods, and in all of its instructions.
func TestTheDefaultStep(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates ResNet-18 three times")
	}
	m := load(t, models.Names{Arch: "sat-vcu1525", Network: "resnet18-tiny", Recipe: "bdwp"})
	for _, expand := range []bool{false, true} {
		check(t, m, expand)
	}
}

// TestDetailedMemory: what the command-by-command model says, too.
func TestDetailedMemory(t *testing.T) {
	m := load(t, models.Names{Arch: "sat-vcu1525", Network: "resnet-fmnist", Recipe: "bdwp", Batch: 2}, "board.memory.model=detailed")
	f, s := write(t, m, timeline.Options{})
	r := run(t, m)
	if s.Cycles != r.Total.Cycles || s.Slices != r.Simulation.Instructions || f.Other["network"] != "resnet-fmnist" {
		t.Errorf("%+v %v; the record has %d cycles and %d instructions", s, f.Other, r.Total.Cycles, r.Simulation.Instructions)
	}
}

// TestOneLayer: its groups alone, at their time in the step; the same bytes each time, and compressed.
func TestOneLayer(t *testing.T) {
	m := load(t, models.Names{Arch: "sat-vcu1525", Network: "resnet9", Recipe: "bdwp", Batch: 4})
	wu := workloads.WU
	o := timeline.Options{Layer: "layer1*", Stage: &wu}
	f, s := write(t, m, o)
	for _, e := range f.Events {
		if e.Cat == "product" && !strings.HasPrefix(e.Name, "layer1") {
			t.Errorf("%s is written", e.Name)
		}
	}
	if whole, all := write(t, m, timeline.Options{}); all.Cycles != s.Cycles || len(whole.Events) <= len(f.Events) || s.Groups == 0 {
		t.Errorf("%+v of %+v", s, all)
	}
	var a, b bytes.Buffer
	if _, err := timeline.Write(context.Background(), &a, m, o); err != nil {
		t.Fatal(err)
	}
	if _, err := timeline.WriteZipped(context.Background(), &b, m, o); err != nil {
		t.Fatal(err)
	}
	if !timeline.IsTimeline(a.Bytes()) || !timeline.IsTimeline(b.Bytes()) || timeline.IsTimeline([]byte("{}")) {
		t.Error("timelines are not known by their first bytes")
	}
	z, err := gzip.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || !bytes.Equal(text, a.Bytes()) {
		t.Errorf("compressed it is another: %v", err)
	}
	for layer, want := range map[string]string{"layer9": "no work of a layer layer9"} {
		if _, err := timeline.Write(context.Background(), io.Discard, m, timeline.Options{Layer: layer}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", layer, err)
		}
	}
}

// TestATimelineCanBeStopped: whoever asks for one may stop it between word groups and before.
func TestATimelineCanBeStopped(t *testing.T) {
	m := load(t, models.Names{Arch: "sat-vcu1525", Network: "resnet-fmnist", Recipe: "bdwp", Batch: 2})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	done := 0
	o := timeline.Options{Progress: func(n, _ int) { done = n; stop() }}
	if _, err := timeline.Write(ctx, io.Discard, m, o); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped after %d groups: %v", done, err)
	}
	if _, err := timeline.Write(ctx, io.Discard, m, timeline.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped before: %v", err)
	}
}

// TestReadIsWhatWasWritten: groups, lanes and slices of a timeline are those of its summary; what is none is refused.
func TestReadIsWhatWasWritten(t *testing.T) {
	m := load(t, models.Names{Arch: "sat-vcu1525", Network: "resnet-fmnist", Recipe: "bdwp", Batch: 4})
	var b bytes.Buffer
	s, err := timeline.Write(context.Background(), &b, m, timeline.Options{})
	if err != nil {
		t.Fatal(err)
	}
	whole := bytes.Clone(b.Bytes())
	trace, err := timeline.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	n, cycles := int64(0), int64(0)
	for _, g := range trace.Groups {
		n, cycles = n+int64(len(g.Slices)), cycles+g.Cycles
		for _, x := range g.Slices {
			if x.Start < 0 || x.End > g.Cycles {
				t.Errorf("%s: %+v is not within %d cycles", g.Label, x, g.Cycles)
			}
		}
	}
	if n != s.Slices || cycles != s.Cycles || len(trace.Groups) != s.Groups || len(trace.Lanes) != s.Tracks {
		t.Errorf("%d slices, %d cycles, %d groups, %d lanes; %+v was written", n, cycles, len(trace.Groups), len(trace.Lanes), s)
	}
	for _, bad := range [][]byte{nil, []byte("{}"), whole[:len(whole)/2], {0x1f, 0x8b, 0}} {
		if _, err := timeline.Read(bytes.NewReader(bad)); err == nil {
			t.Errorf("%.20q is read", bad)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"displayTimeUnit":"ns","otherData":{"network":"n"},"traceEvents":[{"ph":"X","ts":0,"dur":5,"pid":1,"tid":1,"name":"g"},{"ph":"X","ts":1,"dur":2,"pid":2,"tid":1,"name":"s"}]}`))
	f.Add([]byte(`{"traceEvents":[{"ph":"X","pid":2}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		trace, err := timeline.Read(bytes.NewReader(b))
		if err == nil && len(trace.Groups) == 0 {
			t.Error("a trace without groups is accepted")
		}
	})
}
