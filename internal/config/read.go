package config

import (
	"fmt"
	"io"
	"os"

	"satsim/internal/quantity"
)

// How large a file that is read whole may be: many times the largest that anybody has written. Whoever has a larger one says so in the environment.
const (
	ModelLimit  = 4 << 20  // of a model file: some 100,000 lines
	OutputLimit = 64 << 20 // of what satsim itself wrote: records, schedules
)

// LimitVariable of the environment replaces both.
const LimitVariable = "SATSIM_FILE_LIMIT"

// Read reads a whole file: the one door for model files, schedules, topologies and records. What is larger than a limit, or never ends, is refused
// once that much has been read.
func Read(path string, limit quantity.Bytes) ([]byte, error) {
	if text := os.Getenv(LimitVariable); text != "" {
		if err := limit.UnmarshalText([]byte(text)); err != nil {
			return nil, fmt.Errorf("%s: %w", LimitVariable, err)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > int64(limit) {
		return nil, &os.PathError{Op: "read", Path: path, Err: fmt.Errorf("it is larger than %v, the limit for one file; %s=64MiB in the environment sets another", limit, LimitVariable)}
	}
	return data, nil
}
