// Package ddr4 is a command-level model of one DRAM channel: a device with the times of JESD79-4 (DDR4), and a controller.
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
// Default is the configuration for which ddr4test has an established simulator's figures: speed bin 2400T (17-17-17), 8 Gb x8 devices. Its
// tRFC of 433 clocks is 360 ns; JESD79-4 asks 350 ns of 8 Gb. Against those figures bandwidth is within 5 % on all but strided streams (most
// within 0.5 %), unloaded latencies equal, and mean latency under load within 8 % (7 % low for random bursts: the peer moves requests whose
// row is open out of the queue and so holds more of them).
package ddr4
