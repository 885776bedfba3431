// The vector unit: lanes that do programs of words on elements, all of them in lockstep. The contract is that of package vector, the words those of
// package microcode: programs that sum over rows or look a function up are not in this Verilog, nor is work once a column or row: whoever starts a job
// writes the columns' constants, and folds the sums.
//
//   clk, rst     rising edge; reset is synchronous and lasts two cycles at least
//   word_*       writes a word. From bit 0: operator (3: 0 move, 1 add, 2 multiply, 3 mul_add, 4 larger, 5 clamp, 6 split, 7 pick), operands a, b, c (9 each, see
//                vector_operand), destination (2: 1 register, 2 sum, 3 out) and its index (2), the bit leaves (1), a sum begins at -infinity (1),
//                the exponent is raised (1), 7 bits of nothing, literal (32)
//   table_*      writes a table: table_to is its number (above) and a segment (6 bits), table_index the coefficient (0 to 2); or 3, for what is below the table (at 0) and
//                above it (at 1), and at 2: from bit 0 the logarithm of one over a segment's width (3), it repeats (1), above it is the operand (1)
//   column_*     writes a constant: its index (0 to 3), its place, and a number for each lane, lane 0 lowest
//   job_*        see vector_control
//   in_*         a wave: port 0 (FP32, or FP16 in the low half), ports 1 and 2, the bit; asked for by in_ready, offered by in_valid, taken in cycles with both.
//                A cycle without is a hold, and may come anywhere
//   out*         results, MUL + ADD cycles after their word, by lane: which of the two, FP16, and the bits. They cannot be held: whoever sends a job has room
//   read_*       a sum of every lane: of total 0 or 1, at a place; and the row in which the largest of total 0 was found
//   busy         the cycles with it are Cost.Cycles, holds included
//   count_*      Counts of the exact model, and Cost.Issue; they show what was done two cycles before
//
// Words, columns and sums of jobs that follow one another lie apart. A job's sums are used again no sooner than LATENCY = MUL + ADD cycles later: it has
// at least that many (Params.fits).

