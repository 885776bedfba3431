// Edges of a column: at the north, weights and sums from their buffers; at the south, results to the output buffer.
//
//   clk            rising edge
//   tile_*         registers of the tile {WS, start, where it lies in the north and in the output buffer} from when its first read may be on; new is high in
//                  the first cycle. late_*: {WS, FP32 results} from when its first result may leave on
//   slot_*_in      slots of row 0 as they are made, a cycle later in each column; sum_*_in the same, MUL_LATENCY later
//   load_reach_in  weights (WS) and start values (OS) as they are ordered
//   result_*_in    in cycle t, for column 0: a result of row `row` is readable in sums
//   *_out          the same for the column in the east
//   north_*        read of the north buffer; the weight comes READ_LATENCY cycles later, and is on the edge (weight) in the cycle after that
//   out_r*         read of the output buffer, for sums and start values, likewise
//   out_w*         write of the output buffer, in the third cycle after a result was readable; half: it is FP16, in the lower half
//   result_*       the result itself, in the cycle in which it is readable
//
// Buffers hold what a column takes and gives in that order. Weights: OS reads those of a column fold again for every row fold. Outputs: of a
// column fold, batch by batch (WS), or of each row fold, bottom row first (OS). A pointer begins a column fold where it is, notes that, and
// goes back there for the fold's next row fold (OS weights) or K fold (WS sums).
//
// A result that is readable in cycle t can be on the north edge in t + 1, which is before the buffer could give it: results of the last
// READ_LATENCY + 4 cycles are passed on past it.

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
    parameter ROW_W        = `STCE_BITS(ROWS),
    parameter TILE_W       = 2 + 2 * ADDR_W
) (
    input  wire                  clk,
    input  wire                  tile_new_in,
    input  wire [    TILE_W-1:0] tile_in,
    output reg                   tile_new_out,
    output reg  [    TILE_W-1:0] tile_out,
    input  wire                  late_new_in,
    input  wire [           1:0] late_in,           // {WS, FP32 results}
    output reg                   late_new_out,
    output reg  [           1:0] late_out,
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
    output wire                  out_we,
    output wire [    ADDR_W-1:0] out_waddr,
    output wire [          31:0] out_wdata,
    output wire                  out_whalf
);

  wire ws, start, ws_late, spill;
  wire [ADDR_W-1:0] north_base, out_base;
  assign {ws, start, north_base, out_base} = tile_in;
  assign {ws_late, spill} = late_in;

  always @(posedge clk) begin
    tile_new_out      <= tile_new_in;
    tile_out          <= tile_in;
    late_new_out      <= late_new_in;
    late_out          <= late_in;
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
  wire [ADDR_W-1:0] weight_now = tile_new_in ? north_base : weight_at;
  assign north_en = ws ? |load_reach_in : |slot_reach_in & slot_load_in;
  assign north_addr = ~ws & slot_fold_in & ~slot_column_in ? weight_from : weight_now;
  always @(posedge clk) begin
    if (north_en) weight_at <= north_addr + 1'b1;
    else if (tile_new_in) weight_at <= north_base;
    if (north_en & slot_fold_in & slot_column_in) weight_from <= weight_now;
    weight <= north_data;
  end

  // Sums and start values. In WS every sum has its place, though the first K fold's may begin at +0 and are not read.
  reg [ADDR_W-1:0] sum_at, sum_from;
  wire [ADDR_W-1:0] sum_now = tile_new_in ? out_base : sum_at;
  wire takes = ws ? |sum_reach_in : |load_reach_in;
  assign out_ren = takes & (~ws | start | ~sum_column_in);
  assign out_raddr = ws & sum_fold_in & ~sum_column_in ? sum_from : sum_now;
  always @(posedge clk) begin
    if (takes) sum_at <= out_raddr + 1'b1;
    else if (tile_new_in) sum_at <= out_base;
    if (takes & sum_fold_in & sum_column_in) sum_from <= sum_now;
  end

  // Results: at the write port three cycles later, of which rounding takes two.
  reg [ADDR_W-1:0] result_at, result_from;
  wire [ADDR_W-1:0] result_addr = ws_late & result_fold_in & ~result_column_in ? result_from : result_at;
  assign result_valid = |result_reach_in;
  assign result = sums[32*result_row_in+:32];
  reg leaves, whole;
  reg [ADDR_W-1:0] leaves_to;
  reg [31:0] leaving;
  always @(posedge clk) begin
    if (late_new_in) result_at <= out_base;
    else if (result_valid) result_at <= result_addr + 1'b1;
    if (result_valid & result_fold_in & result_column_in) result_from <= result_at;
    leaves <= result_valid;
    leaves_to <= result_addr;
    leaving <= result;
    whole <= spill | result_part_in;
  end
  wire [31:0] full;
  wire [15:0] half;
  fp32_to_fp16 #(.LATENCY(2), .FLUSH(FLUSH), .OPEN(0)) round (.clk(clk), .a(leaving), .y(half));
  fp_delay #(
      .WIDTH(ADDR_W + 34), .DEPTH(2)
  ) beside (
      .clk(clk), .d({leaves, ~whole, leaves_to, leaving}), .q({out_we, out_whalf, out_waddr, full})
  );
  assign out_wdata = out_whalf ? {16'd0, half} : full;

  // Past the buffer: the read that gives its word now, against the result of this cycle, and those before, which were compared a cycle ago.
  localparam PAST = READ_LATENCY + 3;
  wire wanted, wanted_next;
  wire [ADDR_W-1:0] wanted_at, wanted_at_next;
  fp_delay #(.WIDTH(ADDR_W + 1), .DEPTH(READ_LATENCY - 1)) reads (.clk(clk), .d({out_ren, out_raddr}), .q({wanted_next, wanted_at_next}));
  fp_delay #(.WIDTH(ADDR_W + 1), .DEPTH(1)) read (.clk(clk), .d({wanted_next, wanted_at_next}), .q({wanted, wanted_at}));
  reg [PAST*(ADDR_W+33)-1:0] past;  // {valid, address, result}, the latest lowest
  wire [(PAST+1)*(ADDR_W+33)-1:0] shown = {past, result_valid, result_addr, result};
  reg [PAST-1:0] meets;
  reg [31:0] word;
  integer i;
  always @* begin
    word = out_rdata;
    for (i = PAST - 1; i >= 0; i = i - 1) if (meets[i]) word = past[i*(ADDR_W+33)+:32];
    if (result_valid & result_addr == wanted_at) word = result;
  end
  always @(posedge clk) begin
    for (i = 0; i < PAST; i = i + 1)
      meets[i] <= shown[i*(ADDR_W+33)+ADDR_W+32] & shown[i*(ADDR_W+33)+32+:ADDR_W] == wanted_at_next;
    past <= shown[PAST*(ADDR_W+33)-1:0];
    sum <= wanted ? word : 32'd0;
  end

endmodule

`default_nettype wire
