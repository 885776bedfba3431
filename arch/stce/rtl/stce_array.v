// The array: ROWS times a row control and COLS elements.
//
//   orders for row 0 as stce_row takes them; west_*: the rows' buffers; early_*: row 0's slots as they are made
//   tile         registers of the tile, as stce_row takes them; held, HELD: with them, its outputs hold their places
//   load_*       from the loader, READ_LATENCY + 1 cycles after it made them
//   weights      by column: on the north edge in this cycle; sums_in: partial sums (WS), or start values (OS); places, HELD: of outputs (OS)
//   sums         by column and row: what a row hands south in this cycle
//   result_*     the row of which the first column's sum is a result in this cycle; it is a cycle later in each column
//   count_*      counts of a row

`default_nettype none
`include "stce_fields.vh"

module stce_array #(
    parameter ROWS         = 4,
    parameter COLS         = 4,
    parameter MAX_N        = 2,
    parameter MAX_M        = 8,
    parameter MAX_I        = 4,
    parameter LINK_W       = 4,
    parameter MUL_LATENCY  = 4,
    parameter ADD_LATENCY  = 8,
    parameter READ_LATENCY = 2,
    parameter ADDR_W       = 16,
    parameter COUNT_W      = 40,
    parameter FLUSH        = 1,
    parameter SHADOW       = 1,
    parameter PRODUCTS     = 1,
    parameter HELD         = 0,
    // Set by the others.
    parameter REACH_W      = `STCE_BITS(COLS + 1),
    parameter ROW_W        = `STCE_BITS(ROWS),
    parameter PLACE_W      = `STCE_BITS(MAX_M),
    parameter REG_W        = `STCE_BITS(MAX_N * MAX_I),
    parameter SIZE_W       = `STCE_BITS(LINK_W + 1),
    parameter R_W          = `STCE_BITS(ROWS + 1),
    parameter MODE_W       = HELD != 0 ? 3 : 2,
    parameter START_W      = HELD != 0 ? 32 + PLACE_W : 32,
    parameter TILE_W       = 1,
    parameter FILL_W       = 1,
    parameter BEGIN_W      = 1
) (
    input  wire                         clk,
    input  wire                         rst,
    input  wire                         clear,
    input  wire [           TILE_W-1:0] tile,
    /* verilator lint_off UNUSED */
    input  wire                         held,          // without HELD nothing holds places, and there are none
    input  wire [     COLS*PLACE_W-1:0] places,
    /* verilator lint_on UNUSED */
    input  wire                         fill,
    input  wire [           FILL_W-1:0] fill_d,
    input  wire                         begins,
    input  wire [          BEGIN_W-1:0] begin_d,
    output wire [             ROWS-1:0] west_en,
    output wire [      ROWS*ADDR_W-1:0] west_addr,
    output wire [      ROWS*SIZE_W-1:0] west_count,
    input  wire [   ROWS*16*LINK_W-1:0] west_data,
    output wire [          REACH_W-1:0] early_reach,
    output wire                         early_load,
    output wire                         early_sum,
    output wire                         early_fold,
    output wire                         early_column,
    output wire [                  1:0] early_cause,
    input  wire [          REACH_W-1:0] load_reach,
    input  wire [              R_W-1:0] load_rows,
    input  wire [            REG_W-1:0] load_to,
    input  wire                         load_bank,
    input  wire [COLS*(16+PLACE_W)-1:0] weights,
    input  wire [          COLS*32-1:0] sums_in,
    output wire [     COLS*ROWS*32-1:0] sums,
    output reg  [          REACH_W-1:0] result_reach,
    output reg  [            ROW_W-1:0] result_row,
    output reg                          result_fold,
    output reg                          result_column,
    output reg                          result_part,
    input  wire [            ROW_W-1:0] count_row,
    input  wire [                  2:0] count_at,
    output wire [          COUNT_W-1:0] count
);

  localparam O_W = `STCE_BITS(MAX_I);
  localparam WORD_W = `STCE_BITS((MAX_M * MAX_I + LINK_W - 1) / LINK_W);
  localparam BASE_W = `STCE_BITS(MAX_M * MAX_I);
  localparam SLOT_W = 6 + O_W + BASE_W + REG_W;
  localparam LOAD_W = 2 + REG_W;
  localparam DRAIN_W = 1 + O_W;
  localparam LINK = 16 * LINK_W;
  localparam WEIGHT = 16 + PLACE_W;

  // From the north edge or a row to the next; what the last row hands on, and what only row 0 is asked for, goes nowhere.
  /* verilator lint_off UNUSED */
  wire [ROWS:0] fills, beginning;
  wire [(ROWS+1)*FILL_W-1:0] fill_ds;
  wire [(ROWS+1)*BEGIN_W-1:0] begin_ds;
  wire [(ROWS+1)*REACH_W-1:0] load_reaches;
  wire [(ROWS+1)*R_W-1:0] load_rowss;
  wire [(ROWS+1)*TILE_W-1:0] tiles;
  wire [(ROWS+1)*REG_W-1:0] load_tos;
  wire [ROWS:0] load_banks, helds;
  wire [(ROWS+1)*REACH_W-1:0] drain_reaches;
  wire [(ROWS+1)*COLS*WEIGHT-1:0] weight_edges;
  wire [(ROWS+1)*COLS*START_W-1:0] start_edges;
  wire [(ROWS+1)*COLS*32-1:0] sum_edges;
  wire [ROWS*REACH_W-1:0] early_reaches;
  wire [ROWS-1:0] early_loads, early_sums, early_folds, early_columns;
  wire [2*ROWS-1:0] early_causes;
  /* verilator lint_on UNUSED */
  wire [ROWS*REACH_W-1:0] result_reaches;
  wire [ROWS-1:0] result_folds, result_columns, result_parts;
  wire [ROWS*COUNT_W-1:0] counts;

  assign fills[0] = fill;
  assign beginning[0] = begins;
  assign fill_ds[FILL_W-1:0] = fill_d;
  assign begin_ds[BEGIN_W-1:0] = begin_d;
  assign load_reaches[REACH_W-1:0] = load_reach;
  assign load_rowss[R_W-1:0] = load_rows;
  assign tiles[TILE_W-1:0] = tile;
  assign load_tos[REG_W-1:0] = load_to;
  assign load_banks[0] = load_bank;
  assign helds[0] = held;
  assign drain_reaches[REACH_W-1:0] = {REACH_W{1'b0}};
  assign weight_edges[COLS*WEIGHT-1:0] = weights;
  assign sum_edges[COLS*32-1:0] = sums_in;
  assign early_reach = early_reaches[REACH_W-1:0];
  assign early_load = early_loads[0];
  assign early_sum = early_sums[0];
  assign early_fold = early_folds[0];
  assign early_column = early_columns[0];
  assign early_cause = early_causes[1:0];

  genvar r, c;
  generate
    for (c = 0; c < COLS; c = c + 1) begin : north
      assign start_edges[c*START_W+:32] = sums_in[c*32+:32];
      if (HELD != 0) begin : places_in
        assign start_edges[c*START_W+32+:PLACE_W] = places[c*PLACE_W+:PLACE_W];
      end
    end
    for (r = 0; r < ROWS; r = r + 1) begin : row
      wire [REACH_W-1:0] link_reach0, slot_reach0, load_reach0, drain_reach0;
      wire [WORD_W:0] link_to0;
      wire [SLOT_W-1:0] slot0;
      wire [LOAD_W-1:0] load0;
      wire [DRAIN_W-1:0] drain0;
      wire [MODE_W-1:0] mode0;

      stce_row #(
          .ROWS(ROWS), .COLS(COLS), .MAX_N(MAX_N), .MAX_M(MAX_M), .MAX_I(MAX_I), .LINK_W(LINK_W), .MUL_LATENCY(MUL_LATENCY),
          .ADD_LATENCY(ADD_LATENCY), .READ_LATENCY(READ_LATENCY), .ADDR_W(ADDR_W), .COUNT_W(COUNT_W), .PRODUCTS(PRODUCTS)
      ) control (
          .clk(clk), .rst(rst), .clear(clear), .tile_in(tiles[r*TILE_W+:TILE_W]), .tile_out(tiles[(r+1)*TILE_W+:TILE_W]), .mode(mode0[1:0]),
          .fill_in(fills[r]), .fill_d(fill_ds[r*FILL_W+:FILL_W]), .fill_out(fills[r+1]), .fill_q(fill_ds[(r+1)*FILL_W+:FILL_W]),
          .begin_in(beginning[r]), .begin_d(begin_ds[r*BEGIN_W+:BEGIN_W]), .begin_out(beginning[r+1]),
          .begin_q(begin_ds[(r+1)*BEGIN_W+:BEGIN_W]),
          .west_en(west_en[r]), .west_addr(west_addr[r*ADDR_W+:ADDR_W]), .west_count(west_count[r*SIZE_W+:SIZE_W]),
          .early_reach(early_reaches[r*REACH_W+:REACH_W]), .early_load(early_loads[r]), .early_sum(early_sums[r]),
          .early_fold(early_folds[r]), .early_column(early_columns[r]), .early_cause(early_causes[2*r+:2]),
          .link_reach(link_reach0), .link_to(link_to0), .slot_reach(slot_reach0), .slot(slot0),
          .load_reach_in(load_reaches[r*REACH_W+:REACH_W]), .load_rows_in(load_rowss[r*R_W+:R_W]), .load_to_in(load_tos[r*REG_W+:REG_W]),
          .load_bank_in(load_banks[r]), .load_reach_out(load_reaches[(r+1)*REACH_W+:REACH_W]), .load_rows_out(load_rowss[(r+1)*R_W+:R_W]),
          .load_to_out(load_tos[(r+1)*REG_W+:REG_W]), .load_bank_out(load_banks[r+1]), .load_reach(load_reach0), .load(load0),
          .drain_reach_in(drain_reaches[r*REACH_W+:REACH_W]), .drain_reach_out(drain_reaches[(r+1)*REACH_W+:REACH_W]),
          .drain_reach(drain_reach0), .drain(drain0),
          .result_reach(result_reaches[r*REACH_W+:REACH_W]), .result_fold(result_folds[r]), .result_column(result_columns[r]),
          .result_part(result_parts[r]), .count_at(count_at), .count(counts[r*COUNT_W+:COUNT_W])
      );

      // Whether outputs hold their places goes down the rows, and to the elements, as all that is the tile's.
      if (HELD != 0) begin : holds
        fp_delay #(.WIDTH(1), .DEPTH(1)) below (.clk(clk), .d(helds[r]), .q(helds[r+1]));
        fp_delay #(.WIDTH(1), .DEPTH(READ_LATENCY + 3)) to_mode (.clk(clk), .d(helds[r]), .q(mode0[MODE_W-1]));
      end else begin : holds_none
        assign helds[r+1] = 1'b0;
      end

      // From the row control or an element to the next.
      /* verilator lint_off UNUSED */
      wire [(COLS+1)*REACH_W-1:0] link_reaches, slot_reaches, load_reaches_r, drain_reaches_r;
      wire [(COLS+1)*(WORD_W+1)-1:0] link_tos;
      wire [(COLS+1)*LINK-1:0] links;
      wire [(COLS+1)*SLOT_W-1:0] slots;
      wire [(COLS+1)*LOAD_W-1:0] loads;
      wire [(COLS+1)*DRAIN_W-1:0] drains;
      wire [(COLS+1)*MODE_W-1:0] modes;
      /* verilator lint_on UNUSED */
      assign link_reaches[REACH_W-1:0] = link_reach0;
      assign link_tos[WORD_W:0] = link_to0;
      assign links[LINK-1:0] = west_data[r*LINK+:LINK];
      assign slot_reaches[REACH_W-1:0] = slot_reach0;
      assign slots[SLOT_W-1:0] = slot0;
      assign load_reaches_r[REACH_W-1:0] = load_reach0;
      assign loads[LOAD_W-1:0] = load0;
      assign drain_reaches_r[REACH_W-1:0] = drain_reach0;
      assign drains[DRAIN_W-1:0] = drain0;
      assign modes[MODE_W-1:0] = mode0;

      for (c = 0; c < COLS; c = c + 1) begin : col
        // Two instances: with one, in a module around it, yosys maps the same logic without HELD to other LUTs (2 x 2 elements: 7,237 for 7,239, and a path of 4.11 ns for 4.01).
        if (HELD != 0) begin : placed
          stce_held #(
              .COLS(COLS), .MAX_N(MAX_N), .MAX_M(MAX_M), .MAX_I(MAX_I), .LINK_W(LINK_W), .MUL_LATENCY(MUL_LATENCY), .ADD_LATENCY(ADD_LATENCY),
              .FLUSH(FLUSH), .SHADOW(SHADOW)
          ) element (
              .clk(clk), .mode_in(modes[MODE_W*c+:MODE_W]), .mode_out(modes[MODE_W*(c+1)+:MODE_W]),
              .link_reach_in(link_reaches[c*REACH_W+:REACH_W]), .link_to_in(link_tos[c*(WORD_W+1)+:WORD_W+1]), .link_in(links[c*LINK+:LINK]),
              .link_reach_out(link_reaches[(c+1)*REACH_W+:REACH_W]), .link_to_out(link_tos[(c+1)*(WORD_W+1)+:WORD_W+1]),
              .link_out(links[(c+1)*LINK+:LINK]),
              .slot_reach_in(slot_reaches[c*REACH_W+:REACH_W]), .slot_in(slots[c*SLOT_W+:SLOT_W]),
              .slot_reach_out(slot_reaches[(c+1)*REACH_W+:REACH_W]), .slot_out(slots[(c+1)*SLOT_W+:SLOT_W]),
              .load_reach_in(load_reaches_r[c*REACH_W+:REACH_W]), .load_in(loads[c*LOAD_W+:LOAD_W]),
              .load_reach_out(load_reaches_r[(c+1)*REACH_W+:REACH_W]), .load_out(loads[(c+1)*LOAD_W+:LOAD_W]),
              .drain_reach_in(drain_reaches_r[c*REACH_W+:REACH_W]), .drain_in(drains[c*DRAIN_W+:DRAIN_W]),
              .drain_reach_out(drain_reaches_r[(c+1)*REACH_W+:REACH_W]), .drain_out(drains[(c+1)*DRAIN_W+:DRAIN_W]),
              .weight_in(weight_edges[(r*COLS+c)*WEIGHT+:WEIGHT]), .weight_out(weight_edges[((r+1)*COLS+c)*WEIGHT+:WEIGHT]),
              .start_in(start_edges[(r*COLS+c)*START_W+:START_W]), .start_out(start_edges[((r+1)*COLS+c)*START_W+:START_W]),
              .sum_in(sum_edges[(r*COLS+c)*32+:32]), .sum_out(sum_edges[((r+1)*COLS+c)*32+:32])
          );
        end else begin : plain
          stce_uspe #(
              .COLS(COLS), .MAX_N(MAX_N), .MAX_M(MAX_M), .MAX_I(MAX_I), .LINK_W(LINK_W), .MUL_LATENCY(MUL_LATENCY), .ADD_LATENCY(ADD_LATENCY),
              .FLUSH(FLUSH), .SHADOW(SHADOW)
          ) element (
              .clk(clk), .mode_in(modes[MODE_W*c+:MODE_W]), .mode_out(modes[MODE_W*(c+1)+:MODE_W]),
              .link_reach_in(link_reaches[c*REACH_W+:REACH_W]), .link_to_in(link_tos[c*(WORD_W+1)+:WORD_W+1]), .link_in(links[c*LINK+:LINK]),
              .link_reach_out(link_reaches[(c+1)*REACH_W+:REACH_W]), .link_to_out(link_tos[(c+1)*(WORD_W+1)+:WORD_W+1]),
              .link_out(links[(c+1)*LINK+:LINK]),
              .slot_reach_in(slot_reaches[c*REACH_W+:REACH_W]), .slot_in(slots[c*SLOT_W+:SLOT_W]),
              .slot_reach_out(slot_reaches[(c+1)*REACH_W+:REACH_W]), .slot_out(slots[(c+1)*SLOT_W+:SLOT_W]),
              .load_reach_in(load_reaches_r[c*REACH_W+:REACH_W]), .load_in(loads[c*LOAD_W+:LOAD_W]),
              .load_reach_out(load_reaches_r[(c+1)*REACH_W+:REACH_W]), .load_out(loads[(c+1)*LOAD_W+:LOAD_W]),
              .drain_reach_in(drain_reaches_r[c*REACH_W+:REACH_W]), .drain_in(drains[c*DRAIN_W+:DRAIN_W]),
              .drain_reach_out(drain_reaches_r[(c+1)*REACH_W+:REACH_W]), .drain_out(drains[(c+1)*DRAIN_W+:DRAIN_W]),
              .weight_in(weight_edges[(r*COLS+c)*WEIGHT+:WEIGHT]), .weight_out(weight_edges[((r+1)*COLS+c)*WEIGHT+:WEIGHT]),
              .start_in(start_edges[(r*COLS+c)*START_W+:START_W]), .start_out(start_edges[((r+1)*COLS+c)*START_W+:START_W]),
              .sum_in(sum_edges[(r*COLS+c)*32+:32]), .sum_out(sum_edges[((r+1)*COLS+c)*32+:32])
          );
        end
        assign sums[(c*ROWS+r)*32+:32] = sum_edges[((r+1)*COLS+c)*32+:32];
      end
    end
  endgenerate

  // One row at most has a result, and what the others say is masked by itself: a tree of as few levels as there can be.
  reg [REACH_W-1:0] reach_any;
  reg [ROWS-1:0] has;
  reg [ROW_W-1:0] row_any;
  reg fold_any, column_any, part_any;
  integer i;
  always @* begin
    reach_any = {REACH_W{1'b0}};
    row_any = {ROW_W{1'b0}};
    fold_any = 1'b0;
    column_any = 1'b0;
    part_any = 1'b0;
    for (i = 0; i < ROWS; i = i + 1) begin
      has[i] = |result_reaches[i*REACH_W+:REACH_W];
      reach_any = reach_any | result_reaches[i*REACH_W+:REACH_W];
      row_any = row_any | i[ROW_W-1:0] & {ROW_W{has[i]}};
      fold_any = fold_any | has[i] & result_folds[i];
      column_any = column_any | has[i] & result_columns[i];
      part_any = part_any | has[i] & result_parts[i];
    end
  end
  always @(posedge clk) begin
    result_reach <= reach_any;
    result_row <= row_any;
    result_fold <= fold_any;
    result_column <= column_any;
    result_part <= part_any;
  end

  /* verilator lint_off WIDTH */  // the product has the parameter's 32 bits, and a place among the counts needs fewer
  assign count = counts[count_row*COUNT_W+:COUNT_W];
  /* verilator lint_on WIDTH */

endmodule

`default_nettype wire