`default_nettype none

module vector #(
    parameter LANES   = 32,
    parameter STRIP   = 8,
    parameter READ    = 0,                               // registers of operands
    parameter MUL     = 4,
    parameter ADD     = 4,                               // 1 or more
    parameter DIVIDE  = 16,                              // READ + MUL + ADD or more
    parameter WORDS   = 32,                              // of programs
    parameter COLUMNS = 64,                              // constants of a lane, by index
    parameter SUMS    = 64,                              // of a lane, by total
    parameter TABLES  = 2,                               // of functions
    parameter FLUSH   = 1,
    parameter WAVES   = 32,                              // bits of a job's waves
    parameter WIDE    = 48,                              // bits of a counter
    parameter COUNT   = $clog2(LANES + 1),
    parameter WBITS   = $clog2(WORDS),
    parameter CBITS   = COLUMNS > 1 ? $clog2(COLUMNS) : 1,
    parameter SBITS   = SUMS > 1 ? $clog2(SUMS) : 1,
    parameter TBITS   = TABLES > 1 ? $clog2(TABLES) : 1,
    parameter PLACE   = STRIP > 1 ? $clog2(STRIP) : 1
) (
    input  wire                clk,
    input  wire                rst,
    input  wire                word_write,
    input  wire [   WBITS-1:0] word_to,
    input  wire [        75:0] word_data,
    input  wire                column_write,
    input  wire [         1:0] column_index,
    input  wire [   CBITS-1:0] column_to,
    input  wire [LANES*32-1:0] column_data,
    input  wire                table_write,
    input  wire [         1:0] table_index,
    input  wire [   TBITS+5:0] table_to,
    input  wire [        31:0] table_data,
    input  wire                job_valid,
    output wire                job_ready,
    input  wire [   WBITS-1:0] job_word,
    input  wire [   WBITS-1:0] job_words,
    input  wire [   WAVES-1:0] job_rows,
    input  wire [     PLACE:0] job_size,
    input  wire [     PLACE:0] job_waves,
    input  wire [     PLACE:0] job_turn,
    input  wire [   COUNT-1:0] job_last,
    input  wire                job_over,
    input  wire [     PLACE:0] job_fold,
    input  wire [   COUNT-1:0] job_half,
    input  wire [   SBITS-1:0] job_sum,
    input  wire [     SBITS:0] job_sums,
    input  wire [   CBITS-1:0] job_column,
    input  wire [     CBITS:0] job_columns,
    input  wire                job_wide,
    input  wire [   TBITS-1:0] job_table,
    input  wire [        63:0] job_scalars,
    input  wire                in_valid,
    output wire                in_ready,
    input  wire [LANES*32-1:0] in0,
    input  wire [LANES*16-1:0] in1,
    input  wire [LANES*16-1:0] in2,
    input  wire [   LANES-1:0] in_bit,
    input  wire [        95:0] in_scalars,
    output wire [   LANES-1:0] out_valid,
    output wire [   LANES-1:0] out_index,
    output wire [LANES*16-1:0] out,
    output wire [   LANES-1:0] out_bit_valid,
    output wire [   LANES-1:0] out_bit,
    output wire                row_valid,
    output wire [         2:0] row_index,
    output wire [        31:0] row_out,
    input  wire                read_total,
    input  wire [   SBITS-1:0] read_at,
    output wire [LANES*32-1:0] read_sum,
    output wire [LANES*16-1:0] read_row,
    output wire                busy,
    output reg  [    WIDE-1:0] count_elements,
    output reg  [    WIDE-1:0] count_operations,
    output reg  [    WIDE-1:0] count_idle_lane_cycles,
    output reg  [    WIDE-1:0] count_stall_cycles,
    output reg  [    WIDE-1:0] count_issue
);

  localparam LATENCY = READ + MUL + ADD;
  localparam WAIT = $clog2(DIVIDE + 2);

  wire go, fold, take, row_go, wide, stall, row_fresh, total;
  wire [PLACE-1:0] to_place, to_low, place, line, low, high;
  wire [WBITS-1:0] at;
  wire [COUNT-1:0] active, shuffle;
  wire [CBITS-1:0] column_at;
  wire [SBITS-1:0] sum_at;
  wire [15:0] turns;
  wire [TBITS-1:0] function_of;
  wire [63:0] scalars;
  vector_control #(
      .LANES(LANES), .COUNT(COUNT), .PLACE(PLACE), .LATENCY(LATENCY), .DIVIDE(DIVIDE), .WAIT(WAIT), .WORDS(WBITS), .CBITS(CBITS), .SBITS(SBITS),
      .WAVES(WAVES), .TBITS(TBITS)
  ) control (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job_word(job_word), .job_words(job_words), .job_rows(job_rows), .job_size(job_size),
      .job_waves(job_waves), .job_turn(job_turn), .job_last(job_last), .job_over(job_over), .job_fold(job_fold), .job_half(job_half),
      .job_sum(job_sum), .job_sums(job_sums), .job_column(job_column), .job_columns(job_columns), .job_wide(job_wide), .job_table(job_table), .job_scalars(job_scalars),
      .in_valid(in_valid), .in_ready(in_ready),
      .word_once(word[42]), .word_long(word[2:1] == 2'd3), .word_row_sum(word[37]), .word_folds(word[39:38]),
      .go(go), .fold(fold), .take(take), .row_go(row_go), .at(at), .active(active), .place(place), .line(line), .column_at(column_at), .sum_at(sum_at), .turns(turns),
      .low(low), .high(high), .fresh(row_fresh), .total(total), .shuffle(shuffle), .wide(wide), .function_of(function_of), .scalars(scalars), .stall(stall), .busy(busy)
  );

  reg [75:0] words[0:WORDS-1];
  always @(posedge clk) if (word_write) words[word_to] <= word_data;
  wire [75:0] word = words[at];

  // A fold adds what is above to the sum of a row, or takes the larger one.
  wire largest = total ? word[41] : word[40];
  wire [75:0] fold_word = {38'd0, 1'b1, 4'd0, total, 2'd2, 5'd0, total, 3'd4, 9'd0, 9'd0, largest, 1'b0, ~largest};
  wire [75:0] lane_word = fold ? fold_word : word;

  wire [31:0] scalar_b, scalar_c;
  // Those of lane 0 are what is folded.
  /* verilator lint_off UNUSED */
  wire [LANES*32-1:0] row_sum0, row_sum1;
  /* verilator lint_on UNUSED */
  wire [LANES*32-1:0] fold_out;
  vector_scalar #(.STRIP(STRIP), .PLACE(PLACE), .READ(READ), .MUL(MUL), .ADD(ADD), .DIVIDE(DIVIDE), .FLUSH(FLUSH)) once (
      .clk(clk), .rst(rst), .word(word), .go(row_go), .line(line), .take(take), .given(scalars), .in_scalars(in_scalars),
      .sum0(row_sum0[31:0]), .sum1(row_sum1[31:0]), .b(scalar_b), .c(scalar_c), .out_valid(row_valid), .out_index(row_index), .out(row_out)
  );

  // What the job's table is beside its coefficients.
  reg [31:0] below[0:TABLES-1];
  reg [31:0] above[0:TABLES-1];
  reg [4:0] kinds[0:TABLES-1];
  wire of_table = table_write & &table_index;
  always @(posedge clk) if (of_table & table_to[5:0] == 6'd0) below[table_to[TBITS+5:6]] <= table_data;
  always @(posedge clk) if (of_table & table_to[5:0] == 6'd1) above[table_to[TBITS+5:6]] <= table_data;
  always @(posedge clk) if (of_table & table_to[5:0] == 6'd2) kinds[table_to[TBITS+5:6]] <= table_data[4:0];
  wire [2:0] table_bits;
  wire table_periodic, table_through;
  wire [4:0] kind = kinds[function_of];
  fp_delay #(.WIDTH(4), .DEPTH(READ)) kind_waits (.clk(clk), .d(kind[3:0]), .q({table_periodic, table_bits}));
  wire [31:0] table_below, table_above;
  fp_delay #(.WIDTH(65), .DEPTH(READ + MUL)) ends (
      .clk(clk), .d({kind[4], below[function_of], above[function_of]}), .q({table_through, table_below, table_above})
  );

  // Beside the lanes goes what they need later.
  localparam LATER = COUNT + 6 + 2 * PLACE + SBITS + 16;
  wire [2:0] op_later;
  wire [COUNT-1:0] to_lanes;
  wire [1:0] to_file, to_index;
  wire to_bit, to_rows;
  wire [SBITS-1:0] to_sum;
  wire [15:0] to_row;
  localparam LAST = LATENCY - 1;
  reg [WAIT-1:0] clean;  // cycles since reset, as far as something of before may be in the pipeline
  wire settled = clean == LAST[WAIT-1:0];
  always @(posedge clk) clean <= rst ? {WAIT{1'b0}} : clean + {{(WAIT - 1) {1'b0}}, ~settled};
  wire [COUNT-1:0] lanes_now = active & {COUNT{go & ~rst}};
  wire [COUNT-1:0] lanes_later;
  fp_delay #(.WIDTH(3), .DEPTH(READ + MUL)) op_waits (.clk(clk), .d(lane_word[2:0]), .q(op_later));
  fp_delay #(.WIDTH(LATER), .DEPTH(LATENCY - 1)) to_waits (
      .clk(clk), .d({lanes_now, lane_word[37], lane_word[34:30], place, low, sum_at, turns}),
      .q({lanes_later, to_rows, to_bit, to_index, to_file, to_place, to_low, to_sum, to_row})
  );
  assign to_lanes = lanes_later & {COUNT{settled & ~rst}};

  // What a lane folds: of itself, or of a lane above.
  localparam SHIFTS = $clog2(LANES);
  wire [2*LANES*32-1:0] above_lanes = {{LANES * 32{1'b0}}, fold_out};

  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      reg [31:0] fold_in;
      integer i;
      always @* begin
        fold_in = fold_out[l*32+:32];
        for (i = 0; i < SHIFTS; i = i + 1) if (shuffle[i]) fold_in = above_lanes[(l+(1<<i))*32+:32];
      end
      vector_lane #(
          .STRIP(STRIP), .PLACE(PLACE), .COLUMNS(1 << CBITS), .CBITS(CBITS), .SUMS(1 << SBITS), .SBITS(SBITS), .TABLES(TABLES), .TBITS(TBITS), .READ(READ), .MUL(MUL), .ADD(ADD),
          .FLUSH(FLUSH)
      ) of (
          .clk(clk), .word(lane_word), .take(take), .wide(wide), .place(place), .column_at(column_at), .sum_at(sum_at), .fresh(~|turns),
          .fold(fold), .low(low), .high(high), .row_fresh(row_fresh & ~fold), .scalar_b(scalar_b), .scalar_c(scalar_c), .fold_out(fold_out[l*32+:32]), .fold_in(fold_in),
          .row_sum0(row_sum0[l*32+:32]), .row_sum1(row_sum1[l*32+:32]),
          .in0(in0[l*32+:32]), .in1(in1[l*16+:16]), .in2(in2[l*16+:16]), .in_bit(in_bit[l]), .op_later(op_later),
          .to_active(to_lanes > l[COUNT-1:0]), .to_file(to_file), .to_index(to_index), .to_place(to_place), .to_sum(to_sum), .to_rows(to_rows), .to_low(to_low), .to_bit(to_bit), .to_row(to_row),
          .column_write(column_write), .column_index(column_index), .column_to(column_to), .column_data(column_data[l*32+:32]),
          .table_write(table_write), .table_index(table_index), .table_to(table_to), .table_data(table_data), .function_of(function_of),
          .table_bits(table_bits), .table_periodic(table_periodic), .table_through(table_through), .table_below(table_below), .table_above(table_above),
          .read_total(read_total), .read_at(read_at), .read_sum(read_sum[l*32+:32]), .read_row(read_row[l*16+:16]),
          .out_valid(out_valid[l]), .out_index(out_index[l]), .out(out[l*16+:16]), .out_bit_valid(out_bit_valid[l]), .out_bit(out_bit[l])
      );
    end
  endgenerate

  // Counters: first how many lanes did what, then their sums.
  reg [COUNT-1:0] some, began;
  reg issued, worked, stalled;
  always @(posedge clk) begin
    some <= lanes_now;
    began <= lanes_now & {COUNT{take}};
    worked <= go & ~rst;
    stalled <= stall & ~rst;
    issued <= (go | stall) & ~rst;
  end
  wire [WIDE-1:0] operations = {{(WIDE - COUNT) {1'b0}}, some};
  always @(posedge clk)
    if (rst) begin
      count_elements <= {WIDE{1'b0}};
      count_operations <= {WIDE{1'b0}};
      count_idle_lane_cycles <= {WIDE{1'b0}};
      count_stall_cycles <= {WIDE{1'b0}};
      count_issue <= {WIDE{1'b0}};
    end else begin
      count_elements <= count_elements + {{(WIDE - COUNT) {1'b0}}, began};
      count_operations <= count_operations + operations;
      count_idle_lane_cycles <= count_idle_lane_cycles + {{(WIDE - COUNT) {1'b0}}, worked ? LANES[COUNT-1:0] : {COUNT{1'b0}}} - operations;
      count_stall_cycles <= count_stall_cycles + {{(WIDE - 1) {1'b0}}, stalled};
      count_issue <= count_issue + {{(WIDE - 1) {1'b0}}, issued};
    end

endmodule

`default_nettype wire
