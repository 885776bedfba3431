package data

import (
	"errors"
	"fmt"
	"io"
)

const (
	cifarSide   = 32
	cifarPlane  = cifarSide * cifarSide
	cifarRecord = 1 + 3*cifarPlane
	cifarFile   = 10_000 // records of a file
	cifarLabels = 10
)

// ReadCIFAR10 reads one file of CIFAR-10's binary version: pixels channels last, and labels.
func ReadCIFAR10(r io.Reader) (pixels, labels []uint8, err error) {
	record := make([]uint8, cifarRecord)
	for {
		n, err := io.ReadFull(r, record)
		switch {
		case errors.Is(err, io.EOF) && len(labels) > 0:
			return pixels, labels, nil
		case errors.Is(err, io.EOF):
			return nil, nil, errors.New("the file is empty")
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil, nil, fmt.Errorf("cut off, or no CIFAR-10 file: record %d has %d of %d bytes", len(labels), n, cifarRecord)
		case err != nil:
			return nil, nil, fmt.Errorf("reading record %d: %w", len(labels), err)
		case record[0] >= cifarLabels:
			return nil, nil, fmt.Errorf("no CIFAR-10 file: label %d of record %d; 0 to 9 is accepted", record[0], len(labels))
		case len(labels) == cifarFile:
			return nil, nil, fmt.Errorf("no CIFAR-10 file: more than %d records", cifarFile)
		}
		labels = append(labels, record[0])
		planes := record[1:]
		for i := range cifarPlane {
			pixels = append(pixels, planes[i], planes[cifarPlane+i], planes[2*cifarPlane+i])
		}
	}
}
