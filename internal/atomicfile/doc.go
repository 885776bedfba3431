// Package atomicfile writes output: a file is whole or not there, and what may be written to is decided in one place.
//
// # Where output goes
//
//	a name that is free      a new file, beside it first and then renamed; folders are made; its mode is what the umask leaves of 0666
//	a regular file           replaced in the same way, with the mode that it has
//	a link                   written through: what it names, there or not, is replaced or made; the link stays
//	a device, pipe, socket   written into, as it comes: nothing is renamed over it
//	standard output, error   written into, by whatever name (/dev/stdout)
//	a folder                 refused
//	a read-only file         refused, for root as well
//	what the command reads   refused, unless it is a device, pipe or socket
//	what is of no known kind refused where the command chose the name (FileKind): it replaces its own, and nothing else
//
// # What a killed writer leaves
//
// The file beside, .NAME.NUMBER.satsim-tmp. Its writer holds a lock on it for as long as it lives; the next write into the same folder removes
// those whose lock nobody holds.
package atomicfile
