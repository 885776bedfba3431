// The vector unit (vector.v) with its feeder (feed_reader.v) and its drains (feed_writer.v): waves come out of buffers that answer READ cycles after their address, and results go into
// others. The contracts are CONTRACT.md's (vector, Verilog; feed, In Verilog).
//
//   clk, rst       as of vector
//   word_*, constant_*, job_*, read, read_*, busy, count_*  as of vector. A job is told to the unit, to its feeder and to each drain that has something of it, each time in the order of the
//                  jobs and with what each asks for
//   feed_*         of the feeder: where a job's elements of ports 0, 1 and 2, its bits, and the scalars of its rows begin, the first of them lowest: a wave a word, and of scalars a row; its
//                  rows, and the waves of one, as the unit's job has them. It is taken READ cycles before the job for the first wave to be there when it is asked for; taken with the job, that
//                  is READ cycles late, and nothing else is
//   feed_hold      no wave is read in this cycle
//   wave_*         the buffers of operands, which are read together: by lane, what each asks for; scalars 2, 3 and 4 of the row. What a program does not read is ignored
//   drain_*        of drains 0 to 3, of results 0 and 1, of bits, and of what work once a row makes: where a job's begin, and how many waves, or scalars, they are. Scalars lie in the order in
//                  which they leave. A drain without words of a job is not told of it. It is taken before the job's first words leave
//   first_*, second_*, bit_*, row_*  their buffers: by lane whether it is written, and what; of a scalar which it is (the three highest bits), and FP32
//   feed_busy, drain_busy  something is to be read or taken; by drain, to be written

