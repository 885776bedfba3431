package ddr4test

import (
	"fmt"

	"satsim/arch/memory/ddr4"
)

// closed is the open row of a bank without one.
const closed = -1

// Violation is a constraint that a command breaks.
type Violation struct {
	Constraint string // JEDEC name of a time, or "state", "bus", "data"
	Command    ddr4.Command
	Message    string
}

// Error names constraint and command.
func (v Violation) Error() string {
	return fmt.Sprintf("clock %d, %s group %d bank %d row %d: %s: %s", v.Command.Clock, v.Command.Kind,
		v.Command.Place.Group, v.Command.Place.Bank, v.Command.Place.Row, v.Constraint, v.Message)
}

// scope is where an earlier command must have gone to for a rule to hold.
type scope int

const (
	sameBank scope = iota
	sameGroup
	otherGroup
	anywhere
)

// rule demands a distance between an earlier and a later command.
type rule struct {
	name           string
	earlier, later ddr4.CommandKind
	scope          scope
	clocks         int64
}

// Checker holds a command stream against the constraints. It shares nothing with the controller: it keeps the commands
// themselves and compares each new one with every earlier one that is near enough to matter.
type Checker struct {
	p       ddr4.Params
	rules   []rule
	reach   int64          // of the longest rule
	recent  []ddr4.Command // within reach, in order
	open    []int64        // row of each bank, or closed
	refresh int64          // refreshes seen
	last    int64          // clock of the last command
	dataEnd int64          // of the last burst
}

// NewChecker starts with all banks closed.
func NewChecker(p ddr4.Params) *Checker {
	write := p.TCWL + p.BL // write command to the end of its data
	k := &Checker{p: p, last: -1, rules: []rule{
		{"tRCD", ddr4.Activate, ddr4.Read, sameBank, p.TRCD},
		{"tRCD", ddr4.Activate, ddr4.Write, sameBank, p.TRCD},
		{"tRAS", ddr4.Activate, ddr4.Precharge, sameBank, p.TRAS},
		{"tRAS", ddr4.Activate, ddr4.PrechargeAll, anywhere, p.TRAS},
		{"tRC", ddr4.Activate, ddr4.Activate, sameBank, p.TRC},
		{"tRRD_S", ddr4.Activate, ddr4.Activate, otherGroup, p.TRRDS},
		{"tRRD_L", ddr4.Activate, ddr4.Activate, sameGroup, p.TRRDL},
		{"tRP", ddr4.Precharge, ddr4.Activate, sameBank, p.TRP},
		{"tRP", ddr4.PrechargeAll, ddr4.Activate, anywhere, p.TRP},
		{"tRP", ddr4.Precharge, ddr4.Refresh, anywhere, p.TRP},
		{"tRP", ddr4.PrechargeAll, ddr4.Refresh, anywhere, p.TRP},
		{"tCCD_S", ddr4.Read, ddr4.Read, otherGroup, p.TCCDS},
		{"tCCD_L", ddr4.Read, ddr4.Read, sameGroup, p.TCCDL},
		{"tCCD_S", ddr4.Write, ddr4.Write, otherGroup, p.TCCDS},
		{"tCCD_L", ddr4.Write, ddr4.Write, sameGroup, p.TCCDL},
		{"tRTW", ddr4.Read, ddr4.Write, anywhere, p.TCL + p.BL + p.TRTW - p.TCWL},
		{"tWTR_S", ddr4.Write, ddr4.Read, otherGroup, write + p.TWTRS},
		{"tWTR_L", ddr4.Write, ddr4.Read, sameGroup, write + p.TWTRL},
		{"tRTP", ddr4.Read, ddr4.Precharge, sameBank, p.TRTP},
		{"tRTP", ddr4.Read, ddr4.PrechargeAll, anywhere, p.TRTP},
		{"tWR", ddr4.Write, ddr4.Precharge, sameBank, write + p.TWR},
		{"tWR", ddr4.Write, ddr4.PrechargeAll, anywhere, write + p.TWR},
		{"tRFC", ddr4.Refresh, ddr4.Activate, anywhere, p.TRFC},
		{"tRFC", ddr4.Refresh, ddr4.Refresh, anywhere, p.TRFC},
	}}
	k.reach = p.TFAW
	for _, r := range k.rules {
		k.reach = max(k.reach, r.clocks)
	}
	for range p.Banks() {
		k.open = append(k.open, closed)
	}
	return k
}

