package explain

import (
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/internal/diag"
	"satsim/internal/param"
	"satsim/internal/quantity"
	"satsim/results/experiment/machine"
)

// Change is a parameter with another value, and what it does.
type Change struct {
	Override string `json:"override"`
	From     string `json:"from"`
	Cycles   int64  `json:"cycles"`
	Saves    int64  `json:"saves_cycles"`
	LUTs     int64  `json:"luts"` // that it takes more, by the high end of the estimates
	DSPs     int64  `json:"dsps"`
	Fit      string `json:"fit"` // of the changed machine on its board
}

// outcome is what a machine takes for the part, and of its board.
type outcome struct {
	cycles int64
	uses   fpga.ResourceUse
	fit    fpga.Fit
}

func measured(s *spec.Spec, step *machine.Step) outcome {
	uses, fit := fpga.Holds(s)
	return outcome{step.Run.Total.Cycles, uses, fit}
}

// with simulates the part with overrides; false: there is no such machine, or the part does not run on it.
func (t *trier) with(set ...config.Override) (outcome, bool, error) {
	m, err := t.models.Use(set...)
	if err != nil {
		return outcome{}, false, refused(err)
	}
	_, step, err := t.run(m)
	if err != nil {
		if t.ctx.Err() != nil {
			return outcome{}, false, t.ctx.Err()
		}
		return outcome{}, false, nil // it was not built for what the recipe prunes, or its buffers hold no tile
	}
	return measured(&m.Spec, step), true, nil
}

// refused is nil for a value that no machine can have, and else the error.
func refused(err error) error {
	if list := (diag.List)(nil); errors.As(err, &list) {
		return nil
	}
	return err
}

// all tries every change of one parameter, and gives those that help, the best first.
func (t *trier) all(progress func(what string, done, total int)) ([]Change, error) {
	tries := changes(&t.models.Spec)
	var out []Change
	for i, c := range tries {
		if progress != nil {
			progress("changes", i, len(tries))
		}
		o, ok, err := t.with(config.Override{Path: c.path, Value: c.value, Origin: "a change"})
		if err != nil {
			return nil, err
		}
		t.tried++
		if !ok {
			t.refused++
			continue
		}
		if o.cycles >= t.base.cycles {
			continue
		}
		out = append(out, Change{
			Override: c.path + "=" + c.value, From: c.from, Cycles: o.cycles, Saves: t.base.cycles - o.cycles, LUTs: o.uses[fpga.LUT].High - t.base.uses[fpga.LUT].High,
			DSPs: o.uses[fpga.DSP].High - t.base.uses[fpga.DSP].High, Fit: string(o.fit),
		})
	}
	slices.SortStableFunc(out, func(a, b Change) int { return cmp.Or(cmp.Compare(b.Saves, a.Saves), cmp.Compare(a.LUTs, b.LUTs)) })
	return out, nil
}

// try is a parameter with another value.
type try struct{ path, from, value string }

// changes lists the parameters of a machine and its board with each value that is tried.
func changes(s *spec.Spec) []try {
	var out []try
	declared := slices.Concat(spec.Declared(), param.Under("board", spec.DeclaredOfBoard()))
	for i := range declared {
		p := &declared[i]
		if skipped(p.Key) {
			continue
		}
		index, ok := config.Leaf(reflect.TypeFor[spec.Spec](), p.Key)
		if !ok {
			continue
		}
		v := reflect.ValueOf(*s).FieldByIndex(index)
		from := written(v)
		for _, to := range others(v, p) {
			if to != from {
				out = append(out, try{p.Key, from, to})
			}
		}
	}
	return out
}

// written is a value as a file has it.
func written(v reflect.Value) string {
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		if text, err := m.MarshalText(); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(v.Interface())
}

// skipped are parameters that are no property of a design, or what a cycle is.
func skipped(key string) bool {
	return key == "clock" || strings.HasPrefix(key, "vector.ops.") || strings.HasPrefix(key, "board.device.") || key == "vector.count_rows" || key == "board.memory.model" ||
		key == "stce.subnormals" || key == "wuve.subnormals" || key == "dataflow.objective"
}

// others are the values that are tried beside the present one. What costs nothing is no hardware.
func others(v reflect.Value, p *param.Param) (out []string) {
	for _, w := range p.Range.Words() {
		if w != "hidden" && w != "free" {
			out = append(out, w)
		}
	}
	switch {
	case len(out) > 0:
	case v.Kind() == reflect.Bool:
		out = []string{"true", "false"}
	case v.CanInt() && v.Int() > 0:
		for _, n := range []int64{v.Int() / 2, v.Int() * 2} {
			switch v.Interface().(type) {
			case quantity.Bytes:
				out = append(out, quantity.Bytes(n).String())
			case quantity.Frequency:
				out = append(out, quantity.Frequency(n).String())
			default:
				out = append(out, fmt.Sprint(n))
			}
		}
	}
	return out
}
