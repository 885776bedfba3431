package nm

import "fmt"

// Pack writes c as it lies in memory, padded with zeros to whole bursts of burst bytes.
func (t Tile) Pack(c Compressed, burst int) ([]byte, error) {
	if err := t.check(c); err != nil {
		return nil, fmt.Errorf("packing: %w", err)
	}
	w := bitWriter{data: make([]byte, t.Bytes(burst))}
	width := t.Ratio.IndexBits()
	from := 0
	err := t.groups(func(channels int) error {
		to := from + min(t.Ratio.N, channels)
		for _, v := range c.Values[from:to] {
			w.put(uint32(v), valueBits)
		}
		for _, i := range c.Indices[from:to] {
			w.put(uint32(i), width)
		}
		from = to
		return nil
	})
	return w.data, err
}

// Unpack reads what Pack wrote, and refuses what it cannot have written.
func (t Tile) Unpack(data []byte, burst int) (Compressed, error) {
	if int64(len(data)) != t.Bytes(burst) {
		return Compressed{}, fmt.Errorf("unpacking: %d bytes; %d runs of %d channels at %v in bursts of %d bytes take %d",
			len(data), t.Runs, t.Channels, t.Ratio, burst, t.Bytes(burst))
	}
	r := bitReader{data: data}
	c := Compressed{Values: make([]uint16, 0, t.Kept()), Indices: make([]uint8, 0, t.Kept())}
	width := t.Ratio.IndexBits()
	err := t.groups(func(channels int) error {
		k := min(t.Ratio.N, channels)
		for range k {
			c.Values = append(c.Values, uint16(r.get(valueBits)))
		}
		for i := range k {
			if t.Ratio.IsDense() {
				c.Indices = append(c.Indices, uint8(i))
			} else {
				c.Indices = append(c.Indices, uint8(r.get(width)))
			}
		}
		return nil
	})
	if err == nil {
		err = t.check(c)
	}
	if err != nil {
		return Compressed{}, fmt.Errorf("unpacking: %w", err)
	}
	for r.at < len(data)*8 {
		if r.get(1) != 0 {
			return Compressed{}, fmt.Errorf("unpacking: bit %d is set; what follows the last group is zero", r.at-1)
		}
	}
	return c, nil
}

// bitWriter appends numbers, least significant bit first, to data that is zero.
type bitWriter struct {
	data []byte
	at   int
}

func (w *bitWriter) put(v uint32, width int) {
	for b := range width {
		w.data[w.at/8] |= byte(v>>b&1) << (w.at % 8)
		w.at++
	}
}

// bitReader takes numbers off data, least significant bit first.
type bitReader struct {
	data []byte
	at   int
}

func (r *bitReader) get(width int) uint32 {
	var v uint32
	for b := range width {
		v |= uint32(r.data[r.at/8]>>(r.at%8)&1) << b
		r.at++
	}
	return v
}
