package dataflow_test

import (
	"errors"
	"strings"
	"testing"

	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/internal/diag"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
)

// What does not fit product or hardware is refused by its key, with what would, and leaves the words as they were.
func TestChoicesThatDoNotFitAreRefused(t *testing.T) {
	const g, b, tt, k, f = word.DimG, word.DimB, word.DimT, word.DimK, word.DimF
	conv := layer(t, network.Shape{2, 6, 6, 8}, network.Node{Op: network.Conv, Channels: 12, Kernel: [2]int64{3, 3}}, nm.Ratio{N: 2, M: 4})
	linear := layer(t, network.Shape{6, 16}, network.Node{Op: network.Linear, Channels: 8}, nm.Ratio{N: 2, M: 4})
	off := *conv
	off.Options.Interleave = false
	tight := *conv
	tight.Spec.Buffers.North.Capacity = 512
	product := func(p *dataflow.Plan, stage workloads.Stage) *dataflow.Group {
		for _, g := range products(p) {
			if it := &p.Step.Items[g.Item]; it.Layer == "n" && it.Stage == stage {
				return g
			}
		}
		return nil
	}
	for name, c := range map[string]struct {
		plan      *dataflow.Plan
		stage     workloads.Stage
		edit      func(*geometry.Choice)
		key, want string
	}{
		"mode":        {conv, workloads.FF, func(c *geometry.Choice) { c.Mode = "is" }, "mode", "os or ws"},
		"over":        {conv, workloads.FF, func(c *geometry.Choice) { c.Over = "k" }, "over", "f or t"},
		"depth":       {conv, workloads.FF, func(c *geometry.Choice) { c.Interleave = 4 }, "interleave", "1 to 2"},
		"depth 0":     {conv, workloads.FF, func(c *geometry.Choice) { c.Interleave = 0 }, "interleave", "1 to 2"},
		"mapping off": {&off, workloads.FF, func(c *geometry.Choice) { c.Interleave = 2 }, "interleave", "interleave_mapping is off"},
		"loops":       {conv, workloads.FF, func(c *geometry.Choice) { c.Order = c.Order[:4] }, "order", "4 loops"},
		"piece loop":  {conv, workloads.FF, func(c *geometry.Choice) { c.Order = []word.Dim{g, b, tt, f, word.DimP} }, "order", `loop "p"`},
		"loop twice":  {conv, workloads.FF, func(c *geometry.Choice) { c.Order = []word.Dim{g, b, b, f, k} }, "order", "loop b twice"},
		"no tile":     {conv, workloads.FF, func(c *geometry.Choice) { c.Tile.F = 0 }, "tile.f", "1 to 12"},
		"large tile":  {conv, workloads.FF, func(c *geometry.Choice) { c.Tile.K = 10 }, "tile.k", "1 to 9"},
		"bands":       {conv, workloads.FF, func(c *geometry.Choice) { c.Tile.T = 2 }, "tile.t", "4, or b: 1"},
		"cut group":   {linear, workloads.FF, func(c *geometry.Choice) { c.Tile.K = 6 }, "tile.k", "multiples of 4, or all 16"},
		"level":       {conv, workloads.FF, func(c *geometry.Choice) { c.North = 6 }, "north", "0 to 5"},
		"level below": {conv, workloads.FF, func(c *geometry.Choice) { c.Out = -1 }, "out", "0 to 5"},
		"sums in FF": {conv, workloads.FF, func(c *geometry.Choice) {
			c.Tile.K, c.Order, c.Out = 3, []word.Dim{g, k, b, tt, f}, 2
		}, "out", "level 2 is inside loop k, which splits the reduction: its sums have to stay; accepted: 0 to 1"},
		"sums in WU": {conv, workloads.WU, func(c *geometry.Choice) {
			c.Tile.B, c.Order, c.Out = 1, []word.Dim{g, k, f, b, tt}, 4
		}, "out", "level 4 is inside loop b"},
		"north buffer": {&tight, workloads.FF, func(*geometry.Choice) {}, "tile", "does not fit the north buffer; accepted: up to 384 bytes"},
	} {
		g := product(c.plan, c.stage)
		good := geometry.Choice{Mode: "os", Over: "f", Interleave: 1, Order: geometry.Orders()[0], Tile: g.Shape.Whole()}
		if err := g.Shape.Complete(&good); err != nil {
			t.Fatal(err)
		}
		if c.plan == &tight { // a copy with other buffers
			tight.Forget()
		} else if err := c.plan.Choose(g, good); err != nil {
			t.Fatal(err)
		}
		before := g.Word.AppendKey(nil)
		bad := good
		c.edit(&bad)
		err := c.plan.Choose(g, bad)
		field := (*diag.FieldError)(nil)
		if !errors.As(err, &field) || field.Key != c.key || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s: ... %s", name, err, c.key, c.want)
		}
		if string(g.Word.AppendKey(nil)) != string(before) {
			t.Errorf("%s: the words changed", name)
		}
	}
}
