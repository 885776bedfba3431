// Systolic tensor engine: ROWS x COLS processing elements with their fold sequencer, feeders and drains.
//
//   clk            rising edge
//   rst            synchronous; held for at least RESET_CYCLES = ROWS + COLS + MUL_LATENCY + ADD_LATENCY + 2 * READ_LATENCY + 8 cycles, in which
//                  what has no reset fills with nothing
//   reg_we, reg_wa, reg_wd   registers of stce_fields.vh, also while a tile runs; not while one is queued
//   start          a tile is to run as the registers say; not while one is queued
//   queued         it has not been taken up yet. If it has by then, cycle 0 of it is the cycle after the last one of the tile before: what its control does
//                  ahead, it does while that tile drains. Else it is READ_LATENCY + 8 cycles after start
//   asks, ready    a fold begins in a cycle with both (stce_sequencer.v); ready is 1 where whatever starts the tile has seen to it
//   busy           from the cycle after start until the last tile's done
//   tick           high in every cycle of the model, cycle 0 first; done: in the one after a tile's last, in which its last result is readable, and which may
//                  be cycle 0 of the next
//   clear          counts begin anew; not while busy
//   west_*         read ports of the rows' west buffers: a word of LINK_W operands, of which the first west_count are used
//   north_*        read ports of the columns' north buffers: {place, value}
//   out_r*, out_w* ports of the columns' output buffers: 32 bits; out_whalf: FP16 in the lower half
//   place_*        HELD: read ports of the columns' places, in a memory beside the output buffer, each at the address of its output: out_raddr (stce_place.v)
//                  A read gives its word READ_LATENCY cycles after its address (1 to 3). A word written in a cycle is read by addresses of later ones
//   result_*       results as they leave, before they are rounded
//   count_*        counts since clear, two cycles late, and to be taken two cycles after count_row, count_at and count_all were set: of a row, 0 macs, 1 weight hops, 2 sum hops, 3 start hops, 4 drain hops, 5 west words,
//                  6 west hops, 7 group writes; with count_all, 0 issue, 1 hazard, 2 empty, 3 drain, 4 order, 5 link, 6 sum, 7 preload cycles,
//                  8 held back, 9 north words, 10 output reads, 11 FP32 and 12 FP16 words written
//
// In terms of the model's cycle t: data of the buffers is taken at the edge that begins t, and is on the north edge, or in the group registers of
// column 0, in t; results are readable in t, and written at the end of t + 3.

`default_nettype none
`include "stce_fields.vh"

