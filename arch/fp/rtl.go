package fp

import "embed"

// RTL are the operators in Verilog, a module a file, in the folder rtl.
//
//go:embed rtl/*.v
var RTL embed.FS