// Check takes the next command and returns what it violates.
func (k *Checker) Check(c ddr4.Command) []Violation {
	var out []Violation
	add := func(name, format string, args ...any) {
		out = append(out, Violation{name, c, fmt.Sprintf(format, args...)})
	}
	if c.Clock <= k.last {
		add("bus", "the command before was at clock %d", k.last)
	}
	k.checkDistances(c, add)
	k.checkState(c, add)
	k.checkData(c, add)
	k.checkRefresh(c, add)
	k.keep(c)
	return out
}

func (k *Checker) checkDistances(c ddr4.Command, add func(name, format string, args ...any)) {
	for _, r := range k.rules {
		if r.later != c.Kind {
			continue
		}
		for i := len(k.recent) - 1; i >= 0 && c.Clock-k.recent[i].Clock < r.clocks; i-- {
			if e := k.recent[i]; e.Kind == r.earlier && r.covers(e.Place, c.Place) {
				add(r.name, "%d clocks after %s at %d; %d are required", c.Clock-e.Clock, e.Kind, e.Clock, r.clocks)
				break
			}
		}
	}
	if c.Kind == ddr4.Activate {
		n := 1
		for i := len(k.recent) - 1; i >= 0 && c.Clock-k.recent[i].Clock < k.p.TFAW; i-- {
			if k.recent[i].Kind == ddr4.Activate {
				n++
			}
		}
		if n > 4 {
			add("tFAW", "%d activates in %d clocks; 4 are allowed", n, k.p.TFAW)
		}
	}
}

func (r rule) covers(earlier, later ddr4.Place) bool {
	switch r.scope {
	case sameBank:
		return earlier.Bank == later.Bank
	case sameGroup:
		return earlier.Group == later.Group
	case otherGroup:
		return earlier.Group != later.Group
	default:
		return true
	}
}

func (k *Checker) checkState(c ddr4.Command, add func(name, format string, args ...any)) {
	row := k.open[c.Place.Bank]
	switch c.Kind {
	case ddr4.Activate:
		if row != closed {
			add("state", "row %d is open", row)
		}
	case ddr4.Read, ddr4.Write:
		if row != c.Place.Row {
			add("state", "row %d is open", row)
		}
	case ddr4.Refresh:
		for b, row := range k.open {
			if row != closed {
				add("state", "row %d of bank %d is open", row, b)
			}
		}
	}
}

func (k *Checker) checkData(c ddr4.Command, add func(name, format string, args ...any)) {
	name, latency := "tCL", k.p.TCL
	switch c.Kind {
	case ddr4.Read:
	case ddr4.Write:
		name, latency = "tCWL", k.p.TCWL
	default:
		return
	}
	if c.Data-c.Clock != latency {
		add(name, "data after %d clocks; %d are required", c.Data-c.Clock, latency)
	}
	if c.End-c.Data != k.p.BL {
		add("data", "%d clocks of data; %d are required", c.End-c.Data, k.p.BL)
	}
	if c.Data < k.dataEnd {
		add("data", "begins before the last burst's end at %d", k.dataEnd)
	}
}

// checkRefresh allows a refresh to come late by up to eight intervals (JESD79-4), and not before it is due.
func (k *Checker) checkRefresh(c ddr4.Command, add func(name, format string, args ...any)) {
	if k.p.TREFI == 0 {
		return
	}
	due := c.Clock / k.p.TREFI
	if c.Kind == ddr4.Refresh && k.refresh >= due {
		add("tREFI", "refresh %d before it is due", k.refresh+1)
	}
	if due > k.refresh+8 {
		add("tREFI", "%d refreshes; %d were due, of which 8 may wait", k.refresh, due)
	}
}

// keep takes a command into the history.
func (k *Checker) keep(c ddr4.Command) {
	k.last = c.Clock
	k.dataEnd = max(k.dataEnd, c.End)
	switch c.Kind {
	case ddr4.Activate:
		k.open[c.Place.Bank] = c.Place.Row
	case ddr4.Precharge:
		k.open[c.Place.Bank] = closed
	case ddr4.PrechargeAll:
		for b := range k.open {
			k.open[b] = closed
		}
	case ddr4.Refresh:
		k.refresh++
	}
	first := 0
	for first < len(k.recent) && c.Clock-k.recent[first].Clock >= k.reach {
		first++
	}
	k.recent = append(k.recent[:copy(k.recent, k.recent[first:])], c)
}
