// Walks the folds of a tile: products outside, then column folds, then row folds (OS) or K folds (WS), at the distances that the registers state; then those of the next
// tile, if one is queued, whose cycle 0 is the one after the last of the tile before.
//
//   clk, rst     rising edge; synchronous
//   queued       the tile of the registers waits; taken: it is taken over, and its registers may be written
//   bank, tile   where its folds are described, and its registers
//   asks, ready  asks: the next fold's first operand, weight or start value would enter now; ready: the fold's operands are in their buffers, and its
//                outputs have room. Once a fold: until there is both it is held back, and all that comes after it
//   ticks        in the tile's cycles; begins: in its first one; ends: in its last one
//   fill, load, go   orders, with the fold that they are for: operands enter, weights or start values enter, the first slot
//   fold_*       that fold: what its registers say (kind); whether it is the first of the tile, of a later product, of its column fold; whether its sums are taken in again
//                (part);
//                to_end: groups in its tap after its first one; WS: load_to_end: after that of the row whose weights enter first, the last or, CHASE, the first; bank of
//                the weight registers
//   now_tile     registers of the tile that ticks, but for its products
//   cause        two cycles later: what the cycle goes to if row 0 has no fold in it: 0 empty, 1 drain, 2 order, 3 link, 4 sum, 5 preload, 6 held back,
//                7 no tile
//
// The distances are constants of two folds, so nothing waits on the array: what is held back only comes later. Folds are found two steps ahead: one is walked
// to, what is said of it is read into the next stage, and stands in the last from when the fold before began.

`default_nettype none
`include "stce_fields.vh"

