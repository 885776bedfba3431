// Package memory models the off-chip memory as the accelerator sees it: channels of DRAM, each behind a controller-side port.
//
// Fast serves whole requests (tiles) from a table of service times that was fitted to the command-level model of package
// ddr4. Each channel has two resources, the DRAM's data bus and the port; a request takes each for a time that depends on its
// bytes, the length of its contiguous runs, its direction and that of the request before it, and on nothing else: no address and
// no absolute time. Refresh stretches every DRAM time by a rational factor.
//
//	read:  DRAM from max(arrival + crossing, DRAM free) for its service; the port from the first data on, until it has carried all
//	       and no earlier than the DRAM's last data; done a crossing later
//	write: port from max(arrival, port free); DRAM a crossing behind; done when the port has carried all and what the DRAM has
//	       not yet taken fits its write queue
//
// Crossing latency (assumption): 6 core cycles each way. Vendor controllers on UltraScale+ answer an idle row hit after about 73 ns
// where the device needs 18 ns; the difference, 55 ns, is 11 cycles at 200 MHz.
package memory
