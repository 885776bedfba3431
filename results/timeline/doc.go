// Package timeline writes what a machine does during a training step, cycle by cycle, for a trace viewer.
//
// # Slices
//
// A track is a lane of a unit: an instruction queue (package word), such as the reads for the west buffer, the array, or the output path of the vector unit. Lanes of one unit share its
// resource. A slice is one instruction: a tile moved, multiplied, pruned, updated. It begins when the lane starts it and ends when its results are there, or when the
// lane's next instruction starts, if that is earlier: units are pipelined, and a lane has two instructions under way at most. So slices of a track never overlap, and their
// lengths add up to the time that the record calls the lane's computing_cycles. When results are there is in the slice's arguments (done).
//
// Off-chip memory has a lane for each operand. A transfer is spread over the channels of its mask (the argument channels), all of which it uses at once, so a channel
// has no slices of its own in the fast model. The counters `bytes read` and `bytes written` are what was moved from the step's beginning on, counted when a transfer ends; a viewer shows
// their rate, the bandwidth, if asked to. Over skipped periods they rise by what those move.
//
// Counters of buffers are what is reserved or held in them, in bytes, whenever an instruction starts or ends. An arrow goes from the instruction that
// fills a tile of a buffer to the first one that uses it.
//
// # Periods
//
// Where the machine's state returns, periods are skipped (package skip). They are one slice a track, which says how often, how long a period is, and in how
// many of its cycles the lane works (busy). An instruction that is under way when periods are skipped is cut there: its part before, and what is left of it after. One that goes on through
// all of them is one slice. Arrows do not cross what is skipped. With Expand every event is simulated, and nothing is skipped.
//
// Word groups are a track, too. A group that is equal to one before it has the same slices; it is not simulated again, but with the detailed memory model, which
// skips nothing.
//
// # The file
//
// It is the JSON object format of the Trace Event Format (N. Duca, D. Sinclair, "Trace Event Format", Google, 2016; recalled), which ui.perfetto.dev and chrome://tracing open: complete events (X),
// counters (C), flows (s, f) and names (M). Times in it are whole microseconds, and one microsecond on the viewer's axis is one cycle of the core clock: seconds of a clock would be rounded to
// nanoseconds by viewers, and slices that touch would overlap. The clock is among the file's metadata (otherData). Equal runs write equal bytes.
package timeline
