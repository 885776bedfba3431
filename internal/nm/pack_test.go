package nm

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// One run of 5 channels at 2:4: a group of four that keeps elements 1 and 3, and a short one of one.
//
//	values 0x1234, 0xabcd, indices 1, 3 (2 bits each), value 0x8001, index 0 (2 bits): 36 + 18 = 54 bits
//	bytes 34 12 cd ab, then bits 1 0, 1 1 (indices), then 0x8001 shifted up by four bits, then 0 0:
//	  0x8001 << 4 | 0b1101 = 0x8001d  ->  1d 00 08, two bits of it unused and zero
func TestPackByHand(t *testing.T) {
	tile := Tile{Ratio: Ratio{2, 4}, Runs: 1, Channels: 5}
	c := Compressed{Values: []uint16{0x1234, 0xabcd, 0x8001}, Indices: []uint8{1, 3, 0}}
	if tile.Bits() != 54 {
		t.Errorf("%d bits, want 54", tile.Bits())
	}
	want := []byte{0x34, 0x12, 0xcd, 0xab, 0x1d, 0x00, 0x08, 0}
	got, err := tile.Pack(c, 8)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("packed %x, %v; want %x", got, err, want)
	}
	back, err := tile.Unpack(want, 8)
	if err != nil || !slices.Equal(back.Values, c.Values) || !slices.Equal(back.Indices, c.Indices) {
		t.Fatalf("unpacked %x %d, %v", back.Values, back.Indices, err)
	}
	dense, err := tile.Expand(c)
	if err != nil || !slices.Equal(dense, []uint16{0, 0x1234, 0, 0xabcd, 0x8001}) {
		t.Fatalf("expanded %x, %v", dense, err)
	}
}

func TestBytesByHand(t *testing.T) {
	for _, c := range []struct {
		tile        Tile
		burst       int
		bits, bytes int64
	}{
		{Tile{Ratio{2, 8}, 1, 64}, 64, 8 * 38, 64},         // 38 bytes fit one burst
		{Tile{Ratio{2, 8}, 1, 64}, 1, 8 * 38, 38},          //
		{Tile{Ratio{2, 8}, 64, 64}, 64, 64 * 8 * 38, 2432}, // 38 bursts exactly
		{Tile{Ratio{2, 4}, 1, 4}, 1, 36, 5},                // 36 bits
		{Tile{Ratio{1, 5}, 1, 5}, 1, 19, 3},                // three bits name five places
		{Tile{Ratio{4, 4}, 1, 6}, 1, 96, 12},               // nothing pruned: no indices
		{Tile{Dense, 3, 7}, 64, 336, 64},                   //
		{Tile{Ratio{1, 32}, 2, 33}, 1, 4 * 21, 11},         // four kept, five bits name 32 places
		{Tile{Ratio{2, 8}, 0, 64}, 64, 0, 0},               //
	} {
		if bits, n := c.tile.Bits(), c.tile.Bytes(c.burst); bits != c.bits || n != c.bytes {
			t.Errorf("%+v in bursts of %d: %d bits, %d bytes; want %d and %d", c.tile, c.burst, bits, n, c.bits, c.bytes)
		}
	}
}

func anyTile(t *rapid.T) Tile {
	return Tile{
		Ratio:    anyRatio().Draw(t, "ratio"),
		Runs:     rapid.IntRange(0, 4).Draw(t, "runs"),
		Channels: rapid.IntRange(0, 70).Draw(t, "channels"),
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tile := anyTile(t)
		burst := rapid.SampledFrom([]int{1, 7, 32, 64}).Draw(t, "burst")
		n := tile.Runs * tile.Channels
		dense := rapid.SliceOfN(anyFP16(), n, n).Draw(t, "dense")

		c, err := tile.Compress(dense)
		if err != nil {
			t.Fatal(err)
		}
		data, err := tile.Pack(c, burst)
		if err != nil {
			t.Fatal(err)
		}
		if len(data)%burst != 0 || int64(len(data))*8 < tile.Bits() || int64(len(data)-burst)*8 >= tile.Bits() && len(data) > 0 {
			t.Fatalf("%d bytes for %d bits in bursts of %d", len(data), tile.Bits(), burst)
		}
		back, err := tile.Unpack(data, burst)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tile.Expand(back)
		if err != nil {
			t.Fatal(err)
		}
		mask := tile.Ratio.MaskRows(dense, tile.Runs, tile.Channels)
		for i, v := range dense {
			if !mask[i] {
				v = 0
			}
			if got[i] != v {
				t.Fatalf("element %d is %#04x, want %#04x", i, got[i], v)
			}
		}
	})
}

