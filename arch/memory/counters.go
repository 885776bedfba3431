package memory

// ChannelCounters is what happened on one channel. Times are in units of the model (Model.UnitHz).
type ChannelCounters struct {
	Requests    int64
	ReadBytes   int64 // useful
	WriteBytes  int64
	Bursts      int64 // moved, useful or not
	TurnArounds int64 // changes of direction: between requests (fast), on the data bus (detailed)
	BusyUnits   int64 // the DRAM's data bus, all overheads and refresh included
	PortUnits   int64 // the port
	Opens       int64 // activates, in thousandths: an estimate from the table (fast)
	WriteBursts int64 // of Bursts
	TurnUnits   int64 // of BusyUnits: lost to changes of direction

	// The fast model derives these from the others when it is asked.
	RefreshUnits int64 // of BusyUnits: lost to refreshes
	Hits         int64 // bursts whose row was open
	Misses       int64 // ... whose bank was closed; the fast model's are all that were no hits
	Conflicts    int64 // ... whose bank had another row open
	Precharges   int64 // the fast model has one for each activate

	// Counted by the detailed model only; the fast one knows a rate (see Params.Use).
	PrechargeAlls int64
	Refreshes     int64
}

// Fields lists every counter, in order of declaration.
func (c *ChannelCounters) Fields() [17]*int64 {
	return [...]*int64{&c.Requests, &c.ReadBytes, &c.WriteBytes, &c.Bursts, &c.TurnArounds, &c.BusyUnits, &c.PortUnits, &c.Opens,
		&c.WriteBursts, &c.TurnUnits, &c.RefreshUnits, &c.Hits, &c.Misses, &c.Conflicts, &c.Precharges, &c.PrechargeAlls, &c.Refreshes}
}

// carried is how many of them, the first ones, the fast model keeps while it runs.
const carried = 10

// Add adds o to c.
func (c *ChannelCounters) Add(o *ChannelCounters) {
	to, from := c.Fields(), o.Fields()
	for i := range to {
		*to[i] += *from[i]
	}
}

// Unit is how many units a core cycle has.
func (f *Fast) Unit() int64 { return f.unit }

// UnitHz is how many units a second has.
func (f *Fast) UnitHz() int64 { return f.unit * f.coreHz }

// Counters appends the counters of every channel to dst.
func (f *Fast) Counters(dst []ChannelCounters) []ChannelCounters {
	refresh := newScale(product(f.table.RefreshBusy), product(f.table.RefreshEach))
	for i := range f.channels {
		c := f.channel(i).counters
		c.RefreshUnits = refresh.of(c.BusyUnits)
		c.Misses = min(c.Opens/1000, c.Bursts)
		c.Hits = c.Bursts - c.Misses
		c.Precharges = c.Opens / 1000
		dst = append(dst, c)
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
	var all ChannelCounters
	for _, c := range f.Counters(nil) {
		all.Add(&c)
	}
	return f.params.mix(len(f.channels), &all, cycles, f.coreHz, f.table)
}
