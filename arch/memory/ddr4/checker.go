package ddr4

import "fmt"

// Violation is a constraint that a command breaks.
type Violation struct {
	Constraint string // JEDEC name of a time, or "state", "bus", "data"
	Command    Command
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
	earlier, later CommandKind
	scope          scope
	clocks         int64
}

// Checker holds a command stream against the constraints. It shares nothing with the controller: it keeps the commands
// themselves and compares each new one with every earlier one that is near enough to matter.
type Checker struct {
	p       Params
	rules   []rule
	reach   int64     // of the longest rule
	recent  []Command // within reach, in order
	open    []int64   // row of each bank, or closed
	refresh int64     // refreshes seen
	last    int64     // clock of the last command
	dataEnd int64     // of the last burst
}

// NewChecker starts with all banks closed.
func NewChecker(p Params) *Checker {
	write := p.TCWL + p.BL // write command to the end of its data
	k := &Checker{p: p, last: -1, rules: []rule{
		{"tRCD", Activate, Read, sameBank, p.TRCD},
		{"tRCD", Activate, Write, sameBank, p.TRCD},
		{"tRAS", Activate, Precharge, sameBank, p.TRAS},
		{"tRAS", Activate, PrechargeAll, anywhere, p.TRAS},
		{"tRC", Activate, Activate, sameBank, p.TRC},
		{"tRRD_S", Activate, Activate, otherGroup, p.TRRDS},
		{"tRRD_L", Activate, Activate, sameGroup, p.TRRDL},
		{"tRP", Precharge, Activate, sameBank, p.TRP},
		{"tRP", PrechargeAll, Activate, anywhere, p.TRP},
		{"tRP", Precharge, Refresh, anywhere, p.TRP},
		{"tRP", PrechargeAll, Refresh, anywhere, p.TRP},
		{"tCCD_S", Read, Read, otherGroup, p.TCCDS},
		{"tCCD_L", Read, Read, sameGroup, p.TCCDL},
		{"tCCD_S", Write, Write, otherGroup, p.TCCDS},
		{"tCCD_L", Write, Write, sameGroup, p.TCCDL},
		{"tRTW", Read, Write, anywhere, p.TCL + p.BL + p.TRTW - p.TCWL},
		{"tWTR_S", Write, Read, otherGroup, write + p.TWTRS},
		{"tWTR_L", Write, Read, sameGroup, write + p.TWTRL},
		{"tRTP", Read, Precharge, sameBank, p.TRTP},
		{"tRTP", Read, PrechargeAll, anywhere, p.TRTP},
		{"tWR", Write, Precharge, sameBank, write + p.TWR},
		{"tWR", Write, PrechargeAll, anywhere, write + p.TWR},
		{"tRFC", Refresh, Activate, anywhere, p.TRFC},
		{"tRFC", Refresh, Refresh, anywhere, p.TRFC},
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
func (k *Checker) Check(c Command) []Violation {
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

func (k *Checker) checkDistances(c Command, add func(name, format string, args ...any)) {
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
	if c.Kind == Activate {
		n := 1
		for i := len(k.recent) - 1; i >= 0 && c.Clock-k.recent[i].Clock < k.p.TFAW; i-- {
			if k.recent[i].Kind == Activate {
				n++
			}
		}
		if n > 4 {
			add("tFAW", "%d activates in %d clocks; 4 are allowed", n, k.p.TFAW)
		}
	}
}

func (r rule) covers(earlier, later Place) bool {
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

func (k *Checker) checkState(c Command, add func(name, format string, args ...any)) {
	row := k.open[c.Place.Bank]
	switch c.Kind {
	case Activate:
		if row != closed {
			add("state", "row %d is open", row)
		}
	case Read, Write:
		if row != c.Place.Row {
			add("state", "row %d is open", row)
		}
	case Refresh:
		for b, row := range k.open {
			if row != closed {
				add("state", "row %d of bank %d is open", row, b)
			}
		}
	}
}

func (k *Checker) checkData(c Command, add func(name, format string, args ...any)) {
	name, latency := "tCL", k.p.TCL
	switch c.Kind {
	case Read:
	case Write:
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
func (k *Checker) checkRefresh(c Command, add func(name, format string, args ...any)) {
	if k.p.TREFI == 0 {
		return
	}
	due := c.Clock / k.p.TREFI
	if c.Kind == Refresh && k.refresh >= due {
		add("tREFI", "refresh %d before it is due", k.refresh+1)
	}
	if due > k.refresh+8 {
		add("tREFI", "%d refreshes; %d were due, of which 8 may wait", k.refresh, due)
	}
}

// keep takes a command into the history.
func (k *Checker) keep(c Command) {
	k.last = c.Clock
	k.dataEnd = max(k.dataEnd, c.End)
	switch c.Kind {
	case Activate:
		k.open[c.Place.Bank] = c.Place.Row
	case Precharge:
		k.open[c.Place.Bank] = closed
	case PrechargeAll:
		for b := range k.open {
			k.open[b] = closed
		}
	case Refresh:
		k.refresh++
	}
	first := 0
	for first < len(k.recent) && c.Clock-k.recent[first].Clock >= k.reach {
		first++
	}
	k.recent = append(k.recent[:copy(k.recent, k.recent[first:])], c)
}
