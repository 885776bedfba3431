// Package atomicfile writes output: a file is whole or not there, and what may be written to is decided in one place.
//
// # Where output goes
//
//	a name that is free      a new file, beside it first and then renamed; folders are made; its mode is what the umask leaves of 0666
//	a regular file           replaced in the same way, with the mode that it has
//	a link                   written through: what it names, there or not, is replaced or made; the link stays
//	a device, pipe, socket   written into, as it comes: nothing is renamed over it
//	standard output, error   written into, by whatever name (/dev/stdout)
//	a folder                 refused by Write; Folder replaces one that is its own, as a whole
//	a read-only file         refused, for root as well; so is what lies in a folder in which nothing can be made, before the work begins
//	what the command reads   refused, unless it is a device, pipe or socket
//	what is of no known kind refused where the command chose the name (FileKind): it replaces its own, and nothing else
//
// # What a killed writer leaves
//
// The file beside, .NAME.NUMBER.satsim-tmp. Its writer holds a lock on it for as long as it lives; the next write into the same folder removes
// those whose lock nobody holds.
//
// A writer of a folder holds such a file, too, and beside it, with .new behind its name, the folder that it makes. Where two folders can be exchanged (Linux), the new one takes
// the place of the old one at once. Elsewhere the old one steps aside first, with .old behind the file's name. The next write into the same place removes folders whose file is not
// there, but one that stepped aside and was not replaced comes back: it is whole.
package atomicfile
