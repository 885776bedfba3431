package feed

import "embed"

// RTL are the reader and the writer in Verilog, in the folder rtl. In rtl/bench is what holds them to Reader, and to the places of a writer.
//
//go:embed doc.go rtl/*.v rtl/bench/*.v
var RTL embed.FS
