package energy

import (
	"fmt"
	"regexp"
	"strings"

	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/arch/word"
)

// Action is something that costs energy, each time it is done or as long as it is there. The zero Action is none: it has no name, no entry may
// price it, and no count may be booked under it.
type Action int

// The actions of what is no unit. Those of the units follow: each unit says which it has.
const (
	WestRead Action = iota + 1 // buffers
	WestWrite
	NorthRead
	NorthWrite
	OutputRead
	OutputWrite
	UpdateRead
	UpdateWrite
	PassRead
	PassWrite
	FlipFlopClock // clock
	Static        // the device
	ofUnits
)

// MaxActions is how many actions there may be, none included.
const MaxActions = 64

// described is an action with what it belongs to.
type described struct {
	hardware string
	unit.Action
	id word.Unit // of a unit's action
}

// own are the actions of what is no unit.
var own = [ofUnits]described{
	WestRead:      bits("west_read"),
	WestWrite:     bits("west_write"),
	NorthRead:     bits("north_read"),
	NorthWrite:    bits("north_write"),
	OutputRead:    bits("output_read"),
	OutputWrite:   bits("output_write"),
	UpdateRead:    bits("update_read"),
	UpdateWrite:   bits("update_write"),
	PassRead:      bits("pass_read"),
	PassWrite:     bits("pass_write"),
	FlipFlopClock: {hardware: "clock", Action: unit.Action{Name: "flip_flop", Of: unit.Cycle}, id: word.Units},
	Static:        {hardware: "static", Action: unit.Action{Name: "device", Of: unit.Second}, id: word.Units},
}

func bits(name string) described {
	return described{hardware: "buffers", Action: unit.Action{Name: name, Of: unit.Bit}, id: word.Units}
}

// actions are all of them; those of unit u begin at first[u]. order is that in which joules are summed and shown: the units that compute, the
// buffers, the memory, the clock, the device.
var actions, first, order = list(new(spec.Spec).Registry())

func list(units unit.Set) (all []described, first [word.Units]Action, order []Action) {
	all = append(all, own[:]...)
	add := func(id word.Unit, hardware string) {
		first[id] = Action(len(all))
		for _, a := range units[id].Actions() {
			order = append(order, Action(len(all)))
			all = append(all, described{hardware, a, id})
		}
	}
	for id, u := range units {
		if u != nil && word.Unit(id) != word.Memory {
			add(word.Unit(id), word.Unit(id).String())
		}
	}
	for a := WestRead; a <= PassWrite; a++ {
		order = append(order, a)
	}
	add(word.Memory, "dram")
	return all, first, append(order, FlipFlopClock, Static)
}

// List is every action of the machine's units and of what is no unit, in the order in which joules are summed.
func List(built *unit.Set) []Action {
	var out []Action
	for _, a := range order {
		if a.in(built) {
			out = append(out, a)
		}
	}
	return out
}

// in reports whether a machine of these units can do it.
func (a Action) in(built *unit.Set) bool {
	id := actions[a].id
	return id == word.Units || built[id] != nil
}

// known reports whether there is such an action; none is not.
func (a Action) known() bool { return a > 0 && int(a) < len(actions) }

// String is the action's name in tables: unit.action.
func (a Action) String() string {
	if !a.known() {
		return fmt.Sprintf("action %d", int(a))
	}
	return actions[a].hardware + "." + actions[a].Name
}

// Unit is the hardware that does it.
func (a Action) Unit() string { return actions[a].hardware }

// Name is the action without its unit.
func (a Action) Name() string { return actions[a].Name }

// Of is what one of it is: an operation, a word, a bit, a cycle; second for power.
func (a Action) Of() string { return actions[a].Of.String() }

// Counted is what one of its counts is, where that is not one of the action: a part of it, or a cycle in which it draws power.
func (a Action) Counted() string {
	switch {
	case a.power():
		return unit.Cycle.String()
	case a.parts() > 1:
		return fmt.Sprintf("1/%d %s", a.parts(), a.Of())
	}
	return a.Of()
}

// parts is how many counts are one action: 1000 where thousandths are counted.
func (a Action) parts() int64 { return max(actions[a].Per, 1) }

// power reports whether the action is being there: its count is cycles and its cost in watts.
func (a Action) power() bool { return actions[a].Of == unit.Second }

// MarshalText is the action's name.
func (a Action) MarshalText() ([]byte, error) {
	if !a.known() {
		return nil, fmt.Errorf("%v is none", a)
	}
	return []byte(a.String()), nil
}

// UnmarshalText reads an action's name.
func (a *Action) UnmarshalText(b []byte) error {
	names := make([]string, len(order))
	for i, k := range order {
		names[i] = k.String()
		if names[i] == string(b) {
			*a = k
			return nil
		}
	}
	return fmt.Errorf("%q is no action; %s are accepted", b, strings.Join(names, ", "))
}

// Form says what its text is.
func (Action) Form() (noun, pattern string) {
	names := make([]string, len(order))
	for i, k := range order {
		names[i] = regexp.QuoteMeta(k.String())
	}
	return "action", strings.Join(names, "|")
}

// ActionCounts is how often each action was done.
type ActionCounts [MaxActions]int64

// Add adds d to c.
func (c *ActionCounts) Add(d *ActionCounts) {
	for i := range c {
		c[i] += d[i]
	}
}
