// The sequencer of the vector unit: which word works on which wave in a cycle. All lanes work in lockstep.
//
//   clk, rst    rising edge; synchronous
//   job_*       a job is offered until it is taken (job_ready): base and number of its words; waves, at least one, the last of which has `last` active lanes; base and
//               number of its sums and of its columns' constants, in waves, from 1; whether port 0 is FP32; its table. One waits here while another is under way
//   in_valid    the operands of the next wave are there; in_ready: in cycles with both they are taken
//   go          a word is issued: word number `at`, on `active` lanes,
//   take        the first one of its element
//   place       of the wave in the strip; column_at and sum_at: of its constants and sums; row: how often the sums came round
//   returns     its result is needed by the next word; arrives: such a result of the wave at arrives_at is written at the end of this cycle, LATENCY - 1 later
//   stall       none is: the operand is in the pipeline
//   busy        a job is under way, or what it made has not arrived
//
// A strip is STRIP waves, or what is left. Its waves take a word one after the other, then the next word. A wave waits until its last result is there.

`default_nettype none

module vector_control #(
    parameter LANES   = 32,
    parameter COUNT   = 6,   // bits of a number of lanes
    parameter STRIP   = 8,
    parameter PLACE   = 3,   // bits of a place in a strip
    parameter LATENCY = 8,
    parameter WAIT    = 4,   // bits of it
    parameter WORDS   = 5,   // bits of a word's number
    parameter CBITS   = 6,
    parameter SBITS   = 6,
    parameter WAVES   = 32,
    parameter TBITS   = 1
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             job_valid,
    output wire             job_ready,
    input  wire [WORDS-1:0] job_word,
    input  wire [WORDS-1:0] job_words,
    input  wire [WAVES-1:0] job_waves,
    input  wire [COUNT-1:0] job_last,
    input  wire [SBITS-1:0] job_sum,
    input  wire [  SBITS:0] job_sums,
    input  wire [CBITS-1:0] job_column,
    input  wire [  CBITS:0] job_columns,
    input  wire             job_wide,
    input  wire [TBITS-1:0] job_table,
    input  wire             in_valid,
    output wire             in_ready,
    output wire             go,
    output wire             take,
    output wire [WORDS-1:0] at,
    output wire [COUNT-1:0] active,
    output reg  [PLACE-1:0] place,
    output reg  [CBITS-1:0] column_at,
    output reg  [SBITS-1:0] sum_at,
    output reg  [     15:0] row,
    output reg              wide,
    output reg  [TBITS-1:0] function_of,
    output wire             returns,
    input  wire             arrives,
    input  wire [PLACE-1:0] arrives_at,
    output wire             stall,
    output wire             busy
);

  localparam JOB = 2 * WORDS + WAVES + COUNT + 2 * SBITS + 2 * CBITS + 3 + TBITS;

  reg next_valid, valid;
  reg [JOB-1:0] next;
  wire [WORDS-1:0] next_word, next_words;
  wire [WAVES-1:0] next_waves;
  wire [COUNT-1:0] next_last;
  wire [SBITS-1:0] next_sum;
  wire [SBITS:0] next_sums;
  wire [CBITS-1:0] next_column;
  wire [CBITS:0] next_columns;
  wire next_wide;
  wire [TBITS-1:0] next_table;
  assign {next_word, next_words, next_waves, next_last, next_sum, next_sums, next_column, next_columns, next_wide, next_table} = next;

  // The job under way, and where its strip began.
  reg [WORDS-1:0] base, words, op;
  reg [WAVES-1:0] left;
  reg [COUNT-1:0] last;
  reg [SBITS-1:0] sum_base, sum_begin;
  reg [SBITS:0] sums;
  reg [CBITS-1:0] column_base, column_begin;
  reg [CBITS:0] columns;
  reg [15:0] row_begin;
  reg [WAIT-1:0] drain;

  localparam [WAVES-1:0] FULL = STRIP;
  localparam [STRIP-1:0] ONE = 1;
  wire more = left > FULL;
  wire [PLACE:0] size = more ? FULL[PLACE:0] : left[PLACE:0];
  wire last_wave = {1'b0, place} + 1'b1 == size;
  wire first_word = ~|op;
  wire last_word = op + 1'b1 == words;

  assign in_ready = valid & first_word;
  assign stall = valid & ~first_word & ~back[place];
  assign go = valid & (first_word ? in_valid : back[place]);
  assign returns = go & ~last_word;
  assign take = go & first_word;
  assign at = base + op;
  assign active = ~more & last_wave ? last : LANES[COUNT-1:0];
  wire ends = go & last_wave & last_word & ~more;
  wire moves = ~valid | ends;
  assign job_ready = ~next_valid | moves;
  assign busy = valid | |drain;

  // The next wave's constants and sums.
  wire sum_turns = {1'b0, sum_at} + 1'b1 == {1'b0, sum_base} + sums;
  wire column_turns = {1'b0, column_at} + 1'b1 == {1'b0, column_base} + columns;
  wire [SBITS-1:0] sum_next = sum_turns ? sum_base : sum_at + 1'b1;
  wire [CBITS-1:0] column_next = column_turns ? column_base : column_at + 1'b1;
  wire [15:0] row_next = row + {15'd0, sum_turns & ~&row};  // which may stay at its end

  always @(posedge clk)
    if (rst) next_valid <= 1'b0;
    else if (job_ready) next_valid <= job_valid;
  always @(posedge clk)
    if (job_ready) next <= {job_word, job_words, job_waves, job_last, job_sum, job_sums, job_column, job_columns, job_wide, job_table};

  always @(posedge clk)
    if (rst) valid <= 1'b0;
    else if (moves) valid <= next_valid;

  // Which waves of the strip have their last result in the registers. The one that arrives at the end of this cycle is there in the next.
  reg [STRIP-1:0] back;
  wire [STRIP-1:0] arriving = arrives ? ONE << arrives_at : {STRIP{1'b0}};
  wire [STRIP-1:0] leaving = go ? ONE << place : {STRIP{1'b0}};
  always @(posedge clk)
    if (rst) back <= {STRIP{1'b0}};
    else back <= (back & ~leaving) | arriving;

  always @(posedge clk)
    if (moves) begin
      {base, words, left, last, sums, columns, wide, function_of} <= {
        next_word, next_words, next_waves, next_last, next_sums, next_columns, next_wide, next_table
      };
      {sum_base, sum_begin, sum_at} <= {3{next_sum}};
      {column_base, column_begin, column_at} <= {3{next_column}};
      op <= {WORDS{1'b0}};
      place <= {PLACE{1'b0}};
      row <= 16'd0;
      row_begin <= 16'd0;
    end else if (go & ~last_wave) begin
      place <= place + 1'b1;
      sum_at <= sum_next;
      column_at <= column_next;
      row <= row_next;
    end else if (go & ~last_word) begin
      op <= op + 1'b1;
      place <= {PLACE{1'b0}};
      sum_at <= sum_begin;
      column_at <= column_begin;
      row <= row_begin;
    end else if (go) begin
      op <= {WORDS{1'b0}};
      place <= {PLACE{1'b0}};
      left <= left - FULL;
      {sum_at, sum_begin} <= {2{sum_next}};
      {column_at, column_begin} <= {2{column_next}};
      {row, row_begin} <= {2{row_next}};
    end

  always @(posedge clk)
    if (rst) drain <= {WAIT{1'b0}};
    else drain <= go ? LATENCY[WAIT-1:0] : |drain ? drain - 1'b1 : drain;

endmodule

`default_nettype wire