module stce_sequencer #(
    parameter SHADOW   = 1,
    parameter CHASE    = 0,
    parameter PRODUCTS = 1,
    // Set by the others.
    parameter TILE_W   = 32 * `STCE_TILE_WORDS,
    parameter KIND_W   = 16 * `STCE_KIND_WORDS,
    parameter PAIR_W   = 32 * `STCE_PAIR_WORDS,
    parameter KEPT_W   = 32 * `STCE_PRODUCTS  // the last word of a tile: it is counted down
) (
    input  wire              clk,
    input  wire              rst,
    input  wire              queued,
    output wire              taken,
    input  wire              bank,
    input  wire [TILE_W-1:0] tile,
    output wire [       2:0] kind_at,
    input  wire [KIND_W-1:0] kind,
    output wire [       4:0] pair_at,
    /* verilator lint_off UNUSED */
    input  wire [PAIR_W-1:0] pair,  // what is said of another pair than this is not of interest
    /* verilator lint_on UNUSED */
    output wire              asks,
    input  wire              ready,
    output wire              ticks,
    output reg               begins,
    output wire              ends,
    output wire              fill,
    output wire              load,
    output wire              go,
    output reg  [KIND_W-1:0] fold_kind,
    output reg               fold_first,
    output reg               fold_product,
    output reg               fold_column,
    output reg               fold_part,
    output reg               fold_bank,
    output reg  [      15:0] fold_to_end,
    output reg  [      15:0] load_to_end,
    output reg  [KEPT_W-1:0] now_tile,
    output reg  [       2:0] cause
);

  // The tile that is walked.
  /* verilator lint_off UNUSED */
  reg [KEPT_W-1:0] walked;
  /* verilator lint_on UNUSED */
  reg walked_bank;
  wire [31:0] outer0 = walked[32*`STCE_OUTER0+:32];
  wire [31:0] outer1 = walked[32*`STCE_OUTER1+:32];
  wire [31:0] repeats = walked[32*`STCE_REPEAT+:32];
  wire [31:0] inner0 = walked[32*`STCE_INNER0+:32];
  wire [31:0] inner1 = walked[32*`STCE_INNER1+:32];
  wire [15:0] step = walked[32*`STCE_PHASE_STEP+:16];
  wire [15:0] per_tap = walked[32*`STCE_PERTAP+:16];
  wire ws = walked[32*`STCE_MODE];

  // First stage: a fold, or the end of the tile, its classes, and how many of each are left, with it; the fold before it.
  reg here, end_here, any, product, column, outer, inner, weights;
  reg [1:0] last;
  reg [31:0] product_left, outer_left, repeat_left, inner_left;
  reg last_of_all;
  wire last_product = PRODUCTS == 0 | last_of_all;
  reg [15:0] to_end;
  reg no_outer1, no_inner1, first_outer, first_inner;
  wire inner_ends = inner_left == 32'd1 & (inner | no_inner1);
  wire column_ends = inner_ends & repeat_left == 32'd1;
  wire outer_ends = column_ends & outer_left == 32'd1 & (outer | no_outer1);
  assign kind_at = {walked_bank, outer, inner};
  assign pair_at = {
    walked_bank, end_here ? 4'd`STCE_PAIR_END : ~any ? 4'd`STCE_PAIR_START : product ? 4'd`STCE_PAIR_PRODUCT : column ? {2'b10, last[1], outer} : {1'b0, last[1], last[0], inner}
  };
  // A K fold further: the groups of a fold fewer in the tap, or in the next one. step is below per_tap.
  wire [16:0] fewer = {1'b0, to_end} - {1'b0, step};
  wire [15:0] wrapped = to_end - step + per_tap;

  // Second stage: what is said of it.
  reg waits, end_waits, new_waits, product_waits, column_waits, part_waits, weights_waits;
  reg [KIND_W-1:0] kind_waits;
  reg [PAIR_W-1:0] pair_waits;
  reg [15:0] to_end_waits;
  wire [15:0] phase_waits = kind_waits[16*`STCE_PHASE+:16];
  wire [16:0] bottom = {1'b0, to_end_waits} - {1'b0, phase_waits};
  reg [15:0] per_tap_waits;
  wire [15:0] bottom_wrapped = to_end_waits - phase_waits + per_tap_waits;

  // Third stage: the fold to come, or the end; how far the one before is.
  reg comes, end_comes;
  reg [PAIR_W-1:0] between;
  reg [31:0] now, next, issued;
  reg entered, filled;  // of the fold to come, something; its operands
  wire loads = fold_kind[16*`STCE_LOADS];
  // Whether now is when its operands enter, its weights or start values, its first slot comes; and next is when the tile ends. Found a cycle ahead.
  reg at_fill, at_load, at_gap, at_end;
  wire fills_now = ~filled & at_fill;
  wire loads_now = loads & at_load;
  wire runs = comes & ~end_comes;
  assign asks = runs & (fills_now | loads_now) & ~entered;
  wire held = asks & ~ready;
  assign fill = runs & fills_now & ~held;
  assign load = runs & loads_now & ~held;
  assign go = runs & at_gap & ~held;
  assign ends = comes & end_comes & at_end;
  assign ticks = comes;

  wire to_third = waits & (~comes | go | ends);
  wire to_second = here & (~waits | to_third);
  wire [31:0] now_first = new_waits ? 32'd0 : 32'd1;
  wire [31:0] next_first = new_waits ? 32'd1 : 32'd2;
  wire [31:0] after = next + 32'd1;
  assign taken = queued & (~here | to_second & end_here);

  wire [31:0] outer0_new = tile[32*`STCE_OUTER0+:32];
  wire [31:0] inner0_new = tile[32*`STCE_INNER0+:32];
  always @(posedge clk) begin
    if (rst) here <= 1'b0;
    else if (taken) here <= 1'b1;
    else if (to_second & end_here) here <= 1'b0;

    if (taken) begin
      walked <= tile[KEPT_W-1:0];
      walked_bank <= bank;
      no_outer1 <= tile[32*`STCE_OUTER1+:32] == 32'd0;
      no_inner1 <= tile[32*`STCE_INNER1+:32] == 32'd0;
      first_outer <= outer0_new == 32'd0;
      first_inner <= inner0_new == 32'd0;
      end_here <= 1'b0;
      any <= 1'b0;
      product <= 1'b0;
      product_left <= tile[32*`STCE_PRODUCTS+:32];
      last_of_all <= tile[32*`STCE_PRODUCTS+:32] == 32'd1;
      column <= 1'b1;
      weights <= 1'b0;
      outer <= outer0_new == 32'd0;
      outer_left <= outer0_new == 32'd0 ? tile[32*`STCE_OUTER1+:32] : outer0_new;
      repeat_left <= tile[32*`STCE_REPEAT+:32];
      inner <= inner0_new == 32'd0;
      inner_left <= inner0_new == 32'd0 ? tile[32*`STCE_INNER1+:32] : inner0_new;
      to_end <= tile[32*`STCE_PERTAP+:16] - 16'd1;
    end else if (to_second) begin
      any <= 1'b1;
      last <= {outer, inner};
      end_here <= outer_ends & last_product;
      product <= PRODUCTS != 0 & outer_ends;
      if (outer_ends) begin
        product_left <= product_left - 32'd1;
        last_of_all <= product_left == 32'd2;
      end
      column <= column_ends;
      weights <= SHADOW != 0 ? ~weights : 1'b0;
      to_end <= ~ws ? to_end : column_ends ? per_tap - 16'd1 : fewer[16] ? wrapped : fewer[15:0];
      if (~inner_ends) begin
        inner_left <= inner_left == 32'd1 ? inner1 : inner_left - 32'd1;
        inner <= inner | inner_left == 32'd1;
      end else begin
        inner_left <= first_inner ? inner1 : inner0;
        inner <= first_inner;
        repeat_left <= column_ends ? repeats : repeat_left - 32'd1;
      end
      if (PRODUCTS != 0 & outer_ends) begin
        outer_left <= first_outer ? outer1 : outer0;
        outer <= first_outer;
      end else if (column_ends) begin
        outer_left <= outer_left == 32'd1 ? outer1 : outer_left - 32'd1;
        outer <= outer | outer_left == 32'd1;
      end
    end

    if (rst) waits <= 1'b0;
    else if (to_second) waits <= 1'b1;
    else if (to_third) waits <= 1'b0;
    if (to_second) begin
      end_waits <= end_here;
      new_waits <= ~any;
      product_waits <= product;
      column_waits <= column;
      part_waits <= ws & ~column_ends;
      weights_waits <= weights;
      to_end_waits <= to_end;
      per_tap_waits <= per_tap;
      kind_waits <= kind;
      pair_waits <= pair;
    end

    if (rst) comes <= 1'b0;
    else if (to_third) comes <= 1'b1;
    else if (ends) comes <= 1'b0;
    begins <= to_third & new_waits & ~rst;
    if (to_third) begin
      end_comes <= end_waits;
      fold_first <= new_waits;
      fold_product <= product_waits;
      fold_column <= column_waits;
      fold_part <= part_waits;
      fold_bank <= weights_waits;
      fold_to_end <= to_end_waits;
      load_to_end <= CHASE != 0 ? to_end_waits : bottom[16] ? bottom_wrapped : bottom[15:0];
      fold_kind <= kind_waits;
      between <= pair_waits;
      issued <= new_waits ? 32'd0 : fold_kind[16*`STCE_ISSUED+:32];
      if (new_waits) now_tile <= walked;
      now <= now_first;
      next <= next_first;
      at_fill <= pair_waits[32*`STCE_FILL+:32] == now_first;
      at_load <= pair_waits[32*`STCE_LOAD+:32] == now_first;
      at_gap <= pair_waits[32*`STCE_GAP+:32] == now_first;
      at_end <= pair_waits[32*`STCE_GAP+:32] == next_first;
      entered <= 1'b0;
      filled <= 1'b0;
    end else if (~held) begin
      now <= next;
      next <= after;
      at_fill <= next == between[32*`STCE_FILL+:32];
      at_load <= next == between[32*`STCE_LOAD+:32];
      at_gap <= next == between[32*`STCE_GAP+:32];
      at_end <= after == between[32*`STCE_GAP+:32];
      entered <= entered | fill | load;
      filled <= filled | fill;
    end
  end

  // What the cycle goes to: first how far it is.
  reg idle, held_back, empty, drains, orders, links, sums;
  always @(posedge clk) begin
    idle <= ~comes;
    held_back <= held | now < issued;
    empty <= now < between[32*`STCE_EMPTY+:32];
    drains <= now < between[32*`STCE_DRAINED+:32];
    orders <= now < between[32*`STCE_ORDER+:32];
    links <= now < between[32*`STCE_LINK+:32];
    sums <= now < between[32*`STCE_SUM+:32];
    cause <= idle ? 3'd7 : held_back ? 3'd6 : empty ? 3'd0 : drains ? 3'd1 : orders ? 3'd2 : links ? 3'd3 : sums ? 3'd4 : 3'd5;
  end

endmodule

`default_nettype wire
