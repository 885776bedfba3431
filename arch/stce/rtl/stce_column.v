// Edges of a column: at the north, weights and sums from their buffers; at the south, results to the output buffer.
//
//   clk            rising edge
//   clear          before a tile: pointers go to their bases
//   mode..         registers of the tile
//   slot_*_in      slots of row 0 as they are made, a cycle later in each column; sum_*_in the same, MUL_LATENCY later
//   load_reach_in  weights (WS) and start values (OS) as they are ordered
//   result_*_in    in cycle t, for column 0: a result of row `row` is readable in sums
//   *_out          the same for the column in the east
//   north_*        read of the north buffer; the weight comes READ_LATENCY cycles later, and is on the edge (weight) in the cycle after that
//   out_r*         read of the output buffer, for sums and start values, likewise
//   out_w*         write of the output buffer, in the cycle after a result was readable; half: it is FP16, in the lower half
//   result_*       the result itself, in the cycle in which it is readable
//
// Buffers hold what a column takes and gives in that order. Weights: OS reads those of a column fold again for every row fold. Outputs: of a
// column fold, batch by batch (WS), or of each row fold, bottom row first (OS). A pointer begins a column fold where it is, notes that, and
// goes back there for the fold's next row fold (OS weights) or K fold (WS sums).
//
// A result that is readable in cycle t can be on the north edge in t + 1, which is before the buffer could give it: results of the last
// READ_LATENCY + 2 cycles are passed on past it.

`default_nettype none
`include "stce_fields.vh"

