package record

// Memory is what a run made of the off-chip memory. Cycles, bytes and commands of a word group, passes beside its product included,
// belong to the stage of the group.
type Memory struct {
	Model    string          `json:"model"`
	Peak     float64         `json:"peak_bytes_per_s"` // of the pins of all channels
	Channels []MemoryChannel `json:"channels"`         // over the step
	Stages   []MemoryStage   `json:"stages"`           // and the whole step last
}

// MemoryChannel is one channel over the step.
type MemoryChannel struct {
	Channel    int   `json:"channel"`
	ReadBytes  int64 `json:"dram_read_bytes"`
	WriteBytes int64 `json:"dram_write_bytes"`
	Use
}

// MemoryStage is all channels over a stage.
type MemoryStage struct {
	Stage  string `json:"stage"`
	Cycles int64  `json:"cycles"`
	Use
	Operands []MemoryOperand `json:"operands"`
}

// MemoryOperand is an operand's traffic in one direction. Shares of a stage add up to the stage's useful share, but for what tiles
// that do not divide evenly over the channels are rounded by.
type MemoryOperand struct {
	Operand string  `json:"operand"`
	Lane    string  `json:"lane"`
	Bytes   int64   `json:"dram_bytes"`
	Share   float64 `json:"useful_share"` // of the peak
}

// Use is what a stretch of time made of channels.
type Use struct {
	Mix
	Shares
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
