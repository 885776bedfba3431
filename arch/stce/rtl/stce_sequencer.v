// Walks the folds of a tile: column folds outside, row folds (OS) or K folds (WS) inside, at the distances that the registers state.
//
//   clk, rst     rising edge; synchronous
//   start        the tile begins in the cycle after it; not while the array is busy
//   asks, ready  asks: the next fold's first operand, weight or start value would enter now; ready: the fold's operands are in their buffers, and its
//                outputs have room. Once a fold: until there is both it is held back, and all that comes after it
//   busy         from then until the cycles of the tile are over; done: in the cycle after the last
//   fill, load, go   orders, with the fold that they are for: operands enter, weights or start values enter, the first slot
//   fold_*       that fold: its kind; whether it is the first of its column fold; whether its sums are taken in again (part); phase: place of its
//                first group in its tap (WS); bank of the weight registers
//   cause        what the cycle goes to if row 0 has no fold in it: 0 empty, 1 drain, 2 order, 3 link, 4 sum, 5 preload, 6 held back, 7 not busy
//
// The cycle after start is cycle 0 here. The distances are constants of two folds, so nothing waits on the array: what is held back only comes later.

`default_nettype none
`include "stce_fields.vh"

module stce_sequencer #(
    parameter SHADOW  = 1,
    // Set by the others.
    parameter TILE_W  = 32 * `STCE_TILE_WORDS,
    parameter KINDS_W = 4 * 16 * `STCE_KIND_WORDS,
    parameter PAIR_W  = 32 * `STCE_PAIR_WORDS
) (
    input  wire               clk,
    input  wire               rst,
    input  wire               start,
    output wire               asks,
    input  wire               ready,
    /* verilator lint_off UNUSED */
    input  wire [ TILE_W-1:0] tile,   // of the tile and of a kind of fold only some fields are needed here
    /* verilator lint_on UNUSED */
    input  wire [KINDS_W-1:0] kinds,
    output wire [        3:0] pair_at,
    input  wire [ PAIR_W-1:0] pair,
    output reg                busy,
    output wire               done,
    output wire               fill,
    output wire               load,
    output wire               go,
    output wire [        1:0] fold_kind,
    output wire               fold_column,
    output wire               fold_part,
    output reg  [       15:0] fold_phase,
    output reg                fold_bank,
    output wire [        2:0] cause
);

  localparam KIND_W = 16 * `STCE_KIND_WORDS;

  /* verilator lint_off UNUSED */
  wire [31:0] outer0 = tile[32*`STCE_OUTER0+:32];
  wire [31:0] outer1 = tile[32*`STCE_OUTER1+:32];
  wire [31:0] repeats = tile[32*`STCE_REPEAT+:32];
  wire [31:0] inner0 = tile[32*`STCE_INNER0+:32];
  wire [31:0] inner1 = tile[32*`STCE_INNER1+:32];
  wire [15:0] step = tile[32*`STCE_PHASE_STEP+:16];
  wire [15:0] per_tap = tile[32*`STCE_PERTAP+:16];
  wire ws = tile[32*`STCE_MODE];

  // The fold to come: its classes, and how many of each are left, with it.
  reg some, column, outer, inner;
  reg [31:0] outer_left, repeat_left, inner_left;
  // The fold before, and how far it is.
  reg any;
  reg [1:0] last;
  reg [31:0] now;
  reg entered, filled;  // of the fold to come, something; its operands

  assign pair_at = ~some ? `STCE_PAIR_END : ~any ? `STCE_PAIR_START : column ? {2'b10, last[1], outer} : {1'b0, last[1], last[0], inner};
  assign fold_kind = {outer, inner};
  assign fold_column = column;
  wire [KIND_W-1:0] kind = kinds[fold_kind*KIND_W+:KIND_W];
  wire [KIND_W-1:0] last_kind = kinds[last*KIND_W+:KIND_W];
  /* verilator lint_on UNUSED */
  wire loads = kind[16*`STCE_LOADS];
  wire [31:0] gap = pair[32*`STCE_GAP+:32];
  wire [31:0] issued = any ? last_kind[16*`STCE_ISSUED+:32] : 32'd0;

  wire fills_now = some & ~filled & now == pair[32*`STCE_FILL+:32];
  wire loads_now = some & loads & now == pair[32*`STCE_LOAD+:32];
  assign asks = busy & (fills_now | loads_now) & ~entered;
  wire held = asks & ~ready;
  assign fill = busy & fills_now & ~held;
  assign load = busy & loads_now & ~held;
  assign go = busy & some & now == gap & ~held;
  assign done = busy & ~some & now == gap;

  // What comes after it.
  wire inner_ends = inner_left == 32'd1 & (inner | inner1 == 32'd0);
  wire column_ends = inner_ends & repeat_left == 32'd1;
  wire outer_ends = column_ends & outer_left == 32'd1 & (outer | outer1 == 32'd0);
  wire first_inner = inner0 == 32'd0;
  assign fold_part = ws & ~column_ends;

  wire [16:0] next_phase = {1'b0, fold_phase} + {1'b0, step};
  wire [16:0] wrapped = next_phase - {1'b0, per_tap};

  always @(posedge clk) begin
    if (rst) busy <= 1'b0;
    else if (start) busy <= 1'b1;
    else if (done) busy <= 1'b0;

    if (start) begin
      some <= 1'b1;
      any <= 1'b0;
      now <= 32'd0;
      entered <= 1'b0;
      filled <= 1'b0;
      fold_phase <= 16'd0;
      fold_bank <= 1'b0;
      column <= 1'b1;
      outer <= outer0 == 32'd0;
      outer_left <= outer0 == 32'd0 ? outer1 : outer0;
      repeat_left <= repeats;
      inner <= first_inner;
      inner_left <= first_inner ? inner1 : inner0;
    end else if (go) begin
      now <= 32'd1;
      entered <= 1'b0;
      filled <= 1'b0;
      any <= 1'b1;
      last <= fold_kind;
      some <= ~outer_ends;
      column <= column_ends;
      fold_bank <= SHADOW != 0 ? ~fold_bank : 1'b0;
      fold_phase <= column_ends ? 16'd0 : wrapped[16] ? next_phase[15:0] : wrapped[15:0];
      if (~inner_ends) begin
        inner_left <= inner_left == 32'd1 ? inner1 : inner_left - 32'd1;
        inner <= inner | inner_left == 32'd1;
      end else begin
        inner_left <= first_inner ? inner1 : inner0;
        inner <= first_inner;
        repeat_left <= column_ends ? repeats : repeat_left - 32'd1;
      end
      if (column_ends) begin
        outer_left <= outer_left == 32'd1 ? outer1 : outer_left - 32'd1;
        outer <= outer | outer_left == 32'd1;
      end
    end else if (~held) begin
      now <= now + 32'd1;
      entered <= entered | fill | load;
      filled <= filled | fill;
    end
  end

  assign cause =
      ~busy | done ? 3'd7 :
      held | now < issued ? 3'd6 :
      now < pair[32*`STCE_EMPTY+:32] ? 3'd0 :
      now < pair[32*`STCE_DRAINED+:32] ? 3'd1 :
      now < pair[32*`STCE_ORDER+:32] ? 3'd2 :
      now < pair[32*`STCE_LINK+:32] ? 3'd3 :
      now < pair[32*`STCE_SUM+:32] ? 3'd4 : 3'd5;

endmodule

`default_nettype wire
