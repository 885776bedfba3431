package timeline

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/bits"
	"slices"
	"strconv"

	"satsim/arch/word"
	"satsim/dataflow"
)

// controller is the process of word groups in the file; units follow it in their order.
const controller = 1

func process(u word.Unit) int { return controller + 1 + int(u) }

// writer writes events.
type writer struct {
	out   *bufio.Writer
	first bool
	flows int64
	bytes [2]int64 // read and written so far
	err   error
}

// event is one of the trace event format. Order of fields is order in the file.
type event struct {
	Name  string  `json:"name,omitempty"`
	Cat   string  `json:"cat,omitempty"`
	Phase string  `json:"ph"`
	At    int64   `json:"ts"`
	For   *int64  `json:"dur,omitempty"`
	PID   int     `json:"pid"`
	TID   int     `json:"tid"`
	ID    int64   `json:"id,omitempty"`
	Bind  string  `json:"bp,omitempty"`
	Args  *detail `json:"args,omitempty"`
}

// detail is what an event says beside. Bytes and counters may be 0, and then are said.
type detail struct {
	Name     string `json:"name,omitempty"`
	Sort     *int   `json:"sort_index,omitempty"`
	Layer    string `json:"layer,omitempty"`
	Stage    string `json:"stage,omitempty"`
	Operand  string `json:"operand,omitempty"`
	Tile     *int64 `json:"tile,omitempty"`
	Bytes    *int64 `json:"bytes,omitempty"`
	Channels int    `json:"channels,omitempty"`
	Done     int64  `json:"done,omitempty"` // when the results are there, where that is later than the slice's end
	Cut      bool   `json:"cut,omitempty"`
	Periods  int64  `json:"periods,omitempty"`
	Cycles   int64  `json:"cycles_a_period,omitempty"`
	Busy     int64  `json:"busy_cycles,omitempty"`
}

func (w *writer) put(e event) {
	if w.err != nil {
		return
	}
	b, err := json.Marshal(e)
	if err == nil {
		if !w.first {
			_, err = w.out.WriteString(",\n")
		}
		w.first = false
		if err == nil {
			_, err = w.out.Write(b)
		}
	}
	w.err = err
}

// begin writes the head and the names of tracks. other is what the file says of itself.
func begin(to io.Writer, other map[string]string, units []word.Unit, lanes []word.Lane) (*writer, error) {
	w := &writer{out: bufio.NewWriter(to), first: true}
	b, err := json.Marshal(other)
	if err == nil {
		_, err = fmt.Fprintf(w.out, "%s%s,\"traceEvents\":[\n", head, b)
	}
	w.err = err
	name := func(pid, tid int, kind, text string, at int) {
		w.put(event{Name: kind + "_name", Phase: "M", PID: pid, TID: tid, Args: &detail{Name: text}})
		w.put(event{Name: kind + "_sort_index", Phase: "M", PID: pid, TID: tid, Args: &detail{Sort: &at}})
	}
	name(controller, 0, "process", "controller", 0)
	name(controller, 1, "thread", "word groups", 0)
	name(controller, 2, "thread", "reconfigure", 1)
	for _, u := range units {
		name(process(u), 0, "process", u.String(), 1+int(u))
	}
	for _, l := range lanes {
		name(process(l.Unit()), 1+int(l), "thread", l.String(), int(l))
	}
	return w, w.err
}

// group writes a word group that begins at a cycle of the step.
func (w *writer) group(g *group, of *dataflow.Group, p *dataflow.Plan, at, reconfigure int64) {
	it := &p.Step.Items[of.Item]
	w.put(event{Name: of.Label, Cat: string(of.Kind), Phase: "X", At: at, For: &g.cycles, PID: controller, TID: 1, Args: &detail{Layer: it.Layer, Stage: it.Stage.String()}})
	if reconfigure > 0 {
		w.put(event{Name: "reconfigure", Phase: "X", At: at, For: &reconfigure, PID: controller, TID: 2})
	}
	var ops []*word.Op
	var owner []int
	for si := range of.Word.Streams {
		for oi := range of.Word.Streams[si].Ops {
			ops, owner = append(ops, &of.Word.Streams[si].Ops[oi]), append(owner, of.Owner(si))
		}
	}
	for i := range g.slices {
		s := &g.slices[i]
		if s.empty() {
			continue
		}
		long := s.end - s.start
		e := event{Phase: "X", Cat: s.lane.String(), At: at + s.start, For: &long, PID: process(s.lane.Unit()), TID: 1 + int(s.lane)}
		if s.task == none {
			e.Name = fmt.Sprintf("%d times %d cycles", s.periods, s.cycles)
			e.Args = &detail{Periods: s.periods, Cycles: s.cycles, Busy: s.busy}
			w.put(e)
			continue
		}
		o, item := ops[s.task], &p.Step.Items[owner[s.task]]
		e.Name = item.Layer + " " + item.Stage.String()
		e.Args = &detail{Layer: item.Layer, Stage: item.Stage.String(), Operand: o.Operand, Tile: &s.number, Cut: s.cut}
		if o.Operand != "" {
			e.Name += " " + o.Operand
		}
		e.Name += " tile " + strconv.FormatInt(s.number, 10)
		if s.done > s.end {
			e.Args.Done = at + s.done
		}
		if s.lane.Unit() == word.Memory {
			e.Args.Bytes, e.Args.Channels = &o.Variants[s.variant].Work.Bytes, bits.OnesCount64(o.Channels)
		}
		w.put(e)
	}
	for _, f := range g.flows {
		a, b := &g.slices[f.from], &g.slices[f.to]
		if a.empty() || b.empty() {
			continue
		}
		w.flows++
		w.put(event{Name: "tile", Cat: "tile", Phase: "s", At: at + a.start, PID: process(a.lane.Unit()), TID: 1 + int(a.lane), ID: w.flows})
		w.put(event{Name: "tile", Cat: "tile", Phase: "f", Bind: "e", At: at + b.start, PID: process(b.lane.Unit()), TID: 1 + int(b.lane), ID: w.flows})
	}
	for _, s := range g.samples {
		w.put(event{Name: s.buffer.String() + " buffer", Phase: "C", At: at + s.at, PID: controller, TID: 0, Args: &detail{Bytes: &s.bytes}})
	}
	w.traffic(g, at)
}

// traffic writes how many bytes of the step were read and written so far, whenever that changes: a viewer shows their rate.
func (w *writer) traffic(g *group, at int64) {
	slices.SortStableFunc(g.moved, func(a, b moved) int { return cmp.Compare(a.at, b.at) })
	for i, m := range g.moved {
		k, name := 0, "bytes read"
		if m.write {
			k, name = 1, "bytes written"
		}
		w.bytes[k] += m.bytes
		if i+1 < len(g.moved) && g.moved[i+1].at == m.at && g.moved[i+1].write == m.write {
			continue
		}
		total := w.bytes[k]
		w.put(event{Name: name, Phase: "C", At: at + m.at, PID: process(word.Memory), TID: 0, Args: &detail{Bytes: &total}})
	}
}

// end writes the tail.
func (w *writer) end() error {
	if w.err == nil {
		_, w.err = w.out.WriteString("\n]}\n")
	}
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}
