package scalesim

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
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
	Channels, Filters         int64
	Stride, Dilation          [2]int64 // height, width
	Padded                    bool     // a column says so: Height and Width are without it
	Pads                      [4]int64 // top, left, bottom, right
	Groups                    int64    // 0: no column says

	Sparsity nm.Ratio // Dense where the file says nothing
}

// Product reports whether the row is one of M, N and K.
func (r TopologyRow) Product() bool { return r.M > 0 }

// maxFile bounds a file; the largest that SCALE-Sim ships has 20 KB.
const maxFile = 16 << 20

// Read reads a topology file. All errors are reported together, each with its line.
func Read(r io.Reader) (*Topology, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("it has more than %d bytes", maxFile)
	}
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	t := &Topology{}
	p := parser{}
	var errs []error
	whole := strings.TrimPrefix(string(text), "\ufeff")
	whole = strings.ReplaceAll(strings.ReplaceAll(whole, "\r\n", "\n"), "\r", "\n")
	separator := separatorOf(whole)
	for i, line := range strings.Split(whole, "\n") {
		row, err := p.row(line, separator)
		if err != nil {
			if errs = append(errs, fmt.Errorf("line %d: %w", i+1, err)); len(errs) == 20 || errors.Is(err, errLayout) || errors.Is(err, errReport) || p.columns == nil {
				break
			}
			continue
		}
		if row != nil {
			row.Line = i + 1
			t.Rows = append(t.Rows, *row)
		}
	}
	if len(errs) == 0 && len(t.Rows) == 0 {
		errs = append(errs, errors.New("no row describes a layer"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return t, nil
}

// separatorOf is what stands between the fields of a file: a comma, else a tab, else a semicolon.
func separatorOf(text string) rune {
	for _, r := range ",\t" {
		if strings.ContainsRune(text, r) {
			return r
		}
	}
	return ';'
}

// parser knows what the header said.
type parser struct {
	columns []column // of a row behind its name
}

// row reads a line: a layer, or nothing.
func (p *parser) row(text string, separator rune) (*TopologyRow, error) {
	fields, err := split(text, separator)
	if err != nil {
		return nil, err
	}
	empty := true
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
		empty = empty && (i == 0 || fields[i] == "")
	}
	if empty {
		return nil, nil
	}
	if isHeader(fields) {
		p.columns, err = bind(fields)
		return nil, err
	}
	if p.columns == nil {
		// Without a header the number of fields decides.
		p.columns = productColumns
		if len(fields) > len(convColumns) {
			p.columns = convColumns
		}
	}
	return p.layer(fields)
}

// split takes a line's fields, quoted or not.
func split(text string, separator rune) ([]string, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = separator, -1, true, separator != '\t'
	fields, err := r.Read()
	if errors.Is(err, io.EOF) {
		return []string{""}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("splitting its fields: %w", err)
	}
	return fields, nil
}

func (p *parser) layer(fields []string) (*TopologyRow, error) {
	row := &TopologyRow{Name: fields[0], Sparsity: nm.Dense}
	if row.Name == "" {
		return nil, errors.New("the layer has no name")
	}
	need := 1
	for i, c := range p.columns {
		if slices.Contains(convColumns, c) || slices.Contains(productColumns, c) {
			need = i + 2
		}
	}
	if len(fields) < need {
		var titles []string
		for _, c := range p.columns[:need-1] {
			titles = append(titles, c.title())
		}
		return nil, fmt.Errorf("layer %q has %d fields; %d are needed: name, %s", row.Name, len(fields), need, strings.Join(titles, ", "))
	}
	for i, text := range fields[1:] {
		if i >= len(p.columns) {
			break
		}
		if err := row.set(p.columns[i], text); err != nil {
			return nil, fmt.Errorf("layer %q: %w", row.Name, err)
		}
	}
	if err := row.behind(fields[min(len(fields), len(p.columns)+1):]); err != nil {
		return nil, fmt.Errorf("layer %q: %w", row.Name, err)
	}
	return row, row.check()
}

// behind reads what stands behind the columns that the header names: a ratio, the two numbers of one (as SCALE-Sim writes it), the stride once more
// (in a file that SCALE-Sim ships), or a remark.
func (r *TopologyRow) behind(fields []string) error {
	for len(fields) > 0 && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
		return nil
	}
	text := fields[0]
	if len(fields) == 2 {
		text += ":" + fields[1]
	}
	if len(fields) == 1 && !r.Product() && text == strconv.FormatInt(r.Stride[0], 10) {
		return nil
	}
	if len(fields) < 3 && strings.Contains(text, ":") {
		return r.set(sparsity, text)
	}
	for _, f := range fields {
		if err := r.set(unnamed, f); err != nil {
			return err
		}
	}
	return nil
}

