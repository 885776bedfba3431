package memory

// Use is what a stretch of time made of channels.
type Use struct {
	Mix
	Shares
}

// Shares say where the time went for which the pins of channels could have moved data. They add up to one (to more only when writes that
// are still queued at the end exceed the time).
type Shares struct {
	Useful  float64 `json:"useful_share"`  // bytes asked for: the achieved bandwidth
	Padding float64 `json:"padding_share"` // the rest of bursts that were not wanted whole
	Rows    float64 `json:"rows_share"`    // opening rows, and banks that were not ready
	Turns   float64 `json:"turns_share"`   // changes of direction
	Refresh float64 `json:"refresh_share"` // refreshes, while there was work
	Port    float64 `json:"port_share"`    // the port took longer than the DRAM
	Idle    float64 `json:"idle_share"`    // nothing was asked for, or latency
}

// mix is the commands that counters of n channels stand for. A rate of refreshes comes from the table.
func (p Params) mix(n int, c *ChannelCounters, cycles, coreHz int64, t *TimingTable) Mix {
	m := Mix{
		Activates: c.Opens / 1000, Precharges: c.Precharges, PrechargeAlls: c.PrechargeAlls, Reads: c.Bursts - c.WriteBursts, Writes: c.WriteBursts,
		Refreshes: c.Refreshes, Hits: c.Hits, Misses: c.Misses, Conflicts: c.Conflicts, TurnArounds: c.TurnArounds,
	}
	if p.Model == ModelFast {
		m.Refreshes = int64(n) * newScale(product(t.ClockHz, 1000), product(coreHz, t.RefreshEach)).of(cycles)
	}
	return m
}

// Use sums up counters of n channels over so many core cycles; unitHz is Model.UnitHz.
func (p Params) Use(n int, c *ChannelCounters, cycles, coreHz, unitHz int64) Use {
	t, _ := technologyOf(p.Technology)
	u := Use{Mix: p.mix(n, c, cycles, coreHz, t.table)}
	if cycles == 0 {
		return u
	}
	seconds := float64(cycles) / float64(coreHz) * float64(n)
	peak := float64(p.PeakBandwidth()) * seconds
	share := func(units int64) float64 { return float64(units) / float64(unitHz) / seconds }
	data := float64(c.Bursts*t.device.BurstBytes) / peak
	u.Useful = float64(c.ReadBytes+c.WriteBytes) / peak
	u.Padding = data - u.Useful
	turns, refresh := share(c.TurnUnits), share(c.RefreshUnits)
	if p.Model == ModelFast && c.BusyUnits > 0 { // refresh stretches everything
		turns -= turns * float64(c.RefreshUnits) / float64(c.BusyUnits)
	}
	// What is left is given to causes in turn, as far as it goes: some of the last writes is done after the time is up.
	left := max(1-data, 0)
	take := func(want float64) float64 {
		got := min(max(want, 0), left)
		left -= got
		return got
	}
	u.Turns, u.Refresh = take(turns), take(refresh)
	u.Rows = take(share(c.BusyUnits) - data - turns - refresh)
	u.Port = take(share(c.PortUnits - c.BusyUnits))
	u.Idle = left
	return u
}
