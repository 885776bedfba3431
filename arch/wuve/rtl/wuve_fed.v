// WUVE (wuve.v) with its feeder (feed_reader.v) and its drains (feed_writer.v): operands come out of buffers that answer READ cycles after their address, and what is made goes into
// others. The contracts are CONTRACT.md's (wuve, Verilog; feed, In Verilog).
//
//   clk, rst       as of wuve
//   job_*, c_*, busy, count_*  as of wuve. A job is told to the engine, to its feeder and to each drain that has something of it, each time in the order of the jobs and with what each asks for
//   feed_*         of the feeder: where a job's master weights, gradients, first and second state words and masks begin, the first of them lowest, a wave a word; its waves. It is taken READ
//                  cycles before the job for the first wave to be there when it is asked for; taken with the job, that is READ cycles late, and nothing else is
//   feed_hold      no wave is read in this cycle
//   wave_*         the buffers of operands, which are read together: by lane, what each asks for; what a job has not is ignored
//   drain_*        of drains 0 to 3, of master weights, FP16 weights, first and second state words: where a job's begin, and its waves. A drain without words of a job is not told of it. It is
//                  taken before the job's first words leave
//   master_*, half_*, first_*, second_*  their buffers: by lane whether it is written, and what
//   feed_busy, drain_busy  something is to be read or updated; by drain, to be written
//
// Lane l is [l*32+:32] and so on.

