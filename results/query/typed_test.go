package query

import (
	"math"
	"reflect"
	"testing"

	"satsim/results/dataset"
)

// A name's type is the same whatever its values are; an expression's holds all of them.
func TestTypes(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		source string
		values []any
		want   dataset.Type
		as     []any
	}{
		{"time_s", []any{1, 0.5, nan}, dataset.Real, []any{1.0, 0.5, nil}},
		{"time_s", []any{1, 2, 3}, dataset.Real, []any{1.0, 2.0, 3.0}},
		{"cycles", []any{nan, nan, nan}, dataset.Whole, []any{nil, nil, nil}},
		{"stce.rows", []any{8, 16, 23}, dataset.Whole, []any{int64(8), int64(16), int64(23)}},
		{"dataflow.join_groups", []any{false, true, nan}, dataset.Truth, []any{false, true, nil}},
		{"dataflow.omit", []any{[]any{"pool"}, []any{}, nan}, dataset.Texts, []any{[]string{"pool"}, []string{}, nil}},
		{"recipe.masks", []any{1, "never", nan}, dataset.Text, []any{"1", "never", nil}},
		{"energy.stce.add.value", []any{1.5e-12, 2, nan}, dataset.Real, []any{1.5e-12, 2.0, nil}},
		{"network.image", []any{32, "64*scale", nan}, dataset.Text, []any{"32", "64*scale", nil}},
		{"network.image", []any{32, 64, nan}, dataset.Whole, []any{int64(32), int64(64), nil}},
		{"stce.rows*stce.cols", []any{64, 256, nan}, dataset.Whole, []any{int64(64), int64(256), nil}},
		{"cycles/2", []any{3, 2.5, math.Inf(1)}, dataset.Real, []any{3.0, 2.5, nil}},
		{"a ? b : c", []any{1, "x", true}, dataset.Text, []any{"1", "x", "true"}},
	} {
		d := Typed([]Column{{Source: c.source, Values: c.values}}, 3)
		if err := d.Check(); err != nil {
			t.Errorf("%s: %v", c.source, err)
		}
		if got := d.Columns[0]; got.Type != c.want || !reflect.DeepEqual(got.Values, c.as) {
			t.Errorf("%s of %v: %v %v, want %v %v", c.source, c.values, got.Type, got.Values, c.want, c.as)
		}
	}
}
