package memory

import (
	"fmt"
	"testing"

	"satsim/internal/quantity"
)

// By hand: a rank of 64 bits of DDR4 has 16 banks and rows of 8 KiB, so 128 KiB a row of all banks: 2 Gb devices x8 have 2^14 rows, 2 GiB; 8 Gb x8 2^16, 8 GiB; the 16 GB
// DIMMs of a VCU1525, of 8 Gb x4, 2^17; 16 Gb x4 2^18, 32 GiB. A pseudo-channel of HBM2 has 16 banks and rows of 1 KiB, 16 KiB a row of all: 2^14 are the 256 MiB of a U280,
// 2^15 the 512 MiB of a U55C.
func TestRowsMakeUpTheCapacity(t *testing.T) {
	p := Default()
	for _, c := range []struct {
		technology string
		capacity   quantity.Bytes
		rows       int64
	}{
		{DDR4, 2 << 30, 1 << 14}, {DDR4, 8 << 30, 1 << 16}, {DDR4, 16 << 30, 1 << 17}, {DDR4, 32 << 30, 1 << 18}, {HBM2, 256 << 20, 1 << 14}, {HBM2, 512 << 20, 1 << 15},
		{DDR4, 1 << 30, 0}, {DDR4, 12 << 30, 0}, {DDR4, 64 << 30, 0}, {DDR4, 16<<30 + 1, 0}, {HBM2, 16 << 30, 0}, {HBM2, 64 << 20, 0}, {HBM2, 0, 0},
	} {
		p.Technology, p.CapacityPerChannel = c.technology, c.capacity
		dev, err := p.Device()
		if (err == nil) != (c.rows > 0) || fmt.Sprint(err) != fmt.Sprint(p.Validate()) {
			t.Errorf("%v of %s: %v, validated: %v", c.capacity, c.technology, err, p.Validate())
		}
		if err == nil && (dev.Rows != c.rows || dev.Capacity() != int64(c.capacity) || dev.Validate() != nil) {
			t.Errorf("%v of %s: %d rows, %d bytes, %v", c.capacity, c.technology, dev.Rows, dev.Capacity(), dev.Validate())
		}
	}
}
