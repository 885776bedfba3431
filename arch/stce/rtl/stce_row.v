// Control of a row: from two orders a fold, fill and begin, it makes the words of the west link and the slots of the fold, by itself.
//
//   clk, rst     rising edge; rst, synchronous, is held for the array's length (see stce.v)
//   clear        counts begin anew
//   tile_in      registers of the tile: {WS, over T, start, kept weights of a group and of a tap's last one, operands likewise, groups of a tap less one,
//                west base}; a row down a cycle
//   fill_in      the first word of the fold's first group is made in the cycle after it: {first fold of the tile, of a later product, of a column fold, one visit only, groups in its tap after the row's,
//                rows, extra rows, skew, words of a visit and of one at the end, operands likewise (four), columns used}
//   begin_in     the first slot is made in the cycle after it: {part, new column fold, weight bank, groups in its tap, rows, extra rows, drain wait, skew,
//                depth, last depth, round, n, words (two), operands (four), columns, extra columns, columns used, outputs (two), visits}
//   *_out        the same for the row below, the fold's skew later
//   west_*       read of this row's west buffer: the word comes READ_LATENCY cycles later, with the first `west_count` of its operands in use
//   early_*      slots in the cycle after they were made, for row 0's weights and sums
//   link_*, slot_*, load_*, drain_*, mode   the orders for column 0, in the cycles in which stce_uspe wants them
//   load_*_in    from the row above, or the loader; drain_reach_in from the row above
//   result_*     a result of this row leaves the array: READ_LATENCY + 2 + the latencies after its slot was made it is readable, this is a cycle before
//
// rows are those from here on that the fold passes; extra rows those that still have an extra output (OS) or a group (WS). See stce_fields.vh for the rest.
//
// A slot made in cycle e is in column 0 in cycle e + READ_LATENCY + 2; so is a word that is made in e, and read in e + 1. That hides the buffer's latency.
//
// Slots of a fold: visit (a group in OS, a batch in WS) by visit, round by round, output by output. The words of the next visit are made from
// the cycle after a visit's first slot, and it begins when its rounds are over and the last word is there.

`default_nettype none
`include "stce_fields.vh"