// set takes a field.
func (r *TopologyRow) set(c column, text string) error {
	var to []*int64
	least := int64(1)
	switch c {
	case unnamed:
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			return fmt.Errorf("no column of the header has the number %s; %s", text, known)
		}
		return nil
	case derived:
		return nil
	case height:
		to = []*int64{&r.Height}
	case width:
		to = []*int64{&r.Width}
	case filterHeight:
		to = []*int64{&r.FilterHeight}
	case filterWidth:
		to = []*int64{&r.FilterWidth}
	case channels:
		to = []*int64{&r.Channels}
	case filters:
		to = []*int64{&r.Filters}
	case strideHeight:
		to = []*int64{&r.Stride[0]}
	case strideWidth:
		to = []*int64{&r.Stride[1]}
	case dilationHeight:
		to = []*int64{&r.Dilation[0]}
	case dilationWidth:
		to = []*int64{&r.Dilation[1]}
	case groups:
		to = []*int64{&r.Groups}
	case productM:
		to = []*int64{&r.M}
	case productN:
		to = []*int64{&r.N}
	case productK:
		to = []*int64{&r.K}
	case padAll, padHeight, padWidth, padTop, padLeft, padBottom, padRight:
		r.Padded, least = true, 0
		to = map[column][]*int64{
			padAll:    {&r.Pads[0], &r.Pads[1], &r.Pads[2], &r.Pads[3]},
			padHeight: {&r.Pads[0], &r.Pads[2]}, padWidth: {&r.Pads[1], &r.Pads[3]}, padTop: {&r.Pads[0]}, padLeft: {&r.Pads[1]}, padBottom: {&r.Pads[2]},
			padRight: {&r.Pads[3]},
		}[c]
	case batchSize:
		if text != "1" && text != "" {
			return fmt.Errorf("the batch size is %q; write 1 and set the batch of the run instead", text)
		}
		return nil
	case sparsity:
		if text == "" {
			return nil
		}
		ratio, err := nm.Parse(text)
		if err != nil {
			return fmt.Errorf("sparsity: %w", err)
		}
		r.Sparsity = ratio
		return nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v < least || v > maxNumber {
		return fmt.Errorf("%s is %q; a whole number from %d to %d is accepted", c.title(), text, least, int64(maxNumber))
	}
	for _, p := range to {
		*p = v
	}
	return nil
}

// check fills what one column says for two, and compares sizes.
func (r *TopologyRow) check() error {
	if r.Product() {
		return nil
	}
	if r.Stride[1] == 0 {
		r.Stride[1] = r.Stride[0]
	}
	if r.Dilation[0] == 0 {
		r.Dilation[0] = 1
	}
	if r.Dilation[1] == 0 {
		r.Dilation[1] = r.Dilation[0]
	}
	h, w := span(r.FilterHeight, r.Dilation[0]), span(r.FilterWidth, r.Dilation[1])
	if h > r.Height+r.Pads[0]+r.Pads[2] || w > r.Width+r.Pads[1]+r.Pads[3] {
		return fmt.Errorf("layer %q: a filter of %dx%d is larger than the input of %dx%d", r.Name, h, w, r.Height, r.Width)
	}
	if r.Groups > 0 && (r.Channels%r.Groups != 0 || r.Filters%r.Groups != 0) {
		return fmt.Errorf("layer %q: %d groups do not divide %d channels and %d filters", r.Name, r.Groups, r.Channels, r.Filters)
	}
	return nil
}

// span is what a filter reaches over.
func span(filter, dilation int64) int64 { return dilation*(filter-1) + 1 }

// maxNumber bounds what a row may say.
const maxNumber = 1 << 30
