// Package memory models the off-chip memory as the accelerator sees it: channels of DRAM, each behind a controller-side port, which take
// requests (tiles) in order of arrival.
//
// Two models have the same face, Serve(cycle of arrival, request) -> cycle at which its last byte has crossed the port:
//
//   - Detailed splits a request into bursts and runs command-level channels (package ddr4) behind the port.
//   - Fast takes service times from a table that was fitted to the command-level model (Fit, in the package's tests; fitted.go, which
//     SATSIM_UPDATE=1 go test ./arch/memory writes). It reads no address and no absolute time, its state is
//     integers, and equal states have equal futures.
//
// # Port
//
// One command port for reads and writes: a burst takes ceil(bytes / width) port clocks of it, whichever way it goes (assumption: the
// native interface of the vendor's controller takes one command a clock; port_duplex lifts that in the fast model). A transfer is
// CrossingLatency core cycles under way, each way. Assumption: 6. Vendor controllers on UltraScale+ add some 55 ns to the device's
// latency of an idle row hit, which is 11 cycles at 200 MHz (no data sheet states it).
//
// # Fast
//
// A channel has two resources, the port and the DRAM's data bus. With S the service time of a request in the DRAM and P its time in the port,
//
//	start   = max(arrival, port free)
//	crossed = start + P
//	DRAM    = max(start + crossing, DRAM free) + S
//	last    = max(DRAM, crossed + crossing)
//	port    = max(crossed, last - Q - crossing)    the queue of the controller, Q of service, holds the port when it is full
//	read done = last + latency + crossing          write done = port
//
// S is the sum over runs of a table of (direction, run length, distance from run to run), plus what a change of direction and a change of
// stream cost; refresh stretches it by tREFI / (tREFI - what a refresh costs). P is stretched too, by what of a refresh the queue
// does not hide. Each request is rounded once, to a unit: the greatest part of a core cycle in which port clocks are whole. Remainders
// carried on would delay the return of a loop to its state without making it more right than half a unit a request.
//
// Rows of the table for distances beyond a quarter of a row hold for powers of two; between them the time is taken as linear, and a distance
// of several rows as its largest power of two. A whole request in one run continues where its stream ended; other streams are taken to lie in
// other rows, which are closed when they come: they open one in each bank group that they touch, and those that begin on the way. That counts activates (docs/memory.md has
// how far it is off); it costs time as the table has it.
//
// # Which of the two
//
// Params.Model chooses (New). Full steps run on Fast, whose state returns, so that equal periods can be skipped. Detailed is never skipped,
// and goes on from group to group: nothing closes rows or restarts the refresh interval of a DRAM between two of them. On the layers of
// ResNet-18 at 64x64, batch 64, the two agree in the cycles of a layer's stage to 1.6 % at worst, 0.03 % in the median; the test that holds them
// to each other is with results/experiment/machine. On described traffic they agree to 7 % where all requests are of 32 KiB or more and up to eight
// of a stream are under way; on smaller requests the fast model is worse (Domain).
//
// # Where the time went
//
// Counters are integers in units of time of the model (UnitHz). Params.Use makes shares of what the pins could have moved: bytes that were
// asked for; the rest of bursts; rows (activates and banks that were not ready, bank groups among them); changes of direction; refreshes
// while there was work; the port, where it takes longer than the DRAM; and nothing asked for, or latency. Fast has rows, turns and refreshes
// from its table. Detailed has them from the gaps on the data bus, each charged to what came before it (account.go): a gap has one
// cause there, which is a convention where several overlap.
//
// # Technologies
//
// DDR4-2400 (ddr4.Default) and a pseudo-channel of HBM2 at 1800 MT/s (technology.go). A channel has the rows that its capacity takes, and
// one that none of the technology's devices make up is refused. The times are those of 8 Gb devices x8 at any capacity. (Sixteen x4
// make up a 16 GiB DIMM; they differ in tFAW, 16 clocks instead of 26, which a row of 8 KiB read whole, 512 clocks of the bus, never meets.)
package memory
