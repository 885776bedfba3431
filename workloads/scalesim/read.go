package scalesim

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"satsim/internal/nm"
)

// Topology is what a file says.
type Topology struct {
	Rows []TopologyRow
}

// TopologyRow is one layer. A product has M, N and K; a convolution the rest.
type TopologyRow struct {
	Line int
	Name string

	M, N, K int64

	Height, Width             int64
	FilterHeight, FilterWidth int64
	Channels, Filters, Stride int64

	Sparsity nm.Ratio // Dense where the file says nothing
}

// Product reports whether the row is one of M, N and K.
func (r TopologyRow) Product() bool { return r.M > 0 }

// Fields of a row behind the name.
var (
	convFields    = []string{"IFMAP height", "IFMAP width", "filter height", "filter width", "channels", "num filter", "stride"}
	productFields = []string{"M", "N", "K"}
)

// Read reads a topology file. All errors are reported together, each with its line.
func Read(r io.Reader) (*Topology, error) {
	t := &Topology{}
	p := parser{}
	var errs []error
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<16)
	for line := 1; scan.Scan(); line++ {
		row, err := p.row(scan.Text())
		if err != nil {
			if errs = append(errs, fmt.Errorf("line %d: %w", line, err)); len(errs) == 20 {
				break
			}
			continue
		}
		if row != nil {
			row.Line = line
			t.Rows = append(t.Rows, *row)
		}
	}
	if err := scan.Err(); err != nil {
		errs = append(errs, fmt.Errorf("reading: %w", err))
	}
	if len(errs) == 0 && len(t.Rows) == 0 {
		errs = append(errs, errors.New("no row describes a layer"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return t, nil
}

// parser knows what the header said.
type parser struct {
	fields []string // of a row behind its name
	batch  int      // column of batch sizes, or 0
}

// row reads a line: a layer, or nothing.
func (p *parser) row(text string) (*TopologyRow, error) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	separator := ","
	if !strings.Contains(text, ",") {
		separator = "\t"
	}
	fields := strings.Split(text, separator)
	empty := true
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
		empty = empty && (i == 0 || fields[i] == "")
	}
	if empty {
		return nil, nil
	}
	if header, batch := headerOf(fields); header != nil {
		p.fields, p.batch = header, batch
		return nil, nil
	}
	if p.fields == nil {
		// Without a header the number of fields decides.
		p.fields = productFields
		if len(fields) > len(convFields) {
			p.fields = convFields
		}
	}
	return p.layer(fields)
}

// headerOf gives the fields that a header announces, or nothing if the row is none.
func headerOf(fields []string) ([]string, int) {
	batch := 0
	numbers := 0
	for i, f := range fields[1:] {
		if _, err := strconv.ParseInt(f, 10, 64); err == nil {
			numbers++
		}
		if strings.Contains(strings.ToLower(f), "batch") {
			batch = i + 1
		}
	}
	switch {
	case numbers > 0:
		return nil, 0
	case strings.Contains(strings.ToLower(fields[1]), "ifmap"):
		return convFields, batch
	case len(fields) > 3 && strings.EqualFold(fields[1], "M") && strings.EqualFold(fields[2], "N") && strings.EqualFold(fields[3], "K"):
		return productFields, batch
	}
	return nil, 0
}

func (p *parser) layer(fields []string) (*TopologyRow, error) {
	row := &TopologyRow{Name: fields[0], Sparsity: nm.Dense}
	if row.Name == "" {
		return nil, errors.New("the layer has no name")
	}
	if len(fields) <= len(p.fields) {
		return nil, fmt.Errorf("layer %q has %d fields; %d are needed: name, %s", row.Name, len(fields), len(p.fields)+1, strings.Join(p.fields, ", "))
	}
	into := []*int64{&row.M, &row.N, &row.K}
	if len(p.fields) == len(convFields) {
		into = []*int64{&row.Height, &row.Width, &row.FilterHeight, &row.FilterWidth, &row.Channels, &row.Filters, &row.Stride}
	}
	for i, to := range into {
		v, err := strconv.ParseInt(fields[i+1], 10, 64)
		if err != nil || v < 1 || v > maxNumber {
			return nil, fmt.Errorf("layer %q: %s is %q; a whole number from 1 to %d is accepted", row.Name, p.fields[i], fields[i+1], int64(maxNumber))
		}
		*to = v
	}
	if row.FilterHeight > row.Height || row.FilterWidth > row.Width {
		return nil, fmt.Errorf("layer %q: a filter of %dx%d is larger than the input of %dx%d", row.Name, row.FilterHeight, row.FilterWidth,
			row.Height, row.Width)
	}
	if p.batch > 0 && p.batch < len(fields) && fields[p.batch] != "1" && fields[p.batch] != "" {
		return nil, fmt.Errorf("layer %q: the batch size is %q; write 1 and set the batch of the run instead", row.Name, fields[p.batch])
	}
	if at := len(p.fields) + 1; at < len(fields) && strings.Contains(fields[at], ":") {
		ratio, err := nm.Parse(fields[at])
		if err != nil {
			return nil, fmt.Errorf("layer %q: sparsity: %w", row.Name, err)
		}
		row.Sparsity = ratio
	}
	return row, nil
}

// maxNumber bounds what a row may say.
const maxNumber = 1 << 30