module stce_row #(
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
    parameter PRODUCTS     = 1,
    // Set by the others.
    parameter REACH_W      = `STCE_BITS(COLS + 1),
    parameter O_W          = `STCE_BITS(MAX_I),
    parameter WORD_W       = `STCE_BITS((MAX_M * MAX_I + LINK_W - 1) / LINK_W),
    parameter BASE_W       = `STCE_BITS(MAX_M * MAX_I),
    parameter REG_W        = `STCE_BITS(MAX_N * MAX_I),
    parameter SIZE_W       = `STCE_BITS(LINK_W + 1),
    parameter SLOT_W       = 6 + O_W + BASE_W + REG_W,
    parameter LOAD_W       = 2 + REG_W,
    parameter DRAIN_W      = 1 + O_W,
    parameter R_W          = `STCE_BITS(ROWS + 1),
    parameter N_W          = `STCE_BITS(MAX_N + 1),
    parameter M_W          = `STCE_BITS(MAX_M + 1),
    parameter D_W          = `STCE_BITS(MAX_I + 1),
    parameter AT_W         = `STCE_BITS(`STCE_ROUND_MOST(MAX_I, ADD_LATENCY) + 1),
    parameter SKEW_W       = `STCE_SKEW_BITS(MAX_N, MAX_I, ADD_LATENCY),
    parameter WORDS_W      = `STCE_WORD_BITS(MAX_M, MAX_I, LINK_W),
    parameter OPS_W        = `STCE_BITS(MAX_M * MAX_I + 1),
    parameter WAIT_W       = `STCE_BITS(ROWS * MAX_I + 1),
    parameter TILE_W       = 19 + 2 * N_W + 2 * M_W + ADDR_W,
    parameter FILL_W       = 20 + 2 * R_W + SKEW_W + 2 * WORDS_W + 4 * OPS_W + REACH_W,
    parameter BEGIN_W      = 51 + 2 * R_W + WAIT_W + SKEW_W + 5 * D_W + AT_W + N_W + 2 * WORDS_W + 4 * OPS_W + 2 * REACH_W
) (
    input  wire                clk,
    input  wire                rst,
    input  wire                clear,
    input  wire [  TILE_W-1:0] tile_in,
    output reg  [  TILE_W-1:0] tile_out,
    input  wire                fill_in,
    input  wire [  FILL_W-1:0] fill_d,
    output wire                fill_out,
    output wire [  FILL_W-1:0] fill_q,
    input  wire                begin_in,
    input  wire [ BEGIN_W-1:0] begin_d,
    output wire                begin_out,
    output wire [ BEGIN_W-1:0] begin_q,
    output reg                 west_en,
    output reg  [  ADDR_W-1:0] west_addr,
    output reg  [  SIZE_W-1:0] west_count,
    output reg  [ REACH_W-1:0] early_reach,
    output reg                 early_load,
    output reg                 early_sum,     // WS: it takes a sum in
    output reg                 early_fold,    // the first slot of a fold
    output reg                 early_column,  // of a new column fold
    output reg  [         1:0] early_cause,   // what this row's cycle goes to: 0: no fold, 1: a slot, 2: hazard, 3: link
    output wire [         1:0] mode,          // {WS, start}
    output wire [ REACH_W-1:0] link_reach,
    output wire [    WORD_W:0] link_to,
    output wire [ REACH_W-1:0] slot_reach,
    output wire [  SLOT_W-1:0] slot,
    input  wire [ REACH_W-1:0] load_reach_in,
    input  wire [     R_W-1:0] load_rows_in,  // rows to go
    input  wire [   REG_W-1:0] load_to_in,
    input  wire                load_bank_in,
    output reg  [ REACH_W-1:0] load_reach_out,
    output reg  [     R_W-1:0] load_rows_out,
    output reg  [   REG_W-1:0] load_to_out,
    output reg                 load_bank_out,
    output wire [ REACH_W-1:0] load_reach,
    output wire [  LOAD_W-1:0] load,
    input  wire [ REACH_W-1:0] drain_reach_in,
    output wire [ REACH_W-1:0] drain_reach_out,
    output reg  [ REACH_W-1:0] drain_reach,
    output reg  [ DRAIN_W-1:0] drain,
    output wire [ REACH_W-1:0] result_reach,
    output wire                result_fold,
    output wire                result_column,
    output wire                result_part,
    input  wire [         2:0] count_at,
    output reg  [ COUNT_W-1:0] count
);

  localparam LEAD = READ_LATENCY + 2;

  // Numbers of different widths meet below; the contract's limits keep them small enough.
  /* verilator lint_off WIDTH */

  // The tile.
  wire ws, over_t, starts;
  wire [N_W-1:0] n_full, n_short;
  wire [M_W-1:0] m_full, m_short;
  wire [15:0] tap_last;
  wire [ADDR_W-1:0] west_base;
  assign {ws, over_t, starts, n_full, n_short, m_full, m_short, tap_last, west_base} = tile_in;
  wire ws_late;
  assign ws_late = mode[1];
  fp_delay #(.WIDTH(2), .DEPTH(READ_LATENCY + 3)) to_mode (.clk(clk), .d({ws, starts}), .q(mode));
  always @(posedge clk) tile_out <= tile_in;

  // Orders.
  wire fill_new, fill_later, fill_column, fill_single;
  wire [15:0] fill_to_end;
  wire [R_W-1:0] fill_rows, fill_extra;
  wire [SKEW_W-1:0] fill_skew;
  wire [2*WORDS_W-1:0] fill_words;
  wire [4*OPS_W-1:0] fill_ops;
  wire [REACH_W-1:0] fill_used;
  // A tile of one product reads each column fold from where it begins itself.
  wire fill_first = PRODUCTS != 0 ? fill_new : fill_column;
  wire fill_product = PRODUCTS != 0 & fill_later;
  assign {fill_new, fill_later, fill_column, fill_single, fill_to_end, fill_rows, fill_extra, fill_skew, fill_words, fill_ops, fill_used} = fill_d;

  wire begin_part, begin_column, begin_bank;
  wire [15:0] begin_to_end;
  wire [R_W-1:0] begin_rows, begin_extra;
  wire [WAIT_W-1:0] begin_wait;
  wire [SKEW_W-1:0] begin_skew;
  wire [D_W-1:0] begin_depth, begin_last_depth, begin_cols, begin_outs0, begin_outs1;
  wire [AT_W-1:0] begin_round;
  wire [N_W-1:0] begin_n;
  wire [2*WORDS_W-1:0] begin_words;
  wire [4*OPS_W-1:0] begin_ops;
  wire [REACH_W-1:0] begin_extra_cols, begin_used;
  wire [31:0] begin_visits;
  assign {
    begin_part, begin_column, begin_bank, begin_to_end, begin_rows, begin_extra, begin_wait, begin_skew, begin_depth, begin_last_depth, begin_round, begin_n,
    begin_words, begin_ops, begin_cols, begin_extra_cols, begin_used, begin_outs0, begin_outs1, begin_visits
  } = begin_d;

  wire fill_tap_end = ~|fill_to_end;
  wire begin_tap_end = ~|begin_to_end;
  wire fill_has = |fill_extra;
  wire begin_has = |begin_extra;
  stce_hop #(
      .WIDTH(FILL_W), .SKEW(SKEW_W)
  ) fill_below (
      .clk(clk), .rst(rst), .in(fill_in & fill_rows != 1), .skew(fill_skew),
      .d({
        fill_first, fill_product, fill_column, fill_single, ~ws ? fill_to_end : fill_tap_end ? tap_last : fill_to_end - 16'd1, fill_rows - 1'b1, fill_extra - fill_has, fill_skew,
        fill_words, fill_ops, fill_used
      }),
      .out(fill_out), .q(fill_q)
  );
  stce_hop #(
      .WIDTH(BEGIN_W), .SKEW(SKEW_W)
  ) begin_below (
      .clk(clk), .rst(rst), .in(begin_in & begin_rows != 1), .skew(begin_skew),
      .d({
        begin_part, begin_column, begin_bank, ~ws ? begin_to_end : begin_tap_end ? tap_last : begin_to_end - 16'd1, begin_rows - 1'b1, begin_extra - begin_has,
        begin_wait - begin_depth, begin_skew, begin_depth, begin_last_depth, begin_round, begin_n, begin_words, begin_ops, begin_cols, begin_extra_cols,
        begin_used, begin_outs0, begin_outs1, begin_visits
      }),
      .out(begin_out), .q(begin_q)
  );

  // The fold whose slots are made.
  reg part, column, weight_bank, bottom, extra;
  reg [D_W-1:0] full_depth, last_depth, cols, outputs;
  reg [AT_W-1:0] round_cycles;
  reg [N_W-1:0] n;
  reg [2*WORDS_W-1:0] all_words;
  reg [4*OPS_W-1:0] all_ops;
  reg [REACH_W-1:0] extra_cols, used;
  reg [WAIT_W-1:0] wait_drain;

  // Slots.
  reg run, waiting, first_visit, bank;
  reg [31:0] visits;  // left, with this one
  reg last_visit, last_but_one;
  reg [15:0] to_end;  // groups in the tap after this one
  reg tap_end, next_tap_end;
  reg [N_W-1:0] round;
  reg [AT_W-1:0] at;  // cycle in its round
  reg [REG_W-1:0] register;
  reg [BASE_W-1:0] base;

  wire [N_W-1:0] rounds = ws ? n : tap_end ? n_short : n_full;
  wire [N_W-1:0] kept = ~extra ? 0 : tap_end ? n_short : n_full;
  wire [D_W-1:0] depth = last_visit ? last_depth : full_depth;
  wire last_round = round + 1'b1 == rounds;
  wire runs = run & ~waiting;
  wire made = runs & at < depth;
  wire last_at = last_round & (ws | last_visit) ? at + 1'b1 == depth : at + 1'b1 == round_cycles;
  wire visit_begins = runs & round == 0 & at == 0;
  wire visit_over = runs & last_round & last_at;

  // Words of the west link.
  reg [WORDS_W-1:0] words;  // cycles to go of the present visit's
  reg [OPS_W-1:0] operands;  // to come
  reg [ADDR_W-1:0] word_from, word_base;  // the next word; the first of the product, from which on each column fold reads
  reg [WORD_W-1:0] word_to;
  reg word_bank;
  reg [REACH_W-1:0] word_reach;
  wire at_end = ws ? last_but_one : next_tap_end;
  wire [WORDS_W-1:0] next_words = last_visit ? 0 : at_end ? all_words[WORDS_W-1:0] : all_words[2*WORDS_W-1:WORDS_W];
  wire has_words = |words;
  wire [WORDS_W-1:0] left = visit_begins ? next_words : words - has_words;  // after this cycle
  wire few = visit_begins ? last_visit | next_words <= 1 : words <= 2;  // left is 0 or 1
  wire goes_on = (visit_over | waiting) & ~last_visit & few;
  // Of four numbers of operands: not by a part select at a product, of which synthesis makes a DSP slice where OPS_W is no power of two.
  wire fill_more = ws ? fill_single : fill_has;
  wire next_more = ws ? last_but_one : extra;
  wire [2*OPS_W-1:0] first_pair = fill_tap_end ? fill_ops[0+:2*OPS_W] : fill_ops[2*OPS_W+:2*OPS_W];
  wire [2*OPS_W-1:0] next_pair = next_tap_end ? all_ops[0+:2*OPS_W] : all_ops[2*OPS_W+:2*OPS_W];
  wire [OPS_W-1:0] first_operands = fill_more ? first_pair[0+:OPS_W] : first_pair[OPS_W+:OPS_W];
  wire [OPS_W-1:0] next_operands = next_more ? next_pair[0+:OPS_W] : next_pair[OPS_W+:OPS_W];
  wire [SIZE_W-1:0] size = operands > LINK_W ? LINK_W : operands;
  wire reads = has_words & |operands;
  wire [ADDR_W-1:0] word_next = word_from + reads;

  always @(posedge clk) begin
    if (rst) words <= 0;
    else if (fill_in) words <= (ws ? fill_single : fill_tap_end) ? fill_words[WORDS_W-1:0] : fill_words[2*WORDS_W-1:WORDS_W];
    else words <= left;

    if (fill_in) operands <= ws & ~fill_has ? 0 : first_operands;
    else if (visit_begins) operands <= ws & ~extra ? 0 : next_operands;
    else if (has_words) operands <= operands - size;

    if (fill_in & fill_first) word_from <= west_base;
    else if (PRODUCTS != 0 & fill_in & fill_column & ~fill_product) word_from <= word_base;
    else word_from <= word_next;
    if (fill_in & (fill_first | fill_product)) word_base <= fill_first ? west_base : word_next;

    if (fill_in | visit_begins) word_to <= 0;
    else if (has_words) word_to <= word_to + 1'b1;

    if (rst) word_bank <= 1'b1;
    else if (fill_in | visit_begins & ~last_visit) word_bank <= ~word_bank;

    if (fill_in) word_reach <= fill_used;

    west_en <= reads;
    west_addr <= word_from;
    west_count <= size;
  end

  always @(posedge clk) begin
    if (rst) begin
      run <= 1'b0;
      waiting <= 1'b0;
      bank <= 1'b1;
    end else begin
      if (begin_in) run <= 1'b1;
      else if (visit_over & last_visit) run <= 1'b0;
      waiting <= (visit_over | waiting) & ~last_visit & ~goes_on;
      if (begin_in | goes_on) bank <= ~bank;
    end

    if (begin_in) begin
      part <= begin_part;
      column <= begin_column;
      weight_bank <= begin_bank;
      bottom <= begin_rows == 1;
      extra <= begin_has;
      wait_drain <= begin_wait;
      full_depth <= begin_depth;
      last_depth <= begin_last_depth;
      round_cycles <= begin_round;
      n <= begin_n;
      all_words <= begin_words;
      all_ops <= begin_ops;
      cols <= begin_cols;
      extra_cols <= begin_extra_cols;
      used <= begin_used;
      outputs <= begin_has ? begin_outs1 : begin_outs0;
      visits <= begin_visits;
      last_visit <= begin_visits == 32'd1;
      last_but_one <= begin_visits == 32'd2;
      first_visit <= 1'b1;
      to_end <= begin_to_end;
      tap_end <= begin_tap_end;
      next_tap_end <= ws ? begin_tap_end : begin_to_end <= 16'd1;  // none after the first: a tap has one
    end else if (goes_on) begin
      visits <= visits - 32'd1;
      last_visit <= last_but_one;
      last_but_one <= visits == 32'd3;
      first_visit <= 1'b0;
      if (~ws) begin
        to_end <= tap_end ? tap_last : to_end - 16'd1;
        tap_end <= next_tap_end;
        next_tap_end <= tap_end ? tap_last <= 16'd1 : to_end == 16'd2;
      end
    end

    if (begin_in | goes_on) begin
      round <= 0;
      at <= 0;
      base <= 0;
      register <= 0;
    end else if (runs) begin
      if (last_at) begin
        round <= round + 1'b1;
        at <= 0;
        base <= 0;
        if (over_t) register <= register + 1'b1;
      end else begin
        at <= at + 1'b1;
        if (over_t) base <= base + (tap_end ? m_short : m_full);
      end
      if (made & ~over_t) register <= register + 1'b1;
    end
  end

  // Columns that an output of an element reaches.
  wire first = ws ? round == 0 : first_visit & round == 0;
  wire last = last_round & (ws | last_visit);
  wire loads = ~ws & (at == 0 | ~over_t);
  wire mac = ~ws | round < kept;
  wire [O_W-1:0] output_at = at;
  wire [REACH_W-1:0] reach = ~made | at >= outputs ? 0 : over_t ? used : at < cols ? COLS : at == cols ? extra_cols : 0;
  reg early_mac;
  always @(posedge clk) begin
    early_reach <= reach;
    early_load <= loads;
    early_sum <= ws & first;
    early_fold <= visit_begins & first_visit;
    early_column <= column;
    early_cause <= ~run ? 2'd0 : made ? 2'd1 : runs ? 2'd2 : 2'd3;
    early_mac <= mac;
  end

  // In step with the words that the buffer gives.
  fp_delay #(
      .WIDTH(REACH_W + WORD_W + 1), .DEPTH(LEAD - 1)
  ) to_link (
      .clk(clk), .d({reads ? word_reach : {REACH_W{1'b0}}, word_bank, word_to}), .q({link_reach, link_to})
  );
  fp_delay #(
      .WIDTH(REACH_W + SLOT_W), .DEPTH(LEAD)
  ) to_slot (
      .clk(clk), .d({reach, first, last, loads, mac, output_at, bank, base, weight_bank, register}), .q({slot_reach, slot})
  );

  // Weights and start values on their way south.
  assign load_reach = load_reach_in;
  assign load = {load_rows_in == 0, load_bank_in, load_to_in};
  always @(posedge clk) begin
    load_reach_out <= load_rows_in == 0 ? 0 : load_reach_in;
    load_rows_out <= load_rows_in - 1'b1;
    load_to_out <= load_to_in;
    load_bank_out <= load_bank_in;
  end

  // Results on their way south: own ones, when those of the rows below have left, then what the row above moves.
  localparam TURN_W = 1 + 3 * D_W + 2 * REACH_W + 1;  // {over T, outputs, depth, columns, extra columns, columns used, bottom}
  wire sums_complete = ~ws & runs & last_round & last_visit & at == 0;
  wire complete;
  wire [TURN_W-1:0] complete_d;
  wire [WAIT_W-1:0] complete_wait;
  fp_delay #(
      .WIDTH(1 + TURN_W + WAIT_W), .DEPTH(LEAD + MUL_LATENCY + ADD_LATENCY - 2)
  ) to_complete (
      .clk(clk), .d({sums_complete, over_t, outputs, full_depth, cols, extra_cols, used, bottom, wait_drain}), .q({complete, complete_d, complete_wait})
  );

  reg pending, turn;
  reg [TURN_W-1:0] pending_d, turn_d;
  reg [WAIT_W-1:0] pending_wait;
  reg [D_W-1:0] turn_at;
  wire turn_over_t, turn_bottom;
  wire [D_W-1:0] turn_outputs, turn_depth, turn_cols;
  wire [REACH_W-1:0] turn_extra_cols, turn_used;
  assign {turn_over_t, turn_outputs, turn_depth, turn_cols, turn_extra_cols, turn_used, turn_bottom} = turn_d;
  wire now = complete & complete_wait == 0;
  wire due = pending & pending_wait == 1;
  wire turn_over = turn_at + 1'b1 == turn_depth;
  wire [REACH_W-1:0] turn_reach =
      turn_at >= turn_outputs ? 0 : turn_over_t ? turn_used : turn_at < turn_cols ? COLS : turn_at == turn_cols ? turn_extra_cols : 0;
  wire [O_W-1:0] drain_at = turn_at;
  reg leaves;  // below this row: it is the last that the fold uses
  always @(posedge clk) begin
    if (rst) begin
      pending <= 1'b0;
      turn <= 1'b0;
    end else begin
      if (complete & ~now) pending <= 1'b1;
      else if (due) pending <= 1'b0;
      if (now | due) turn <= 1'b1;
      else if (turn_over) turn <= 1'b0;
    end
    if (complete) begin
      pending_d <= complete_d;
      pending_wait <= complete_wait;
    end else pending_wait <= pending_wait - 1'b1;
    if (now | due) begin
      turn_d <= now ? complete_d : pending_d;
      turn_at <= 0;
    end else turn_at <= turn_at + 1'b1;
    if (rst) turn_d[0] <= 1'b0;

    drain_reach <= turn ? turn_reach : drain_reach_in;
    drain <= {turn, drain_at};
    leaves <= turn_bottom;
  end
  assign drain_reach_out = leaves ? {REACH_W{1'b0}} : drain_reach;

  // Results that leave.
  wire [REACH_W-1:0] sum_reach;
  fp_delay #(
      .WIDTH(REACH_W + 3), .DEPTH(LEAD + MUL_LATENCY + ADD_LATENCY - 1)
  ) to_result (
      .clk(clk), .d({ws & bottom & last ? reach : {REACH_W{1'b0}}, first_visit & at == 0, column, part}),
      .q({sum_reach, result_fold, result_column, result_part})
  );
  assign result_reach = ws_late ? sum_reach : leaves ? drain_reach : {REACH_W{1'b0}};

  // Counts, of orders as they pass column 0: each is obeyed as often as it reaches. In order of stce_counts.
  reg [COUNT_W-1:0] macs, weight_hops, sum_hops, start_hops, drain_hops, west_words, west_hops, group_writes;
  reg [REACH_W+SIZE_W-1:0] written;
  reg [REACH_W-1:0] west_reach;
  wire early_slot_loads = early_load & |early_reach;
  always @(posedge clk) begin
    west_reach <= reads ? word_reach : 0;
    written <= west_en ? west_reach * west_count : 0;
    if (clear) begin
      macs <= 0;
      weight_hops <= 0;
      sum_hops <= 0;
      start_hops <= 0;
      drain_hops <= 0;
      west_words <= 0;
      west_hops <= 0;
      group_writes <= 0;
    end else begin
      if (early_mac) macs <= macs + early_reach;
      weight_hops <= weight_hops + (early_slot_loads ? early_reach : ws_late ? load_reach : 0);
      if (early_sum) sum_hops <= sum_hops + early_reach;
      if (~ws_late) start_hops <= start_hops + load_reach;
      if (~ws_late) drain_hops <= drain_hops + drain_reach;
      west_words <= west_words + west_en;
      west_hops <= west_hops + west_reach;
      group_writes <= group_writes + written;
    end
  end
  always @*
    case (count_at)
      3'd0: count = macs;
      3'd1: count = weight_hops;
      3'd2: count = sum_hops;
      3'd3: count = start_hops;
      3'd4: count = drain_hops;
      3'd5: count = west_words;
      3'd6: count = west_hops;
      default: count = group_writes;
    endcase
  /* verilator lint_on WIDTH */

endmodule

`default_nettype wire
