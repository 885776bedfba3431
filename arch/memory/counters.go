package memory

// ChannelCounters is what happened on one channel. Times of the fast model are in its units (Fast.Unit a core cycle).
type ChannelCounters struct {
	Requests    int64
	ReadBytes   int64 // useful
	WriteBytes  int64
	Bursts      int64 // moved, useful or not
	TurnArounds int64 // changes of direction between requests
	BusyUnits   int64 // the DRAM's data bus, all overheads and refresh included
	PortUnits   int64 // the port
	Opens       int64 // activates, in thousandths: an estimate from the table
	WriteBursts int64 // of Bursts
}

// Fields lists every counter, in order of declaration.
func (c *ChannelCounters) Fields() [9]*int64 {
	return [...]*int64{&c.Requests, &c.ReadBytes, &c.WriteBytes, &c.Bursts, &c.TurnArounds, &c.BusyUnits, &c.PortUnits, &c.Opens, &c.WriteBursts}
}

// Unit is how many units a core cycle has.
func (f *Fast) Unit() int64 { return f.unit }

// Counters appends the counters of every channel to dst.
func (f *Fast) Counters(dst []ChannelCounters) []ChannelCounters {
	for i := range f.channels {
		dst = append(dst, f.channels[i].counters)
	}
	return dst
}

// Mix is how many commands the channels of a memory took, over all of them.
type Mix struct {
	Activates     int64 `json:"activates"`
	Precharges    int64 `json:"precharges"`
	PrechargeAlls int64 `json:"precharge_alls"`
	Reads         int64 `json:"reads"`
	Writes        int64 `json:"writes"`
	Refreshes     int64 `json:"refreshes"`
	Hits          int64 `json:"row_hits"`
	Misses        int64 `json:"row_misses"`    // the bank was closed
	Conflicts     int64 `json:"row_conflicts"` // it had another row open; the fast model counts these as misses
	TurnArounds   int64 `json:"turn_arounds"`
}

func (m *Mix) add(o Mix) {
	m.Activates += o.Activates
	m.Precharges += o.Precharges
	m.PrechargeAlls += o.PrechargeAlls
	m.Reads += o.Reads
	m.Writes += o.Writes
	m.Refreshes += o.Refreshes
	m.Hits += o.Hits
	m.Misses += o.Misses
	m.Conflicts += o.Conflicts
	m.TurnArounds += o.TurnArounds
}

// Mix estimates the commands of a run of so many core cycles: activates from the table, refreshes from their rate.
func (f *Fast) Mix(cycles int64) Mix {
	var m Mix
	refreshes := newScale(product(f.table.ClockHz, 1000), product(f.coreHz, f.table.RefreshEach)).of(cycles)
	for i := range f.channels {
		c := &f.channels[i].counters
		opens := c.Opens / 1000
		m.add(Mix{Activates: opens, Precharges: opens, Reads: c.Bursts - c.WriteBursts, Writes: c.WriteBursts, Refreshes: refreshes,
			Hits: max(c.Bursts-opens, 0), Misses: min(opens, c.Bursts), TurnArounds: c.TurnArounds})
	}
	return m
}
