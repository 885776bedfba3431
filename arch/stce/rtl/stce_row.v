// Control of a row: from two orders a fold, fill and begin, it makes the words of the west link and the slots of the fold, by itself.
//
//   clk, rst     rising edge; rst, synchronous, is held for the array's length (see stce.v)
//   clear        counts begin anew
//   mode..       registers of the tile, kinds: of its kinds of folds; constant while it runs
//   fill_in      the first word of the fold's first group is read in the cycle after it: {kind, new column fold, phase, rows, extra rows}
//   begin_in     the first slot is made in the cycle after it: {kind, part, new column fold, weight bank, phase, rows, extra rows, drain wait}
//   *_out        the same for the row below, the fold's skew later
//   west_*       read of this row's west buffer: the word comes READ_LATENCY cycles later, with the first `west_count` of its operands in use
//   early_*      slots as they are made, for row 0's weights and sums
//   link_*, slot_*, load_*, drain_*   the orders for column 0, in the cycles in which stce_uspe wants them
//   load_*_in    from the row above, or the loader; drain_reach_in from the row above
//   result_*     a result of this row leaves the array: READ_LATENCY + 1 + the latencies after its slot it is readable, this is a cycle before
//
// phase is the place of the row's group in its tap (WS); rows are those from here on that the fold passes; extra rows those that still have an
// extra output (OS) or a group (WS).
//
// A slot made in cycle e is in column 0 in cycle e + READ_LATENCY + 1; so is a word that is read in e. That hides the buffer's latency.
//
// Slots of a fold: visit (a group in OS, a batch in WS) by visit, round by round, output by output. The words of the next visit are read from
// the cycle after a visit's first slot, and it begins when its rounds are over and the last word is there.

`default_nettype none
`include "stce_fields.vh"

