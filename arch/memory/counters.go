package memory

// ChannelCounters is what happened on one channel. Times of the fast model are in its units (Fast.Unit a core cycle).
type ChannelCounters struct {
	Requests    int64
	ReadBytes   int64 // useful
	WriteBytes  int64
	Bursts      int64 // moved, useful or not
	TurnArounds int64 // changes of direction of the data bus
	BusyUnits   int64 // the DRAM's data bus, all overheads and refresh included
	PortUnits   int64 // the port
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

// Repeat adds what happened since the counters stood at before, times more: what skipping equal periods does.
func (f *Fast) Repeat(before []ChannelCounters, times int64) {
	for i := range f.channels {
		c, b := &f.channels[i].counters, &before[i]
		c.Requests += (c.Requests - b.Requests) * times
		c.ReadBytes += (c.ReadBytes - b.ReadBytes) * times
		c.WriteBytes += (c.WriteBytes - b.WriteBytes) * times
		c.Bursts += (c.Bursts - b.Bursts) * times
		c.TurnArounds += (c.TurnArounds - b.TurnArounds) * times
		c.BusyUnits += (c.BusyUnits - b.BusyUnits) * times
		c.PortUnits += (c.PortUnits - b.PortUnits) * times
	}
}