`default_nettype none

module wuve_fed #(
    parameter LANES     = 32,
    parameter OPTIMISER = 3,   // the largest: 0 sgd, 1 momentum, 2 adam, 3 adamw
    parameter MUL       = 4,   // registers of the operators
    parameter ADD       = 6,
    parameter DIV       = 28,
    parameter SQRT      = 28,
    parameter CONVERT   = 2,
    parameter FLUSH     = 1,   // subnormal numbers are zeros
    parameter READ      = 2,   // cycles in which the buffers of operands answer, 1 to 3
    parameter ADDRESS   = 16,  // bits of an address
    parameter WAVES     = 32,  // bits of job_waves
    parameter WIDE      = 48,  // bits of a counter
    // What follows from these: bits of a number of lanes.
    parameter COUNT     = $clog2(LANES + 1)
) (
    input  wire                 clk,
    input  wire                 rst,
    input  wire                 job_valid,
    output wire                 job_ready,
    input  wire [          4:0] job_shape,
    input  wire [    WAVES-1:0] job_waves,
    input  wire [    COUNT-1:0] job_last,
    input  wire [         31:0] c_unscale,
    input  wire [         31:0] c_sr_ste,
    input  wire [         31:0] c_weight_decay,  // adamw: times the rate
    input  wire [         31:0] c_rate,          // adam: over 1 - beta1**t
    input  wire [         31:0] c_momentum,      // adam: beta1
    input  wire [         31:0] c_rest1,         // 1 - beta1
    input  wire [         31:0] c_beta2,
    input  wire [         31:0] c_rest2,         // 1 - beta2
    input  wire [         31:0] c_correct2,      // 1 over 1 - beta2**t
    input  wire [         31:0] c_epsilon,
    input  wire                 feed_valid,
    output wire                 feed_ready,
    input  wire [5*ADDRESS-1:0] feed_base,
    input  wire [    WAVES-1:0] feed_waves,
    input  wire                 feed_hold,
    output wire                 wave_read,
    output wire [5*ADDRESS-1:0] wave_address,
    input  wire [    LANES-1:0] wave_kept,
    input  wire [ LANES*32-1:0] wave_master,
    input  wire [ LANES*32-1:0] wave_gradient,
    input  wire [ LANES*32-1:0] wave_first,
    input  wire [ LANES*32-1:0] wave_second,
    input  wire [          3:0] drain_valid,
    output wire [          3:0] drain_ready,
    input  wire [4*ADDRESS-1:0] drain_base,
    input  wire [  4*WAVES-1:0] drain_waves,
    output wire [    LANES-1:0] master_write,
    output wire [  ADDRESS-1:0] master_address,
    output wire [ LANES*32-1:0] master_data,
    output wire [    LANES-1:0] half_write,
    output wire [  ADDRESS-1:0] half_address,
    output wire [ LANES*16-1:0] half_data,
    output wire [    LANES-1:0] first_write,
    output wire [  ADDRESS-1:0] first_address,
    output wire [ LANES*32-1:0] first_data,
    output wire [    LANES-1:0] second_write,
    output wire [  ADDRESS-1:0] second_address,
    output wire [ LANES*32-1:0] second_data,
    output wire                 busy,
    output wire                 feed_busy,
    output wire [          3:0] drain_busy,
    output wire [     WIDE-1:0] count_parameters,
    output wire [     WIDE-1:0] count_multiplies,
    output wire [     WIDE-1:0] count_adds,
    output wire [     WIDE-1:0] count_divides,
    output wire [     WIDE-1:0] count_square_roots,
    output wire [     WIDE-1:0] count_converts,
    output wire [     WIDE-1:0] count_idle_lane_cycles,
    output wire [     WIDE-1:0] count_issue
);

  wire in_valid, in_ready;
  wire [LANES-1:0] in_kept, out_master_valid, out_half_valid, out_first_valid, out_second_valid;
  wire [LANES*32-1:0] in_master, in_gradient, in_first, in_second, out_master, out_first, out_second;
  wire [LANES*16-1:0] out_half;

  feed_reader #(.WIDTH(LANES * 129), .READ(READ), .PARTS(5), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) feeder (
      .clk(clk), .rst(rst), .start_valid(feed_valid), .start_ready(feed_ready), .start_base(feed_base), .start_rows(feed_waves), .start_words(2'd1), .hold(feed_hold),
      .mem_enable(wave_read), .mem_address(wave_address), .mem_data({wave_kept, wave_second, wave_first, wave_gradient, wave_master}),
      .out_valid(in_valid), .out_ready(in_ready), .out_data({in_kept, in_second, in_first, in_gradient, in_master}), .busy(feed_busy)
  );

  wuve #(
      .LANES(LANES), .OPTIMISER(OPTIMISER), .MUL(MUL), .ADD(ADD), .DIV(DIV), .SQRT(SQRT), .CONVERT(CONVERT), .FLUSH(FLUSH), .WAVES(WAVES), .WIDE(WIDE), .COUNT(COUNT)
  ) engine (
      .clk(clk), .rst(rst), .job_valid(job_valid), .job_ready(job_ready), .job_shape(job_shape), .job_waves(job_waves), .job_last(job_last),
      .c_unscale(c_unscale), .c_sr_ste(c_sr_ste), .c_weight_decay(c_weight_decay), .c_rate(c_rate), .c_momentum(c_momentum), .c_rest1(c_rest1), .c_beta2(c_beta2), .c_rest2(c_rest2),
      .c_correct2(c_correct2), .c_epsilon(c_epsilon),
      .in_valid(in_valid), .in_ready(in_ready), .in_kept(in_kept), .in_master(in_master), .in_gradient(in_gradient), .in_first(in_first), .in_second(in_second),
      .out_master_valid(out_master_valid), .out_half_valid(out_half_valid), .out_first_valid(out_first_valid), .out_second_valid(out_second_valid),
      .out_master(out_master), .out_half(out_half), .out_first(out_first), .out_second(out_second), .busy(busy), .count_parameters(count_parameters),
      .count_multiplies(count_multiplies), .count_adds(count_adds), .count_divides(count_divides), .count_square_roots(count_square_roots), .count_converts(count_converts),
      .count_idle_lane_cycles(count_idle_lane_cycles), .count_issue(count_issue)
  );

  feed_writer #(.LANES(LANES), .WIDTH(LANES * 32), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) master (
      .clk(clk), .rst(rst), .start_valid(drain_valid[0]), .start_ready(drain_ready[0]), .start_base(drain_base[0+:ADDRESS]), .start_rows(drain_waves[0+:WAVES]), .start_words(2'd1),
      .in_first(|out_master_valid), .in_valid(out_master_valid), .in_data(out_master), .mem_write(master_write), .mem_address(master_address), .mem_data(master_data),
      .busy(drain_busy[0])
  );
  feed_writer #(.LANES(LANES), .WIDTH(LANES * 16), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) half (
      .clk(clk), .rst(rst), .start_valid(drain_valid[1]), .start_ready(drain_ready[1]), .start_base(drain_base[ADDRESS+:ADDRESS]), .start_rows(drain_waves[WAVES+:WAVES]), .start_words(2'd1),
      .in_first(|out_half_valid), .in_valid(out_half_valid), .in_data(out_half), .mem_write(half_write), .mem_address(half_address), .mem_data(half_data), .busy(drain_busy[1])
  );
  feed_writer #(.LANES(LANES), .WIDTH(LANES * 32), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) first (
      .clk(clk), .rst(rst), .start_valid(drain_valid[2]), .start_ready(drain_ready[2]), .start_base(drain_base[2*ADDRESS+:ADDRESS]), .start_rows(drain_waves[2*WAVES+:WAVES]),
      .start_words(2'd1), .in_first(|out_first_valid), .in_valid(out_first_valid), .in_data(out_first), .mem_write(first_write), .mem_address(first_address), .mem_data(first_data),
      .busy(drain_busy[2])
  );
  feed_writer #(.LANES(LANES), .WIDTH(LANES * 32), .ADDRESS(ADDRESS), .ROWS(WAVES), .WORDS(2)) second (
      .clk(clk), .rst(rst), .start_valid(drain_valid[3]), .start_ready(drain_ready[3]), .start_base(drain_base[3*ADDRESS+:ADDRESS]), .start_rows(drain_waves[3*WAVES+:WAVES]),
      .start_words(2'd1), .in_first(|out_second_valid), .in_valid(out_second_valid), .in_data(out_second), .mem_write(second_write), .mem_address(second_address), .mem_data(second_data),
      .busy(drain_busy[3])
  );

endmodule

`default_nettype wire
