// Package sim puts an accelerator together from its spec, on Akita's serial engine, and runs word groups on it.
//
//	             controller
//	   instructions | to every lane
//	memory -> west ----------> STCE -> output -> vector -> out_path -> memory
//	memory -> [dense_north -> SORE ->] north -> STCE
//	                           output -> WUVE -> state_out -> memory
//	memory -> state ------------------> WUVE -> updated -> SORE -> copies -> memory
//	memory -> pass_in -> vector -> pass_out -> memory
//
// A group starts on a drained machine and ends when it is drained again, so its outcome is a pure function of the spec and the
// words, and equal groups are run once.
//
// The off-chip memory is one of two models (board.memory.model). With the detailed one nothing is skipped, and a group's outcome also depends on
// the rows, queues and refresh interval that the groups before have left. Watch shows every request; package trace writes them to a file.
//
// Seconds, energy and layers' names are not known here: an Outcome is cycles and counts.
package sim
