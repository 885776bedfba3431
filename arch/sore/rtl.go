package sore

import "embed"

// RTL is the engine in Verilog, a module a file, in the folder rtl; it needs the modules of package fp. In rtl/bench is what replays Vectors.
//
//go:embed doc.go rtl/*.v rtl/bench/*.v
var RTL embed.FS
