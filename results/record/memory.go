package record

import "satsim/arch/memory"

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
	memory.Use
}

// MemoryStage is all channels over a stage.
type MemoryStage struct {
	Stage  string `json:"stage"`
	Cycles int64  `json:"cycles"`
	memory.Use
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
