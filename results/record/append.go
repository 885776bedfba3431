package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// AppendJSON appends a run as encoding/json writes it, to the byte. What a run has thousands of is written without reflection, which is four fifths of the time: a store
// takes one of every point of a sweep.
func (r *Run) AppendJSON(b []byte) ([]byte, error) {
	rest := *r
	rest.Layers, rest.Stalls, rest.Groups = nil, nil, nil
	text, err := json.Marshal(&rest)
	if err != nil {
		return b, err
	}
	const lists = `"layers":null,"stalls":null,"groups":null` // in a text these quotes would be escaped
	before, after, ok := bytes.Cut(text, []byte(lists))
	if !ok {
		return b, fmt.Errorf("writing a run: its fields are not as they are expected")
	}
	w := writer{b: append(b, before...)}
	w.list("layers", r.Layers == nil, len(r.Layers), func(i int) { w.layer(&r.Layers[i]) })
	w.more()
	w.list("stalls", r.Stalls == nil, len(r.Stalls), func(i int) {
		w.text("stage", r.Stalls[i].Stage)
		w.lanes(r.Stalls[i].Lanes)
	})
	w.more()
	w.list("groups", r.Groups == nil, len(r.Groups), func(i int) { w.group(&r.Groups[i]) })
	return append(w.b, after...), w.err
}

// writer appends JSON. Members follow each other with commas; the first of an object has none before it.
type writer struct {
	b   []byte
	err error
}

func (w *writer) more() { w.b = append(w.b, ',') }

// key of the next member.
func (w *writer) key(name string) {
	if last := w.b[len(w.b)-1]; last != '{' && last != ',' && last != '[' {
		w.more()
	}
	w.b = append(append(append(w.b, '"'), name...), '"', ':')
}

func (w *writer) whole(name string, v int64) {
	w.key(name)
	w.b = strconv.AppendInt(w.b, v, 10)
}

// real is a number in the form of encoding/json: the fewest digits, with an exponent where it is very small or large.
func (w *writer) real(name string, v float64) {
	w.key(name)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		w.err = fmt.Errorf("writing a run: %s is %v", name, v)
		return
	}
	form := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	w.b = strconv.AppendFloat(w.b, v, form, -1, 64)
	if n := len(w.b); form == 'e' && n >= 4 && w.b[n-4] == 'e' && w.b[n-3] == '-' && w.b[n-2] == '0' { // e-09 is e-9
		w.b[n-2] = w.b[n-1]
		w.b = w.b[:n-1]
	}
}

func (w *writer) text(name, v string) {
	w.key(name)
	w.quoted(v)
}

func (w *writer) quoted(v string) {
	for i := range len(v) {
		if c := v[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			text, err := json.Marshal(v)
			if err != nil {
				w.err = err
			}
			w.b = append(w.b, text...)
			return
		}
	}
	w.b = append(append(append(w.b, '"'), v...), '"')
}

// list of so many objects.
func (w *writer) list(name string, null bool, n int, object func(int)) {
	w.key(name)
	if null {
		w.b = append(w.b, "null"...)
		return
	}
	w.b = append(w.b, '[')
	for i := range n {
		if i > 0 {
			w.more()
		}
		w.b = append(w.b, '{')
		object(i)
		w.b = append(w.b, '}')
	}
	w.b = append(w.b, ']')
}

func (w *writer) layer(l *Layer) {
	w.text("layer", l.Layer)
	w.text("op", l.Op)
	w.text("stage", l.Stage)
	w.text("sparsity", l.Sparsity)
	f := &l.Figures
	w.whole("cycles", f.Cycles)
	if f.Moved != 0 {
		w.whole("moved_cycles", f.Moved)
	}
	w.real("time_s", f.TimeS)
	w.whole("dense_macs", f.DenseMACs)
	w.whole("performed_macs", f.PerformedMACs)
	w.real("dense_equivalent_gflops", f.DenseGFLOPS)
	w.real("effective_gflops", f.EffectiveGFLOPS)
	w.real("mac_utilisation", f.Utilisation)
	w.whole("dram_read_bytes", f.ReadBytes)
	w.whole("dram_write_bytes", f.WriteBytes)
	w.list("units", f.Units == nil, len(f.Units), func(i int) { w.unit(&f.Units[i]) })
	w.list("buffers", f.Buffers == nil, len(f.Buffers), func(i int) {
		w.text("buffer", f.Buffers[i].Buffer)
		w.whole("read_bits", f.Buffers[i].ReadBits)
		w.whole("write_bits", f.Buffers[i].WriteBits)
	})
	if e := l.Energy; e != nil {
		w.key("energy")
		w.b = append(w.b, '{')
		w.interval(&e.Joules)
		w.list("units", e.Units == nil, len(e.Units), func(i int) {
			w.text("unit", e.Units[i].Unit)
			w.interval(&e.Units[i].Joules)
		})
		w.b = append(w.b, '}')
	}
}

func (w *writer) unit(u *Unit) {
	w.text("unit", u.Unit)
	w.whole("busy_cycles", u.Busy)
	w.key("counts")
	w.b = append(w.b, '{')
	for i, c := range u.Counts {
		if i > 0 {
			w.more()
		}
		w.quoted(c.Name)
		w.b = strconv.AppendInt(append(w.b, ':'), c.Count, 10)
	}
	w.b = append(w.b, '}')
}

// interval is the joules of a thing.
func (w *writer) interval(i *Interval) {
	w.key("energy_j")
	w.b = append(w.b, '{')
	w.real("value", i.Value)
	w.real("low", i.Low)
	w.real("high", i.High)
	w.b = append(w.b, '}')
}

func (w *writer) group(g *Group) {
	w.whole("group", int64(g.Group))
	w.text("label", g.Label)
	w.text("kind", g.Kind)
	w.text("layer", g.Layer)
	w.text("stage", g.Stage)
	w.text("word", g.Word)
	w.whole("cycles", g.Cycles)
	w.whole("predicted_cycles", g.Predicted)
	w.lanes(g.Lanes)
}

func (w *writer) lanes(all []Lane) {
	w.list("lanes", all == nil, len(all), func(i int) {
		l := &all[i]
		w.text("lane", l.Lane)
		w.whole("computing_cycles", l.Computing)
		w.whole("filling_cycles", l.Filling)
		w.whole("draining_cycles", l.Draining)
		w.list("waits", l.Waits == nil, len(l.Waits), func(i int) {
			w.text("unit", l.Waits[i].Unit)
			w.whole("cycles", l.Waits[i].Cycles)
		})
		w.whole("no_word_cycles", l.NoWord)
		w.whole("reconfigure_cycles", l.Reconfigure)
	})
}
