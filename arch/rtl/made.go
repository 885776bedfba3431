package rtl

import (
	"fmt"

	"satsim/arch/spec"
	"satsim/internal/config"
)

// archFile and boardFile of a bundle hold the architecture that it is of, every key with its value.
const (
	archFile  = "arch.yaml"
	boardFile = "board.yaml"
)

// origin says what made a bundle, and of what; the command makes it again.
type origin struct {
	By          string `json:"by"` // program and model version; left out where nobody said
	Command     string `json:"command"`
	Seed        uint64 `json:"seed"`
	Tiles       int    `json:"tiles"`
	Side        int    `json:"side"`
	ReadLatency int    `json:"read_latency"`
	HeldPlaces  bool   `json:"held_places"`
}

func originOf(o Options, drawn bool) origin {
	command := fmt.Sprintf("satsim rtl --arch %s --seed %d --tiles %d --side %d --read-latency %d", archFile, o.Seed, o.Tiles, o.Side, o.Read)
	if o.Held {
		command += " --held-places"
	}
	if drawn {
		command += " --waves"
	}
	return origin{o.By, command + " -o FOLDER", o.Seed, o.Tiles, o.Side, o.Read, o.Held}
}

// models adds the architecture and its board as files.
func (b *Bundle) models(s *spec.Spec) error {
	arch, err := config.Encode("arch", spec.File{Arch: s.Arch, Board: boardFile})
	if err != nil {
		return fmt.Errorf("writing the architecture: %w", err)
	}
	board, err := config.Encode("board", spec.BoardFile{Board: s.Board})
	if err != nil {
		return fmt.Errorf("writing the board: %w", err)
	}
	b.Files[archFile], b.Files[boardFile] = arch, board
	return nil
}