func TestUnpackRefusesWhatPackCannotWrite(t *testing.T) {
	tile := Tile{Ratio: Ratio{2, 3}, Runs: 1, Channels: 5} // groups of 3 and 2; two bits an index
	pack := func(i0, i1, i2, i3 uint32) []byte {
		w := bitWriter{data: make([]byte, tile.Bytes(16))}
		for _, pair := range [][2]uint32{{i0, i1}, {i2, i3}} {
			w.put(0xffff, 16)
			w.put(0xffff, 16)
			w.put(pair[0], 2)
			w.put(pair[1], 2)
		}
		return w.data
	}
	padded := pack(0, 2, 0, 1)
	if _, err := tile.Unpack(padded, 16); err != nil {
		t.Fatalf("a good tile is refused: %v", err)
	}
	padded[15] = 1
	for _, c := range []struct {
		data []byte
		want string
	}{
		{pack(0, 3, 0, 1), "group 0: index 3 in a group of 3"},
		{pack(0, 1, 0, 2), "group 1: index 2 in a group of 2"},
		{pack(1, 1, 0, 1), "index 1 follows 1"},
		{pack(2, 0, 0, 1), "index 0 follows 2"},
		{padded, "bit 120 is set"},
		{padded[:15], "15 bytes"},
	} {
		if _, err := tile.Unpack(c.data, 16); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}

func TestCompressedOfAnotherTileIsRefused(t *testing.T) {
	tile := Tile{Ratio: Ratio{2, 4}, Runs: 1, Channels: 4}
	for _, c := range []Compressed{
		{Values: []uint16{1}, Indices: []uint8{0}},
		{Values: []uint16{1, 2}, Indices: []uint8{0}},
		{Values: []uint16{1, 2}, Indices: []uint8{1, 0}},
		{Values: []uint16{1, 2}, Indices: []uint8{0, 4}},
	} {
		if _, err := tile.Pack(c, 1); err == nil {
			t.Errorf("packed %+v", c)
		}
		if _, err := tile.Expand(c); err == nil {
			t.Errorf("expanded %+v", c)
		}
	}
	if _, err := tile.Compress(make([]uint16, 3)); err == nil {
		t.Error("compressed 3 elements as 4")
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(uint8(2), uint8(4), uint8(1), uint8(5), uint8(8), []byte{0x34, 0x12, 0xcd, 0xab, 0x1d, 0x00, 0x08, 0})
	f.Add(uint8(1), uint8(1), uint8(2), uint8(1), uint8(1), []byte{1, 2, 3, 4})
	f.Add(uint8(1), uint8(32), uint8(1), uint8(33), uint8(1), make([]byte, 6))
	f.Fuzz(func(t *testing.T, n, m, runs, channels, burst uint8, data []byte) {
		tile := Tile{Ratio: Ratio{N: int(n), M: int(m)}, Runs: int(runs), Channels: int(channels)}
		if tile.Ratio.Validate() != nil || burst == 0 {
			return
		}
		c, err := tile.Unpack(data, int(burst))
		if err != nil {
			return
		}
		again, err := tile.Pack(c, int(burst))
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%+v: %x unpacks and packs to %x, %v", tile, data, again, err)
		}
	})
}
