// What the array counts as a whole, as stce.v lists it: first what to count, then the sums.
//
//   clk           rising edge
//   clear         all counts are 0
//   cause         of the sequencer, in cycle t - 1: which of its waits the cycle is
//   row_cause     of row 0, in cycle t: 1 issue, 2 hazard, 3 a wait for the link, 0 what the sequencer says
//   ws, starts    of the tile: weight stationary; OS sums begin with a start value
//   load_reach    columns that take a weight or a start value
//   slot_*        columns that a slot reaches, and whether they take a weight with it
//   sum_*         columns whose sums enter, and whether their fold is the first over K, whose sums are read only if they start with a value
//   wide          results are written in FP32,
//   result_reach  in so many columns
//   count_at      the count that is read, in the same cycle

`default_nettype none
`include "stce_fields.vh"

module stce_counters #(
    parameter COLS    = 4,
    parameter COUNT_W = 40,
    // Set by the other.
    parameter REACH_W = `STCE_BITS(COLS + 1)
) (
    input  wire               clk,
    input  wire               clear,
    input  wire [        2:0] cause,
    input  wire [        1:0] row_cause,
    input  wire               ws,
    input  wire               starts,
    input  wire [REACH_W-1:0] load_reach,
    input  wire               slot_load,
    input  wire [REACH_W-1:0] slot_reach,
    input  wire               sum_column,
    input  wire [REACH_W-1:0] sum_reach,
    input  wire               wide,
    input  wire [REACH_W-1:0] result_reach,
    input  wire [        3:0] count_at,
    output wire [COUNT_W-1:0] count
);

  // Row 0's cycle with the sequencer's.
  reg [2:0] cause2;
  always @(posedge clk) cause2 <= cause;

  reg [COUNT_W-1:0] all[0:15];
  reg [3:0] goes_to;
  reg [REACH_W-1:0] reads, norths, wholes, halves;
  integer i;
  /* verilator lint_off WIDTH */  // a reach is narrower than a count
  always @(posedge clk) begin
    goes_to <=
        row_cause == 2'd1 ? 4'd0 : row_cause == 2'd2 ? 4'd1 : row_cause == 2'd3 ? 4'd5 :
        cause2 == 3'd0 ? 4'd2 : cause2 == 3'd1 ? 4'd3 : cause2 == 3'd2 ? 4'd4 : cause2 == 3'd3 ? 4'd5 : cause2 == 3'd4 ? 4'd6 :
        cause2 == 3'd5 ? 4'd7 : cause2 == 3'd6 ? 4'd8 : 4'd15;
    norths <= ws ? load_reach : slot_load ? slot_reach : 0;
    reads <= ~ws ? load_reach : starts | ~sum_column ? sum_reach : 0;
    wholes <= wide ? result_reach : 0;
    halves <= wide ? 0 : result_reach;
    if (clear) for (i = 0; i < 16; i = i + 1) all[i] <= {COUNT_W{1'b0}};
    else begin
      for (i = 0; i < 9; i = i + 1) if (goes_to == i) all[i] <= all[i] + 1'b1;
      all[9]  <= all[9] + norths;
      all[10] <= all[10] + reads;
      all[11] <= all[11] + wholes;
      all[12] <= all[12] + halves;
    end
  end
  /* verilator lint_on WIDTH */
  assign count = all[count_at];

endmodule

`default_nettype wire
