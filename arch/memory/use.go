package memory

// Use is what a stretch of time made of channels: commands, and shares of the time for which their pins could have moved data. Shares from
// Useful to Idle add up to one (to more only when writes that are still queued at the end exceed the time).
type Use struct {
	Activates   int64 `json:"activates"`
	Refreshes   int64 `json:"refreshes"`
	Hits        int64 `json:"row_hits"`
	Misses      int64 `json:"row_misses"`
	Conflicts   int64 `json:"row_conflicts"`
	TurnArounds int64 `json:"turn_arounds"`

	Useful  float64 `json:"useful_share"`  // bytes asked for: the achieved bandwidth
	Padding float64 `json:"padding_share"` // the rest of bursts that were not wanted whole
	Rows    float64 `json:"rows_share"`    // opening rows, and banks that were not ready
	Turns   float64 `json:"turns_share"`   // changes of direction
	Refresh float64 `json:"refresh_share"` // refreshes, while there was work
	Port    float64 `json:"port_share"`    // the port took longer than the DRAM
	Idle    float64 `json:"idle_share"`    // nothing was asked for, or latency
}

// Use sums up counters of n channels over so many core cycles; unitHz is Model.UnitHz.
func (p Params) Use(n int, c *ChannelCounters, cycles, coreHz, unitHz int64) Use {
	t, _ := technologyOf(p.Technology)
	u := Use{Activates: c.Opens / 1000, Refreshes: c.Refreshes, Hits: c.Hits, Misses: c.Misses, Conflicts: c.Conflicts, TurnArounds: c.TurnArounds}
	if p.Model == ModelFast {
		u.Refreshes = int64(n) * newScale(product(t.table.ClockHz, 1000), product(coreHz, t.table.RefreshEach)).of(cycles)
	}
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
