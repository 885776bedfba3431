// Package ddr4 is a command-level model of one DRAM channel: a device with the times of DDR4 (JESD79-4), and a controller.
//
// Device: bank groups x banks, one rank, open rows. Every command obeys
//
//	same bank        tRCD  ACT to RD, WR      tRP  PRE to ACT, REF    tRAS  ACT to PRE    tRC  ACT to ACT
//	                 tRTP  RD to PRE          tWR  end of write data to PRE
//	bank group       tCCD_L, tRRD_L, tWTR_L   the other groups: tCCD_S, tRRD_S, tWTR_S
//	rank             tFAW  at most four ACT   tRTW  gap on the data bus from read to write data
//	                 tRFC  REF to anything    tREFI mean distance of REF
//	data             RD + tCL, WR + tCWL, for BL clocks; one command a clock on the bus
//
// Controller: a read and a write queue. Reads go first until the write queue reaches DrainHigh or no read waits, then writes down to DrainLow.
// Once a row was closed or opened for a write, reads wait until a write was issued: else a read that comes meanwhile would undo it, again and again.
// Within a queue first-ready, first-come-first-served: see Controller.next, with MaxAge bounding how long row hits overtake a request.
// When a refresh is due nothing else begins: all banks are closed, all refreshed. A read is done with its last data, a write when its
// command is issued. A request is looked at a clock after it came.
//
// Assumptions: no power-down, no refresh postponed, no reordering hazards (a DMA engine does not read what it is still writing), 1 N command
// timing. MaxAge is ours (assumption: about four refresh times of a bank, so that it only ends starvation).
//
// Time jumps from command to command. ddr4test.Checker, written apart from the controller, holds the whole command stream against the list above.
//
// Default is DDR4-2400T (17-17-17) of 8 Gb x8 devices. Refresh: tREFI is 7.8 us, the longest mean distance, and so 9,360 clocks and not one more
// (AMD UG1087, register RFSHTMG of a DDR4 controller: "no rounding up"); tRFC is 350 ns, 420 clocks, as gem5 quotes Micron's data sheet of 8 Gb
// devices (DDR4_2400_16x4 in src/python/gem5/components/memory/dram_interfaces/ddr4.py). JESD79-4 itself was not at hand; the other times
// are Ramulator 2's, which says that it has them from JESD79-4C. It has 360 ns and, by a clock of 833 ps, 9,364
// clocks; ddr4test compares with it at those two. Then bandwidth is within 5 % on all but strided streams (most within 0.5 %), unloaded latencies are
// equal, and mean latency under load is within 8 % (7 % low for random bursts: the peer moves requests whose row is open out of the queue and so
// holds more of them). Agreement of two simulators shows that they have the same rules, not that a board does.
package ddr4
