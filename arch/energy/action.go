package energy

import (
	"fmt"
	"strings"
)

// Action is something that costs energy, each time it is done or as long as it is there.
type Action int

// The actions, in the order in which joules are summed.
const (
	Multiply Action = iota // STCE, FP16
	Add                    // STCE, FP32
	Accumulate
	Select
	OperandHop
	GroupWrite
	WeightHop
	SumHop
	IdlePE
	Compare // SORE
	Keep
	IdleSorter
	UpdateMultiply // WUVE, FP32
	UpdateAdd
	UpdateDivide
	UpdateRoot
	UpdateConvert
	IdleUpdater
	VectorOperate // vector unit
	IdleVector
	WestRead // buffers
	WestWrite
	NorthRead
	NorthWrite
	OutputRead
	OutputWrite
	UpdateRead
	UpdateWrite
	PassRead
	PassWrite
	Activate // DRAM
	DRAMRead
	DRAMWrite
	Background
	Refresh
	Interface
	FlipFlopClock // clock
	Static        // the device
	Actions       = iota
)

// Units of counts.
const (
	operation = "operation"
	word      = "word"
	bit       = "bit"
	activate  = "activate"
	cycle     = "cycle"
	second    = "second" // of power: the count is cycles
)

var actions = [Actions]struct {
	unit, name, of string
	counts         int64 // counts in one of them
}{
	Multiply:       {"stce", "multiply", operation, 1},
	Add:            {"stce", "add", operation, 1},
	Accumulate:     {"stce", "accumulate", operation, 1},
	Select:         {"stce", "select", operation, 1},
	OperandHop:     {"stce", "operand_hop", word, 1},
	GroupWrite:     {"stce", "group_write", word, 1},
	WeightHop:      {"stce", "weight_hop", word, 1},
	SumHop:         {"stce", "sum_hop", word, 1},
	IdlePE:         {"stce", "idle", cycle, 1},
	Compare:        {"sore", "compare", operation, 1},
	Keep:           {"sore", "keep", word, 1},
	IdleSorter:     {"sore", "idle", cycle, 1},
	UpdateMultiply: {"wuve", "multiply", operation, 1},
	UpdateAdd:      {"wuve", "add", operation, 1},
	UpdateDivide:   {"wuve", "divide", operation, 1},
	UpdateRoot:     {"wuve", "square_root", operation, 1},
	UpdateConvert:  {"wuve", "convert", operation, 1},
	IdleUpdater:    {"wuve", "idle", cycle, 1},
	VectorOperate:  {"vector", "operate", operation, 1},
	IdleVector:     {"vector", "idle", cycle, 1},
	WestRead:       {"buffers", "west_read", bit, 1},
	WestWrite:      {"buffers", "west_write", bit, 1},
	NorthRead:      {"buffers", "north_read", bit, 1},
	NorthWrite:     {"buffers", "north_write", bit, 1},
	OutputRead:     {"buffers", "output_read", bit, 1},
	OutputWrite:    {"buffers", "output_write", bit, 1},
	UpdateRead:     {"buffers", "update_read", bit, 1},
	UpdateWrite:    {"buffers", "update_write", bit, 1},
	PassRead:       {"buffers", "pass_read", bit, 1},
	PassWrite:      {"buffers", "pass_write", bit, 1},
	Activate:       {"dram", "activate", activate, 1000},
	DRAMRead:       {"dram", "read", bit, 1},
	DRAMWrite:      {"dram", "write", bit, 1},
	Background:     {"dram", "background", second, 1},
	Refresh:        {"dram", "refresh", second, 1},
	Interface:      {"dram", "interface", second, 1},
	FlipFlopClock:  {"clock", "flip_flop", cycle, 1},
	Static:         {"static", "device", second, 1},
}

// String is the action's name in tables: unit.action.
func (a Action) String() string { return actions[a].unit + "." + actions[a].name }

// Unit is the hardware that does it.
func (a Action) Unit() string { return actions[a].unit }

// Name is the action without its unit.
func (a Action) Name() string { return actions[a].name }

// Of is what one of it is: an operation, a word, a bit, a cycle; second for power.
func (a Action) Of() string { return actions[a].of }

// power reports whether the action is being there: its count is cycles and its cost in watts.
func (a Action) power() bool { return actions[a].of == second }

// Units lists the units of the actions in their order.
func Units() []string {
	var out []string
	for i := range actions {
		if len(out) == 0 || out[len(out)-1] != actions[i].unit {
			out = append(out, actions[i].unit)
		}
	}
	return out
}

// MarshalText is the action's name.
func (a Action) MarshalText() ([]byte, error) {
	if a < 0 || a >= Actions {
		return nil, fmt.Errorf("action %d is none", int(a))
	}
	return []byte(a.String()), nil
}

// UnmarshalText reads an action's name.
func (a *Action) UnmarshalText(b []byte) error {
	names := make([]string, Actions)
	for i := range names {
		names[i] = Action(i).String()
		if names[i] == string(b) {
			*a = Action(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no action; %s are accepted", b, strings.Join(names, ", "))
}

// Counts is how often each action was done.
type Counts [Actions]int64

// Add adds d to c.
func (c *Counts) Add(d *Counts) {
	for i := range c {
		c[i] += d[i]
	}
}