`default_nettype none

module vector_fed #(
    parameter LANES   = 32,
    parameter STRIP   = 8,
    parameter MUL     = 3,                               // registers of the multiplier, 2 or more
    parameter ADD     = 5,                               // of the adder, 1 or more
    parameter DIVIDE  = 17,                              // 2 + MUL + ADD or more
    parameter WORDS   = 32,                              // of programs
    parameter COLUMNS = 64,                              // constants of a lane, by index
    parameter SUMS    = 64,                              // of a lane, by total
    parameter TABLES  = 2,                               // of functions
    parameter FLUSH   = 1,
    parameter READ    = 2,                               // cycles in which the buffers of operands answer, 1 to 3
    parameter ADDRESS = 16,                              // bits of an address
    parameter WAVES   = 32,                              // bits of a job's waves
    parameter WIDE    = 48,                              // bits of a counter
    parameter COUNT   = $clog2(LANES + 1),
    parameter WBITS   = $clog2(WORDS),
    parameter CBITS   = COLUMNS > 1 ? $clog2(COLUMNS) : 1,
    parameter SBITS   = SUMS > 1 ? $clog2(SUMS) : 1,
    parameter TBITS   = TABLES > 1 ? $clog2(TABLES) : 1,
    parameter KBITS   = CBITS > TBITS + 6 ? CBITS : TBITS + 6,
    parameter PLACE   = STRIP > 1 ? $clog2(STRIP) : 1
) (
    input  wire                 clk,
    input  wire                 rst,
    input  wire                 word_write,
    input  wire [    WBITS-1:0] word_to,
    input  wire [         75:0] word_data,
    input  wire                 constant_write,
    input  wire [          2:0] constant_index,
    input  wire [    KBITS-1:0] constant_to,
    input  wire [ LANES*32-1:0] constant_data,
    input  wire                 job_valid,
    output wire                 job_ready,
    input  wire [    WBITS-1:0] job_word,
    input  wire [    WBITS-1:0] job_words,
    input  wire [    WAVES-1:0] job_rows,
    input  wire [      PLACE:0] job_size,
    input  wire [      PLACE:0] job_waves,
    input  wire [      PLACE:0] job_turn,
    input  wire [    COUNT-1:0] job_last,
    input  wire                 job_over,
    input  wire                 job_begins,
    input  wire [      PLACE:0] job_fold,
    input  wire [    COUNT-1:0] job_half,
    input  wire [    SBITS-1:0] job_sum,
    input  wire [      SBITS:0] job_sums,
    input  wire [    CBITS-1:0] job_column,
    input  wire [      CBITS:0] job_columns,
    input  wire                 job_wide,
    input  wire [    TBITS-1:0] job_table,
    input  wire [         63:0] job_scalars,
    input  wire                 feed_valid,
    output wire                 feed_ready,
    input  wire [5*ADDRESS-1:0] feed_base,
    input  wire [    WAVES-1:0] feed_rows,
    input  wire [      PLACE:0] feed_waves,
    input  wire                 feed_hold,
    output wire                 wave_read,
    output wire [5*ADDRESS-1:0] wave_address,
    input  wire [ LANES*32-1:0] wave0,
    input  wire [ LANES*16-1:0] wave1,
    input  wire [ LANES*16-1:0] wave2,
    input  wire [    LANES-1:0] wave_bit,
    input  wire [         95:0] wave_scalars,
    input  wire [          3:0] drain_valid,
    output wire [          3:0] drain_ready,
    input  wire [4*ADDRESS-1:0] drain_base,
    input  wire [  4*WAVES-1:0] drain_waves,
    output wire [    LANES-1:0] first_write,
    output wire [  ADDRESS-1:0] first_address,
    output wire [ LANES*16-1:0] first_data,
    output wire [    LANES-1:0] second_write,
    output wire [  ADDRESS-1:0] second_address,
    output wire [ LANES*16-1:0] second_data,
    output wire [    LANES-1:0] bit_write,
    output wire [  ADDRESS-1:0] bit_address,
    output wire [    LANES-1:0] bit_data,
    output wire                 row_write,
    output wire [  ADDRESS-1:0] row_address,
    output wire [         34:0] row_data,
    input  wire                 read,
    input  wire [    SBITS-1:0] read_at,
    output wire [ LANES*32-1:0] read_sums0,
    output wire [ LANES*32-1:0] read_sums1,
    output wire                 busy,
    output wire                 feed_busy,
    output wire [          3:0] drain_busy,
    output wire [     WIDE-1:0] count_elements,
    output wire [     WIDE-1:0] count_operations,
    output wire [     WIDE-1:0] count_idle_lane_cycles,
    output wire [     WIDE-1:0] count_stall_cycles,
    output wire [     WIDE-1:0] count_issue
);

  wire in_valid, in_ready, row_valid;
  wire [LANES*32-1:0] in0;
  wire [LANES*16-1:0] in1, in2, out;
  wire [LANES-1:0] in_bit, out_valid, out_index, out_bit_valid, out_bit;
  wire [95:0] in_scalars;
  wire [2:0] row_index;
  wire [31:0] row_out;

  feed_reader #(.WIDTH(LANES * 65 + 96), .READ(READ), .PARTS(5), .BY_ROW(16), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(PLACE + 1)) feeder (
      .clk(clk), .rst(rst), .start_valid(feed_valid), .start_ready(feed_ready), .start_base(feed_base), .start_rows(feed_rows), .start_words(feed_waves), .hold(feed_hold),
      .mem_enable(wave_read), .mem_address(wave_address), .mem_data({wave_scalars, wave_bit, wave2, wave1, wave0}),
      .out_valid(in_valid), .out_ready(in_ready), .out_data({in_scalars, in_bit, in2, in1, in0}), .busy(feed_busy)
  );

  vector #(
      .LANES(LANES), .STRIP(STRIP), .MUL(MUL), .ADD(ADD), .DIVIDE(DIVIDE), .WORDS(WORDS), .COLUMNS(COLUMNS), .SUMS(SUMS), .TABLES(TABLES), .FLUSH(FLUSH), .WAVES(WAVES), .WIDE(WIDE),
      .COUNT(COUNT), .WBITS(WBITS), .CBITS(CBITS), .SBITS(SBITS), .TBITS(TBITS), .KBITS(KBITS), .PLACE(PLACE)
  ) engine (
      .clk(clk), .rst(rst), .word_write(word_write), .word_to(word_to), .word_data(word_data), .constant_write(constant_write), .constant_index(constant_index),
      .constant_to(constant_to), .constant_data(constant_data),
      .job_valid(job_valid), .job_ready(job_ready), .job_word(job_word), .job_words(job_words), .job_rows(job_rows), .job_size(job_size), .job_waves(job_waves), .job_turn(job_turn),
      .job_last(job_last), .job_over(job_over), .job_begins(job_begins), .job_fold(job_fold), .job_half(job_half), .job_sum(job_sum), .job_sums(job_sums), .job_column(job_column), .job_columns(job_columns),
      .job_wide(job_wide), .job_table(job_table), .job_scalars(job_scalars),
      .in_valid(in_valid), .in_ready(in_ready), .in0(in0), .in1(in1), .in2(in2), .in_bit(in_bit), .in_scalars(in_scalars),
      .out_valid(out_valid), .out_index(out_index), .out(out), .out_bit_valid(out_bit_valid), .out_bit(out_bit), .row_valid(row_valid), .row_index(row_index), .row_out(row_out),
      .read(read), .read_at(read_at), .read_sums0(read_sums0), .read_sums1(read_sums1), .busy(busy),
      .count_elements(count_elements), .count_operations(count_operations), .count_idle_lane_cycles(count_idle_lane_cycles), .count_stall_cycles(count_stall_cycles),
      .count_issue(count_issue)
  );

  wire [LANES-1:0] firsts = out_valid & ~out_index;
  wire [LANES-1:0] seconds = out_valid & out_index;
  feed_writer #(.LANES(LANES), .WIDTH(LANES * 16), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) first (
      .clk(clk), .rst(rst), .start_valid(drain_valid[0]), .start_ready(drain_ready[0]), .start_base(drain_base[0+:ADDRESS]), .start_rows(drain_waves[0+:WAVES]), .start_words(2'd1),
      .in_first(|firsts), .in_valid(firsts), .in_data(out), .mem_write(first_write), .mem_address(first_address), .mem_data(first_data), .busy(drain_busy[0])
  );
  feed_writer #(.LANES(LANES), .WIDTH(LANES * 16), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) second (
      .clk(clk), .rst(rst), .start_valid(drain_valid[1]), .start_ready(drain_ready[1]), .start_base(drain_base[ADDRESS+:ADDRESS]), .start_rows(drain_waves[WAVES+:WAVES]), .start_words(2'd1),
      .in_first(|seconds), .in_valid(seconds), .in_data(out), .mem_write(second_write), .mem_address(second_address), .mem_data(second_data), .busy(drain_busy[1])
  );
  feed_writer #(.LANES(LANES), .WIDTH(LANES), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) bits (
      .clk(clk), .rst(rst), .start_valid(drain_valid[2]), .start_ready(drain_ready[2]), .start_base(drain_base[2*ADDRESS+:ADDRESS]), .start_rows(drain_waves[2*WAVES+:WAVES]),
      .start_words(2'd1), .in_first(|out_bit_valid), .in_valid(out_bit_valid), .in_data(out_bit), .mem_write(bit_write), .mem_address(bit_address), .mem_data(bit_data), .busy(drain_busy[2])
  );
  feed_writer #(.LANES(1), .WIDTH(35), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) scalars (
      .clk(clk), .rst(rst), .start_valid(drain_valid[3]), .start_ready(drain_ready[3]), .start_base(drain_base[3*ADDRESS+:ADDRESS]), .start_rows(drain_waves[3*WAVES+:WAVES]),
      .start_words(2'd1), .in_first(row_valid), .in_valid(row_valid), .in_data({row_index, row_out}), .mem_write(row_write), .mem_address(row_address), .mem_data(row_data), .busy(drain_busy[3])
  );

endmodule

`default_nettype wire
