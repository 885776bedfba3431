// Package synthesis measures the modules of the units as yosys makes them: cells, and the longest paths between registers.
//
// Modules are measured one by one (a Point: a module and its parameters), for a whole array does not end. Measurements are kept as a table,
// testdata/grid.csv, from which arch/fpga takes its figures, and from which latencies are chosen (Fewest). It is made anew by
//
//	SATSIM_GRID=FOLDER go test ./arch/rtl/synthesis -run 'TestGrid$' -timeout 4h
//
// which leaves netlists in the folder and does not synthesize again what it finds there of the same sources; testdata/grid.txt has the version of yosys and its command. What yosys does not do, and what a reader of the table has to mend:
// it packs no registers into DSP slices, counts carries as CARRY4, pairs no LUTs, leaves LUT1 that route through, and builds adders of LUTs whatever use_dsp says.
package synthesis
