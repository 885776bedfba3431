// Package feed is what stands between units and buffers: readers, which bring a unit the words of its jobs before it asks, and writers, which give what leaves it a place.
//
// SORE, WUVE, the vector unit and the normaliser ask for operands in a cycle and take them in it, and what leaves them cannot wait; a buffer answers READ cycles after its address, 1 to 3 for block
// and UltraRAM. The array has feeders and drains of its own, which know its slots (package stce).
//
// # A reader
//
// A job is rows of words, from an address on: of SORE a row is a wave of groups and a word one slot of all lanes; of WUVE and the normaliser, and of work on elements alone, a row is one word; of work over rows a
// row is a row. A word may lie in parts, in several buffers, each with an address of its own, which moves on with every word or with every row (scalars of a row).
//
//	start taken  address  ...  data is there  offered, and taken at the earliest
//	s            s+1           s+1+READ       s+2+READ
//
//	READ 2; a digit is a word; the unit takes what is there, but not in cycles 6 and 7
//
//	cycle      0 1 2 3 4 5 6 7 8 9 10
//	start      x
//	address      0 1 2 3 4 5     6 7      READ + 2 words are on their way, wait or are offered, at most
//	offered            0 1 2 2 2 3 4
//	taken              0 1     2 3 4
//
// So a unit that never waits for anybody else never waits for its reader but at the start: a job that is offered to the unit and to its reader in one cycle, both having nothing to do,
// gets its first word READ + 2 cycles later. SORE and the normaliser ask for it a cycle after their job was taken, WUVE and the vector unit two: of Late, those wait
// READ + 1 cycles and these READ, once. A
// reader that is started that much sooner costs nothing. Jobs that follow cost nothing: the next start is taken in the cycle of the last address, and words of the next job
// wait while the unit is at the one before.
//
// What holds an address back (operands that are not resident, another user of the port) is hold; it may come in any cycle, and so may a unit that takes nothing. Words are never lost, and
// never offered twice. An address is a matter of registers and of hold alone, never of what the unit does in that cycle.
//
// # A writer
//
// Of what leaves, the first word of a row is marked, and the others follow one a cycle: of SORE a row is the pairs of a wave, n of them, of which lanes with short groups have fewer; elsewhere a
// row is one word. Every row has its place, and every word of it, whether or not a lane has something there; lanes without are not written. Writing is a cycle later: address and data are registers.
// A start is taken while no row is to come, and in the cycle of the first word of the last one, so that jobs follow each other as closely as the unit has them.
//
// # In Verilog
//
// RTL is feed_reader and feed_writer, equal to Reader and to the places above in every cycle. Edges are those of the units: "cycle t" at a port is the time that ends with edge t. Fields are bases, rows and words, none
// of rows and words 0; the sender multiplies and divides nothing. Words that wait lie in distributed RAM, 4 deep, behind a register that the unit sees. Reset is synchronous, lasts a cycle
// at least, and forgets what was asked of the buffers; data is not reset. Rooms of units have a module that puts them between reader and writers (UNIT_fed.v).
package feed
