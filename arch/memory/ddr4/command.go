package ddr4

// CommandKind is a command of the device.
type CommandKind uint8

// The commands that the controller issues.
const (
	Activate CommandKind = iota
	Precharge
	PrechargeAll
	Read
	Write
	Refresh
	kinds
)

// String is the JEDEC mnemonic.
func (k CommandKind) String() string {
	return [...]string{"ACT", "PRE", "PREA", "RD", "WR", "REF"}[k]
}

// Command is one command on the bus. Data is the first clock of its data and End the clock after the last, for column commands.
type Command struct {
	Clock     int64
	Kind      CommandKind
	Place     Place
	Data, End int64
	Tag       uint32 // of the request that a column command serves
	Arrival   int64  // clock at which it was queued
}

// Counters is what a channel did.
type Counters struct {
	Commands    [kinds]int64
	Hits        int64 // column commands whose row was open
	Misses      int64 // ... whose bank was closed
	Conflicts   int64 // ... whose bank had another row open
	TurnArounds int64 // changes of direction of the data bus
	Aged        int64 // column commands that went before row hits for their age
}
