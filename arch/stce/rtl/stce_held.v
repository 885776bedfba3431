// Processing element whose outputs may hold places of their own: stce_uspe, of which a weight's place is another in every slot.
//
// Ports are those of stce_uspe, but for
//
//   mode_*      {outputs hold their places, the tile is weight stationary, OS sums begin with a start value}
//   start_*     {place of an output, start value}: the place comes whether there is a start value or not, and on the same way
//
// Where outputs hold their places, an output's first slot takes the place that came in, and keeps it for its others, so that the next fold's may come in meanwhile; without SHADOW nothing does, and
// what came in stays. Each slot takes its weight anew, from the north or as it was, with its output's place in front.
//
// Storage: MAX_I places twice, LUTRAM.

`default_nettype none
`include "stce_fields.vh"

module stce_held #(
    parameter COLS        = 4,
    parameter MAX_N       = 2,
    parameter MAX_M       = 8,
    parameter MAX_I       = 4,
    parameter LINK_W      = 4,
    parameter MUL_LATENCY = 4,
    parameter ADD_LATENCY = 8,
    parameter FLUSH       = 1,
    parameter SHADOW      = 1,
    // Set by the others.
    parameter REACH_W     = `STCE_BITS(COLS + 1),
    parameter O_W         = `STCE_BITS(MAX_I),
    parameter PLACE_W     = `STCE_BITS(MAX_M),
    parameter WORD_W      = `STCE_BITS((MAX_M * MAX_I + LINK_W - 1) / LINK_W),
    parameter BASE_W      = `STCE_BITS(MAX_M * MAX_I),
    parameter REG_W       = `STCE_BITS(MAX_N * MAX_I),
    parameter SLOT_W      = 6 + O_W + BASE_W + REG_W,
    parameter LOAD_W      = 2 + REG_W,
    parameter DRAIN_W     = 1 + O_W
) (
    input  wire                  clk,
    input  wire [           2:0] mode_in,
    output wire [           2:0] mode_out,
    input  wire [   REACH_W-1:0] link_reach_in,
    input  wire [      WORD_W:0] link_to_in,
    input  wire [ 16*LINK_W-1:0] link_in,
    output wire [   REACH_W-1:0] link_reach_out,
    output wire [      WORD_W:0] link_to_out,
    output wire [ 16*LINK_W-1:0] link_out,
    input  wire [   REACH_W-1:0] slot_reach_in,
    input  wire [    SLOT_W-1:0] slot_in,
    output wire [   REACH_W-1:0] slot_reach_out,
    output wire [    SLOT_W-1:0] slot_out,
    input  wire [   REACH_W-1:0] load_reach_in,
    input  wire [    LOAD_W-1:0] load_in,
    output wire [   REACH_W-1:0] load_reach_out,
    output wire [    LOAD_W-1:0] load_out,
    input  wire [   REACH_W-1:0] drain_reach_in,
    input  wire [   DRAIN_W-1:0] drain_in,
    output wire [   REACH_W-1:0] drain_reach_out,
    output wire [   DRAIN_W-1:0] drain_out,
    input  wire [16+PLACE_W-1:0] weight_in,
    output wire [16+PLACE_W-1:0] weight_out,
    input  wire [32+PLACE_W-1:0] start_in,
    output wire [32+PLACE_W-1:0] start_out,
    input  wire [          31:0] sum_in,
    output wire [          31:0] sum_out
);

  wire holds = mode_in[2];
  wire ws = mode_in[1];
  /* verilator lint_off UNUSED */
  wire first = slot_in[SLOT_W-1];  // without SHADOW of no interest
  /* verilator lint_on UNUSED */
  wire load = slot_in[SLOT_W-3];
  wire [O_W-1:0] output_at = slot_in[SLOT_W-5-:O_W];
  wire enters = ~ws & |load_reach_in;
  wire keep = load_in[LOAD_W-1];

  // Places.
  wire [PLACE_W-1:0] entered, place;
  stce_ram #(
      .WIDTH(PLACE_W), .DEPTH(1 << O_W), .ADDR(O_W)
  ) entering (
      .clk(clk), .we(enters & keep), .wa(load_in[O_W-1:0]), .d(start_in[32+:PLACE_W]), .ra(output_at), .q(entered)
  );
  generate
    if (SHADOW != 0) begin : shadow
      wire [PLACE_W-1:0] taken;
      stce_ram #(
          .WIDTH(PLACE_W), .DEPTH(1 << O_W), .ADDR(O_W)
      ) holding (
          .clk(clk), .we(first & |slot_reach_in), .wa(output_at), .d(entered), .ra(output_at), .q(taken)
      );
      assign place = first ? entered : taken;
    end else begin : serial
      assign place = entered;
    end
  endgenerate

  // The weight of the slot. To the east goes the slot as it came.
  wire [15:0] factor = load ? weight_in[15:0] : weight_out[15:0];
  wire [16+PLACE_W-1:0] weight = holds ? {place, factor} : weight_in;
  wire [SLOT_W-1:0] slot = {slot_in[SLOT_W-1-:2], load | holds, slot_in[SLOT_W-4:0]};
  /* verilator lint_off UNUSED */
  wire [SLOT_W-1:0] slot_east;  // but for whether it loads
  /* verilator lint_on UNUSED */
  reg load_east, holds_east;
  reg [PLACE_W-1:0] place_south;
  always @(posedge clk) begin
    load_east  <= load;
    holds_east <= holds;
    if (enters & ~keep) place_south <= start_in[32+:PLACE_W];
  end
  assign slot_out = {slot_east[SLOT_W-1-:2], load_east, slot_east[SLOT_W-4:0]};
  assign mode_out[2] = holds_east;
  assign start_out[32+:PLACE_W] = place_south;

  stce_uspe #(
      .COLS(COLS), .MAX_N(MAX_N), .MAX_M(MAX_M), .MAX_I(MAX_I), .LINK_W(LINK_W), .MUL_LATENCY(MUL_LATENCY), .ADD_LATENCY(ADD_LATENCY),
      .FLUSH(FLUSH), .SHADOW(SHADOW)
  ) element (
      .clk(clk), .mode_in(mode_in[1:0]), .mode_out(mode_out[1:0]), .link_reach_in(link_reach_in), .link_to_in(link_to_in), .link_in(link_in),
      .link_reach_out(link_reach_out), .link_to_out(link_to_out), .link_out(link_out), .slot_reach_in(slot_reach_in), .slot_in(slot),
      .slot_reach_out(slot_reach_out), .slot_out(slot_east), .load_reach_in(load_reach_in), .load_in(load_in), .load_reach_out(load_reach_out),
      .load_out(load_out), .drain_reach_in(drain_reach_in), .drain_in(drain_in), .drain_reach_out(drain_reach_out), .drain_out(drain_out),
      .weight_in(weight), .weight_out(weight_out), .start_in(start_in[31:0]), .start_out(start_out[31:0]), .sum_in(sum_in), .sum_out(sum_out)
  );

endmodule

`default_nettype wire