module stce_row #(
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
    parameter KINDS_W      = 4 * 16 * `STCE_KIND_WORDS,
    parameter FILL_W       = 51,
    parameter BEGIN_W      = 69
) (
    input  wire                clk,
    input  wire                rst,
    input  wire                clear,
    input  wire                ws,
    input  wire                over_t,
    input  wire [        15:0] n_full,
    input  wire [        15:0] n_short,
    input  wire [        15:0] m_full,
    input  wire [        15:0] m_short,
    input  wire [        15:0] per_tap,
    input  wire [  ADDR_W-1:0] west_base,
    input  wire [ KINDS_W-1:0] kinds,
    input  wire                fill_in,
    input  wire [  FILL_W-1:0] fill_d,
    output wire                fill_out,
    output wire [  FILL_W-1:0] fill_q,
    input  wire                begin_in,
    input  wire [ BEGIN_W-1:0] begin_d,
    output wire                begin_out,
    output wire [ BEGIN_W-1:0] begin_q,
    output wire                west_en,
    output wire [  ADDR_W-1:0] west_addr,
    output wire [  SIZE_W-1:0] west_count,
    output wire [ REACH_W-1:0] early_reach,
    output wire                early_load,
    output wire                early_first,
    output wire                early_fold,    // the first slot of a fold
    output wire                early_column,  // of a new column fold
    output wire [         1:0] early_cause,   // what this row's cycle goes to: 0: no fold, 1: a slot, 2: hazard, 3: link
    output wire [ REACH_W-1:0] link_reach,
    output wire [    WORD_W:0] link_to,
    output wire [ REACH_W-1:0] slot_reach,
    output wire [  SLOT_W-1:0] slot,
    input  wire [ REACH_W-1:0] load_reach_in,
    input  wire [        15:0] load_rows_in,  // rows to go
    input  wire [   REG_W-1:0] load_to_in,
    input  wire                load_bank_in,
    output reg  [ REACH_W-1:0] load_reach_out,
    output reg  [        15:0] load_rows_out,
    output reg  [   REG_W-1:0] load_to_out,
    output reg                 load_bank_out,
    output wire [ REACH_W-1:0] load_reach,
    output wire [  LOAD_W-1:0] load,
    input  wire [ REACH_W-1:0] drain_reach_in,
    output wire [ REACH_W-1:0] drain_reach_out,
    output wire [ REACH_W-1:0] drain_reach,
    output wire [ DRAIN_W-1:0] drain,
    output wire [ REACH_W-1:0] result_reach,
    output wire                result_fold,
    output wire                result_column,
    output wire                result_part,
    input  wire [         2:0] count_at,
    output reg  [ COUNT_W-1:0] count
);

  localparam KIND_W = 16 * `STCE_KIND_WORDS;
  localparam LEAD = READ_LATENCY + 1;

  // Numbers of different widths meet below; the contract's limits keep them small enough.
  /* verilator lint_off WIDTH */
  // A kind has more fields than a row needs.
  /* verilator lint_off UNUSED */

  // Columns that output o of an element reaches.
  function [REACH_W-1:0] reach;
    input [15:0] o;
    input [KIND_W-1:0] kind;
    begin
      if (over_t) reach = kind[16*`STCE_USED+:16];
      else if (o < kind[16*`STCE_COLS+:16]) reach = COLS;
      else if (o == kind[16*`STCE_COLS+:16]) reach = kind[16*`STCE_EXTRA_COLS+:16];
      else reach = 0;
    end
  endfunction

  // Orders.
  wire [1:0] fill_kind;
  wire fill_column;
  wire [15:0] fill_phase, fill_rows, fill_extra;
  assign {fill_kind, fill_column, fill_phase, fill_rows, fill_extra} = fill_d;
  wire [KIND_W-1:0] fk = kinds[fill_kind*KIND_W+:KIND_W];

  wire [1:0] begin_kind;
  wire begin_part, begin_column, begin_bank;
  wire [15:0] begin_phase, begin_rows, begin_extra, begin_wait;
  assign {begin_kind, begin_part, begin_column, begin_bank, begin_phase, begin_rows, begin_extra, begin_wait} = begin_d;
  wire [KIND_W-1:0] bk = kinds[begin_kind*KIND_W+:KIND_W];

  wire [15:0] fill_phase_below = ~ws ? 16'd0 : fill_phase + 16'd1 == per_tap ? 16'd0 : fill_phase + 16'd1;
  wire [15:0] begin_phase_below = ~ws ? 16'd0 : begin_phase + 16'd1 == per_tap ? 16'd0 : begin_phase + 16'd1;

  stce_hop #(
      .WIDTH(FILL_W)
  ) fill_below (
      .clk(clk), .rst(rst), .in(fill_in & fill_rows != 16'd1), .skew(fk[16*`STCE_SKEW+:16]),
      .d({fill_kind, fill_column, fill_phase_below, fill_rows - 16'd1, fill_extra - (|fill_extra ? 16'd1 : 16'd0)}), .out(fill_out), .q(fill_q)
  );
  stce_hop #(
      .WIDTH(BEGIN_W)
  ) begin_below (
      .clk(clk), .rst(rst), .in(begin_in & begin_rows != 16'd1), .skew(bk[16*`STCE_SKEW+:16]),
      .d({
        begin_kind, begin_part, begin_column, begin_bank, begin_phase_below, begin_rows - 16'd1,
        begin_extra - (|begin_extra ? 16'd1 : 16'd0), begin_wait - bk[16*`STCE_DEPTH+:16]
      }),
      .out(begin_out), .q(begin_q)
  );

  // Slots.
  reg run, waiting, first_visit, extra, bank, weight_bank, part, column, bottom;
  reg [1:0] kind_at;
  reg [31:0] visits;  // left, with this one
  reg [15:0] phase, round, at, register, base, wait_drain;  // at: cycle in its round
  wire [KIND_W-1:0] kind = kinds[kind_at*KIND_W+:KIND_W];

  wire last_visit = visits == 32'd1;
  wire tap_end = phase + 16'd1 == per_tap;
  wire next_tap_end = ws ? tap_end : tap_end ? per_tap == 16'd1 : phase + 16'd2 == per_tap;
  wire [15:0] rounds = ws ? kind[16*`STCE_N+:16] : tap_end ? n_short : n_full;
  wire [15:0] kept = ~extra ? 16'd0 : tap_end ? n_short : n_full;
  wire [15:0] depth = last_visit ? kind[16*`STCE_LAST_DEPTH+:16] : kind[16*`STCE_DEPTH+:16];
  wire [15:0] outputs = extra ? kind[16*`STCE_OUTS1+:16] : kind[16*`STCE_OUTS0+:16];
  wire last_round = round + 16'd1 == rounds;
  wire runs = run & ~waiting;
  wire made = runs & at < depth;
  wire last_at = at + 16'd1 == (last_round & (ws | last_visit) ? depth : kind[16*`STCE_ROUND+:16]);
  wire visit_begins = runs & round == 16'd0 & at == 16'd0;
  wire visit_over = runs & last_round & last_at;

  // Words of the west link.
  reg [15:0] words, operands;  // cycles to go of the present visit's words, operands to come
  reg [ADDR_W-1:0] word_from;
  reg [WORD_W-1:0] word_to;
  reg word_bank;
  reg [REACH_W-1:0] word_reach;
  wire [15:0] next_words =
      last_visit ? 16'd0 : (ws ? visits == 32'd2 : next_tap_end) ? kind[16*`STCE_WORDS1+:16] : kind[16*`STCE_WORDS0+:16];
  wire [15:0] left = visit_begins ? next_words : words - (|words ? 16'd1 : 16'd0);  // after this cycle
  wire goes_on = (visit_over | waiting) & ~last_visit & left <= 16'd1;

  wire fill_tap_end = (ws ? fill_phase : 16'd0) + 16'd1 == per_tap;
  wire fill_last = fk[16*`STCE_VISITS+:32] == 32'd1;
  wire [1:0] fill_ops = {fill_tap_end, ws ? fill_last : |fill_extra};
  wire [1:0] next_ops = {next_tap_end, ws ? visits == 32'd2 : extra};

  assign west_count = operands > LINK_W ? LINK_W : operands;
  assign west_en = |words & |operands;
  assign west_addr = word_from;

  always @(posedge clk) begin
    if (rst) words <= 16'd0;
    else if (fill_in) words <= (ws ? fill_last : fill_tap_end) ? fk[16*`STCE_WORDS1+:16] : fk[16*`STCE_WORDS0+:16];
    else words <= left;

    if (fill_in) operands <= ws & ~|fill_extra ? 16'd0 : fk[16*(`STCE_OPS+fill_ops)+:16];
    else if (visit_begins) operands <= ws & ~extra ? 16'd0 : kind[16*(`STCE_OPS+next_ops)+:16];
    else if (|words) operands <= operands - west_count;

    if (fill_in & fill_column) word_from <= west_base;
    else if (west_en) word_from <= word_from + 1'b1;

    if (fill_in | visit_begins) word_to <= 0;
    else if (|words) word_to <= word_to + 1'b1;

    if (rst) word_bank <= 1'b1;
    else if (fill_in | visit_begins & ~last_visit) word_bank <= ~word_bank;

    if (fill_in) word_reach <= fk[16*`STCE_USED+:16];
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
      kind_at <= begin_kind;
      part <= begin_part;
      column <= begin_column;
      weight_bank <= begin_bank;
      bottom <= begin_rows == 16'd1;
      extra <= |begin_extra;
      wait_drain <= begin_wait;
      visits <= bk[16*`STCE_VISITS+:32];
      phase <= ws ? begin_phase : 16'd0;
      first_visit <= 1'b1;
    end else if (goes_on) begin
      visits <= visits - 32'd1;
      if (~ws) phase <= tap_end ? 16'd0 : phase + 16'd1;
      first_visit <= 1'b0;
    end

    if (begin_in | goes_on) begin
      round <= 16'd0;
      at <= 16'd0;
      base <= 16'd0;
      register <= 16'd0;
    end else if (runs) begin
      if (last_at) begin
        round <= round + 16'd1;
        at <= 16'd0;
        base <= 16'd0;
        if (over_t) register <= register + 16'd1;
      end else begin
        at <= at + 16'd1;
        if (over_t) base <= base + (tap_end ? m_short : m_full);
      end
      if (made & ~over_t) register <= register + 16'd1;
    end
  end

  wire first = ws ? round == 16'd0 : first_visit & round == 16'd0;
  wire last = last_round & (ws | last_visit);
  wire loads = ~ws & (at == 16'd0 | ~over_t);
  wire mac = ~ws | round < kept;
  wire [O_W-1:0] output_at = at;
  wire [BASE_W-1:0] base_at = base;
  wire [REG_W-1:0] register_at = register;
  assign early_reach = made & at < outputs ? reach(at, kind) : 0;
  assign early_load = loads;
  assign early_first = first;
  assign early_fold = visit_begins & first_visit;
  assign early_column = column;
  assign early_cause = ~run ? 2'd0 : made ? 2'd1 : runs ? 2'd2 : 2'd3;

  // In step with the words that the buffer gives.
  fp_delay #(
      .WIDTH(REACH_W + WORD_W + 1), .DEPTH(READ_LATENCY)
  ) to_link (
      .clk(clk), .d({west_en ? word_reach : {REACH_W{1'b0}}, word_bank, word_to}), .q({link_reach, link_to})
  );
  fp_delay #(
      .WIDTH(REACH_W + SLOT_W), .DEPTH(LEAD)
  ) to_slot (
      .clk(clk), .d({early_reach, first, last, loads, mac, output_at, bank, base_at, weight_bank, register_at}), .q({slot_reach, slot})
  );

  // Weights and start values on their way south.
  assign load_reach = load_reach_in;
  assign load = {load_rows_in == 16'd0, load_bank_in, load_to_in};
  always @(posedge clk) begin
    load_reach_out <= load_rows_in == 16'd0 ? {REACH_W{1'b0}} : load_reach_in;
    load_rows_out <= load_rows_in - 16'd1;
    load_to_out <= load_to_in;
    load_bank_out <= load_bank_in;
  end

  // Results on their way south: own ones, when those of the rows below have left, then what the row above moves.
  wire sums_complete = ~ws & runs & last_round & last_visit & at == 16'd0;
  wire complete, complete_extra, complete_bottom;
  wire [1:0] complete_kind;
  wire [15:0] complete_wait;
  fp_delay #(
      .WIDTH(21), .DEPTH(LEAD + MUL_LATENCY + ADD_LATENCY - 1)
  ) to_complete (
      .clk(clk), .d({sums_complete, kind_at, extra, bottom, wait_drain}),
      .q({complete, complete_kind, complete_extra, complete_bottom, complete_wait})
  );

  reg pending, turn, pending_extra, turn_extra, pending_bottom, turn_bottom;
  reg [1:0] pending_kind, turn_kind;
  reg [15:0] pending_wait, turn_at;
  wire now = complete & complete_wait == 16'd0;
  wire due = pending & pending_wait == 16'd1;
  wire [KIND_W-1:0] tk = kinds[turn_kind*KIND_W+:KIND_W];
  wire turn_over = turn_at + 16'd1 == tk[16*`STCE_DEPTH+:16];
  always @(posedge clk) begin
    if (rst) begin
      pending <= 1'b0;
      turn <= 1'b0;
      turn_bottom <= 1'b0;
    end else begin
      if (complete & ~now) pending <= 1'b1;
      else if (due) pending <= 1'b0;
      if (now | due) begin
        turn <= 1'b1;
        turn_bottom <= now ? complete_bottom : pending_bottom;
      end else if (turn_over) turn <= 1'b0;
    end
    if (complete) begin
      pending_kind <= complete_kind;
      pending_extra <= complete_extra;
      pending_bottom <= complete_bottom;
      pending_wait <= complete_wait;
    end else pending_wait <= pending_wait - 16'd1;
    if (now | due) begin
      turn_kind <= now ? complete_kind : pending_kind;
      turn_extra <= now ? complete_extra : pending_extra;
      turn_at <= 16'd0;
    end else turn_at <= turn_at + 16'd1;
  end

  reg [REACH_W-1:0] passed;
  always @(posedge clk) passed <= drain_reach_in;
  wire [15:0] turn_outputs = turn_extra ? tk[16*`STCE_OUTS1+:16] : tk[16*`STCE_OUTS0+:16];
  assign drain_reach = ~turn ? passed : turn_at < turn_outputs ? reach(turn_at, tk) : {REACH_W{1'b0}};
  wire [O_W-1:0] drain_at = turn_at;
  assign drain = {turn, drain_at};
  assign drain_reach_out = turn_bottom ? {REACH_W{1'b0}} : drain_reach;

  // Results that leave.
  wire [REACH_W-1:0] sum_reach;
  fp_delay #(
      .WIDTH(REACH_W + 3), .DEPTH(LEAD + MUL_LATENCY + ADD_LATENCY - 1)
  ) to_result (
      .clk(clk), .d({ws & bottom & last ? early_reach : {REACH_W{1'b0}}, first_visit & at == 16'd0, column, part}),
      .q({sum_reach, result_fold, result_column, result_part})
  );
  assign result_reach = ws ? sum_reach : turn_bottom ? drain_reach : {REACH_W{1'b0}};

  // Counts, of orders as they pass column 0: each is obeyed as often as it reaches. In order of stce_counts.
  reg [COUNT_W-1:0] macs, weight_hops, sum_hops, start_hops, drain_hops, west_words, west_hops, group_writes;
  always @(posedge clk)
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
      if (mac) macs <= macs + early_reach;
      if (ws) weight_hops <= weight_hops + load_reach;
      else if (loads) weight_hops <= weight_hops + early_reach;
      if (ws & first) sum_hops <= sum_hops + early_reach;
      if (~ws) start_hops <= start_hops + load_reach;
      if (~ws) drain_hops <= drain_hops + drain_reach;
      if (west_en) begin
        west_words <= west_words + 1'b1;
        west_hops <= west_hops + word_reach;
        group_writes <= group_writes + word_reach * west_count;
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
  /* verilator lint_on UNUSED */
  /* verilator lint_on WIDTH */

endmodule

`default_nettype wire