module stce #(
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
    parameter SHADOW       = 1,                         // preload: shadow or chase, else serial
    parameter CHASE        = 0,                         // preload: chase
    parameter PRODUCTS     = 1,                         // overlap_products: a tile may be several, else one
    parameter HELD         = 0,                         // outputs may hold their places: 1:M, OS (stce_held.v)
    // Set by the others.
    parameter PLACE_W      = `STCE_BITS(MAX_M),
    parameter SIZE_W       = `STCE_BITS(LINK_W + 1),
    parameter ROW_W        = `STCE_BITS(ROWS)
) (
    input  wire                         clk,
    input  wire                         rst,
    input  wire                         reg_we,
    input  wire [                  8:0] reg_wa,
    input  wire [                 31:0] reg_wd,
    input  wire                         start,
    output reg                          queued,
    output wire                         asks,
    input  wire                         ready,
    output wire                         busy,
    output wire                         tick,
    output wire                         done,
    output wire [             ROWS-1:0] west_en,
    output wire [      ROWS*ADDR_W-1:0] west_addr,
    output wire [      ROWS*SIZE_W-1:0] west_count,
    input  wire [   ROWS*16*LINK_W-1:0] west_data,
    output wire [             COLS-1:0] north_en,
    output wire [      COLS*ADDR_W-1:0] north_addr,
    input  wire [COLS*(16+PLACE_W)-1:0] north_data,
    output wire [             COLS-1:0] out_ren,
    output wire [      COLS*ADDR_W-1:0] out_raddr,
    input  wire [          COLS*32-1:0] out_rdata,
    output wire [             COLS-1:0] place_en,
    /* verilator lint_off UNUSED */
    input  wire [     COLS*PLACE_W-1:0] place_data,    // without HELD there are none
    /* verilator lint_on UNUSED */
    output wire [             COLS-1:0] out_we,
    output wire [      COLS*ADDR_W-1:0] out_waddr,
    output wire [          COLS*32-1:0] out_wdata,
    output wire [             COLS-1:0] out_whalf,
    output wire [             COLS-1:0] result_valid,
    output wire [          COLS*32-1:0] result,
    input  wire                         clear,
    input  wire                         count_all,
    input  wire [            ROW_W-1:0] count_row,
    input  wire [                  3:0] count_at,
    output wire [          COUNT_W-1:0] count
);

  localparam TILE_W = 32 * `STCE_TILE_WORDS;
  localparam KIND_W = 16 * `STCE_KIND_WORDS;
  localparam PAIR_W = 32 * `STCE_PAIR_WORDS;
  localparam REACH_W = `STCE_BITS(COLS + 1);
  localparam REG_W = `STCE_BITS(MAX_N * MAX_I);
  localparam R_W = `STCE_BITS(ROWS + 1);
  localparam N_W = `STCE_BITS(MAX_N + 1);
  localparam M_W = `STCE_BITS(MAX_M + 1);
  localparam D_W = `STCE_BITS(MAX_I + 1);
  localparam AT_W = `STCE_BITS(`STCE_ROUND_MOST(MAX_I, ADD_LATENCY) + 1);
  localparam SKEW_W = `STCE_SKEW_BITS(MAX_N, MAX_I, ADD_LATENCY);
  localparam WORDS_W = `STCE_WORD_BITS(MAX_M, MAX_I, LINK_W);
  localparam OPS_W = `STCE_BITS(MAX_M * MAX_I + 1);
  localparam WAIT_W = `STCE_BITS(ROWS * MAX_I + 1);
  localparam ROW_TILE_W = 19 + 2 * N_W + 2 * M_W + ADDR_W;
  localparam COLUMN_TILE_W = 2 + 2 * ADDR_W;
  localparam FILL_W = 20 + 2 * R_W + SKEW_W + 2 * WORDS_W + 4 * OPS_W + REACH_W;
  localparam BEGIN_W = 51 + 2 * R_W + WAIT_W + SKEW_W + 5 * D_W + AT_W + N_W + 2 * WORDS_W + 4 * OPS_W + 2 * REACH_W;
  localparam LOAD_W = 17 + 2 * R_W + N_W + 4 * D_W + 2 * REACH_W;
  localparam LEAD = READ_LATENCY + 1;

  wire taken, bank;
  wire [2:0] kind_at;
  wire [4:0] pair_at;
  wire [KIND_W-1:0] read_kind;
  wire [PAIR_W-1:0] pair;
  wire [TILE_W-1:0] written;
  stce_registers #(
      .PRODUCTS(PRODUCTS)
  ) registers (
      .clk(clk), .rst(rst), .we(reg_we), .wa(reg_wa), .wd(reg_wd), .start(start), .bank(bank), .tile(written), .kind_at(kind_at), .kind(read_kind),
      .pair_at(pair_at), .pair(pair)
  );

  reg [3:0] tiles;  // started, and not done
  assign busy = |tiles;
  always @(posedge clk) begin
    queued <= ~rst & (start | (queued & ~taken));  // taken is late: without an enable it is a net earlier
    if (rst) tiles <= 4'd0;
    else tiles <= tiles + {3'd0, start} - {3'd0, done};
  end

  // The sequencer's orders, a cycle later. Registers of 32 bits, and of 16, of which fewer are used.
  /* verilator lint_off UNUSED */
  wire [32*`STCE_PRODUCTS-1:0] tile;
  wire [KIND_W-1:0] kind;
  /* verilator lint_on UNUSED */
  wire fill, load, go, fold_first, fold_product, fold_column, fold_part, fold_bank, ticks, begins, ends;
  wire [15:0] to_end, load_to_end;
  wire [2:0] cause;
  stce_sequencer #(
      .SHADOW(SHADOW), .CHASE(CHASE), .PRODUCTS(PRODUCTS)
  ) sequencer (
      .clk(clk), .rst(rst), .queued(queued), .taken(taken), .bank(bank), .tile(written), .kind_at(kind_at), .kind(read_kind), .pair_at(pair_at),
      .pair(pair), .asks(asks), .ready(ready), .ticks(ticks), .begins(begins), .ends(ends), .fill(fill), .load(load), .go(go), .fold_kind(kind),
      .fold_first(fold_first), .fold_product(fold_product), .fold_column(fold_column), .fold_part(fold_part), .fold_bank(fold_bank), .fold_to_end(to_end), .load_to_end(load_to_end), .now_tile(tile),
      .cause(cause)
  );
  wire [R_W-1:0] rows = kind[16*`STCE_ROWS+:R_W];
  wire [R_W-1:0] extra_rows = kind[16*`STCE_EXTRA_ROWS+:R_W];
  wire [D_W-1:0] depth = kind[16*`STCE_DEPTH+:D_W];
  wire [SKEW_W-1:0] skew = kind[16*`STCE_SKEW+:SKEW_W];
  wire [N_W-1:0] n = kind[16*`STCE_N+:N_W];
  wire [2*WORDS_W-1:0] words = {kind[16*`STCE_WORDS0+:WORDS_W], kind[16*`STCE_WORDS1+:WORDS_W]};
  wire [4*OPS_W-1:0] operands = {
    kind[16*`STCE_OPS+:OPS_W], kind[16*`STCE_OPS+16+:OPS_W], kind[16*`STCE_OPS+32+:OPS_W], kind[16*`STCE_OPS+48+:OPS_W]
  };
  wire [D_W-1:0] cols = kind[16*`STCE_COLS+:D_W];
  wire [REACH_W-1:0] extra_cols = kind[16*`STCE_EXTRA_COLS+:REACH_W];
  wire [REACH_W-1:0] used = kind[16*`STCE_USED+:REACH_W];
  wire [D_W-1:0] outs0 = kind[16*`STCE_OUTS0+:D_W];
  wire [D_W-1:0] outs1 = kind[16*`STCE_OUTS1+:D_W];
  reg fill1, load1, go1;
  reg [FILL_W-1:0] fill_d;
  reg [BEGIN_W-1:0] begin_d;
  reg [LOAD_W-1:0] load_d;
  reg [ROW_TILE_W-1:0] row_tile;
  always @(posedge clk) begin
    fill1   <= fill & ~rst;
    load1   <= load & ~rst;
    go1     <= go & ~rst;
    fill_d  <= {fold_first, fold_product, fold_column, kind[16*`STCE_VISITS+:32] == 32'd1, to_end, rows, extra_rows, skew, words, operands, used};
    begin_d <= {
      fold_part, fold_column, fold_bank, to_end, rows, extra_rows, kind[16*`STCE_DRAIN+:WAIT_W], skew, depth, kind[16*`STCE_LAST_DEPTH+:D_W],
      kind[16*`STCE_ROUND+:AT_W], n, words, operands, cols, extra_cols, used, outs0, outs1, kind[16*`STCE_VISITS+:32]
    };
    load_d  <= {fold_bank, load_to_end, rows, extra_rows, depth, n, cols, extra_cols, used, outs0, outs1};
    row_tile <= {
      tile[32*`STCE_MODE], tile[32*`STCE_MODE+1], tile[32*`STCE_MODE+2], tile[32*`STCE_N_FULL+:N_W], tile[32*`STCE_N_SHORT+:N_W],
      tile[32*`STCE_M_FULL+:M_W], tile[32*`STCE_M_SHORT+:M_W], tile[32*`STCE_PERTAP+:16] - 16'd1, tile[32*`STCE_WEST_BASE+:ADDR_W]
    };
  end

  // Whether the tile's outputs hold their places, for rows and for columns.
  wire row_held, column_held;
  generate
    if (HELD != 0) begin : holds
      reg to_row;
      always @(posedge clk) to_row <= tile[32*`STCE_MODE+4];
      assign row_held = to_row;
      fp_delay #(.WIDTH(1), .DEPTH(3)) to_column (.clk(clk), .d(tile[32*`STCE_MODE+4]), .q(column_held));
    end else begin : holds_none
      assign row_held = 1'b0;
      assign column_held = 1'b0;
    end
  endgenerate

  // What columns know of the tile, when its first read, and its first result, may be theirs.
  wire column_new, late_new;
  wire [COLUMN_TILE_W-1:0] column_tile;
  wire [1:0] late;
  fp_delay #(
      .WIDTH(1 + COLUMN_TILE_W), .DEPTH(3)
  ) to_column (
      .clk(clk),
      .d({begins & ~rst, tile[32*`STCE_MODE], tile[32*`STCE_MODE+2], tile[32*`STCE_NORTH_BASE+:ADDR_W], tile[32*`STCE_OUT_BASE+:ADDR_W]}),
      .q({column_new, column_tile})
  );
  fp_delay #(
      .WIDTH(3), .DEPTH(LEAD + 4)
  ) to_late (
      .clk(clk), .d({begins & ~rst, tile[32*`STCE_MODE], tile[32*`STCE_MODE+3]}), .q({late_new, late})
  );
  wire ws, starts;
  assign {ws, starts} = column_tile[COLUMN_TILE_W-1-:2];

  // The model's cycles.
  wire ends1;
  fp_delay #(.WIDTH(2), .DEPTH(LEAD + 3)) to_tick (.clk(clk), .d({ticks & ~rst, ends & ~rst}), .q({tick, ends1}));
  fp_delay #(.WIDTH(1), .DEPTH(1)) to_done (.clk(clk), .d(ends1), .q(done));

  // Weights and start values.
  wire [REACH_W-1:0] load_reach, load_reach1;
  wire [R_W-1:0] load_rows, load_rows1;
  wire [REG_W-1:0] load_to, load_to1;
  wire load_bank, load_bank1;
  stce_loader #(
      .ROWS(ROWS), .COLS(COLS), .MAX_N(MAX_N), .MAX_I(MAX_I), .CHASE(CHASE)
  ) loader (
      .clk(clk), .rst(rst), .ws(row_tile[ROW_TILE_W-1]), .over_t(row_tile[ROW_TILE_W-2]), .n_full(row_tile[ROW_TILE_W-4-:N_W]),
      .n_short(row_tile[ROW_TILE_W-4-N_W-:N_W]), .tap_last(row_tile[ADDR_W+15:ADDR_W]), .go(load1), .go_d(load_d), .reach(load_reach),
      .rows(load_rows), .to(load_to), .to_bank(load_bank)
  );
  fp_delay #(
      .WIDTH(REACH_W + 1 + R_W + REG_W), .DEPTH(LEAD)
  ) to_load (
      .clk(clk), .d({load_reach, load_rows, load_to, load_bank}), .q({load_reach1, load_rows1, load_to1, load_bank1})
  );

  wire [REACH_W-1:0] early_reach;
  wire early_load, early_sum, early_fold, early_column;
  wire [1:0] early_cause;
  wire [COLS*(16+PLACE_W)-1:0] weights;
  wire [COLS*32-1:0] sums_in;
  wire [COLS*PLACE_W-1:0] places;
  wire [COLS*ROWS*32-1:0] sums;
  wire [REACH_W-1:0] result_reach;
  wire [ROW_W-1:0] result_row;
  wire result_fold, result_column, result_part;
  wire [COUNT_W-1:0] row_count;
  stce_array #(
      .ROWS(ROWS), .COLS(COLS), .MAX_N(MAX_N), .MAX_M(MAX_M), .MAX_I(MAX_I), .LINK_W(LINK_W), .MUL_LATENCY(MUL_LATENCY),
      .ADD_LATENCY(ADD_LATENCY), .READ_LATENCY(READ_LATENCY), .ADDR_W(ADDR_W), .COUNT_W(COUNT_W), .FLUSH(FLUSH), .SHADOW(SHADOW), .PRODUCTS(PRODUCTS), .HELD(HELD), .TILE_W(ROW_TILE_W),
      .FILL_W(FILL_W), .BEGIN_W(BEGIN_W)
  ) array (
      .clk(clk), .rst(rst), .clear(clear), .tile(row_tile), .held(row_held), .places(places), .fill(fill1), .fill_d(fill_d),
      .begins(go1), .begin_d(begin_d), .west_en(west_en), .west_addr(west_addr), .west_count(west_count), .west_data(west_data),
      .early_reach(early_reach), .early_load(early_load), .early_sum(early_sum), .early_fold(early_fold), .early_column(early_column),
      .early_cause(early_cause), .load_reach(load_reach1), .load_rows(load_rows1), .load_to(load_to1), .load_bank(load_bank1),
      .weights(weights), .sums_in(sums_in), .sums(sums), .result_reach(result_reach), .result_row(result_row), .result_fold(result_fold),
      .result_column(result_column), .result_part(result_part), .count_row(count_row), .count_at(count_at[2:0]), .count(row_count)
  );

  // Columns. A slot's sum is wanted MUL_LATENCY after it.
  wire [REACH_W-1:0] sum_reach;
  wire sum_fold, sum_column;
  fp_delay #(
      .WIDTH(REACH_W + 2), .DEPTH(MUL_LATENCY)
  ) to_sum (
      .clk(clk), .d({early_sum ? early_reach : {REACH_W{1'b0}}, early_fold, early_column}), .q({sum_reach, sum_fold, sum_column})
  );
  // What the last column hands on goes nowhere.
  /* verilator lint_off UNUSED */
  wire [(COLS+1)*REACH_W-1:0] slot_reaches, sum_reaches, load_reaches, result_reaches;
  wire [(COLS+1)*COLUMN_TILE_W-1:0] column_tiles;
  wire [(COLS+1)*2-1:0] lates;
  wire [COLS:0] column_news, late_news, column_helds;
  wire [COLS:0] slot_loads, slot_folds, slot_columns, sum_folds, sum_columns, result_folds, result_columns, result_parts;
  wire [(COLS+1)*ROW_W-1:0] result_rows;
  /* verilator lint_on UNUSED */
  assign column_tiles[COLUMN_TILE_W-1:0] = column_tile;
  assign column_news[0] = column_new;
  assign column_helds[0] = column_held;
  assign lates[1:0] = late;
  assign late_news[0] = late_new;
  assign slot_reaches[REACH_W-1:0] = early_reach;
  assign slot_loads[0] = early_load;
  assign slot_folds[0] = early_fold;
  assign slot_columns[0] = early_column;
  assign sum_reaches[REACH_W-1:0] = sum_reach;
  assign sum_folds[0] = sum_fold;
  assign sum_columns[0] = sum_column;
  assign load_reaches[REACH_W-1:0] = load_reach;
  assign result_reaches[REACH_W-1:0] = result_reach;
  assign result_rows[ROW_W-1:0] = result_row;
  assign result_folds[0] = result_fold;
  assign result_columns[0] = result_column;
  assign result_parts[0] = result_part;
  genvar c;
  generate
    for (c = 0; c < COLS; c = c + 1) begin : col
      wire reads;
      if (HELD != 0) begin : places_of
        stce_place #(
            .COLS(COLS), .MAX_M(MAX_M)
        ) beside (
            .clk(clk), .held_in(column_helds[c]), .held_out(column_helds[c+1]), .ws(column_tiles[c*COLUMN_TILE_W+2*ADDR_W+1]),
            .start(column_tiles[c*COLUMN_TILE_W+2*ADDR_W]), .load_reach(load_reaches[c*REACH_W+:REACH_W]), .out_ren_in(reads), .out_ren(out_ren[c]),
            .place_en(place_en[c]), .place_data(place_data[c*PLACE_W+:PLACE_W]), .place(places[c*PLACE_W+:PLACE_W])
        );
      end else begin : no_places
        assign column_helds[c+1] = 1'b0;
        assign out_ren[c] = reads;
        assign place_en[c] = 1'b0;
        assign places[c*PLACE_W+:PLACE_W] = {PLACE_W{1'b0}};
      end
      stce_column #(
          .ROWS(ROWS), .COLS(COLS), .MAX_M(MAX_M), .READ_LATENCY(READ_LATENCY), .ADDR_W(ADDR_W), .FLUSH(FLUSH)
      ) column (
          .clk(clk), .tile_new_in(column_news[c]), .tile_in(column_tiles[c*COLUMN_TILE_W+:COLUMN_TILE_W]), .tile_new_out(column_news[c+1]),
          .tile_out(column_tiles[(c+1)*COLUMN_TILE_W+:COLUMN_TILE_W]), .late_new_in(late_news[c]), .late_in(lates[2*c+:2]),
          .late_new_out(late_news[c+1]), .late_out(lates[2*(c+1)+:2]),
          .slot_reach_in(slot_reaches[c*REACH_W+:REACH_W]), .slot_load_in(slot_loads[c]), .slot_fold_in(slot_folds[c]),
          .slot_column_in(slot_columns[c]), .slot_reach_out(slot_reaches[(c+1)*REACH_W+:REACH_W]), .slot_load_out(slot_loads[c+1]),
          .slot_fold_out(slot_folds[c+1]), .slot_column_out(slot_columns[c+1]),
          .sum_reach_in(sum_reaches[c*REACH_W+:REACH_W]), .sum_fold_in(sum_folds[c]), .sum_column_in(sum_columns[c]),
          .sum_reach_out(sum_reaches[(c+1)*REACH_W+:REACH_W]), .sum_fold_out(sum_folds[c+1]), .sum_column_out(sum_columns[c+1]),
          .load_reach_in(load_reaches[c*REACH_W+:REACH_W]), .load_reach_out(load_reaches[(c+1)*REACH_W+:REACH_W]),
          .result_reach_in(result_reaches[c*REACH_W+:REACH_W]), .result_row_in(result_rows[c*ROW_W+:ROW_W]), .result_fold_in(result_folds[c]),
          .result_column_in(result_columns[c]), .result_part_in(result_parts[c]), .result_reach_out(result_reaches[(c+1)*REACH_W+:REACH_W]),
          .result_row_out(result_rows[(c+1)*ROW_W+:ROW_W]), .result_fold_out(result_folds[c+1]), .result_column_out(result_columns[c+1]),
          .result_part_out(result_parts[c+1]),
          .north_en(north_en[c]), .north_addr(north_addr[c*ADDR_W+:ADDR_W]), .north_data(north_data[c*(16+PLACE_W)+:16+PLACE_W]),
          .out_ren(reads), .out_raddr(out_raddr[c*ADDR_W+:ADDR_W]), .out_rdata(out_rdata[c*32+:32]),
          .weight(weights[c*(16+PLACE_W)+:16+PLACE_W]), .sum(sums_in[c*32+:32]), .sums(sums[c*ROWS*32+:ROWS*32]),
          .result_valid(result_valid[c]), .result(result[c*32+:32]),
          .out_we(out_we[c]), .out_waddr(out_waddr[c*ADDR_W+:ADDR_W]), .out_wdata(out_wdata[c*32+:32]), .out_whalf(out_whalf[c])
      );
    end
  endgenerate

  wire [COUNT_W-1:0] all_count;
  wire [REACH_W-1:0] counted_reach = column_held & ~ws & ~starts ? {REACH_W{1'b0}} : load_reach;  // places alone are no reads of the output buffer
  stce_counters #(
      .COLS(COLS), .COUNT_W(COUNT_W)
  ) counters (
      .clk(clk), .clear(clear), .cause(cause), .row_cause(early_cause), .ws(ws), .starts(starts), .load_reach(counted_reach), .slot_load(early_load),
      .slot_reach(early_reach), .sum_column(sum_column), .sum_reach(sum_reach), .wide(late[0] | result_part), .result_reach(result_reach),
      .count_at(count_at), .count(all_count)
  );
  assign count = count_all ? all_count : row_count;

endmodule

`default_nettype wire
