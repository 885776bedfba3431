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
// the rows, queues and refresh interval that the groups before have left. Hook lets Akita's hooks hear of every instruction; package trace writes the requests to off-chip memory to a file.
//
// # What of this is Akita's
//
// Akita v3 gives the engine that orders events by time, the interfaces of components, ports, messages and connections, names, and hooks. The
// rest is ours: the components (controller, and one worker for all units), the links between them with their capacity (Akita's own connection
// hides a pointer and buffers from who wants to know the state), the servers that say how long work takes, all counters, and the skipping of
// equal periods, of which Akita knows nothing: it lowers trip counts between two events and never touches the engine's time. No tick, no
// buffer, no cache and no memory model of Akita's is used. Hooks carry traces, and counters never: periods that are skipped fire none.
//
// Seconds, energy and layers' names are not known here: an Outcome is cycles and counts.
package sim