module stce_column #(
    parameter ROWS         = 4,
    parameter COLS         = 4,
    parameter MAX_M        = 8,
    parameter READ_LATENCY = 2,
    parameter ADDR_W       = 16,
    parameter FLUSH        = 1,
    // Set by the others.
    parameter REACH_W      = `STCE_BITS(COLS + 1),
    parameter PLACE_W      = `STCE_BITS(MAX_M),
    parameter ROW_W        = `STCE_BITS(ROWS)
) (
    input  wire                  clk,
    input  wire                  clear,
    input  wire                  ws,
    input  wire                  spill,
    input  wire                  start,
    input  wire [    ADDR_W-1:0] north_base,
    input  wire [    ADDR_W-1:0] out_base,
    input  wire [   REACH_W-1:0] slot_reach_in,
    input  wire                  slot_load_in,
    input  wire                  slot_fold_in,
    input  wire                  slot_column_in,
    output reg  [   REACH_W-1:0] slot_reach_out,
    output reg                   slot_load_out,
    output reg                   slot_fold_out,
    output reg                   slot_column_out,
    input  wire [   REACH_W-1:0] sum_reach_in,
    input  wire                  sum_fold_in,
    input  wire                  sum_column_in,
    output reg  [   REACH_W-1:0] sum_reach_out,
    output reg                   sum_fold_out,
    output reg                   sum_column_out,
    input  wire [   REACH_W-1:0] load_reach_in,
    output reg  [   REACH_W-1:0] load_reach_out,
    input  wire [   REACH_W-1:0] result_reach_in,
    input  wire [     ROW_W-1:0] result_row_in,
    input  wire                  result_fold_in,
    input  wire                  result_column_in,
    input  wire                  result_part_in,
    output reg  [   REACH_W-1:0] result_reach_out,
    output reg  [     ROW_W-1:0] result_row_out,
    output reg                   result_fold_out,
    output reg                   result_column_out,
    output reg                   result_part_out,
    output wire                  north_en,
    output wire [    ADDR_W-1:0] north_addr,
    input  wire [16+PLACE_W-1:0] north_data,
    output wire                  out_ren,
    output wire [    ADDR_W-1:0] out_raddr,
    input  wire [          31:0] out_rdata,
    output reg  [16+PLACE_W-1:0] weight,
    output reg  [          31:0] sum,
    input  wire [   32*ROWS-1:0] sums,
    output wire                  result_valid,
    output wire [          31:0] result,
    output reg                   out_we,
    output reg  [    ADDR_W-1:0] out_waddr,
    output reg  [          31:0] out_wdata,
    output reg                   out_whalf
);

  always @(posedge clk) begin
    slot_reach_out    <= slot_reach_in - {{(REACH_W - 1) {1'b0}}, |slot_reach_in};
    slot_load_out     <= slot_load_in;
    slot_fold_out     <= slot_fold_in;
    slot_column_out   <= slot_column_in;
    sum_reach_out     <= sum_reach_in - {{(REACH_W - 1) {1'b0}}, |sum_reach_in};
    sum_fold_out      <= sum_fold_in;
    sum_column_out    <= sum_column_in;
    load_reach_out    <= load_reach_in - {{(REACH_W - 1) {1'b0}}, |load_reach_in};
    result_reach_out  <= result_reach_in - {{(REACH_W - 1) {1'b0}}, |result_reach_in};
    result_row_out    <= result_row_in;
    result_fold_out   <= result_fold_in;
    result_column_out <= result_column_in;
    result_part_out   <= result_part_in;
  end

  // Weights.
  reg [ADDR_W-1:0] weight_at, weight_from;
  assign north_en = ws ? |load_reach_in : |slot_reach_in & slot_load_in;
  assign north_addr = ~ws & slot_fold_in & ~slot_column_in ? weight_from : weight_at;
  always @(posedge clk) begin
    if (clear) weight_at <= north_base;
    else if (north_en) weight_at <= north_addr + 1'b1;
    if (north_en & slot_fold_in & slot_column_in) weight_from <= weight_at;
    weight <= north_data;
  end

  // Sums and start values. In WS every sum has its place, though the first K fold's may begin at +0 and are not read.
  reg [ADDR_W-1:0] sum_at, sum_from;
  wire takes = ws ? |sum_reach_in : |load_reach_in;
  assign out_ren = takes & (~ws | start | ~sum_column_in);
  assign out_raddr = ws & sum_fold_in & ~sum_column_in ? sum_from : sum_at;
  always @(posedge clk) begin
    if (clear) sum_at <= out_base;
    else if (takes) sum_at <= out_raddr + 1'b1;
    if (takes & sum_fold_in & sum_column_in) sum_from <= sum_at;
  end

  // Results.
  reg [ADDR_W-1:0] result_at, result_from;
  wire [ADDR_W-1:0] result_addr = ws & result_fold_in & ~result_column_in ? result_from : result_at;
  wire [15:0] half;
  assign result_valid = |result_reach_in;
  assign result = sums[32*result_row_in+:32];
  fp32_to_fp16 #(.LATENCY(0), .FLUSH(FLUSH), .OPEN(0)) round (.clk(clk), .a(result), .y(half));
  wire whole = spill | result_part_in;
  always @(posedge clk) begin
    if (clear) result_at <= out_base;
    else if (result_valid) result_at <= result_addr + 1'b1;
    if (result_valid & result_fold_in & result_column_in) result_from <= result_at;
    out_we <= result_valid;
    out_waddr <= result_addr;
    out_wdata <= whole ? result : {16'd0, half};
    out_whalf <= ~whole;
  end

  // Past the buffer: the read that gives its word now, against the results of this cycle and those before.
  localparam PAST = READ_LATENCY + 1;
  wire wanted;
  wire [ADDR_W-1:0] wanted_at;
  fp_delay #(.WIDTH(ADDR_W + 1), .DEPTH(READ_LATENCY)) reads (.clk(clk), .d({out_ren, out_raddr}), .q({wanted, wanted_at}));
  reg [PAST*(ADDR_W+33)-1:0] past;  // {valid, address, result}, the latest lowest
  reg [31:0] word;
  integer i;
  always @* begin
    word = out_rdata;
    for (i = PAST - 1; i >= 0; i = i - 1)
      if (past[i*(ADDR_W+33)+ADDR_W+32] & past[i*(ADDR_W+33)+32+:ADDR_W] == wanted_at) word = past[i*(ADDR_W+33)+:32];
    if (result_valid & result_addr == wanted_at) word = result;
  end
  always @(posedge clk) begin
    past <= {past[(PAST-1)*(ADDR_W+33)-1:0], result_valid & ws, result_addr, result};
    sum <= wanted ? word : 32'd0;
  end

endmodule

`default_nettype wire
