// The sequencer of the vector unit: what is done on which wave, or row, in a cycle. All lanes work in lockstep.
//
//   clk, rst    rising edge; synchronous
//   job_*       a job is offered until it is taken (job_ready): base and number of its words; rows, at least one, and how many of them a strip holds; waves of a row, and
//               those of them that have sums of their own (turn); the last wave of a row has `last` active lanes. Work on elements alone has rows of a wave, of which all
//               but the last are full (over is 0), or, where each row of columns begins with a wave (begins), the last in which its columns come round. Of a fold: how many waves below are added to (fold), or lanes (half), on the first level of either; 0 where there is
//               none. Base and number of its sums over columns and of its columns' constants, in waves, from 1; whether port 0 is FP32; its table; scalars 0 and 1.
//               One waits here while another is under way
//   in_valid    the operands of the next wave are there; in_ready: in cycles with both they are taken
//   word_*      a word is written; see vector
//   word        that is issued, a register: it is done once a row (bit 42), with a quotient or root (operators 6 and 7); it adds to a sum over rows (37); after it, and only
//               then, these totals are folded (39 and 38)
//   go          a word is issued, or a wave of sums is folded (fold), on `active` lanes,
//   take        the first one of its element; row_go: a word is issued once a row
//   place       of the wave in the strip, line of the row; column_at and sum_at: of its constants and sums over columns; turns: how often the latter came round
//   low, high   places of a sum over rows: of the wave or row, and of what is added to it; fresh: it has no element yet; total: which; shuffle: how many lanes above
//   stall       nothing is issued to lanes
//   busy        a job is under way, or what it made has not arrived
//
// A strip is whole rows. Its waves take a word one after the other, then the next word. Between two words the sequencer waits as many cycles as the pipeline is longer
// than what it issued of the first; around folds, and between words once a row, as many as it is longer than there are rows: so what a word needs is there.

