package scalesim

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// column is what a field of a row means.
type column int

const (
	unnamed column = iota
	derived        // an output size, which follows from the others
	height
	width
	filterHeight
	filterWidth
	channels
	filters
	strideHeight // of both directions, where no other is there
	strideWidth
	padAll
	padHeight // above and below
	padWidth
	padTop
	padLeft
	padBottom
	padRight
	dilationHeight // likewise
	dilationWidth
	groups
	sparsity
	batchSize
	productM
	productN
	productK
)

// names of columns as headers have them, without capitals and with single blanks.
var names = map[string]column{
	"ifmap": height, "ifmap height": height, "ifmap h": height, "input height": height, "ifmap width": width, "ifmap w": width, "input width": width,
	"filter height": filterHeight, "filter h": filterHeight, "kernel height": filterHeight,
	"filter width": filterWidth, "filter w": filterWidth, "kernel width": filterWidth,
	"channels": channels, "channel": channels, "num channels": channels, "input channels": channels,
	"num filter": filters, "num filters": filters, "filters": filters, "output channels": filters,
	"strides": strideHeight, "stride": strideHeight, "stride height": strideHeight, "stride h": strideHeight, "stride width": strideWidth, "stride w": strideWidth,
	"padding": padAll, "pad": padAll, "pads": padAll, "padding height": padHeight, "pad height": padHeight, "padding h": padHeight, "pad h": padHeight,
	"padding width": padWidth, "pad width": padWidth, "padding w": padWidth, "pad w": padWidth,
	"padding top": padTop, "pad top": padTop, "padding left": padLeft, "pad left": padLeft,
	"padding bottom": padBottom, "pad bottom": padBottom, "padding right": padRight, "pad right": padRight,
	"dilation": dilationHeight, "dilations": dilationHeight, "dilation height": dilationHeight, "dilation h": dilationHeight,
	"dilation width": dilationWidth, "dilation w": dilationWidth,
	"groups": groups, "group": groups, "num groups": groups, "sparsity": sparsity, "sparsity ratio": sparsity, "n:m": sparsity,
	"batch": batchSize, "batch size": batchSize, "m": productM, "n": productN, "k": productK,
	"eh": derived, "ew": derived, "e2": derived, "ofmap height": derived, "ofmap width": derived, // output sizes, which follow
}

// The columns that a row cannot do without, in the order in which files without a header have them.
var (
	convColumns    = []column{height, width, filterHeight, filterWidth, channels, filters, strideHeight}
	productColumns = []column{productM, productN, productK}
)

// title is a column's name in messages.
func (c column) title() string {
	return map[column]string{
		height: "IFMAP height", width: "IFMAP width", filterHeight: "filter height", filterWidth: "filter width", channels: "channels", filters: "num filter",
		strideHeight: "stride", strideWidth: "stride width", padAll: "padding", padHeight: "padding height", padWidth: "padding width", padTop: "padding top", padLeft: "padding left",
		padBottom: "padding bottom", padRight: "padding right", dilationHeight: "dilation", dilationWidth: "dilation width", groups: "groups",
		sparsity: "sparsity", batchSize: "batch size", productM: "M", productN: "N", productK: "K",
	}[c]
}

const known = `known are the layer's name, "IFMAP height", "IFMAP width", "filter height", "filter width", "channels", "num filter", "strides" (or "stride height" and ` +
	`"stride width"), "padding", "dilation" (each also of "height" and "width"), "groups", "sparsity", "batch size", and "M", "N", "K"`

// plain is a header's field without capitals, units in brackets, and marks between words.
func plain(field string) string {
	field, _, _ = strings.Cut(field, "(")
	return strings.Join(strings.FieldsFunc(strings.ToLower(field), func(r rune) bool { return strings.ContainsRune(" \t_-.", r) }), " ")
}

// isHeader reports whether a row names columns: none of its fields is a number, and some are known or its first is the layer's name.
func isHeader(fields []string) bool {
	named := 0
	for _, f := range fields[1:] {
		if _, err := strconv.ParseFloat(f, 64); err == nil {
			return false
		}
		if _, ok := names[plain(f)]; ok && f != "" {
			named++
		}
	}
	return named > 0 || strings.HasPrefix(plain(fields[0]), "layer") && len(fields) > 2
}

// errLayout and errReport name files of SCALE-Sim that are no topologies.
var (
	errLayout = errors.New("it is a layout file of SCALE-Sim, which says how operands lie in memory; give the topology file that it belongs to")
	errReport = errors.New("it is a report of SCALE-Sim; give the topology file that it was made from")
)

// bind gives the columns their meanings by the header.
func bind(fields []string) ([]column, error) {
	var out []column
	var unknown []string
	for _, f := range fields[1:] {
		name := plain(f)
		c, ok := names[name]
		switch {
		case strings.Contains(name, "intraline") || strings.Contains(name, "interline"):
			return nil, errLayout
		case name != "" && !ok:
			unknown = append(unknown, strconv.Quote(f))
		case c == width && slices.Contains(out, width) && !slices.Contains(out, height):
			// Files that SCALE-Sim ships call both extents of the input its width.
			out[slices.Index(out, width)] = height
		case c > derived && slices.Contains(out, c):
			return nil, fmt.Errorf("the header names %s twice", c.title())
		}
		out = append(out, c)
	}
	if plain(fields[0]) == "layerid" {
		return nil, errReport
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("unknown column %s; %s", strings.Join(unknown, ", "), known)
	}
	return complete(out)
}

// complete adds what a header leaves out at its end.
func complete(out []column) ([]column, error) {
	for len(out) > 0 && out[len(out)-1] == unnamed {
		out = out[:len(out)-1]
	}
	want := convColumns
	if slices.ContainsFunc(out, func(c column) bool { return slices.Contains(productColumns, c) }) {
		want = productColumns
	}
	if len(out) < len(want) && slices.Equal(out, want[:len(out)]) {
		return want, nil
	}
	var missing []string
	for _, c := range want {
		if !slices.Contains(out, c) {
			missing = append(missing, strconv.Quote(c.title()))
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("the header lacks %s", strings.Join(missing, ", "))
	}
	return out, nil
}
