package memory

import (
	"math"

	"satsim/arch/memory/ddr4"
)

// bus follows the data bus of a command-level channel, to say where its clocks went. The gap before a burst was lost to what came before it:
// a refresh, a change of direction, or else the opening of rows. Clocks before the burst could have been there, had it been served on
// arrival, are not lost: the DRAM was not asked.
type bus struct {
	end       int64 // of the last burst
	write     bool  // its direction
	refreshed bool  // since then
}

// account books the clocks up to the end of a column command's data.
func (b *bus) account(dev *ddr4.Params, cmd *ddr4.Command, n *ChannelCounters) {
	switch cmd.Kind {
	case ddr4.Refresh:
		b.refreshed = true
	case ddr4.Read, ddr4.Write:
		write := cmd.Kind == ddr4.Write
		ideal := cmd.Arrival + 1 + cmd.Data - cmd.Clock
		lost := max(cmd.Data-max(b.end, ideal), 0)
		n.BusyUnits += lost + dev.BL
		switch {
		case b.refreshed:
			n.RefreshUnits += lost
		case write != b.write:
			n.TurnUnits += lost
		}
		b.end, b.write, b.refreshed = cmd.End, write, false
	}
}

func direction(write bool) int {
	if write {
		return 1
	}
	return 0
}

// count books a request's bytes and bursts.
func (c *detailedChannel) count(write bool, p *piece) {
	c.counters.Requests++
	c.counters.Bursts += p.bursts
	if write {
		c.counters.WriteBytes += p.bytes
		c.counters.WriteBursts += p.bursts
		return
	}
	c.counters.ReadBytes += p.bytes
}

// Reset implements Model.
func (d *Detailed) Reset() {
	for i := range d.channels {
		c := &d.channels[i]
		c.counters, c.before, c.ports = ChannelCounters{}, c.ctl.Counters(), 0
	}
}

// Params implements Model.
func (d *Detailed) Params() Params { return d.params }

// UnitHz is the DRAM's clock.
func (d *Detailed) UnitHz() int64 { return int64(d.dev.Clock) }

// Counters appends the counters of every channel to dst. Writes count as bursts when they are queued, as commands when they are issued.
func (d *Detailed) Counters(dst []ChannelCounters) []ChannelCounters {
	for i := range d.channels {
		c := &d.channels[i]
		n, now := c.counters, c.ctl.Counters()
		n.PortUnits = ceilDiv(c.ports, d.tick)
		n.Opens = 1000 * (now.Commands[ddr4.Activate] - c.before.Commands[ddr4.Activate])
		n.Refreshes = now.Commands[ddr4.Refresh] - c.before.Commands[ddr4.Refresh]
		n.Hits, n.Misses, n.Conflicts = now.Hits-c.before.Hits, now.Misses-c.before.Misses, now.Conflicts-c.before.Conflicts
		n.Precharges = now.Commands[ddr4.Precharge] - c.before.Commands[ddr4.Precharge]
		n.PrechargeAlls = now.Commands[ddr4.PrechargeAll] - c.before.Commands[ddr4.PrechargeAll]
		n.TurnArounds = now.TurnArounds - c.before.TurnArounds
		dst = append(dst, n)
	}
	return dst
}

// AppendState appends the time: the refresh interval, open rows and queues make every state another one, so nothing is ever skipped.
func (d *Detailed) AppendState(b []uint64, now int64) []uint64 {
	return append(b, uint64(now))
}

// Mix is what the channels will have done once their queues are empty; the cycles are ignored.
func (d *Detailed) Mix(int64) Mix {
	var m Mix
	for i := range d.channels {
		c := &d.channels[i]
		c.ctl.CopyTo(c.ahead)
		for c.ahead.Pending() > 0 {
			c.ahead.Step(math.MaxInt64)
		}
		n := c.ahead.Counters()
		m.add(Mix{
			Activates: n.Commands[ddr4.Activate], Precharges: n.Commands[ddr4.Precharge], PrechargeAlls: n.Commands[ddr4.PrechargeAll],
			Reads: n.Commands[ddr4.Read], Writes: n.Commands[ddr4.Write], Refreshes: n.Commands[ddr4.Refresh],
			Hits: n.Hits, Misses: n.Misses, Conflicts: n.Conflicts, TurnArounds: n.TurnArounds,
		})
	}
	return m
}
