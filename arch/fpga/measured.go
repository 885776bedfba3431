package fpga

// What synthesis counts (package arch/rtl/synthesis, testdata/grid.csv) is not what a placed design takes. The corrections, as data:

// inPairs is how many of ten thousand LUTs share a LUT's site with another at most. yosys pairs none. The vendor's report_failfast (XilinxTclStore,
// tclapp/xilinx/designutils) has an example on a full XCVU9P with 36.71 %, and asks for a review from 20 % on: at the low end every pair saves a
// site, at the high end there are none.
const inPairs = 3671

// cells is what LUTs of a netlist take: low those of 2 to 6 inputs in pairs, high all, those of one input among them, which yosys leaves as ways
// through and a vendor's tool takes out. That a vendor's tool maps better or worse than yosys is not corrected: nothing published compares them on modules like these.
func cells(low, high int64) Range { return Range{low * (20000 - inPairs) / 20000, high} }

// inSlice is the stages of a multiplier whose registers a DSP slice has: operands, product, output (A and B, M, P of UG579). yosys packs none of them.
const inSlice = 3
