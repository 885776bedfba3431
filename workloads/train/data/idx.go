package data

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// maxBytes bounds what a header may announce: four times the largest set of the MNIST family (EMNIST, 814,255 images of 28x28).
const maxBytes = 4 * 814_255 * 28 * 28

const idxBytes = 0x08 // element type: unsigned byte

// ReadIDX reads unsigned bytes and their extents from a stream that may be gzip-compressed.
func ReadIDX(r io.Reader) (extents []int, elements []uint8, err error) {
	in := bufio.NewReader(r)
	if head, err := in.Peek(2); err == nil && bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, fmt.Errorf("unpacking: %w", err)
		}
		defer z.Close()
		in = bufio.NewReader(z)
	}
	var magic [4]byte
	if _, err := io.ReadFull(in, magic[:]); err != nil {
		return nil, nil, cut("the first four bytes", err)
	}
	if magic[0] != 0 || magic[1] != 0 || magic[3] == 0 || magic[3] > 4 {
		return nil, nil, fmt.Errorf("no IDX file: it begins with % x; 00 00, a type and 1 to 4 extents are accepted", magic)
	}
	if magic[2] != idxBytes {
		return nil, nil, fmt.Errorf("elements of type 0x%02x; 0x08 (unsigned bytes) is accepted", magic[2])
	}
	total := 1
	for i := range int(magic[3]) {
		var e uint32
		if err := binary.Read(in, binary.BigEndian, &e); err != nil {
			return nil, nil, cut(fmt.Sprintf("extent %d", i), err)
		}
		if e == 0 || int(e) > maxBytes/total {
			return nil, nil, fmt.Errorf("extent %d is %d; elements in all must be 1 to %d", i, e, maxBytes)
		}
		total *= int(e)
		extents = append(extents, int(e))
	}
	elements, err = io.ReadAll(io.LimitReader(in, int64(total)))
	if err != nil {
		return nil, nil, cut(fmt.Sprintf("%d elements", total), err)
	}
	if len(elements) < total {
		return nil, nil, fmt.Errorf("cut off: %d of %d elements", len(elements), total)
	}
	switch _, err := in.ReadByte(); {
	case err == nil:
		return nil, nil, fmt.Errorf("more bytes follow the %d elements that the header announces", total)
	case !errors.Is(err, io.EOF):
		return nil, nil, cut("the end", err) // a bad checksum shows here
	}
	return extents, elements, nil
}

func cut(what string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("cut off in %s", what)
	}
	return fmt.Errorf("reading %s: %w", what, err)
}