`default_nettype none

module vector_control #(
    parameter LANES   = 32,
    parameter COUNT   = 6,   // bits of a number of lanes
    parameter PLACE   = 3,   // bits of a place in a strip
    parameter LATENCY = 8,
    parameter DIVIDE  = 16,  // LATENCY or more
    parameter WAIT    = 5,   // bits of it
    parameter SPACE   = 32,  // for words
    parameter WORDS   = 5,   // bits of a word's number
    parameter LEAVE   = 3,   // cycles after LATENCY, until a result has left
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
    input  wire [WAVES-1:0] job_rows,
    input  wire [  PLACE:0] job_size,
    input  wire [  PLACE:0] job_waves,
    input  wire [  PLACE:0] job_turn,
    input  wire [COUNT-1:0] job_last,
    input  wire             job_over,
    input  wire             job_begins,
    input  wire [  PLACE:0] job_fold,
    input  wire [COUNT-1:0] job_half,
    input  wire [SBITS-1:0] job_sum,
    input  wire [  SBITS:0] job_sums,
    input  wire [CBITS-1:0] job_column,
    input  wire [  CBITS:0] job_columns,
    input  wire             job_wide,
    input  wire [TBITS-1:0] job_table,
    input  wire [     63:0] job_scalars,
    input  wire             in_valid,
    output wire             in_ready,
    input  wire             word_write,
    input  wire [WORDS-1:0] word_to,
    input  wire [     75:0] word_data,
    // What lanes do.
    output wire [     75:0] word,
    output wire             go,
    output wire             fold,
    output wire             take,
    output wire             row_go,
    output wire [COUNT-1:0] active,
    output reg  [PLACE-1:0] place,
    output reg  [PLACE-1:0] line,
    output reg  [CBITS-1:0] column_at,
    output reg  [SBITS-1:0] sum_at,
    output reg  [     15:0] turns,
    output reg  [PLACE-1:0] low,
    output wire [PLACE-1:0] high,
    output wire             fresh,
    output reg              total,
    output wire [COUNT-1:0] shuffle,
    output reg              wide,
    output reg  [TBITS-1:0] function_of,
    output reg  [     63:0] scalars,
    output wire             stall,
    output wire             busy
);

  localparam JOB = 2 * WORDS + WAVES + 4 * (PLACE + 1) + 2 * COUNT + 2 * SBITS + 2 * CBITS + 5 + TBITS + 64;

  reg next_valid, valid;
  reg [JOB-1:0] next;
  wire [WORDS-1:0] next_word, next_words;
  wire [WAVES-1:0] next_rows;
  wire [PLACE:0] next_size, next_waves, next_turn, next_fold;
  wire [COUNT-1:0] next_last, next_half;
  wire [SBITS-1:0] next_sum;
  wire [SBITS:0] next_sums;
  wire [CBITS-1:0] next_column;
  wire [CBITS:0] next_columns;
  wire next_over, next_begins, next_wide;
  wire [TBITS-1:0] next_table;
  wire [63:0] next_scalars;
  assign {next_word, next_words, next_rows, next_size, next_waves, next_turn, next_fold, next_last, next_half, next_sum, next_sums, next_column, next_columns,
          next_over, next_begins, next_wide, next_table, next_scalars} = next;

  // The job under way, and where its strip began.
  reg [WORDS-1:0] words, op;
  reg [WAVES-1:0] left;
  reg [PLACE:0] size, turn, fold_from, final_wave, final_part;  // the last wave of a row, and of a turn
  reg [COUNT-1:0] last, half_from;
  reg over, begins_row;
  reg [WAIT-1:0] gap;     // for how long a sum over columns waits when it comes round
  reg [SBITS-1:0] sum_base, sum_begin;
  reg [SBITS-1:0] sum_before;  // the last but one of its sums, and of its columns' constants
  reg [CBITS-1:0] column_base, column_begin;
  reg [CBITS-1:0] column_before;
  reg sum_one, column_one;                 // there is one alone
  reg sum_turns, sum_turns_begin;          // this is the last of them, and where the strip began
  reg column_turns, column_turns_begin;
  reg [15:0] turns_begin;
  reg [WAIT-1:0] drain;

  // Where it is.
  reg folds;                      // it folds
  reg [PLACE:0] wave, part, row;  // of a row, of a turn, of the strip
  reg again;                      // the turn is not the first
  reg [PLACE-1:0] low_row;        // where the sums of the row begin
  reg [PLACE:0] half, final_add;  // of waves: how many are left by this level, and the last that it adds
  reg [COUNT-1:0] lanes;          // of lanes, likewise
  reg few;                        // it is the first level of a row that has no more waves
  reg first;                      // it is the first level
  reg [WAIT-1:0] pause, rest;     // to wait, and LATENCY less what counts of a word against it

  wire word_once = word[42];
  wire word_long = word[2:1] == 2'd3;
  wire word_row_sum = word[37];
  wire word_sum = word[31:30] == 2'd2 & ~word_row_sum;
  wire [1:0] word_folds = word[39:38];

  localparam [PLACE:0] ONE = 1;
  localparam [SBITS:0] ONE_SUM = 1;
  localparam [WORDS-1:0] ONE_WORD = 1;
  localparam [CBITS:0] ONE_COLUMN = 1;
  localparam DRAIN = LATENCY + LEAVE;
  localparam LONGER = DIVIDE - LATENCY;
  localparam WAYS = LANES < 256 ? 256 / LANES : 1;
  localparam HAZARD = LATENCY > WAYS ? LATENCY - WAYS : 0;
  localparam MIDDLE = LANES > 1 ? 1 << ($clog2(LANES) - 1) : 0;  // the largest power of two below
  localparam BEYOND = LANES - MIDDLE;

  reg more;  // strips follow this one
  wire [PLACE:0] rows = more ? size : left[PLACE:0];
  wire last_row = row + 1'b1 == rows;
  wire last_wave = wave == final_wave;
  wire turned = part == final_part;
  wire first_word = ~|op;
  wire last_word = op + 1'b1 == words;
  wire once = word_once & ~folds;

  wire ready = valid & ~|pause;
  wire elements = ready & ~folds & ~word_once;
  assign in_ready = elements & first_word;
  assign take = in_ready & in_valid;
  assign fold = ready & folds;
  assign row_go = ready & once;
  assign go = take | (elements & ~first_word) | fold;
  assign stall = (valid & |pause) | row_go;
  wire moves_on = go | row_go;

  // Lanes of a wave, of a level of waves, of one of lanes.
  wire by_lanes = ~|half;
  wire [COUNT-1:0] of_wave = (over ? last_wave : begins_row ? column_turns : last_row & ~more) ? last : LANES[COUNT-1:0];
  reg whole;  // all ways of a row are taken
  wire last_part = part == final_add;
  wire [COUNT-1:0] of_level = first & last_part & ~whole ? last : LANES[COUNT-1:0];
  wire [COUNT-1:0] of_lanes = few ? last - lanes : lanes == MIDDLE[COUNT-1:0] ? BEYOND[COUNT-1:0] : lanes;
  assign active = ~fold ? of_wave : by_lanes ? of_lanes : of_level;
  assign high = low + half[PLACE-1:0];
  assign shuffle = by_lanes ? lanes : {COUNT{1'b0}};
  assign fresh = ~again;

  // Ends.
  wire both = &word_folds;
  wire last_total = total | ~both;
  wire begins_fold = |word_folds;
  wire no_level = ~|fold_from & ~|half_from;
  wire ends_word = folds ? 1'b0 : word_once ? last_row : last_wave & last_row;
  wire ends_part = folds & last_row & last_total;
  wire ends_level = ends_part & (by_lanes | last_part);
  wire final_level = by_lanes ? lanes == {{(COUNT - 1) {1'b0}}, 1'b1} : half == ONE & LANES == 1;
  wire ends_folds = ends_level & final_level;
  wire to_fold = ends_word & ~word_once & begins_fold & ~no_level;
  wire next_op = (ends_word & ~to_fold) | ends_folds;
  // After a fold comes work once a row, so none is the end of a strip.
  wire ends_strip = moves_on & ends_word & last_word;
  wire ends = ends_strip & ~more;
  wire moves = ~valid | ends;
  assign job_ready = ~next_valid | moves;
  assign busy = valid | |drain;

  // What counts against the wait that follows: all waves of a word; where a fold comes next, or a word once a row, a row each.
  wire counts = folds ? ~final_level | ~both | ~total : word_once | ~begins_fold | last_wave;
  wire begins = folds ? ends_part : ends_word;
  wire waits = folds ? ends_level : ends_word & ~(last_word & ~to_fold);
  wire turns_round = ~folds & ~word_once & word_row_sum & turned & ~last_wave;
  reg alone;
  wire comes_round = word_sum & sum_turns & ~word_once & ~folds & (~ends_word | (alone & more));
  wire [WAIT-1:0] rest_less = |rest ? rest - 1'b1 : rest;
  wire long = once & word_long;
  wire [WAIT-1:0] wait_all = long ? rest + LONGER[WAIT-1:0] : rest;
  wire [WAIT-1:0] wait_less = long ? rest_less + LONGER[WAIT-1:0] : rest_less;
  always @(posedge clk)
    if (rst) begin
      pause <= {WAIT{1'b0}};
      rest <= LATENCY[WAIT-1:0];
    end else if (|pause) pause <= pause - {{(WAIT - 1) {1'b0}}, valid};
    else if (moves_on) begin
      rest <= begins ? LATENCY[WAIT-1:0] : counts ? rest_less : rest;
      pause <= waits ? (counts ? wait_less : wait_all) : turns_round ? HAZARD[WAIT-1:0] : comes_round ? gap : {WAIT{1'b0}};
    end

  // The next wave's constants and sums.
  wire sum_turns_next = sum_turns ? sum_one : sum_at == sum_before;
  wire column_turns_next = column_turns ? column_one : column_at == column_before;
  wire [SBITS-1:0] sum_next = sum_turns ? sum_base : sum_at + 1'b1;
  wire [CBITS-1:0] column_next = column_turns ? column_base : column_at + 1'b1;
  wire [15:0] turns_next = turns + {15'd0, sum_turns & ~&turns};  // which may stay at its end

  always @(posedge clk)
    if (rst) next_valid <= 1'b0;
    else if (job_ready) next_valid <= job_valid;
  always @(posedge clk)
    if (job_ready)
      next <= {job_word, job_words, job_rows, job_size, job_waves, job_turn, job_fold, job_last, job_half, job_sum, job_sums, job_column, job_columns,
               job_over, job_begins, job_wide, job_table, job_scalars};

  always @(posedge clk)
    if (rst) valid <= 1'b0;
    else if (moves) valid <= next_valid;

  // What is left after this strip, of rows, is more than one.
  wire [WAVES-1:0] next_full = {{(WAVES - PLACE - 1) {1'b0}}, next_size};
  wire [WAVES-1:0] two_full = {{(WAVES - PLACE - 2) {1'b0}}, size, 1'b0};
  always @(posedge clk)
    if (moves) more <= next_rows > next_full;
    else if (ends_strip) more <= left > two_full;

  // Which word of which job.
  wire [WAIT+SBITS:0] round = {{WAIT{1'b0}}, next_sums};
  always @(posedge clk)
    if (moves) begin
      {words, left, size, turn, fold_from, last, half_from, over, begins_row, wide, function_of, scalars} <= {
        next_words, next_rows, next_size, next_turn, next_fold, next_last, next_half, next_over, next_begins, next_wide, next_table,
        next_scalars
      };
      gap <= round < LATENCY[WAIT+SBITS:0] ? LATENCY[WAIT-1:0] - round[WAIT-1:0] : {WAIT{1'b0}};
      sum_base <= next_sum;
      sum_before <= next_sum + next_sums[SBITS-1:0] - 1'b1 - 1'b1;
      sum_one <= next_sums == ONE_SUM;
      column_base <= next_column;
      column_before <= next_column + next_columns[CBITS-1:0] - 1'b1 - 1'b1;
      column_one <= next_columns == ONE_COLUMN;
      op <= {WORDS{1'b0}};
      alone <= next_words == ONE_WORD;
      final_wave <= next_waves - 1'b1;
      final_part <= next_turn - 1'b1;
      whole <= next_turn != next_waves;
    end else if (ends_strip) begin
      op <= {WORDS{1'b0}};
      left <= left - {{(WAVES - PLACE - 1) {1'b0}}, size};
    end else if (moves_on & next_op) begin
      op <= op + 1'b1;
    end

  vector_words #(.WORDS(SPACE), .WBITS(WORDS)) programs (
      .clk(clk), .write(word_write), .write_to(word_to), .write_data(word_data), .begins(moves), .first(next_word), .restarts(ends_strip), .steps(moves_on & next_op),
      .word(word)
  );

  // Sums and constants of columns go with waves.
  wire waves_on = go & ~folds;
  always @(posedge clk)
    if (moves) begin
      {sum_begin, sum_at} <= {2{next_sum}};
      {column_begin, column_at} <= {2{next_column}};
      {sum_turns_begin, sum_turns} <= {2{next_sums == ONE_SUM}};
      {column_turns_begin, column_turns} <= {2{next_columns == ONE_COLUMN}};
      turns <= 16'd0;
      turns_begin <= 16'd0;
      place <= {PLACE{1'b0}};
    end else if (waves_on & ~ends_word) begin
      sum_at <= sum_next;
      column_at <= column_next;
      sum_turns <= sum_turns_next;
      column_turns <= column_turns_next;
      turns <= turns_next;
      place <= place + 1'b1;
    end else if (waves_on) begin
      sum_at <= ends_strip ? sum_next : sum_begin;
      column_at <= ends_strip ? column_next : column_begin;
      sum_turns <= ends_strip ? sum_turns_next : sum_turns_begin;
      column_turns <= ends_strip ? column_turns_next : column_turns_begin;
      turns <= ends_strip ? turns_next : turns_begin;
      if (ends_strip) begin
        {sum_begin, column_begin, turns_begin} <= {sum_next, column_next, turns_next};
        {sum_turns_begin, column_turns_begin} <= {sum_turns_next, column_turns_next};
      end
      place <= {PLACE{1'b0}};
    end

  // Rows, their waves, and the places of their sums.
  wire [PLACE-1:0] low_turn = low + turn[PLACE-1:0];
  wire [PLACE-1:0] row_turn = low_row + turn[PLACE-1:0];
  always @(posedge clk)
    if (moves | (moves_on & (ends_word | ends_level))) begin
      {row, wave, part} <= {3 * PLACE + 3{1'b0}};
      {line, low, low_row} <= {3 * PLACE{1'b0}};
      again <= 1'b0;
    end else if (moves_on & folds) begin
      row <= last_row ? {PLACE + 1{1'b0}} : row + 1'b1;
      part <= part + {{PLACE{1'b0}}, ends_part};
      low <= ~last_row ? low_turn : part[PLACE-1:0] + {{(PLACE - 1) {1'b0}}, last_total};
    end else if (moves_on & (word_once | last_wave)) begin
      row <= row + 1'b1;
      line <= line + 1'b1;
      low <= row_turn;
      low_row <= row_turn;
      wave <= {PLACE + 1{1'b0}};
      part <= {PLACE + 1{1'b0}};
      again <= 1'b0;
    end else if (moves_on) begin
      wave <= wave + 1'b1;
      part <= turned ? {PLACE + 1{1'b0}} : part + 1'b1;
      low <= turned ? low_row : low + 1'b1;
      again <= again | turned;
    end

  // Folds: waves by halves, then lanes.
  always @(posedge clk)
    if (rst) folds <= 1'b0;
    else if (moves_on) folds <= to_fold | (folds & ~ends_folds);
  always @(posedge clk)
    if (moves_on & ~folds) begin
      half <= fold_from;
      final_add <= turn - fold_from - 1'b1;
      lanes <= |fold_from ? MIDDLE[COUNT-1:0] : half_from;
      few <= ~|fold_from;
      first <= 1'b1;
    end else if (moves_on & ends_level) begin
      half <= half >> 1;
      final_add <= (half >> 1) - 1'b1;
      lanes <= by_lanes ? lanes >> 1 : MIDDLE[COUNT-1:0];
      few <= 1'b0;
      first <= 1'b0;
    end
  always @(posedge clk)
    if (moves_on & (~folds | last_row)) total <= folds & both ? ~total : word_folds == 2'b10;

  always @(posedge clk)
    if (rst) drain <= {WAIT{1'b0}};
    else drain <= moves_on ? DRAIN[WAIT-1:0] : |drain ? drain - 1'b1 : drain;

endmodule

`default_nettype wire
